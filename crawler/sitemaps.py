"""Sitemaps read: lists of addresses with news facts, and indexes of further sitemaps.

A feed and a text file with one address a line count as sitemaps too (sitemaps.org). Nothing here
fetches, resolves an entity or holds more than one `<url>` of a document at a time.
"""

import io
import re
from collections.abc import Iterator
from itertools import islice

import msgspec
from lxml import etree

from crawler.addresses import canonical_url, find_link, site_of
from crawler.content_encoding import decode_body
from crawler.entry_values import parse_utc
from crawler.feeds import parse_feed
from crawler.safe_xml import safe_xml
from model.capture import Response
from model.errors import CrawlError
from model.source import Entry, Listing, Source

MAX_URLS = 50_000
"""What the protocol allows in one sitemap (sitemaps.org)."""

MAX_PARTS = 5_000
"""How many sitemaps of one index are told, the latest changed first."""

_MAX_BYTES = 50 * 1024 * 1024
_GZIP_START = b"\x1f\x8b"

_FEED = re.compile(r"(?:<\?[^>]*>\s*|<!--(?:[^-]|-(?!->))*+-->\s*)*+<(?:\w+:)?(?:rss|RDF|feed)\b")
_ADDRESS = re.compile(r"https?://\S+", re.I)
_DATED_ADDRESS = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-/_]?(0[1-9]|1[0-2])(?:[-/_]?([0-3]\d))?(?!\d)"
)

_Facts = dict[str, str]
"""Local names of the elements in a `<url>` or `<sitemap>`, with their text."""


def parse_sitemap(source: Source, response: Response) -> Listing:
    """Return what a sitemap lists; the sitemaps of an index are in `more`.

    Raises CrawlError (`not_a_feed`) when it is something else or an attack.
    """
    unpacked = _unpacked(response)
    text = safe_xml(unpacked)
    if _FEED.match(text):
        return parse_feed(source, unpacked)
    if not text.startswith("<"):
        return _read_lines(text, source, response)
    pages: list[_Facts] = []
    parts: list[_Facts] = []
    for name, facts in _read_elements(text, response.url):
        (pages if name == "url" else parts).append(facts)
        if len(pages) + len(parts) == MAX_URLS:
            break
    if not pages and not parts and not _is_sitemap(text):
        raise CrawlError(response.url, "not_a_feed", "what answers is no sitemap")
    entries = (_read_page(facts, source, response) for facts in pages)
    more = _latest_parts(parts, response)
    names = (facts["name"] for facts in pages if facts.get("name"))
    return Listing(
        title=next(names, ""),
        lang=source.lang,
        entries=_without_doubles(entry for entry in entries if entry is not None),
        more=tuple(more),
        more_changed=tuple(more.values()),
        is_whole="</urlset" in text or "</sitemapindex" in text or not (pages or parts),
    )


def _read_lines(text: str, source: Source, response: Response) -> Listing:
    """Return what a text file with one address a line lists; anything else is no sitemap."""
    lines = [line.strip() for line in islice(text.splitlines(), MAX_URLS)]
    pages = [{"loc": line} for line in lines if _ADDRESS.fullmatch(line)]
    if not pages or len(pages) < sum(1 for line in lines if line):
        raise CrawlError(response.url, "not_a_feed", "what answers is no sitemap")
    read = (_read_page(facts, source, response) for facts in pages)
    entries = _without_doubles(entry for entry in read if entry is not None)
    if not entries:
        raise CrawlError(response.url, "not_a_feed", "it lists no address of its own site")
    return Listing(lang=source.lang, entries=entries)


def _unpacked(response: Response) -> Response:
    """Return the response with a body that was served as a .gz file unpacked, within bounds."""
    if not response.body.startswith(_GZIP_START):
        return response
    body = decode_body(response.url, ("gzip",), response.body, _MAX_BYTES)
    return msgspec.structs.replace(response, body=body)


def _is_sitemap(text: str) -> bool:
    head = text[:2000]
    return "<urlset" in head or "<sitemapindex" in head


def _read_elements(text: str, url: str) -> Iterator[tuple[str, _Facts]]:
    """Yield each `<url>` and `<sitemap>` as it is closed, forgetting it at once."""
    parser = etree.iterparse(
        io.BytesIO(text.encode("utf-8", "replace")),
        events=("end",),
        tag=("{*}url", "{*}sitemap"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
        encoding="utf-8",
    )
    try:
        for _, element in parser:
            yield etree.QName(element).localname, _facts_of(element)
            element.clear()
            _forget_before(element)
    except etree.LxmlError as error:
        raise CrawlError(url, "not_a_feed", f"its XML cannot be read ({error})") from error


def _forget_before(element: etree._Element) -> None:
    """Let go of what was read, so that memory does not grow with the document."""
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _facts_of(element: etree._Element) -> _Facts:
    """Return the text of each element inside; the first of a name wins, as `loc` of images come."""
    facts: _Facts = {}
    for inner in element.iterdescendants("{*}*"):
        if inner.text:
            facts.setdefault(etree.QName(inner).localname, inner.text.strip())
    return facts


def _read_page(facts: _Facts, source: Source, response: Response) -> Entry | None:
    url = find_link(facts.get("loc", ""), response.final_url)
    if url is None or not _is_own(url, response):
        return None
    published = parse_utc(facts.get("publication_date"), url)
    modified = parse_utc(facts.get("lastmod"), url)
    return Entry(
        source_url=source.url,
        key=canonical_url(url),
        url=url,
        title=" ".join(facts.get("title", "").split()),
        published_at=published,
        modified_at=modified if modified != published else None,
        lang=facts.get("language", "")[:2].lower() or source.lang,
    )


def _is_own(url: str, response: Response) -> bool:
    """Return whether an address is on the site that lists it, as the protocol demands."""
    here, there = site_of(response.final_url), site_of(url)
    return there == here or there.endswith(f".{here}") or here.endswith(f".{there}")


def _without_doubles(entries: Iterator[Entry]) -> tuple[Entry, ...]:
    return tuple({entry.key: entry for entry in entries}.values())


def _latest_parts(parts: list[_Facts], response: Response) -> dict[str, str]:
    """Return the sitemaps of an index, the latest changed first, with when each changed."""
    parts.sort(key=_changed, reverse=True)
    found: dict[str, str] = {}
    for facts in parts:
        link = find_link(facts.get("loc", ""), response.final_url)
        if link and _is_own(link, response):
            found.setdefault(link, facts.get("lastmod", ""))
    return dict(islice(found.items(), MAX_PARTS))


def _changed(facts: _Facts) -> str:
    """Return when a part changed; where it does not say, the month or day in its address does."""
    written = facts.get("lastmod", "")
    if written:
        return written
    dated = _DATED_ADDRESS.search(facts.get("loc", ""))
    return "-".join(part for part in dated.groups() if part) if dated else ""
