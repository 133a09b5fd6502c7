"""Feeds read: RSS 0.9 to 2.0, RDF, Atom and JSON Feed.

No item is ever left out because another one, or a part of it, is wrong. Nothing here is safe to
show: feedparser's own sanitiser is off (it lets some scripts through and doubles the time), and
whatever is shown goes through nh3 where it is shown. Links inside an item's HTML are left as they
stand, relative to the item's page.
"""

import hashlib
import io
import re
from calendar import timegm
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from time import struct_time
from typing import Any

import feedparser
import msgspec
from feedparser.datetimes import _parse_date

from crawler.addresses import canonical_url, find_link
from crawler.entities import without_sections
from crawler.entry_values import (
    MAX_SUMMARY_CHARS,
    clean_names,
    name_alone,
    parse_utc,
    short_language,
)
from crawler.feed_mending import mend_xml
from crawler.feed_text import to_html, to_text
from crawler.jsonfeed import looks_like_json, parse_json_feed
from crawler.plain_items import is_well_formed, take_plain_items
from crawler.safe_xml import safe_xml
from crawler.sax import prefer_runs
from model.capture import Response
from model.errors import CrawlError
from model.source import Entry, Listing, Source

_EARLIEST_YEAR = 1991
_ITEM_START = re.compile(r"<(?:\w+:)?(?:item|entry)(?=[\s>])")
_MAX_APART = 1000
_MAX_APART_CHARACTERS = 20_000_000
_MAX_KEY = 300

prefer_runs()


def parse_feed(source: Source, response: Response) -> Listing:
    """Return what a feed lists.

    Raises CrawlError (`not_a_feed`) when it is a web page, an error, empty or an attack.
    """
    if looks_like_json(response.body):
        listing = parse_json_feed(source, response)
    else:
        listing = _parse_xml(source, response)
    return msgspec.structs.replace(listing, entries=with_keys(listing.entries))


def _parse_xml(source: Source, response: Response) -> Listing:
    text = safe_xml(response)
    document = text.encode("utf-8", "replace")
    parsed, items = _parse_mended(text, document, response.url) or _parse_items(
        document, response.url
    )
    if not parsed.version and not items and not parsed.feed.get("title"):
        raise CrawlError(response.url, "not_a_feed", _what_else(text))
    if parsed.bozo:
        items = max(items, _parse_apart(text, len(items), response.url), key=len)
    lang = source.lang or short_language(parsed.feed.get("language"))
    return Listing(
        title=to_text(_detail_of(parsed.feed, "title")),
        lang=lang,
        entries=tuple(_read_item(item, source, response, lang) for item in items),
        is_whole=not _is_cut(text),
    )


def _parse_mended(text: str, document: bytes, url: str) -> tuple[Any, list[Any]] | None:
    """Return what is read in an ill-formed feed that can be mended, and loses no item by it."""
    if is_well_formed(document):
        return None
    mended = mend_xml(text).encode("utf-8", "replace")
    if not is_well_formed(mended):
        return None
    with suppress(CrawlError):
        parsed, items = _parse_items(mended, url)
        if len(items) >= len(_item_starts(text)):
            return parsed, items
    return None


def _parse_items(document: bytes, url: str) -> tuple[Any, list[Any]]:
    """Return what feedparser finds in a feed and its items, of which it reads the unusual ones."""
    if taken := take_plain_items(document):
        parsed = _parse_with_feedparser(taken.rest, url)
        items = taken.put_back(parsed.entries)
        if items is not None:
            return parsed, items
    parsed = _parse_with_feedparser(document, url)
    return parsed, parsed.entries


