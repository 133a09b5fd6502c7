"""Records that are not pages: front matter, plain text, lines of JSON.

It never keeps a record's `secured` blob in the reading, and never makes up an address: a record
without one is named after its own bytes.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

import msgspec
import yaml  # type: ignore[import-untyped]

from crawler.addresses import canonical_or_same, site_of
from crawler.authors import clean_authors, clean_name
from crawler.furniture import is_credit, is_furniture
from crawler.reading import parse_pixels
from crawler.times import Moment, parse_time, zone_of
from model.article import Access, Image, Reading
from model.source import DateSource, Lead

_Line = TypeVar("_Line", bound=msgspec.Struct)

_PARIS = ZoneInfo("Europe/Paris")
_FRONT_MATTER = re.compile(r"\A\s*(---|\+\+\+)[ \t]*\n(.*?)\n\1[ \t]*(?:\n|\Z)(.*)\Z", re.S)
_MAX_FRONT_MATTER_CHARS = 1_000_000
_HEADING = re.compile(r"^#{1,6}\s+")
_HEAD_LINES = 8
_MAX_DATE_LINE = 70
_MAX_TITLE = 300
_DATE_KEYS = ("publishedDateTime", "published_at", "published", "date", "pubDate")
_OTHER_ADDRESSES = ("originalUrl", "webUrl", "ampWebUrl", "cdnAmpWebUrl")
_DETAIL_KEYS = ("category", "type", "quality", "heat", "published", "section", "path")


class BrokenRecordError(Exception):
    """A record cannot be read; its message is the sentence shown with its file and line."""


class JsonLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a `.jsonl` import."""

    text: str
    url: str | None = None
    title: str = ""
    published_at: str | None = None
    published: str | None = None
    lang: str | None = None
    site: str | None = None
    authors: tuple[str, ...] | None = None
    summary: str = ""
    text_sha256: str | None = None


class ExportedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line that `vigie export jsonl` wrote, told by its `text_sha256`.

    What is left out here is what another store saw, noted or found out: it is in the record that
    is kept, but this store did not see it.
    """

    url: str
    title: str
    text: str
    authors: tuple[str, ...] = ()
    summary: str = ""
    published_at: str | None = None
    published_precision: Literal["second", "minute", "day"] = "second"
    date_source: DateSource = DateSource.RECORD
    modified_at: str | None = None
    lang: str = ""
    site: str = ""
    access: Access = Access.FREE
    addresses: tuple[str, ...] = ()
    details: dict[str, str] = {}


class _BoundedLoader(yaml.BaseLoader):  # type: ignore[misc]
    """YAML of plain text, lists and tables; aliases, which can multiply, are refused."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read here")
        return super().compose_node(parent, index)


def name_bytes(raw: bytes) -> str:
    """Return the stable address of a record that has none."""
    return f"urn:sha256:{hashlib.sha256(raw).hexdigest()}"


def has_front_matter(text: str) -> bool:
    """Tell whether a text opens with a block between `---` or `+++` lines."""
    return _FRONT_MATTER.match(text) is not None


def read_record(text: str, raw: bytes) -> tuple[Reading, tuple[Lead, ...]]:
    """Return what a front-matter record says and the addresses it names.

    Raises BrokenRecordError.
    """
    found = _FRONT_MATTER.match(text)
    if found is None:
        raise BrokenRecordError("it has no front matter")
    fields = _parse_fields(found[1], found[2])
    address = _text(fields, *_OTHER_ADDRESSES, "url", "link", "canonical")
    reading = _record_reading(fields, found[3], address or name_bytes(raw))
    if not reading.title and not reading.text:
        raise BrokenRecordError("it has neither a title nor a text")
    return reading, tuple(_leads(fields, reading.url))


