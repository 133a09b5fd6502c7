"""The bytes of a PDF to the text of its pages and what it declares about itself.

It stops after so many pages, characters and CPU seconds and says where; it recognises no words
in pictures. It is for a worker of `bounded`, which bounds what pypdf alone may take.
"""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from time import process_time
from typing import Any

import msgspec
from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError

from crawler.times import parse_time

MAX_PAGES = 500
MAX_CHARS = 5_000_000
MAX_CPU_S = 30.0
"""Reading stops here with what it has, well before the worker is ended for it."""

MIN_CHARS_A_PAGE = 20
_BROKEN = (PyPdfError, ArithmeticError, LookupError, TypeError, AttributeError, ValueError, OSError)
_SIZE_STEP = 0.5
_LETTERS = re.compile(r"[^\W\d_]{2}")

# a damaged file brings a line of log for each of its faults
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What a document holds: pages of text, and what the file declares.

    `page_count` is that of the file, of which `pages` are the first ones. `scanned` are the
    numbers of pages that show a picture and no text. `heading` is what stands largest on the
    first page.
    """

    pages: tuple[str, ...]
    page_count: int
    scanned: tuple[int, ...] = ()
    title: str = ""
    heading: str = ""
    authors: tuple[str, ...] = ()
    created_at: datetime | None = None
    modified_at: datetime | None = None
    lang: str = ""


def is_pdf(body: bytes) -> bool:
    """Tell whether the bytes are a PDF, whatever their type is said to be."""
    return b"%PDF-" in body[:1024] and body.lstrip()[:1] != b"<"


def parse_pdf(body: bytes) -> Document:
    """Return what a PDF holds.

    Raises ValueError with a plain reason when it is encrypted, damaged or nested too deeply.
    """
    try:
        reader = PdfReader(BytesIO(body), strict=False)
        is_locked = reader.is_encrypted and not reader.decrypt("")
        return _read(reader) if not is_locked else _refuse("the document is encrypted")
    except _RefusedError:
        raise
    except RecursionError as error:
        raise ValueError("the document is nested too deeply") from error
    except _BROKEN as error:
        raise ValueError("the document is damaged") from error


class _RefusedError(ValueError):
    """A reason that is told as it is."""


def _refuse(reason: str) -> Document:
    raise _RefusedError(reason)


def _read(reader: PdfReader) -> Document:
    pages, scanned = _page_texts(reader)
    if not pages:
        _refuse("the document has no pages")
    info = reader.metadata
    return Document(
        pages=tuple(pages),
        page_count=len(reader.pages),
        scanned=tuple(scanned),
        title=_text(lambda: info and info.title) or _text(lambda: _xmp(reader, "dc_title")),
        heading=_text(lambda: _largest(reader.pages[0])),
        authors=_authors(reader),
        created_at=_moment(lambda: info and info.creation_date)
        or _moment(lambda: _xmp(reader, "xmp_create_date")),
        modified_at=_moment(lambda: info and info.modification_date)
        or _moment(lambda: _xmp(reader, "xmp_modify_date")),
        lang=_text(lambda: reader.root_object.get("/Lang", ""))
        or _text(lambda: _xmp(reader, "dc_language")),
    )


def _page_texts(reader: PdfReader) -> tuple[list[str], list[int]]:
    """Return the texts of the pages that are read, and the numbers of those that are pictures."""
    pages: list[str] = []
    scanned: list[int] = []
    chars, until = 0, process_time() + MAX_CPU_S
    for number in range(1, min(len(reader.pages), MAX_PAGES) + 1):
        page = reader.pages[number - 1]
        pages.append(_page_text(page))
        if len(pages[-1].strip()) < MIN_CHARS_A_PAGE and _shows_picture(page):
            scanned.append(number)
        chars += len(pages[-1])
        if chars > MAX_CHARS or process_time() > until:
            break
    return pages, scanned


def _page_text(page: PageObject) -> str:
    """Return the text of a page; a form feed in it would be taken for the next page."""
    return page.extract_text().replace("\f", "\n")


def _shows_picture(page: PageObject) -> bool:
    try:
        resources: Any = page["/Resources"].get_object()
        held = resources.get("/XObject", {}).get_object() if resources else {}
        return any(held[name].get_object().get("/Subtype") == "/Image" for name in held)
    except _BROKEN:
        return False


def _largest(page: PageObject) -> str:
    """Return the words set in the largest letters of a page, where they begin first."""
    runs: list[tuple[float, str]] = []

    def note(text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
        if text.strip():
            # the size of a font counts in the scale of its text and of the page
            scale = abs(tm[3] or tm[1]) * abs(cm[3] or cm[1])
            runs.append((round(size * scale / _SIZE_STEP), text))

    page.extract_text(visitor_text=note)
    sizes = {size for size, text in runs if _LETTERS.search(text)}
    if len(sizes) < 2:
        return ""
    return " ".join(_first_of(runs, max(sizes)))


def _first_of(runs: list[tuple[float, str]], wanted: float) -> Iterator[str]:
    has_begun = False
    for size, text in runs:
        if size == wanted:
            has_begun = True
            yield text
        elif has_begun:
            return


def _authors(reader: PdfReader) -> tuple[str, ...]:
    """Return who the file says wrote it; a list of names in XMP goes before one line of them."""
    try:
        names = _xmp(reader, "dc_creator")
    except _BROKEN:
        names = None
    found = [" ".join(str(name).split())[:200] for name in names or () if name]
    info = reader.metadata
    return tuple(found[:50]) or tuple(filter(None, [_text(lambda: info and info.author)]))


def _xmp(reader: PdfReader, name: str) -> Any:
    """Return one declaration of XMP: the first of several languages, a list of others."""
    value = getattr(reader.xmp_metadata, name, None)
    return next(iter(value.values()), None) if isinstance(value, dict) else value


def _text(read: Callable[[], Any]) -> str:
    """Return a declared text; a broken declaration is an absent one."""
    try:
        value = read()
    except (*_BROKEN, RecursionError):
        return ""
    value = value[0] if isinstance(value, list) and value else value
    return " ".join(str(value).split())[:500] if value else ""


def _moment(read: Callable[[], Any]) -> datetime | None:
    try:
        at = read()
    except _BROKEN:
        return None
    moment = parse_time(at.isoformat(), UTC) if isinstance(at, datetime) else None
    return moment.at if moment else None