def _parse_with_feedparser(document: bytes, url: str) -> Any:
    """Return what feedparser finds in a feed.

    It is not told the address: a relative GUID must stay what it is when the feed moves, or all
    its items are new. Links become absolute here, in `_link_of`.
    """
    try:
        return feedparser.parse(
            io.BytesIO(document),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # its loose parser raises anything on hostile markup
        reason = f"it cannot be read ({type(error).__name__})"
        raise CrawlError(url, "not_a_feed", reason) from error


def _parse_apart(text: str, known: int, url: str) -> list[Any]:
    """Return the items of an ill-formed feed, each parsed by itself.

    An element that one item leaves open swallows those behind it: feedparser then gives fewer
    items, `known`, than the text opens.
    """
    starts = _item_starts(text)
    if not known < len(starts) <= _MAX_APART or starts[0] * len(starts) > _MAX_APART_CHARACTERS:
        return []
    head, ends = text[: starts[0]], [*starts[1:], len(text)]
    pieces = (
        (head + text[start:end]).encode("utf-8", "replace")
        for start, end in zip(starts, ends, strict=True)
    )
    return [item for piece in pieces for item in _parse_with_feedparser(piece, url).entries]


def _item_starts(text: str) -> list[int]:
    return [match.start() for match in _ITEM_START.finditer(without_sections(text))]


def _what_else(text: str) -> str:
    head = text[:2000].lower()
    if "<html" in head or "<!doctype html" in head:
        return "a web page answers where the feed was"
    return "what answers is no feed"


def _is_cut(text: str) -> bool:
    """Return whether a document's outermost element is never closed."""
    opened = re.search(r"<((?:\w+:)?(?:rss|RDF|feed))\b", text)
    return opened is not None and f"</{opened[1]}" not in text


def _read_item(item: Any, source: Source, response: Response, lang: str | None) -> Entry:
    # dict.get: feedparser's own lookup answers `updated` with `published` and warns
    get = dict.get
    link = _link_of(item, response.final_url)
    published, modified = _dates_of(item, link or response.final_url, lang)
    content = _content_of(item)
    return Entry(
        source_url=source.url,
        key="",
        url=link,
        guid=(get(item, "id") or "").strip() or None,
        title=to_text(_detail_of(item, "title")),
        authors=_authors_of(item),
        summary=_summary_of(item),
        html=content,
        published_at=published,
        modified_at=modified,
        lang=short_language(get(item, "language")) or lang,
    )


def _detail_of(item: Any, name: str) -> Mapping[str, Any]:
    """Return feedparser's (type, value) detail of a title or a summary.

    An element of the same name deeper in the item, such as the title of its image, may overwrite
    the value in the detail and leaves the one beside it alone.
    """
    detail: Mapping[str, Any] = dict.get(item, f"{name}_detail") or {}
    value = dict.get(item, name)
    return {**detail, "value": value} if detail and value else detail


def _link_of(item: Any, base: str) -> str:
    """Return the address of an item's page, else of what it encloses, else nothing."""
    get = dict.get
    listed: dict[str, list[Any]] = {"alternate": [], "enclosure": []}
    for each in get(item, "links") or ():
        listed.setdefault(get(each, "rel") or "alternate", []).append(get(each, "href"))
    hrefs = [get(item, "feedburner_origlink"), get(item, "link")]
    # feedparser takes the text of any <link> for the item's own, that of an enclosure as well
    if hrefs[1] in listed["enclosure"]:
        hrefs.pop()
    hrefs += [*listed["alternate"], *listed["enclosure"]]
    links = (find_link(str(href), base) for href in hrefs if href)
    return next((link for link in links if link), "")


def _dates_of(item: Any, url: str, lang: str | None) -> tuple[datetime | None, datetime | None]:
    published = _date_of(item, "published", url, lang) or _date_of(item, "created", url, lang)
    updated = _date_of(item, "updated", url, lang)
    return published or updated, updated if published and updated != published else None


def _date_of(item: Any, name: str, url: str, lang: str | None) -> datetime | None:
    """Return a moment as we read it, else as feedparser does, which knows more odd forms.

    It takes a time without a zone, or in CET, for one in UTC, and seconds since 1970 for a day.
    """
    written = dict.get(item, name)
    if moment := parse_utc(written, url, lang):
        return moment
    parsed: struct_time | None = dict.get(item, f"{name}_parsed") or _parse_date(written)
    return _to_datetime(parsed) if parsed else None


def _to_datetime(parsed: struct_time) -> datetime | None:
    """Return a moment in UTC; a year before the web stands for no date (1970 for zero)."""
    try:
        moment = datetime.fromtimestamp(timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.year >= _EARLIEST_YEAR else None


def _content_of(item: Any) -> str:
    """Return the content that an item carries as HTML, else its summary.

    Some feeds have the article for a summary and a teaser for a content. A summary takes the place
    of a content of which it is the double, or where `Entry.summary` has no room for it.
    """
    contents = dict.get(item, "content") or ()
    content = max((to_html(detail) for detail in contents), key=len, default="")
    summary = to_html(_detail_of(item, "summary"))
    is_fuller = len(summary) >= 2 * len(content) or len(summary) > MAX_SUMMARY_CHARS
    return summary if is_fuller and len(summary) > len(content) else content


def _summary_of(item: Any) -> str:
    """Return what an item says in short: its summary, else how its content begins."""
    get = dict.get
    contents = get(item, "content") or ()
    return next(
        (text for detail in (_detail_of(item, "summary"), *contents) if (text := to_text(detail))),
        "",
    )[:MAX_SUMMARY_CHARS]


def _authors_of(item: Any) -> tuple[str, ...]:
    """Return who signs an item; one author is read from what is written, see `name_alone`."""
    get = dict.get
    named = [str(author.get("name") or "") for author in get(item, "authors") or ()]
    if len(named) < 2 or not any(named):
        named = [name_alone(str(get(item, "author") or ""))]
    return clean_names(named)


def with_keys(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the entries with the keys that tell them apart, exact repetitions once.

    A key is made of GUID and address together, since sources give one GUID to every item or
    reuse an old one (FAULTS 25, 26). Where several items of one document still share it, their
    title and content are added to the key of each, so that it does not depend on their order.
    """
    keys = [_key_of(entry) for entry in entries]
    seen = Counter(keys)
    found = {
        key if seen[key] == 1 else _digest(key, _own_words(entry)): entry
        for key, entry in zip(keys, entries, strict=True)
    }
    return tuple(msgspec.structs.replace(entry, key=key) for key, entry in found.items())


def _key_of(entry: Entry) -> str:
    if entry.url and entry.guid in (None, entry.url):
        key = _address_key(entry.url)
        return key if len(key) <= _MAX_KEY else _digest(key)
    if entry.url or entry.guid:
        return _digest(entry.guid or "", _address_key(entry.url))
    return _digest(_own_words(entry), str(entry.published_at))


def _address_key(url: str) -> str:
    """Return the canonical address with its fragment: some feeds have one page for all items."""
    if not url:
        return ""
    _, mark, fragment = url.partition("#")
    address = canonical_url(url)
    return address if "#" in address else f"{address}{mark}{fragment}"


def _own_words(entry: Entry) -> str:
    return f"{entry.title}\n{entry.html or entry.summary}"


def _digest(*parts: str) -> str:
    joined = "\x00".join(parts).encode("utf-8", "replace")
    return hashlib.sha256(joined).hexdigest()[:32]
