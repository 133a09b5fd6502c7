"""JSON Feed 1.0 and 1.1 (jsonfeed.org), read item by item.

An item that is wrong in a part loses that part alone.
"""

import html
from datetime import datetime
from typing import Any

import msgspec

from crawler.addresses import find_link
from crawler.entry_values import MAX_SUMMARY_CHARS, clean_names, parse_utc, short_language
from model.capture import Response
from model.errors import CrawlError
from model.source import Entry, Listing, Source

# Versions are written as an address, as a number or not at all: an item says more
_SAYS_SOMETHING = frozenset({"url", "external_url", "content_html", "content_text"})


def looks_like_json(body: bytes) -> bool:
    """Return whether a body can only be JSON."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def parse_json_feed(source: Source, response: Response) -> Listing:
    """Return what a JSON Feed lists, its entries without keys.

    Raises CrawlError (`not_a_feed`) when it is other JSON, or none.
    """
    try:
        document = msgspec.json.decode(response.body.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise CrawlError(response.url, "not_a_feed", f"its JSON is wrong ({error})") from error
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise CrawlError(response.url, "not_a_feed", "JSON answers that is no feed")
    items = [item for item in document["items"] if isinstance(item, dict)]
    speaks = any(_SAYS_SOMETHING & item.keys() for item in items)
    if not speaks and not _text(document.get("version")):
        raise CrawlError(response.url, "not_a_feed", "JSON answers that is no feed")
    lang = source.lang or short_language(_text(document.get("language")))
    shared = _authors(document)
    return Listing(
        title=_line(document.get("title")),
        lang=lang,
        entries=tuple(_read_item(item, source, response, lang, shared) for item in items),
    )


def _read_item(
    item: dict[str, Any],
    source: Source,
    response: Response,
    lang: str | None,
    shared: tuple[str, ...],
) -> Entry:
    hrefs = (_text(item.get(name)).strip() for name in ("url", "external_url"))
    links = (find_link(href, response.final_url) for href in hrefs if href)
    url = next((link for link in links if link), "")
    zone_url = url or response.final_url
    published = _date(item.get("date_published"), zone_url, lang)
    modified = _date(item.get("date_modified"), zone_url, lang)
    text = _text(item.get("content_text"))
    return Entry(
        source_url=source.url,
        key="",
        url=url,
        guid=_text(item.get("id")).strip() or None,
        title=_line(item.get("title")),
        authors=_authors(item) or shared,
        summary=_text(item.get("summary")).strip()[:MAX_SUMMARY_CHARS],
        html=_text(item.get("content_html")) or html.escape(text, quote=False),
        published_at=published or modified,
        modified_at=modified if published and modified != published else None,
        lang=short_language(_text(item.get("language"))) or lang,
    )


def _text(value: object) -> str:
    """Return a value as text; version 1.0 let ids be numbers, and whole ones are written so."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, str | int | float) else ""


def _line(value: object) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in _text(value)).split())


def _authors(holder: dict[str, Any]) -> tuple[str, ...]:
    """Return the names in `authors` (1.1) or `author` (1.0)."""
    listed = holder.get("authors")
    authors = listed if isinstance(listed, list) else [holder.get("author")]
    return clean_names(_line(author.get("name")) for author in authors if isinstance(author, dict))


def _date(value: object, url: str, lang: str | None) -> datetime | None:
    return parse_utc(value, url, lang) if isinstance(value, str) else None
