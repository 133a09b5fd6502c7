"""What an address would bring, before it becomes a source: previews, a test of one page, doubles.

It writes nothing: `app/config_file.py` does.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from app.config_file import Place, find_source
from app.rhythms import estimate_rhythm
from app.steps.relevance import Rule
from crawler.addresses import source_key
from crawler.discovery import Discovery, Fetches, Find, Runs, with_login
from crawler.guard import check_url, parse_pins
from crawler.reading import read_html, read_traced
from crawler.source_lists import web_address
from crawler.watched import reading_selectors
from model.article import Reading
from model.capture import Response
from model.config import CrawlerSettings
from model.errors import ConfigError, CrawlError, VigieError
from model.secrets import hide_secrets
from model.source import Entry, Source, SourceKind
from nlp.language import UNKNOWN, detect_language

MOST_TESTED = 6
"""How many finds have one of their pages read."""

TITLES = 3

PAGES = 2
"""How many pages of one find are read at most: one wall says little of the others."""

# a port may stand behind a host without a scheme: `paper.example:8080`
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)")

_REMEDIES = {
    "unreachable": "Look whether the address opens in a browser, and try again later",
    "timeout": "It may be busy: try again later",
    "busy": "Try again later",
    "bad_certificate": "Its owner must mend that: it is not read until then",
    "robots": "Its robots.txt forbids it: ask its owner, or choose another source",
    "redirects": "Open it in a browser and give the address that it ends at",
    "too_large": "Give the address of one of its feeds",
}
_LOOK = "Look at the address in a browser, and give the one of a page, a feed or a sitemap"
_CHOSEN = "Nothing is written"


class NothingFoundError(VigieError):
    """An address offers nothing that can be polled, or does not answer."""


class PageTest(msgspec.Struct, frozen=True, kw_only=True):
    """How one entry's page reads: what was found on it, or why it cannot be read.

    `kept` says whether the affair's rule keeps it, its whole text considered.
    """

    url: str
    title: str = ""
    characters: int = 0
    published_at: datetime | None = None
    access: str = ""
    kept: bool = False
    fault: str = ""


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What one find would bring.

    `kept` counts the entries whose title and summary alone the affair's rule keeps. `known` says
    where it stands in the configuration already.
    """

    source: Source
    where: str
    title: str
    lang: str | None
    entries: int
    newest: tuple[datetime, ...]
    titles: tuple[str, ...]
    rhythm_s: int | None
    kept: int
    known: Place | None = None
    tests: tuple[PageTest, ...] = ()

    @property
    def shown_url(self) -> str:
        """Return the address without what lets a reader in."""
        return hide_secrets(self.source.url)


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says of the source beside its address."""

    name: str = ""
    lang: str | None = None
    watched: Source | None = None


def check_address(written: str, settings: CrawlerSettings) -> str:
    """Return the address as it can be asked.

    Raises ConfigError with one sentence when it is none of the web or leads to a private network.
    """
    address = written.strip()
    if not _SCHEME.match(address):
        address = f"https://{address}"
    shown = hide_secrets(written.strip())
    try:
        url = web_address(address)
        check_url(url, parse_pins(settings))
    except CrawlError as error:
        if error.state == "unreachable":
            raise _unanswered(written, error) from error
        raise ConfigError(f"`{shown}` cannot be added: {error.reason}") from error
    return url


class Prospector:
    """Looks at what an address offers and tells what each find would bring."""

    def __init__(
        self,
        fetcher: Fetches,
        workers: Runs,
        rule: Rule,
        config_path: Path,
        moved: Mapping[str, str],
    ) -> None:
        """Ask through `fetcher`; doubles are sought in the configuration at `config_path`.

        `moved` gives the configured address of a source by the key of the one it moved to.
        """
        self._moved = moved
        self._fetcher = fetcher
        self._workers = workers
        self._rule = rule
        self._config_path = config_path
        self._discovery = Discovery(fetcher, workers)
        self._answers: dict[str, Response] = {}

    async def look(self, url: str, wishes: Wishes) -> tuple[Preview, ...]:
        """Return the previews of what an address offers, the best first.

        Raises NothingFoundError with what to do when it answers badly or offers nothing.
        """
        try:
            finds = await self._finds(url, wishes)
        except CrawlError as error:
            remedy = _CHOSEN if wishes.watched and error.state == "not_a_feed" else None
            raise _unanswered(url, error, remedy) from error
        if not finds:
            raise NothingFoundError(
                f"{hide_secrets(url)} offers no feed, sitemap or list of articles."
                " Name the part to watch with --selector, or watch its text with --text"
            )
        return tuple(
            [
                await self._preview(find, wishes, is_tested=number < MOST_TESTED)
                for number, find in enumerate(finds)
            ]
        )

    async def _finds(self, url: str, wishes: Wishes) -> tuple[Find, ...]:
        if wishes.watched is not None:
            watched = msgspec.structs.replace(wishes.watched, url=url)
            return (await self._discovery.watch(watched),)
        return await self._discovery.find(url)

    async def _preview(self, find: Find, wishes: Wishes, *, is_tested: bool) -> Preview:
        listing = find.listing
        newest_first = _newest_first(listing.entries)
        spoken = _spoken_language(newest_first, listing.lang or find.page_lang)
        source = msgspec.structs.replace(
            find.source,
            name=wishes.name or _name_of(find),
            lang=wishes.lang or spoken,
            checked=True,
        )
        named = msgspec.structs.replace(find, source=source)
        dates = [entry.published_at for entry in newest_first if entry.published_at]
        return Preview(
            source=source,
            where=find.where,
            title=listing.title or find.title,
            lang=source.lang,
            entries=len(newest_first),
            newest=tuple(dates[:TITLES]),
            titles=tuple(entry.title for entry in newest_first if entry.title)[:TITLES],
            rhythm_s=estimate_rhythm(dates),
            kept=sum(self._is_kept(entry, source) for entry in newest_first),
            known=self._known(find),
            tests=await self._tests(named, newest_first) if is_tested else (),
        )

    def _known(self, find: Find) -> Place | None:
        """Return where the configuration names a find already, also as it was before a move."""
        url = find.source.url
        before = with_login(find.response.url, url)
        spellings = (url, before, self._moved.get(source_key(url)))
        places = (find_source(self._config_path, one) for one in spellings if one)
        return next(filter(None, places), None)

    def _is_kept(self, entry: Entry, source: Source) -> bool:
        lang = entry.lang or source.lang
        return self._rule.judge_text(entry.title, entry.summary, lang, source).relevant

    async def _tests(self, find: Find, entries: Sequence[Entry]) -> tuple[PageTest, ...]:
        """Read the newest entry's page, and the next one's where that cannot be read."""
        tests: list[PageTest] = []
        for entry in entries[:PAGES]:
            tests.append(await self._test(find, entry))
            if not tests[-1].fault:
                break
        return tuple(tests)

    async def _test(self, find: Find, entry: Entry) -> PageTest:
        try:
            reading = await self._read(find, entry)
        except CrawlError as error:
            return PageTest(url=hide_secrets(entry.url), fault=error.reason)
        return PageTest(
            url=hide_secrets(entry.url),
            title=reading.title,
            characters=len(reading.text),
            published_at=reading.published_at,
            access=str(reading.access),
            kept=self._rule.judge(reading, find.source).relevant,
        )

    async def _read(self, find: Find, entry: Entry) -> Reading:
        if not entry.url:
            content = entry.html or entry.summary
            return await self._workers.run(read_html, content, find.source.url, entry=entry)
        response = await self._page(find, with_login(entry.url, find.source.url))
        selectors = reading_selectors(find.source)
        traced = await self._workers.run(read_traced, response, entry, selectors=selectors)
        return traced.reading

    async def _page(self, find: Find, url: str) -> Response:
        """Return the page of an entry; one that several finds list is asked for once."""
        known = {find.response.final_url: find.response, **self._answers}
        if url not in known:
            self._answers[url] = known[url] = await self._fetcher.fetch(url)
        return known[url]


def _newest_first(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries as their source orders them, where dates do not order them otherwise."""
    dated = [entry for entry in entries if entry.published_at]
    undated = [entry for entry in entries if not entry.published_at]
    dated.sort(key=lambda entry: entry.published_at or datetime.min, reverse=True)
    return [*dated, *undated]


def _name_of(find: Find) -> str:
    """Return what a source is to be called: what it calls itself, else what names it."""
    if find.source.kind is SourceKind.DOCUMENT:
        return ""
    return " ".join((find.listing.title or find.title).split())[:80]


def _spoken_language(entries: Sequence[Entry], declared: str | None) -> str | None:
    """Return the language of the titles and summaries, weighed against what is declared."""
    words = "\n".join(f"{entry.title}\n{entry.summary}" for entry in entries[:20])
    listed = Counter(entry.lang for entry in entries if entry.lang).most_common(1)
    found = detect_language(words, declared or (listed[0][0] if listed else None))
    return None if found == UNKNOWN else found


def _unanswered(url: str, error: CrawlError, remedy: str | None = None) -> NothingFoundError:
    said = remedy or _REMEDIES.get(error.state, _LOOK)
    return NothingFoundError(f"{hide_secrets(url)}: {error.reason}. {said}")
