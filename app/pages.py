"""Second step of a pass: read the pages of new entries, and kept articles again.

What cannot be read is recorded with its reason; it never becomes a version.
"""

import asyncio
import hashlib
from datetime import datetime
from functools import partial

from app.languages import with_language
from app.parts import Fault, Parts, Progress, Tally
from app.together import BUG, Job, do_together
from crawler.politeness import next_reading_at, next_try_at
from crawler.reading import read_html, read_page
from model.article import Reading
from model.capture import Capture, Response
from model.errors import CrawlError
from model.source import Entry
from store.identity import is_same_text
from store.records import DueReading, Outcome, PendingEntry

BATCH = 200
GONE = (404, 410, 451)


async def read_entries(parts: Parts, tally: Tally) -> None:
    """Read the page of every entry that waits for it, in batches."""
    seen: set[int] = set()
    while pending := _fresh(parts, seen):
        seen |= {entry.id for entry in pending}
        jobs = [
            Job(
                entry.entry.url,
                _read_entry(parts, tally, entry, len(seen)),
                partial(_put_off, parts, entry),
            )
            for entry in pending
        ]
        await do_together(jobs, tally)


def _put_off(parts: Parts, pending: PendingEntry, reason: str) -> None:
    """Save that an entry's page could not be read, so that it is tried again later."""
    retry_at = next_try_at(pending.tries + 1, parts.clock())
    parts.store.record_entry_failure(pending.id, BUG, reason, retry_at)


def _fresh(parts: Parts, seen: set[int]) -> list[PendingEntry]:
    pending = parts.store.pending_entries(now=parts.clock(), limit=BATCH)
    return [entry for entry in pending if entry.id not in seen]


async def _read_entry(parts: Parts, tally: Tally, pending: PendingEntry, total: int) -> None:
    entry = pending.entry
    response: Response | None = None
    try:
        if entry.url:
            response = await _fetch_page(parts, entry.url)
            reading = await asyncio.to_thread(read_page, response, entry)
        else:
            reading = read_html(entry.html or entry.summary, _name(entry), entry=entry)
        reading = with_language(reading)
    except CrawlError as error:
        await _save_entry_failure(parts, tally, pending, response, error)
    else:
        _keep_or_not(parts, tally, pending.id, reading, await _capture(parts, response))
    done = tally.counts["pages_read"] + tally.counts["pages_failed"]
    parts.notify(Progress("read", done, total, pending.entry.url))


def _name(entry: Entry) -> str:
    """Return an address for an item without a link, of which its feed holds all there is."""
    named = "\n".join((entry.source_url, entry.key))
    return f"urn:sha256:{hashlib.sha256(named.encode()).hexdigest()}"


async def _capture(parts: Parts, response: Response | None) -> Capture | None:
    """Write a response to the evidence; waiting for the disk holds up nobody."""
    if response is None:
        return None
    return await asyncio.to_thread(parts.captures.write, response)


async def _fetch_page(parts: Parts, url: str) -> Response:
    response = await parts.fetcher.fetch(url)
    if not 200 <= response.status < 300:
        raise PageStatusError(response)
    return response


class PageStatusError(CrawlError):
    """A page answered with a status that is no success."""

    def __init__(self, response: Response) -> None:
        """Keep the answer: it may prove an absence."""
        self.response = response
        super().__init__(response.url, "http_error", f"it answers {response.status}")


def _keep_or_not(
    parts: Parts, tally: Tally, entry_id: int, reading: Reading, capture: Capture | None
) -> None:
    now = parts.clock()
    verdict = parts.rule.judge(reading)
    tally.add("pages_read")
    if not verdict.relevant:
        parts.store.record_unkept(entry_id, reading, capture, now=now)
        tally.add("articles_unkept")
        return
    kept = parts.store.keep(
        reading,
        relevant=True,
        reasons=verdict.reasons,
        capture=capture,
        entry_id=entry_id,
        next_reading_at=next_reading_at(now, now),
        now=now,
    )
    if kept.outcome is Outcome.NEW:
        tally.add("articles_kept")
    elif kept.outcome is Outcome.CHANGED:
        tally.add("articles_changed")


