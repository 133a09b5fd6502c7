"""What an address offers to be polled: itself, the feeds it declares, sitemaps, well-known paths.

What a page and a robots.txt declare is read by pure functions; everything is asked through the
fetcher that is handed in, one host at a time, and well-known paths only where nothing is declared.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import suppress
from enum import IntEnum
from itertools import islice
from typing import ParamSpec, Protocol, TypeVar
from urllib.parse import urljoin, urlsplit, urlunsplit

import msgspec
from lxml import html

from crawler.addresses import canonical_url, find_link, source_key
from crawler.charsets import decode_html
from crawler.documents import is_pdf
from crawler.entry_values import short_language
from crawler.listing import list_entries
from crawler.watched import base_of, parse_page
from model.capture import Response
from model.errors import CrawlError
from model.source import Listing, Source, SourceKind

MAX_ASKED = 8
"""How many feeds that a page declares are asked at most."""

MAX_SITEMAPS = 3
"""How many sitemaps that robots.txt names are asked, those of news first."""

FEED_PATHS = ("/feed", "/rss", "/rss.xml", "/atom.xml", "/index.xml", "/feed.xml", "/feed.json")
SITEMAP_PATHS = ("/sitemap-news.xml", "/news-sitemap.xml", "/sitemap_index.xml", "/sitemap.xml")
"""Asked in this order, and no further once one of each kind has answered."""

_FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/json",
        "application/xml",
        "text/xml",
    }
)
_API = re.compile(r"/wp-json/|/oembed", re.IGNORECASE)
_FEED_LIKE = re.compile(
    r"/(?:rss|atom|rdf|feeds?|flux|rss[-_]feeds?|flux[-_]rss)(?:[./?#]|$)"
    r"|\.(?:rss|atom|rdf)(?:[?#]|$)"
    r"|/[\w.-]*(?:rss|feed|atom)[\w.-]*\.(?:xml|json|php)(?:[?#]|$)"
    r"|[?&](?:feed|format|type|output)=(?:rss|atom|rdf|json|xml)"
    r"|^https?://feeds?\.",
    re.IGNORECASE,
)
_MAX_HREF = 500
_COMMENTS = re.compile(r"/comments/|[?&]comments|/commentaires/|/replies\b", re.IGNORECASE)
# the plural alone: `Comment faire` is how many French titles begin
_COMMENTS_TITLE = re.compile(r"\b(?:comments|comment feed|commentaires?)\b", re.IGNORECASE)
# no \s, which runs over line ends: half a million empty lines would take hours
_SITEMAP_LINE = re.compile(r"^[ \t]*+sitemap[ \t]*+:[ \t]*+(\S+)", re.IGNORECASE | re.MULTILINE)
_NEWS = re.compile(r"news|actu", re.IGNORECASE)
_MAX_LINKS = 5_000
_ITSELF = "the address itself"
_LINKED = "linked to by the page"
_USUAL = "at a usual address"
_PERMANENT = frozenset({301, 308})


class Rank(IntEnum):
    """How welcome a find is, the best first."""

    ITSELF = 0
    FEED = 1
    NEWS_SITEMAP = 2
    SITEMAP = 3
    PAGE = 4
    COMMENTS = 5


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """An address that may be a source, and who says so."""

    url: str
    kind: SourceKind
    rank: Rank
    where: str
    title: str = ""


class Find(msgspec.Struct, frozen=True, kw_only=True):
    """A source that answered: what it is, where it was found, and what it lists.

    `title` is what whoever names it calls it; `page_lang` is the language that the page asked
    for declares.
    """

    source: Source
    rank: Rank
    where: str
    response: Response
    listing: Listing
    title: str = ""
    page_lang: str | None = None


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """What a page says of itself and of its feeds."""

    feeds: tuple[Candidate, ...] = ()
    lang: str | None = None


class Fetches(Protocol):
    """What asks the web: the program's Fetcher, or a fake in tests."""

    async def fetch(self, url: str, *, robots: bool = True) -> Response:
        """Return the answer of an address."""
        ...


P = ParamSpec("P")
T = TypeVar("T")