def _parse_fields(fence: str, block: str) -> Mapping[str, Any]:
    if len(block) > _MAX_FRONT_MATTER_CHARS:
        raise BrokenRecordError("its front matter is over a million characters")
    try:
        fields = _load_yaml(block) if fence == "---" else tomllib.loads(block)
    except (yaml.YAMLError, tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise BrokenRecordError(f"its front matter cannot be read: {_first_line(error)}") from error
    if not isinstance(fields, dict):
        raise BrokenRecordError("its front matter is not a list of `key: value`")
    return fields


def _load_yaml(block: str) -> Any:
    loader = _BoundedLoader(block)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def _first_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _record_reading(fields: Mapping[str, Any], body: str, url: str) -> Reading:
    excerpt = _text(fields, "excerpt", "summary", "description")
    text = _markdown_text(body) or excerpt
    moment = _published(fields, url)
    provider = fields.get("provider")
    lang = _text(fields, "lang", "language")[:2].lower() or None
    return Reading(
        url=url,
        canonical_url=canonical_or_same(url),
        title=_text(fields, "title"),
        text=text,
        authors=clean_authors(_texts(fields.get("authors") or fields.get("author"))),
        summary=excerpt,
        published_at=moment.at if moment else None,
        published_precision=moment.precision if moment else "second",
        date_source=DateSource.RECORD if moment else None,
        lang=lang,
        site=_text(provider, "domain") or _text(fields, "site") or site_of(url),
        access=Access.TRUNCATED if text == excerpt else Access.FREE,
        images=tuple(_images(fields.get("images"))),
        other_urls=_others(fields, url),
        details=_details(fields),
    )


def _text(fields: Any, *keys: str) -> str:
    """Return the first of the keys that holds text."""
    if not isinstance(fields, Mapping):
        return ""
    for key in keys:
        value = fields.get(key)
        if isinstance(value, str | int | float) and str(value).strip():
            return str(value).strip()
    return ""


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, str)]


def _published(fields: Mapping[str, Any], url: str) -> Moment | None:
    for key in _DATE_KEYS:
        value = fields.get(key)
        stated = value.isoformat() if isinstance(value, datetime) else value
        if moment := parse_time(stated, zone_of(url)):
            return moment
    return None


def _others(fields: Mapping[str, Any], url: str) -> tuple[str, ...]:
    addresses = (_text(fields, key) for key in _OTHER_ADDRESSES)
    return tuple(dict.fromkeys(address for address in addresses if address and address != url))


def _images(value: Any) -> Iterator[Image]:
    for item in value if isinstance(value, list) else []:
        if address := _text(item, "url"):
            width, height = (_text(item, key) for key in ("width", "height"))
            yield Image(url=address, width=parse_pixels(width), height=parse_pixels(height))


def _details(fields: Mapping[str, Any]) -> dict[str, str]:
    details = {key: _text(fields, key) for key in _DETAIL_KEYS if _text(fields, key)}
    if provider := _text(fields.get("provider"), "name"):
        details["provider"] = provider
    if topics := _texts(fields.get("topics")):
        details["topics"] = ", ".join(topics)
    return details


def _leads(fields: Mapping[str, Any], named_by: str) -> Iterator[Lead]:
    related = fields.get("related")
    for item in related if isinstance(related, list) else []:
        address = _text(item, "originalUrl", "webUrl", "url")
        if site_of(address):
            moment = parse_time(_text(item, *_DATE_KEYS), zone_of(address))
            yield Lead(
                url=address,
                title=_text(item, "title"),
                excerpt=_text(item, "excerpt"),
                published_at=moment.at if moment else None,
                site=_text(item.get("provider"), "domain") or site_of(address),
                named_by=named_by,
            )


def _markdown_text(body: str) -> str:
    lines = (_HEADING.sub("", line).strip() for line in body.splitlines())
    return "\n".join(line for line in lines if line)


