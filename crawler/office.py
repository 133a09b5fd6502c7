"""The bytes of a DOCX or ODT file to its text and what it declares about itself.

It opens only the parts that hold text, each up to a bound whatever the archive declares, unpacks
nothing to disk, and follows no reference out of the file.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO

from lxml import etree

from crawler.pdf import Document
from crawler.times import parse_time

MAX_PART_BYTES = 50 * 1024 * 1024
MAX_RATIO = 200
MAX_MEMBERS = 10_000

_ZIP = b"PK\x03\x04"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_DOCX_PARTS = ("word/document.xml", "docProps/core.xml")
_ODT_PARTS = ("content.xml", "meta.xml")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_DELETED = (f"{_W}del", f"{_W}moveFrom", f"{_TEXT}tracked-changes", f"{_OFFICE}annotation")
_PRINTED_BREAK = f"{_W}lastRenderedPageBreak"
_DOCX_SIGNS = {f"{_W}tab": " ", f"{_W}noBreakHyphen": "-", _PRINTED_BREAK: "\f"}
_ODT_PARAGRAPHS = (f"{_TEXT}p", f"{_TEXT}h")
_ODT_BREAK = f"{_TEXT}soft-page-break"
_ODT_SIGNS = {f"{_TEXT}s": " ", f"{_TEXT}tab": " ", f"{_TEXT}line-break": "\n", _ODT_BREAK: "\f"}
_Element = etree._Element


def is_office(body: bytes) -> bool:
    """Tell whether the bytes are an archive that holds a text document."""
    if not body.startswith(_ZIP):
        return False
    try:
        return _kind(_open(body)) is not None
    except ValueError:
        return False


def parse_office(body: bytes) -> Document:
    """Return what a DOCX or ODT file holds; it says nothing of pages but for the breaks set.

    Raises ValueError with a plain reason.
    """
    archive = _open(body)
    text_part, meta_part = _kind(archive) or _refuse("it is a ZIP or office file without a text")
    root = _parse(archive, text_part)
    is_docx = text_part == _DOCX_PARTS[0]
    etree.strip_elements(root, *_DELETED, with_tail=False)
    pages = _pages(_docx_lines(root) if is_docx else _odt_lines(root))
    meta = _parse(archive, meta_part) if meta_part in archive.namelist() else root
    created = _first(meta, f"{_TERMS}created") or _first(meta, f"{_META}creation-date")
    return Document(
        pages=pages,
        page_count=len(pages) if len(pages) > 1 else 0,
        title=_first(meta, f"{_DC}title"),
        authors=tuple(filter(None, [_author(meta, is_docx=is_docx)])),
        created_at=_moment(created),
        modified_at=_moment(_first(meta, f"{_TERMS}modified") or _first(meta, f"{_DC}date")),
        lang=_first(meta, f"{_DC}language"),
    )


def _refuse(reason: str) -> tuple[str, str]:
    raise ValueError(reason)


def _open(body: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(BytesIO(body))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, IndexError) as error:
        raise ValueError("the document is damaged") from error
    if len(archive.infolist()) > MAX_MEMBERS:
        raise ValueError(f"it holds more than {MAX_MEMBERS} parts")
    return archive


def _kind(archive: zipfile.ZipFile) -> tuple[str, str] | None:
    """Return the parts that hold text and declarations, None when this is another archive."""
    names = set(archive.namelist())
    if _DOCX_PARTS[0] in names:
        return _DOCX_PARTS
    return _ODT_PARTS if {"content.xml", "mimetype"} <= names else None


def _parse(archive: zipfile.ZipFile, part: str) -> _Element:
    data = _unpack(archive, part)
    if _DOCTYPE.search(data.replace(b"\x00", b"")):
        raise ValueError("it declares entities, which are not read")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ValueError("the document is damaged") from error


def _unpack(archive: zipfile.ZipFile, part: str) -> bytes:
    """Return one part; what it declares of its size is not trusted, nor is a great ratio."""
    info = archive.getinfo(part)
    if info.flag_bits & 1:
        raise ValueError("the document is encrypted")
    try:
        with archive.open(info) as file:
            data = file.read(MAX_PART_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise ValueError("the document is damaged") from error
    is_blown_up = len(data) > 1024 * 1024 and len(data) > MAX_RATIO * max(1, info.compress_size)
    if len(data) > MAX_PART_BYTES or is_blown_up:
        raise ValueError(f"its text unpacks to more than {MAX_RATIO} times its size or 50 MiB")
    return data


def _pages(lines: Iterator[str]) -> tuple[str, ...]:
    pages = "\n".join(lines).split("\f")
    return tuple(
        "\n".join(line.strip() for line in page.split("\n") if line.strip()) for page in pages
    )


def _docx_lines(root: _Element) -> Iterator[str]:
    # where Word last saw a page end; without it, where somebody asked for a new one
    was_printed = next(root.iter(_PRINTED_BREAK), None) is not None
    for paragraph in root.iter(f"{_W}p"):
        yield "".join(_docx_runs(paragraph, was_printed=was_printed))


def _docx_runs(paragraph: _Element, *, was_printed: bool) -> Iterator[str]:
    for node in paragraph.iter(f"{_W}t", f"{_W}br", *_DOCX_SIGNS):
        if next(node.iterancestors(f"{_W}p")) is not paragraph:
            continue  # a box inside a paragraph is a paragraph of its own
        if node.tag == f"{_W}t":
            yield node.text or ""
        elif node.tag != f"{_W}br":
            yield _DOCX_SIGNS[str(node.tag)]
        elif node.get(f"{_W}type") != "page":
            yield "\n"
        elif not was_printed:
            yield "\f"


def _odt_lines(root: _Element) -> Iterator[str]:
    for node in root.iter(*_ODT_PARAGRAPHS, _ODT_BREAK):
        if node.tag != _ODT_BREAK:
            yield "".join(_odt_runs(node))
        elif next(node.iterancestors(*_ODT_PARAGRAPHS), None) is None:
            yield "\f"


def _odt_runs(node: _Element) -> Iterator[str]:
    """Yield the text of a paragraph; a note or box in it is a paragraph of its own."""
    yield node.text or ""
    for child in node:
        if sign := _ODT_SIGNS.get(str(child.tag)):
            yield sign
        elif child.tag not in (f"{_TEXT}note", *_ODT_PARAGRAPHS):
            yield from _odt_runs(child)
        yield child.tail or ""


def _first(root: _Element, tag: str) -> str:
    found = next(root.iter(tag), None)
    return " ".join((found.text or "").split())[:500] if found is not None else ""


def _author(meta: _Element, *, is_docx: bool) -> str:
    """Return who first wrote it (`dc:creator` is who changed it last in ODT)."""
    if is_docx:
        return _first(meta, f"{_DC}creator")
    return _first(meta, f"{_META}initial-creator") or _first(meta, f"{_DC}creator")


def _moment(text: str) -> datetime | None:
    moment = parse_time(text, UTC) if text else None
    return moment.at if moment else None
