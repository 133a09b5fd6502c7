"""Third step of a pass: read kept articles again on their ladder.

A wall, a stub or a failure is never a version, an absence is dated, and a reading that failed is
tried again before the ladder's next rung when that is far.
"""

import asyncio
from datetime import datetime, timedelta
from functools import partial

from app.steps.landing import is_elsewhere, is_moved, leads_to_front
from app.steps.page_reader import Comparison, PageReader, PageStatusError
from app.steps.pages import ABSENT
from app.steps.parts import Fault, Parts, Progress, Tally
from app.steps.removals import refuse_lost
from app.steps.second_look import look_again
from app.steps.together import Job, keep_doing
from crawler.addresses import canonical_or_same
from crawler.lanes import Turn
from crawler.politeness import next_reading_at, parse_retry_after
from model.article import Reading, Version
from model.capture import Capture, Response
from model.errors import CrawlError, PutOffError
from model.source import Entry
from store.edits import is_poorer, is_same_article
from store.records import DueReading, Outcome, Seen
from store.versions import Move

BATCH = 200

FIRST_RETRY = timedelta(hours=1)
LAST_RETRY = timedelta(days=30)
"""A reading that failed is tried again after an hour, then twice as late each time up to this."""

_WELL = frozenset({"", Seen.UNCHANGED})


async def read_again(
    parts: Parts, tally: Tally, reader: PageReader, polling: asyncio.Event
) -> None:
    """Read again every kept article whose turn has come; a slow site holds up no other.

    It begins when `polling` is set: on one host its sources are asked before its known pages.
    """
    seen: set[int] = set()
    await polling.wait()

    def more(doing: int) -> list[Job]:
        reader.save()
        due = _fresh(parts, seen, doing + BATCH)
        seen.update(article.article_id for article in due)
        return [
            Job(
                article.url,
                _Rereading(parts, tally, reader, article).make(len(seen)),
                partial(_put_off, parts, article),
            )
            for article in due
        ]

    await keep_doing(more, tally, most=4 * BATCH)
    await look_again(parts, reader)
    reader.save()


def _fresh(parts: Parts, seen: set[int], limit: int) -> list[DueReading]:
    due = parts.store.due_readings(now=parts.clock(), limit=limit)
    return [article for article in due if article.article_id not in seen]


def _put_off(parts: Parts, due: DueReading, reason: str) -> None:
    """Save that an article could not be read again for a bug, so that it is tried later."""
    now = parts.clock()
    parts.store.record_reading(
        due.article_id, Seen.FAILED, reason, next_reading_at=next_retry_at(due, now), now=now
    )


def next_retry_at(due: DueReading, now: datetime, retry_after: str | None = None) -> datetime:
    """Return when an article that could not be read is tried again: no later than its next rung.

    What the site asks to wait is waited.
    """
    wait = FIRST_RETRY
    if due.state not in _WELL and due.last_read_at is not None:
        wait = min(max(2 * (now - due.last_read_at), FIRST_RETRY), LAST_RETRY)
    asked = parse_retry_after(retry_after, now) or timedelta(0)
    return max(min(next_reading_at(due.first_seen_at, now), now + wait), now + asked)