class Runs(Protocol):
    """What reads hostile documents: workers that are limited, or a plain call in tests."""

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a function of a module says of its arguments."""
        ...


# --- what pages and robots.txt declare


def read_offered(response: Response) -> Offered:
    """Return the feeds that a page names, by `<link rel=alternate>` then by plain links.

    Raises CrawlError (`not_a_feed`) when it is no web page.
    """
    page = parse_page(response)
    base = base_of(page, response)
    feeds: dict[str, Candidate] = {}
    for one in (*_alternates(page, base), *_feed_links(page, base)):
        feeds.setdefault(source_key(one.url), one)
    return Offered(feeds=tuple(feeds.values()), lang=short_language(page.get("lang")))


def _alternates(page: html.HtmlElement, base: str) -> Iterator[Candidate]:
    for link in islice(page.iter("link"), _MAX_LINKS):
        relations = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        is_feed = kind in _FEED_TYPES and "alternate" in relations
        if is_feed or ("feed" in relations and kind in ("", *_FEED_TYPES)):
            yield from _candidate(link, base, "declared by the page")


def _feed_links(page: html.HtmlElement, base: str) -> Iterator[Candidate]:
    for link in islice(page.iter("a"), _MAX_LINKS):
        if _FEED_LIKE.search((link.get("href") or "")[:_MAX_HREF]):
            yield from _candidate(link, base, _LINKED)


def _candidate(link: html.HtmlElement, base: str, where: str) -> Iterator[Candidate]:
    href = re.sub(r"^feed:(?://)?(?=https?://)", "", (link.get("href") or "").strip())
    url = find_link(href, base)
    if url is None or _API.search(url):
        return
    title = " ".join((link.get("title") or str(link.text_content())).split())
    is_comments = _COMMENTS.search(url) or _COMMENTS_TITLE.search(title)
    rank = Rank.COMMENTS if is_comments else Rank.FEED
    yield Candidate(url=url, kind=SourceKind.FEED, rank=rank, where=where, title=title)


def read_robots(robots: Response) -> tuple[Candidate, ...]:
    """Return the sitemaps that a robots.txt names, those of news first."""
    text = decode_html(robots.body, robots.header("Content-Type")).text
    lines = islice(_SITEMAP_LINE.finditer(text), _MAX_LINKS)
    links = (find_link(found[1], robots.final_url) for found in lines)
    named = [_sitemap(link, "named in robots.txt") for link in dict.fromkeys(links) if link]
    return tuple(sorted(named, key=lambda one: one.rank))


def _sitemap(url: str, where: str) -> Candidate:
    rank = Rank.NEWS_SITEMAP if _NEWS.search(urlsplit(url).path) else Rank.SITEMAP
    return Candidate(url=url, kind=SourceKind.SITEMAP, rank=rank, where=where)


# --- what an answer is


def recognise(url: str, response: Response) -> tuple[Source, Listing] | None:
    """Return the source that an answer itself is, unless it is a web page or nothing of ours."""
    kinds = (SourceKind.FEED, SourceKind.SITEMAP)
    for kind in (SourceKind.DOCUMENT,) if is_pdf(response.body) else kinds:
        source = Source(url=url, kind=kind)
        try:
            return source, list_entries(source, response)
        except CrawlError:
            continue
    return None


def settled_address(asked: str, response: Response) -> str:
    """Return the address to write down: the one that answered, where it is for good.

    That is when every redirect on the way is a permanent one, or only the spelling changed; never
    from https to http. A user name and password stay with the host they were given for.
    """
    answered = response.final_url
    statuses = response.redirect_statuses
    is_for_good = bool(statuses) and all(status in _PERMANENT for status in statuses)
    is_downgrade = urlsplit(asked).scheme == "https" and urlsplit(answered).scheme == "http"
    if is_downgrade or not (is_for_good or source_key(answered) == source_key(response.url)):
        return asked
    return with_login(answered, asked)


def with_login(url: str, asked: str) -> str:
    """Return an address with the user name and password of another one of the same host and port.

    Never in the clear where they were given for an encrypted address.
    """
    login, at, _ = urlsplit(asked).netloc.rpartition("@")
    parts = urlsplit(url)
    if not at or "@" in parts.netloc:
        return url
    given, wanted = urlsplit(canonical_url(asked)), urlsplit(canonical_url(url))
    if given.netloc != wanted.netloc or (given.scheme, wanted.scheme) == ("https", "http"):
        return url
    return urlunsplit(parts._replace(netloc=f"{login}@{parts.netloc}"))


# --- asking


class Discovery:
    """Finds what one address offers, through one fetcher."""

    def __init__(self, fetcher: Fetches, workers: Runs) -> None:
        """Ask through `fetcher`, and let `workers` read what answers."""
        self._fetcher = fetcher
        self._workers = workers
        self._tried: set[str] = set()
        self._pages: list[Response] = []

    async def find(self, url: str) -> tuple[Find, ...]:
        """Return what can be polled at an address or is named there, the best first.

        Raises CrawlError when the address does not answer well.
        """
        response = await self._answer(url)
        address = settled_address(url, response)
        itself = await self._workers.run(recognise, address, response)
        if itself is not None:
            source, listing = itself
            return (await self._found(Rank.ITSELF, _ITSELF, response, source, listing),)
        declared = await self._read_page(response)
        finds = [find async for find in self._declared(url, response, declared)]
        if not finds:
            finds = [find async for find in self._guessed(url, response)]
        with suppress(CrawlError):
            finds.append(await self.watch(Source(url=address, kind=SourceKind.PAGE), response))
        named = (msgspec.structs.replace(find, page_lang=declared.lang) for find in finds)
        return tuple(sorted(named, key=_worth))

    async def watch(self, source: Source, response: Response | None = None) -> Find:
        """Return a watched page as it would be polled; raises CrawlError when it cannot be."""
        page = response or await self._answer(source.url)
        listing = await self._workers.run(list_entries, source, page)
        found = msgspec.structs.replace(source, url=settled_address(source.url, page))
        where = "the page itself, watched"
        return Find(source=found, rank=Rank.PAGE, where=where, response=page, listing=listing)

    async def _read_page(self, response: Response) -> Offered:
        try:
            return await self._workers.run(read_offered, response)
        except CrawlError:
            return Offered()

    async def _declared(self, asked: str, page: Response, declared: Offered) -> AsyncIterator[Find]:
        has_feed = False
        for candidate in declared.feeds[:MAX_ASKED]:
            if find := await self._try(candidate, asked):
                has_feed = has_feed or find.rank is Rank.FEED
                yield find
        others = () if has_feed else await self._listed()
        for candidate in (*others, *(await self._sitemaps_of(page))[:MAX_SITEMAPS]):
            if find := await self._try(candidate, asked):
                yield find

    async def _listed(self) -> tuple[Candidate, ...]:
        """Return the feeds that a page names which was linked to as one: `Our feeds`."""
        if not self._pages:
            return ()
        return (await self._read_page(self._pages[0])).feeds[:MAX_ASKED]

    async def _sitemaps_of(self, page: Response) -> tuple[Candidate, ...]:
        """Return the sitemaps that robots.txt names; one that cannot be had names none."""
        try:
            robots = await self._answer(urljoin(page.final_url, "/robots.txt"), robots=False)
        except CrawlError:
            return ()
        return read_robots(robots)

    async def _guessed(self, asked: str, page: Response) -> AsyncIterator[Find]:
        """Yield what the home page declares, else the first feed or sitemap at usual addresses."""
        home = urljoin(page.final_url, "/")
        if home != page.final_url:
            found = [find async for find in self._of_home(asked, home)]
            for one in found:
                yield one
            if found:
                return
        for guesses in _usual(home):
            if first := await self._first(guesses, asked):
                yield first
                return

    async def _of_home(self, asked: str, home: str) -> AsyncIterator[Find]:
        try:
            declared = await self._read_page(await self._answer(with_login(home, asked)))
        except CrawlError:
            return
        for candidate in declared.feeds[:MAX_ASKED]:
            if find := await self._try(candidate, asked):
                yield find

    async def _first(self, candidates: Iterable[Candidate], asked: str) -> Find | None:
        for candidate in candidates:
            if find := await self._try(candidate, asked):
                return find
        return None

    async def _try(self, candidate: Candidate, asked: str) -> Find | None:
        """Return what a candidate lists, None when it is no source after all."""
        if source_key(candidate.url) in self._tried:
            return None
        self._tried.add(source_key(candidate.url))
        url = with_login(candidate.url, asked)
        try:
            response = await self._answer(url)
        except CrawlError:
            return None
        source = Source(url=settled_address(url, response), kind=candidate.kind)
        try:
            listing = await self._workers.run(list_entries, source, response)
            find = await self._found(candidate.rank, candidate.where, response, source, listing)
        except CrawlError:
            if candidate.where == _LINKED:
                self._pages.append(response)
            return None
        return msgspec.structs.replace(find, title=candidate.title)

    async def _found(
        self, rank: Rank, where: str, response: Response, source: Source, listing: Listing
    ) -> Find:
        """Return a find; of a sitemap index, with the entries of its latest part."""
        if listing.more and not listing.entries:
            answer = await self._answer(with_login(listing.more[0], source.url))
            part = await self._workers.run(list_entries, source, answer)
            listing = msgspec.structs.replace(listing, entries=part.entries, title=part.title)
        return Find(source=source, rank=rank, where=where, response=response, listing=listing)

    async def _answer(self, url: str, *, robots: bool = True) -> Response:
        response = await self._fetcher.fetch(url, robots=robots)
        if not 200 <= response.status < 300:
            raise CrawlError(response.url, "http_error", f"it answers {response.status}")
        return response


def _usual(home: str) -> Iterator[Iterator[Candidate]]:
    yield (
        Candidate(url=urljoin(home, path), kind=SourceKind.FEED, rank=Rank.FEED, where=_USUAL)
        for path in FEED_PATHS
    )
    yield (_sitemap(urljoin(home, path), _USUAL) for path in SITEMAP_PATHS)


def _worth(find: Find) -> tuple[bool, bool, Rank]:
    """Return what finds are ordered by: one that lists something first, comments last."""
    return find.rank is Rank.COMMENTS, not find.listing.entries, find.rank
