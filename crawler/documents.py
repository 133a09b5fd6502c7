"""PDF documents to readings, in a child process with bounded time, memory and pages.

It never parses a PDF in the caller's process, and never guesses at words in a picture.
"""

import multiprocessing
import re
import resource
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from crawler.addresses import canonical_or_same, site_of
from crawler.authors import clean_authors
from crawler.times import parse_time, zone_of
from model.article import Reading
from model.errors import ExtractError
from model.source import DateSource, Entry

PAGE_BREAK = "\f"
"""Stands between two pages of a document's text."""

MAX_PAGES = 500
WALL_S = 60.0
CPU_S = 45
MEMORY_BYTES = 1024 * 1024 * 1024
MAX_CHARS = 5_000_000
_MIN_CHARS_A_PAGE = 20
_UNTITLED = re.compile(
    r"^(?:untitled|sans titre|microsoft word.*|document\d*|.*\.(?:docx?|pdf|indd|odt))$", re.I
)
_PAGE_NUMBER = re.compile(r"(?:page )?\d{1,4}(?: ?/ ?\d{1,4})?$", re.I)
_NUMBERED = re.compile(r"(?:[IVX]{1,5}|\d{1,2}|[A-Z])[.)]\s+[^\W\d_]")
_HYPHENATED = re.compile(r"(?<=[^\W\d_])[-\u00ad]\n(?=[a-zà-ÿ])")


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What the child process found: pages of text and what the file declares."""

    pages: tuple[str, ...]
    page_count: int
    title: str = ""
    author: str = ""
    created_at: datetime | None = None
    modified_at: datetime | None = None
    lang: str = ""


def is_pdf(body: bytes) -> bool:
    """Tell whether the bytes are a PDF, whatever their type is said to be."""
    return b"%PDF-" in body[:1024] and body.lstrip()[:1] != b"<"


def read_pdf(
    body: bytes, url: str, *, entry: Entry | None = None, wall_s: float = WALL_S
) -> Reading:
    """Return what a PDF says: text with page breaks, title, author and dates it declares.

    Raises ExtractError when it is encrypted, damaged, scanned, or costs too much to read.
    """
    document = _in_child(read_document, body, url, wall_s)
    text = PAGE_BREAK.join(_paragraphs(page) for page in document.pages)
    if len(text.strip()) < _MIN_CHARS_A_PAGE * len(document.pages):
        raise ExtractError(url, "the document is scanned: its pages are pictures without text")
    zone = zone_of(url, document.lang[:2])
    published, source = _published(document, entry)
    return Reading(
        url=url,
        canonical_url=canonical_or_same(url),
        title=_title(document, entry, text),
        text=text,
        authors=clean_authors([document.author]),
        summary=entry.summary if entry else "",
        published_at=published.astimezone(zone) if published else None,
        date_source=source,
        modified_at=document.modified_at,
        lang=document.lang[:2].lower() or (entry.lang if entry else None),
        site=site_of(url),
        details={"pages": str(document.page_count)},
    )


def _published(
    document: Document, entry: Entry | None
) -> tuple[datetime | None, DateSource | None]:
    """Return when a document appeared: what its source says goes before when it was made."""
    if entry and entry.published_at:
        return entry.published_at, DateSource.FEED
    return (document.created_at, DateSource.META) if document.created_at else (None, None)


def _title(document: Document, entry: Entry | None, text: str) -> str:
    declared = document.title.strip()
    if declared and not _UNTITLED.match(declared):
        return declared
    if entry and entry.title:
        return entry.title
    return next((line.strip() for line in text.splitlines() if len(line.strip()) > 10), "")[:300]


def _paragraphs(page: str) -> str:
    """Join the lines of a page into paragraphs; a short line or a full stop ends one."""
    lines = [line.strip() for line in _HYPHENATED.sub("", page).splitlines()]
    width = max((len(line) for line in lines), default=0)
    paragraphs: list[str] = []
    is_open = False
    for line in lines:
        if _PAGE_NUMBER.match(line):
            continue
        if line and is_open and not _NUMBERED.match(line):
            paragraphs[-1] += f" {line}"
        elif line:
            paragraphs.append(line)
        is_open = bool(line) and (len(line) > 0.9 * width or line[-1] not in '.!?:;»"')
        is_open = is_open and not (len(line) < 0.5 * width and line[:1].isupper())
    return "\n".join(paragraphs)


def read_document(body: bytes) -> Document:
    """Read a PDF in this process; raises ValueError with a plain reason.

    Callers outside the child process use `read_pdf`.
    """
    try:
        reader = PdfReader(BytesIO(body), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ValueError("the document is encrypted")
        count = len(reader.pages)
        pages = _page_texts(reader, min(count, MAX_PAGES))
        info = reader.metadata
        return Document(
            pages=pages,
            page_count=count,
            title=_text(lambda: info.title if info else "") or _text(lambda: _xmp_title(reader)),
            author=_text(lambda: info.author if info else ""),
            created_at=_moment(lambda: info.creation_date if info else None),
            modified_at=_moment(lambda: info.modification_date if info else None),
            lang=_text(lambda: reader.root_object.get("/Lang", "")),
        )
    except (PyPdfError, ArithmeticError, LookupError, TypeError, AttributeError, OSError) as error:
        raise ValueError("the document is damaged") from error
    except RecursionError as error:
        raise ValueError("the document is nested too deeply") from error


def _page_texts(reader: PdfReader, count: int) -> tuple[str, ...]:
    pages: list[str] = []
    chars = 0
    for index in range(count):
        pages.append(reader.pages[index].extract_text() or "")
        chars += len(pages[-1])
        if chars > MAX_CHARS:
            break
    return tuple(pages)


def _text(read: Callable[[], Any]) -> str:
    """Return a declared text; a broken declaration is an absent one."""
    try:
        value = read()
    except (PyPdfError, ValueError, LookupError, TypeError, AttributeError):
        return ""
    return " ".join(str(value).split())[:500] if value else ""


def _xmp_title(reader: PdfReader) -> str:
    xmp = reader.xmp_metadata
    titles = xmp.dc_title if xmp else None
    return next(iter(titles.values()), "") if titles else ""


def _moment(read: Callable[[], datetime | None]) -> datetime | None:
    try:
        at = read()
    except (PyPdfError, ValueError, LookupError, TypeError, AttributeError):
        return None
    if at is None:
        return None
    moment = parse_time(at.isoformat(), UTC)
    return moment.at if moment else None


def _in_child(read: Callable[[bytes], Document], body: bytes, url: str, wall_s: float) -> Document:
    """Run `read` in a child process that the limits end, whatever the document does."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(read, body, sender), daemon=True)
    child.start()
    sender.close()
    try:
        answer = receiver.recv() if receiver.poll(wall_s) else None
    except EOFError:
        answer = "its reading was ended: it takes too much memory or time"
    finally:
        child.kill()
        child.join()
        receiver.close()
    if isinstance(answer, Document):
        return answer
    raise ExtractError(url, answer or f"the document took more than {wall_s:.0f} seconds to read")


def _child(read: Callable[[bytes], Document], body: bytes, sender: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S + 1))
    resource.setrlimit(resource.RLIMIT_AS, (_address_space(), _address_space()))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sender.send(read(body))
    except ValueError as error:
        sender.send(str(error))
    except MemoryError:
        sender.send("the document needs too much memory to read")


def _address_space() -> int:
    """Return what the child holds already, having been forked, and the room for one document."""
    held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return held * resource.getpagesize() + MEMORY_BYTES