class _Rereading:
    """The reading of one kept article's page, and what comes of it."""

    def __init__(self, parts: Parts, tally: Tally, reader: PageReader, due: DueReading) -> None:
        self._parts, self._tally, self._reader, self._due = parts, tally, reader, due
        listed = due.entry or Entry(source_url=due.source_url, key=due.url, url=due.url)
        self._entry = listed
        self._response: Response | None = None

    async def make(self, total: int) -> None:
        """Read the page and save what it shows."""
        try:
            async with self._reader.alone_with(self._due.url):
                await self._read()
        except PutOffError as error:
            self._parts.store.put_off_reading(self._due.article_id, error.until)
            self._tally.add("pages_put_off")
            return
        except PageStatusError as error:
            self._response = error.response
            is_absent = error.response.status in ABSENT
            await (self._save_absence(error.reason) if is_absent else self._save_failure(error))
        except CrawlError as error:
            is_absent = error.state == "removed"
            await (self._save_absence(error.reason) if is_absent else self._save_failure(error))
        self._tally.add("articles_reread")
        done = self._tally.counts["articles_reread"]
        self._parts.notify(Progress("again", done, total, self._due.url))

    async def _read(self) -> None:
        response = self._response = await self._reader.fetch(self._due.url, Turn.LAST)
        if leads_to_front(response):
            await self._save_absence(f"it leads to the front page {response.final_url}")
            return
        reading = await self._reader.read(response, self._entry)
        current = self._parts.store.article(self._due.article_id).current
        refuse_lost(current.reading, reading)
        if is_elsewhere(response) and not is_same_article(current.reading, reading):
            await self._save_absence(f"it leads to {response.final_url}, which is another page")
        elif is_poorer(reading, current.reading):
            self._save(Seen.BLOCKED, "it shows only the beginning of the text")
        else:
            await self._weigh(reading, current, response)

    async def _weigh(self, reading: Reading, current: Version, response: Response) -> None:
        compared = await self._reader.compare(current, reading, response, self._entry)
        capture = await self._proof(compared, current, response)
        if is_moved(response) and capture is not None:
            self._note_move(response, capture)
        if compared.edit is None:
            self._save(Seen.UNCHANGED, capture=capture)
        else:
            self._keep(compared, capture)

    async def _proof(
        self, compared: Comparison, version: Version, response: Response
    ) -> Capture | None:
        """Capture a page that changed or moved, or of whose article there is no capture yet."""
        is_proof = (
            compared.edit is not None
            or (is_moved(response) and not self._is_known(response.final_url))
            or not self._reader.is_proven(version)
        )
        return await self._reader.capture(response) if is_proof else None

    def _is_known(self, url: str) -> bool:
        known = self._parts.store.addresses(self._due.article_id)
        return canonical_or_same(url) in known

    def _note_move(self, response: Response, capture: Capture) -> None:
        if self._is_known(response.final_url):
            return
        move = Move(
            article_id=self._due.article_id,
            from_url=canonical_or_same(self._due.url),
            to_url=canonical_or_same(response.final_url),
            capture=capture,
            now=self._parts.clock(),
        )
        self._parts.store.record_move(move)

    def _keep(self, compared: Comparison, capture: Capture | None) -> None:
        store, now, due = self._parts.store, self._parts.clock(), self._due
        source = self._reader.source_of(due.entry) if due.entry else None
        verdict = self._parts.rule.judge(compared.reading, source)
        kept = store.keep(
            compared.reading,
            relevant=True,
            reasons=verdict.reasons or store.article(due.article_id).reasons,
            capture=capture,
            next_reading_at=next_reading_at(due.first_seen_at, now),
            now=now,
            article_id=due.article_id,
            basis=compared.basis,
        )
        if kept.outcome is Outcome.CHANGED:
            self._tally.add("articles_changed")

    def _save(
        self,
        seen: Seen,
        reason: str = "",
        capture: Capture | None = None,
        next_at: datetime | None = None,
    ) -> None:
        now, due = self._parts.clock(), self._due
        usual = next_reading_at(due.first_seen_at, now)
        self._parts.store.record_reading(
            due.article_id, seen, reason, capture, next_at or usual, now=now
        )

    async def _save_absence(self, reason: str) -> None:
        capture = await self._reader.capture(self._response)
        self._save(Seen.ABSENT, reason, capture, next_retry_at(self._due, self._parts.clock()))
        if self._due.state != Seen.ABSENT:
            self._tally.add("articles_absent")

    async def _save_failure(self, error: CrawlError) -> None:
        """Save a wall or a failure; what stands in the article's place is captured once."""
        response = self._response
        seen = Seen.BLOCKED if error.state == "soft_block" else Seen.FAILED
        is_proof = error.state in {"soft_block", "extract_failed"} and self._due.state != seen
        capture = await self._reader.capture(response) if is_proof else None
        retry_after = None if response is None else response.header("Retry-After")
        retry_at = next_retry_at(self._due, self._parts.clock(), retry_after)
        self._save(seen, error.reason, capture, retry_at)
        self._tally.faults.append(Fault(self._due.url, error.state, error.reason))