async def _save_entry_failure(
    parts: Parts,
    tally: Tally,
    pending: PendingEntry,
    response: Response | None,
    error: CrawlError,
) -> None:
    now = parts.clock()
    retry_after = None
    if isinstance(error, PageStatusError):
        response = error.response
    if response is not None:
        retry_after = response.header("Retry-After")
        await _capture(parts, response)
    retry_at = next_try_at(pending.tries + 1, now, retry_after)
    parts.store.record_entry_failure(pending.id, error.state, error.reason, retry_at)
    tally.add("pages_failed")
    tally.faults.append(Fault(pending.entry.url, error.state, error.reason))


async def read_again(parts: Parts, tally: Tally) -> None:
    """Read again every kept article whose turn has come."""
    due = parts.store.due_readings(now=parts.clock(), limit=BATCH)
    jobs = [
        Job(
            article.url,
            _read_article_again(parts, tally, article, len(due)),
            partial(_put_off_again, parts, article),
        )
        for article in due
    ]
    await do_together(jobs, tally)


def _put_off_again(parts: Parts, due: DueReading, reason: str) -> None:
    """Save that an article could not be read again; it keeps its place on the ladder."""
    now = parts.clock()
    parts.store.record_reading(
        due.article_id, "failed", reason, next_reading_at=_again_at(due, now), now=now
    )


async def _read_article_again(parts: Parts, tally: Tally, due: DueReading, total: int) -> None:
    try:
        response = await _fetch_page(parts, due.url)
        reading = with_language(await asyncio.to_thread(read_page, response, _entry_of(due)))
    except PageStatusError as error:
        await _save_absence(parts, tally, due, error)
    except CrawlError as error:
        _save_bad_reading(parts, tally, due, error)
    else:
        await _save_reading(parts, tally, due, reading, response)
    tally.add("articles_reread")
    parts.notify(Progress("again", tally.counts["articles_reread"], total, due.url))


def _entry_of(due: DueReading) -> Entry:
    return Entry(source_url="", key=due.url, url=due.url)


async def _save_reading(
    parts: Parts, tally: Tally, due: DueReading, reading: Reading, response: Response
) -> None:
    now = parts.clock()
    again_at = next_reading_at(due.first_seen_at, now)
    if is_same_text(reading, parts.store.article(due.article_id).current.reading):
        parts.store.record_reading(due.article_id, "unchanged", next_reading_at=again_at, now=now)
        return
    verdict = parts.rule.judge(reading)
    parts.store.keep(
        reading,
        relevant=True,
        reasons=verdict.reasons,
        capture=await _capture(parts, response),
        next_reading_at=again_at,
        now=now,
    )
    tally.add("articles_changed")


async def _save_absence(
    parts: Parts, tally: Tally, due: DueReading, error: PageStatusError
) -> None:
    now = parts.clock()
    if error.response.status not in GONE:
        _save_bad_reading(parts, tally, due, error)
        return
    parts.store.record_reading(
        due.article_id,
        "absent",
        error.reason,
        await _capture(parts, error.response),
        _again_at(due, now),
        now=now,
    )
    if due.state != "absent":
        tally.add("articles_absent")


def _save_bad_reading(parts: Parts, tally: Tally, due: DueReading, error: CrawlError) -> None:
    now = parts.clock()
    outcome = "blocked" if error.state == "soft_block" else "failed"
    parts.store.record_reading(
        due.article_id, outcome, error.reason, next_reading_at=_again_at(due, now), now=now
    )
    tally.faults.append(Fault(due.url, error.state, error.reason))


def _again_at(due: DueReading, now: datetime) -> datetime:
    return next_reading_at(due.first_seen_at, now)
