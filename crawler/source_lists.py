"""Lists of sources: OPML, as other readers write it and as `vigie export opml` does, and CSV.

Nothing here asks an address or writes a configuration. One source that is wrong is one fault with
its line; the others are read.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from lxml import etree

from crawler.addresses import canonical_url, source_key
from crawler.entry_values import short_language
from crawler.records import BrokenRecordError
from crawler.selectors import selector_fault
from model.errors import CrawlError
from model.secrets import hide_secrets
from model.source import Source, SourceKind

OPML_NAMESPACE = "urn:vigie:opml"
SETTINGS = f"{{{OPML_NAMESPACE}}}source"
"""The attribute that holds, as JSON, what the plain ones do not say of a source."""

_ENTITY = re.compile(rb"<!ENTITY", re.I)
_FEED_SCHEME = re.compile(r"feed:(?://)?(?=https?://)|feed(?=://)", re.I)
_SCHEME = re.compile(r"https?(?=://)", re.I)
_COLUMNS = ("url", "name", "kind", "lang")
_KINDS = frozenset(str(kind) for kind in SourceKind)
_FEED_TYPES = frozenset({"rss", "atom", "json", "rdf"})


class LineFault(msgspec.Struct, frozen=True):
    """What is wrong with one source of a list, and on which line."""

    line: int | None
    reason: str


Listed = Source | LineFault


def read_opml(raw: bytes) -> tuple[Listed, ...]:
    """Return the sources of an OPML file, in its order and from folders of any depth.

    An address that stands there twice, however it is spelt, is one source. Raises
    BrokenRecordError when it is no XML or declares entities.
    """
    if _ENTITY.search(raw):
        raise BrokenRecordError("it declares entities, which are not read")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BrokenRecordError(f"its XML is broken: {error}") from error
    outlines = (one for one in root.iter("outline") if (one.get("xmlUrl") or "").strip())
    return _once(_read_outline(outline) for outline in outlines)


def _read_outline(outline: etree._Element) -> Listed:
    attributes = {str(name): str(value) for name, value in outline.attrib.items()}
    try:
        source = settled_source(attributes)
        if fault := next(filter(None, map(selector_fault, _selectors_of(source))), None):
            return LineFault(outline.sourceline, fault)
        return msgspec.structs.replace(source, url=web_address(source.url))
    except CrawlError as error:
        return LineFault(outline.sourceline, _no_web(attributes["xmlUrl"], error))
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        reason = f"what `vigie:source` says of a source is not understood ({error})"
        return LineFault(outline.sourceline, reason)


def _selectors_of(source: Source) -> tuple[str, ...]:
    return (source.selector, *msgspec.structs.astuple(source.article))


def settled_source(attributes: Mapping[str, str]) -> Source:
    """Return what an outline says of a source, our own attribute over the plain ones."""
    plain = plain_source(attributes)
    if SETTINGS not in attributes:
        return plain
    more = msgspec.json.decode(attributes[SETTINGS], type=dict[str, Any])
    return msgspec.convert({**msgspec.to_builtins(plain), **more}, Source)


def plain_source(attributes: Mapping[str, str]) -> Source:
    """Return what an outline's plain attributes say of a source, as other readers write them."""
    kind = attributes.get("type", "")
    return Source(
        url=attributes.get("xmlUrl", "").strip(),
        name=attributes.get("title") or attributes.get("text") or "",
        kind=SourceKind(kind) if kind in _KINDS else SourceKind.FEED,
        lang=short_language(attributes.get("language")),
        checked=False,
    )


def is_csv_list(text: str) -> bool:
    """Return whether a text's first line names the columns of a list of sources."""
    return "url" in _header(text)


def read_csv(text: str) -> tuple[Listed, ...]:
    """Return the sources of a list with a column `url`, and `name`, `kind`, `lang` where given."""
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=_delimiter(text))
    header = [name.strip().lower() for name in next(reader)]
    return _once(_read_rows(reader, header))


def _read_rows(reader: Any, header: list[str]) -> Iterator[Listed]:
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield LineFault(reader.line_num, f"this is no line of a CSV file ({error})")
            continue
        cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
        if any(cells.values()):
            yield _read_cells({name: cells.get(name, "") for name in _COLUMNS}, reader.line_num)


def _read_cells(cells: Mapping[str, str], line: int) -> Listed:
    kind = cells["kind"].lower() or "feed"
    if kind not in _KINDS and kind not in _FEED_TYPES:
        offered = ", ".join(SourceKind)
        return LineFault(line, f"`{kind[:40]}` is no kind of source; it is one of {offered}")
    if cells["lang"] and short_language(cells["lang"]) is None:
        return LineFault(line, f"`{cells['lang'][:40]}` is no language; write fr or en")
    try:
        url = web_address(cells["url"])
    except CrawlError as error:
        return LineFault(line, _no_web(cells["url"], error))
    return Source(
        url=url,
        name=cells["name"],
        kind=SourceKind(kind) if kind in _KINDS else SourceKind.FEED,
        lang=short_language(cells["lang"]),
        checked=False,
    )


def _header(text: str) -> list[str]:
    line = text.lstrip("\ufeff").partition("\n")[0]
    return [name.strip().strip('"').lower() for name in line.split(_delimiter(text))]


def _delimiter(text: str) -> str:
    """Return what parts the columns: French spreadsheets write semicolons."""
    line = text.partition("\n")[0]
    return max(",;\t", key=line.count)


def web_address(written: str) -> str:
    """Return a source's address as the configuration takes it; `feed://` stands for `http://`.

    Raises CrawlError (`blocked_address`) when it is none of the web.
    """
    address = _FEED_SCHEME.sub(_http_for_feed, written.strip(), count=1)
    address = _SCHEME.sub(lambda found: found[0].lower(), address, count=1)
    canonical_url(address)
    return address


def _http_for_feed(found: re.Match[str]) -> str:
    return "http" if found[0].lower() == "feed" else ""


def _no_web(address: str, error: CrawlError) -> str:
    return f"the feed `{hide_secrets(address)[:200]}` is no web address: {error.reason}"


def _once(listed: Iterator[Listed]) -> tuple[Listed, ...]:
    """Return each source once, the first as it stands; a fault always."""
    found: dict[object, Listed] = {}
    for number, one in enumerate(listed):
        found.setdefault(number if isinstance(one, LineFault) else source_key(one.url), one)
    return tuple(found.values())