def read_markdown(text: str, raw: bytes) -> Reading:
    """Return a Markdown page without front matter: its first heading is the title."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    first = next((i for i, line in enumerate(lines) if _HEADING.match(line)), 0)
    title = _HEADING.sub("", lines[first]) if lines else ""
    rest = (_HEADING.sub("", line) for line in lines[first + 1 :])
    return read_plain_text("\n".join([title, *lines[:first], *rest]), raw)


def read_plain_text(text: str, raw: bytes) -> Reading:
    """Return a page saved as text: its title stands first, then who and when, then the body.

    A time without a zone is one of Paris. Raises BrokenRecordError for an empty text.
    """
    lines = [" ".join(line.split()) for line in text.splitlines()]
    lines = [line for line in lines if line]
    if not lines:
        raise BrokenRecordError("it is empty")
    title, rest = lines[0], lines[1:]
    moment, dated = _date_line(rest)
    authors, signed = _byline(rest, dated)
    skipped = {dated, signed}
    kept = [
        line
        for index, line in enumerate(rest)
        if index not in skipped and not is_furniture(line) and not is_credit(line)
    ]
    url = name_bytes(raw)
    return Reading(
        url=url,
        canonical_url=url,
        title=title[:_MAX_TITLE],
        text="\n".join(kept) or title,
        authors=authors,
        published_at=moment.at if moment else None,
        published_precision=moment.precision if moment else "second",
        date_source=DateSource.TEXT if moment else None,
    )


def _date_line(lines: Sequence[str]) -> tuple[Moment | None, int | None]:
    """Return the date that stands on a line of its own near the top, and where."""
    for index, line in enumerate(lines[:_HEAD_LINES]):
        if len(line) <= _MAX_DATE_LINE and not is_credit(line):
            moment = parse_time(line, _PARIS)
            if moment is not None:
                return moment, index
    return None, None


def _byline(lines: Sequence[str], dated: int | None) -> tuple[tuple[str, ...], int | None]:
    """Return the names on the short line beside the date, or one that starts with `By`."""
    near = () if dated is None else (dated - 1, dated + 1)
    for index, line in enumerate(lines[:_HEAD_LINES]):
        says_so = re.match(r"(?:by|par)\s+\w", line, re.I) is not None
        if (index in near or says_so) and len(line) < 80 and not is_credit(line):
            names = clean_authors([line]) if says_so or clean_name(line) else ()
            if names:
                return names, index
    return (), None


def read_json_line(line: bytes) -> Reading:
    """Return what one line of JSON says; raises BrokenRecordError."""
    record = _decode(line, JsonLine)
    if record.text_sha256 is not None:
        return _exported_reading(_decode(line, ExportedLine))
    if not record.text.strip():
        raise BrokenRecordError("its `text` is empty")
    url = record.url.strip() if record.url else name_bytes(line)
    moment = _stated(record.published_at or record.published, zone_of(url, record.lang))
    return Reading(
        url=url,
        canonical_url=canonical_or_same(url),
        title=record.title.strip() or _short(record.text),
        text=record.text.strip(),
        authors=clean_authors(record.authors or ()),
        summary=record.summary,
        published_at=moment.at if moment else None,
        published_precision=moment.precision if moment else "second",
        date_source=DateSource.RECORD if moment else None,
        lang=record.lang[:2].lower() if record.lang else None,
        site=record.site or site_of(url),
    )


def _decode(line: bytes, kind: type[_Line]) -> _Line:
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BrokenRecordError(
            f"{_first_line(error)}; a line is {{url, title, text, …}}"
        ) from error


def _stated(written: str | None, zone: tzinfo) -> Moment | None:
    moment = parse_time(written, zone) if written else None
    if written and moment is None:
        raise BrokenRecordError(f"its date {written[:40]!r} is none that can be read")
    return moment


def _exported_reading(record: ExportedLine) -> Reading:
    """Return an exported article as it stood: it was read and cleaned when it was first kept."""
    if not record.title.strip() and not record.text.strip():
        raise BrokenRecordError("it has neither a title nor a text")
    published = _stated(record.published_at, UTC)
    modified = _stated(record.modified_at, UTC)
    return Reading(
        url=record.url,
        canonical_url=record.url,
        title=record.title,
        text=record.text,
        authors=record.authors,
        summary=record.summary,
        published_at=published.at if published else None,
        published_precision=record.published_precision if published else "second",
        date_source=record.date_source if published else None,
        modified_at=modified.at if modified else None,
        lang=record.lang or None,
        site=record.site or site_of(record.url),
        access=record.access,
        other_urls=tuple(one for one in record.addresses if one != record.url),
        details=record.details,
    )


def _short(text: str) -> str:
    """Return the opening words of a text that has no title, cut at a word."""
    first = text.strip().splitlines()[0].strip()
    return first if len(first) <= 120 else first[:120].rsplit(" ", 1)[0] + "…"
