"""Second step of a pass: read the pages of new entries.

What cannot be read is recorded with its reason; it never becomes a version. What the rule does
not keep leaves its reading and no capture.
"""

import hashlib
from functools import partial

from app.steps.landing import is_elsewhere, leads_to_front
from app.steps.languages import with_language
from app.steps.page_reader import Comparison, PageReader, PageStatusError
from app.steps.parts import Fault, Parts, Progress, Tally
from app.steps.relevance import Verdict
from app.steps.removals import refuse_lost
from app.steps.together import BUG, Feed, Job, keep_doing
from crawler.addresses import canonical_or_same, site_of
from crawler.feed_text import html_to_text
from crawler.lanes import Turn
from crawler.politeness import next_reading_at, next_try_at
from crawler.reading import read_html
from model.article import Access, Reading
from model.capture import Capture, Response
from model.errors import CrawlError, PutOffError
from model.source import DateSource, Entry, Fetch
from store.edits import is_same_article
from store.identity import addresses
from store.records import Outcome, PendingEntry

BATCH = 200
ABSENT = frozenset({404, 410, 451})
"""The statuses that say an article is not there."""

_PROOF = frozenset({"soft_block", "removed", "extract_failed"})


async def read_entries(parts: Parts, tally: Tally, reader: PageReader, poll: Feed) -> None:
    """Read the page of every entry that waits for it, while `poll` brings more of them.

    Neither a slow source nor the pages of one slow site hold up another.
    """
    seen: set[int] = set()

    def more(doing: int) -> list[Job]:
        reader.save()
        pending = _fresh(parts, seen, doing + BATCH)
        seen.update(entry.id for entry in pending)
        return [
            Job(
                entry.entry.url,
                _Reading(parts, tally, reader, entry).make(len(seen)),
                partial(_put_off, parts, entry),
            )
            for entry in pending
        ]

    await keep_doing(more, tally, most=4 * BATCH, feed=poll)
    reader.save()


def _put_off(parts: Parts, pending: PendingEntry, reason: str) -> None:
    """Save that an entry's page could not be read, so that it is tried again later."""
    retry_at = next_try_at(pending.tries + 1, parts.clock())
    parts.store.record_entry_failure(pending.id, BUG, reason, retry_at)


def _fresh(parts: Parts, seen: set[int], limit: int) -> list[PendingEntry]:
    pending = parts.store.pending_entries(now=parts.clock(), limit=limit)
    return [entry for entry in pending if entry.id not in seen]


