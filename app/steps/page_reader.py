"""Pages fetched, and read with what is known of their source and of the rest of their site.

What a pass learns of a site is saved with each batch; a capture read again teaches nothing.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from weakref import WeakValueDictionary

import msgspec

from app.steps.languages import with_language
from app.steps.parts import Parts
from crawler.addresses import canonical_or_same, site_of
from crawler.body_blocks import key_of
from crawler.captures import read_response
from crawler.lanes import Turn
from crawler.reading import Traced, read_traced
from crawler.site_memory import SiteMemory, doubt, is_shared, remember
from crawler.watched import reading_selectors, refuse_unwatched
from model.article import Reading, Version
from model.capture import Capture, Response
from model.errors import CrawlError, DamageError, ExtractError
from model.source import Entry, Selectors, Source
from store.edits import Edit, find_edit

_NONE = Selectors()


class PageStatusError(CrawlError):
    """A page answered with a status that is no success."""

    def __init__(self, response: Response) -> None:
        """Keep the answer: it may prove an absence."""
        self.response = response
        super().__init__(response.url, "http_error", f"it answers {response.status}")


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What a page says and changed; `basis` is what its last capture says when read like it."""

    reading: Reading
    edit: Edit | None
    basis: Reading | None = None


class PageReader:
    """Reads the pages of one pass."""

    def __init__(self, parts: Parts) -> None:
        """Begin with what is configured; memories are loaded as sites are met."""
        self._parts = parts
        self._sources = {source.url: source for source in parts.config.sources}
        self._memories: dict[str, SiteMemory | None] = {}
        self._learnt: set[str] = set()
        self._met: set[str] = set()
        self._pages: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def source_of(self, entry: Entry) -> Source | None:
        """Return the configured source that lists an entry, None when it is configured no more."""
        return self._sources.get(entry.source_url)

    @asynccontextmanager
    async def alone_with(self, url: str) -> AsyncIterator[None]:
        """Let nobody else read the same page meanwhile: what was seen last is saved last."""
        async with self._pages.setdefault(canonical_or_same(url), asyncio.Lock()):
            yield

    async def fetch(self, url: str, turn: Turn) -> Response:
        """Return what an address answers; raises PageStatusError unless that is a success."""
        response = await self._parts.fetcher.fetch(url, turn=turn)
        if not 200 <= response.status < 300:
            raise PageStatusError(response)
        return response

    async def read(self, response: Response, entry: Entry) -> Reading:
        """Return what a page says and learn from it what its site repeats; raises CrawlError."""
        site = site_of(response.final_url)
        traced = await self._traced(response, entry, self._memory(site))
        self._memories[site] = remember(self._memory(site), traced.trace)
        self._learnt.add(site)
        self._met.add(site)
        return with_language(traced.reading)

    async def compare(
        self, version: Version, reading: Reading, response: Response | None, entry: Entry
    ) -> Comparison:
        """Return what a page changed since a version of it.

        Where they differ, the version's own capture and the page are read alike, by today's
        program and with the same knowledge of the site: only what differs then is a change. What
        came to other articles of the site as well is none.
        """
        edit = find_edit(version.reading, reading)
        if edit is None or response is None:
            return Comparison(reading=reading, edit=edit)
        captured = await self._captured(version)
        pair = None if captured is None else await self._read_alike(captured, response, entry)
        if pair is None:
            return Comparison(reading=reading, edit=edit)
        before, after = pair
        return Comparison(reading=after, edit=find_edit(before, after), basis=before)

    async def is_furniture(self, before: Version, after: Version, entry: Entry) -> bool:
        """Tell whether two versions differ in their site's furniture alone, by their captures.

        They are read again only where another article shows some of what differs.
        """
        site, address = after.reading.site, after.reading.canonical_url
        if not is_shared(self._memory(site), address, _differing(before.reading, after.reading)):
            return False
        captured, response = await self._captured(before), await self._captured(after)
        if captured is None or response is None:
            return False
        pair = await self._read_alike(captured, response, entry)
        return pair is not None and find_edit(*pair) is None

    def sites_met(self) -> frozenset[str]:
        """Return the sites of the pages read so far."""
        return frozenset(self._met)

    async def _captured(self, version: Version) -> Response | None:
        """Return what a version was read from, None when it is not held whole."""
        capture = self._parts.store.version_capture(version.id)
        if capture is None or not capture.status:
            return None
        try:
            return await asyncio.to_thread(read_response, self._parts.store.data, capture)
        except (CrawlError, DamageError):
            # `vigie verify` names damaged evidence; the stored text is compared in its place
            return None

    async def _read_alike(
        self, captured: Response, response: Response, entry: Entry
    ) -> tuple[Reading, Reading] | None:
        """Return what a capture and a later answer say, None if the capture says nothing."""
        site = site_of(response.final_url)
        memory = self._memory(site)
        try:
            before = await self._traced(captured, entry, memory)
        except CrawlError:
            return None
        after = await self._traced(response, entry, memory)
        doubting = doubt(memory, before.trace, after.trace)
        if doubting is not None:
            # what is too little without the lines in doubt is compared with them
            with suppress(ExtractError):
                before, after = (
                    await self._traced(captured, entry, doubting),
                    await self._traced(response, entry, doubting),
                )
        return with_language(before.reading), with_language(after.reading)

    async def _traced(self, response: Response, entry: Entry, memory: SiteMemory | None) -> Traced:
        traced = await self._parts.bounded.run(
            read_traced, response, entry, memory=memory, selectors=self._chosen(entry)
        )
        refuse_unwatched(self.source_of(entry), traced.reading)
        return traced

    def is_proven(self, version: Version) -> bool:
        """Tell whether there is a capture of a version, or at least of its article."""
        store = self._parts.store
        has_own = store.version_capture(version.id) is not None
        return has_own or bool(store.article_captures(version.article_id))

    async def capture(self, response: Response | None) -> Capture | None:
        """Write a response to the evidence; waiting for the disk holds up nobody."""
        if response is None:
            return None
        return await asyncio.to_thread(self._parts.captures.write, response)

    def save(self) -> None:
        """Save what was learnt since this was last called."""
        now = self._parts.clock()
        for site in sorted(self._learnt):
            memory = self._memories[site]
            if memory is not None:
                self._parts.store.save_site_memory(site, memory.encode(), now=now)
        self._learnt.clear()

    def _memory(self, site: str) -> SiteMemory | None:
        if site not in self._memories:
            saved = self._parts.store.site_memory(site)
            self._memories[site] = None if saved is None else SiteMemory.decode(saved)
        return self._memories[site]

    def _chosen(self, entry: Entry) -> Selectors | None:
        source = self.source_of(entry)
        selectors = _NONE if source is None else reading_selectors(source)
        return None if selectors == _NONE else selectors


def _differing(before: Reading, after: Reading) -> set[str]:
    """Return the letters of the lines that stand in one of two texts alone."""
    return set(map(key_of, before.text.split("\n"))) ^ set(map(key_of, after.text.split("\n")))