class _Reading:
    """The reading of one entry's page, and what comes of it."""

    def __init__(
        self, parts: Parts, tally: Tally, reader: PageReader, pending: PendingEntry
    ) -> None:
        self._parts, self._tally, self._reader = parts, tally, reader
        self._pending, self._entry = pending, pending.entry
        self._response: Response | None = None

    async def make(self, total: int) -> None:
        """Read the page, unless what the feed says is enough to leave it."""
        try:
            listed = await self._left_unread()
            if listed is not None:
                self._leave(listed)
            else:
                async with self._reader.alone_with(self._entry.url or _name(self._entry)):
                    await self._keep_or_leave(await self._read())
        except PutOffError as error:
            self._parts.store.put_off_entry(self._pending.id, error.reason, error.until)
            self._tally.add("pages_put_off")
        except CrawlError as error:
            await self._fail(error)
        counts = self._tally.counts
        done = counts["pages_read"] + counts["pages_failed"]
        self._parts.notify(Progress("read", done, total, self._entry.url))

    async def _left_unread(self) -> Reading | None:
        """Return what the feed says, where its page is read only if the rule matches that."""
        source = self._reader.source_of(self._entry)
        if source is None or source.fetch is not Fetch.MATCHING or not self._entry.url:
            return None
        html = self._entry.html
        text = await self._parts.bounded.run(html_to_text, html) if html else ""
        listed = with_language(listed_reading(self._entry, text))
        return None if self._parts.rule.judge(listed, source).relevant else listed

    async def _read(self) -> Reading:
        entry = self._entry
        if not entry.url:
            html = entry.html or entry.summary
            read = await self._parts.bounded.run(read_html, html, _name(entry), entry=entry)
            return with_language(read)
        self._response = await self._reader.fetch(entry.url, Turn.NEXT)
        if leads_to_front(self._response):
            raise CrawlError(entry.url, "http_error", "it leads to the front page of a site")
        return await self._reader.read(self._response, entry)

    def _leave(self, reading: Reading) -> None:
        parts = self._parts
        parts.store.record_unkept(
            self._pending.id, reading, judged_by=parts.rule.fingerprint, now=parts.clock()
        )
        self._tally.add("articles_unkept")

    async def _keep_or_leave(self, reading: Reading) -> None:
        verdict = self._parts.rule.judge(reading, self._reader.source_of(self._entry))
        self._tally.add("pages_read")
        if not verdict.relevant and not self._keep_what_it_said():
            self._leave(reading)
        elif verdict.relevant:
            await self._keep(reading, verdict)

    async def _keep(self, found: Reading, verdict: Verdict) -> None:
        store, now = self._parts.store, self._parts.clock()
        reader, response = self._reader, self._response
        known = next(filter(None, map(store.find_article, addresses(found))), None)
        compared = Comparison(reading=found, edit=None)
        is_news = known is None
        if known is not None:
            current = store.article(known).current
            _refuse_other(found, current.reading, response)
            refuse_lost(current.reading, found)
            compared = await reader.compare(current, found, response, self._entry)
            is_news = compared.edit is not None or not reader.is_proven(current)
        kept = store.keep(
            compared.reading,
            relevant=True,
            reasons=verdict.reasons,
            capture=await reader.capture(response) if is_news else None,
            entry_id=self._pending.id,
            next_reading_at=next_reading_at(now, now) if response else None,
            now=now,
            article_id=known,
            basis=compared.basis,
        )
        self._count(kept.outcome)

    def _count(self, outcome: Outcome) -> None:
        if outcome is Outcome.NEW:
            self._tally.add("articles_kept")
        elif outcome is Outcome.CHANGED:
            self._tally.add("articles_changed")

    def _keep_what_it_said(self) -> bool:
        """Keep what the page said when the rule had not changed yet, if the rule keeps it now."""
        parts, now = self._parts, self._parts.clock()
        unkept = parts.store.find_unkept(self._pending.id)
        if unkept is None:
            return False
        verdict = parts.rule.judge(unkept.reading, self._reader.source_of(self._entry))
        if not verdict.relevant:
            return False
        kept = parts.store.keep(
            unkept.reading,
            relevant=True,
            reasons=verdict.reasons,
            entry_id=self._pending.id,
            next_reading_at=next_reading_at(now, now),
            now=now,
        )
        self._count(kept.outcome)
        return True

    async def _fail(self, error: CrawlError) -> None:
        store, pending = self._parts.store, self._pending
        response = error.response if isinstance(error, PageStatusError) else self._response
        retry_after = None if response is None else response.header("Retry-After")
        retry_at = next_try_at(pending.tries + 1, self._parts.clock(), retry_after)
        capture = await self._proof(error, response)
        if not self._keep_what_it_said():
            store.record_entry_failure(pending.id, error.state, error.reason, retry_at, capture)
        self._tally.add("pages_failed")
        self._tally.faults.append(Fault(self._entry.url, error.state, error.reason))

    async def _proof(self, error: CrawlError, response: Response | None) -> Capture | None:
        """Capture what proves an absence or a wall, or could not be read; not the same again."""
        if response is None or error.reason == self._pending.reason:
            return None
        is_proof = error.state in _PROOF or response.status in ABSENT
        return await self._reader.capture(response) if is_proof else None


def _refuse_other(found: Reading, known: Reading, response: Response | None) -> None:
    """Raise CrawlError when the address of a known article leads to another page."""
    is_other = response is not None and is_elsewhere(response)
    if is_other and not is_same_article(known, found):
        raise CrawlError(found.url, "http_error", f"it leads to another page than {known.url}")


def listed_reading(entry: Entry, text: str) -> Reading:
    """Return what a feed alone says of an article, `text` being that of its content."""
    return Reading(
        url=entry.url,
        canonical_url=canonical_or_same(entry.url),
        title=entry.title,
        text=text.strip() or entry.summary,
        authors=entry.authors,
        summary=entry.summary,
        published_at=entry.published_at,
        date_source=None if entry.published_at is None else DateSource.FEED,
        modified_at=entry.modified_at,
        lang=entry.lang,
        site=site_of(entry.url),
        access=Access.TRUNCATED,
    )


def _name(entry: Entry) -> str:
    """Return an address for an item without a link, of which its feed holds all there is."""
    named = "\n".join((entry.source_url, entry.key))
    return f"urn:sha256:{hashlib.sha256(named.encode()).hexdigest()}"
