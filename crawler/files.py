"""Files given to `import` and `extract`: each kind read as what it is, by its bytes and name.

It never raises for what a file holds: a broken file or line becomes one InputError and the
others go on. It follows no symbolic links to folders and opens no connection.
"""

import gzip
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, ParamSpec, Protocol, TypeVar, cast

import msgspec
from fastwarc.warc import ArchiveIterator, WarcRecordType

from crawler.addresses import canonical_url
from crawler.charsets import decode_html
from crawler.content_encoding import decode_body
from crawler.documents import is_document, read_document
from crawler.reading import read_html, read_page
from crawler.records import (
    BrokenRecordError,
    has_front_matter,
    name_bytes,
    read_json_line,
    read_markdown,
    read_plain_text,
    read_record,
)
from crawler.source_lists import LineFault, Listed, is_csv_list, read_csv, read_opml
from model.article import Reading
from model.capture import Response
from model.errors import CrawlError, ExtractError, InputError
from model.source import Lead, Source

P = ParamSpec("P")
T = TypeVar("T")

MAX_BYTES = 64 * 1024 * 1024
"""A file that is larger, also once decompressed, is refused. Archives and lines are read on."""

_PIECE = 1024 * 1024
_GZIP_START = b"\x1f\x8b"
# possessive: thirty comments before something else took a minute with `.*?`
_COMMENTS = rb"(?:<!--(?:[^-]|-(?!->))*+-->\s*+)*+"
_HTML = re.compile(
    rb"^\s*" + _COMMENTS + rb"<(?:!doctype\s+html|html|head|body|meta|title|article)\b", re.I | re.S
)
_OPML = re.compile(rb"^\s*(?:<\?xml[^>]*>\s*)?" + _COMMENTS + rb"<opml\b", re.I | re.S)
_ADDRESS = re.compile(r"https?://\S+$", re.I)
_PAGE_TYPES = ("text/html", "application/xhtml", "application/pdf", "text/plain")
_WARC_NAMES = (".warc", ".warc.gz")
_LINE_NAMES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")


class FileItem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing found in a file, with the bytes it was read from.

    `line` counts lines, or records of an archive, from 1; None when the file is one thing.
    """

    path: str
    line: int | None = None
    raw: bytes
    reading: Reading | None = None
    leads: tuple[Lead, ...] = ()
    sources: tuple[Source, ...] = ()
    response: Response | None = None


Found = FileItem | InputError


class Parsed(msgspec.Struct, frozen=True, kw_only=True):
    """What the bytes of a file hold, and what is wrong with lines of it."""

    items: tuple[FileItem, ...] = ()
    faults: tuple[LineFault, ...] = ()


_Record = Any
"""A record of fastwarc, whose types promise a date and a status that a broken one lacks."""


class Run(Protocol):
    """How a function that parses is called: here, or in a worker (`Bounded.call`)."""

    def __call__(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what the function says of its arguments."""


def run_here(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function in this process, which a hostile file may then end."""
    return function(*args, **kwargs)


def read_files(paths: Sequence[Path], run: Run = run_here) -> Iterator[Found]:
    """Yield what the files and folders hold, folders in name order and to any depth."""
    for path in paths:
        yield from _read_path(path, run)


def _read_path(path: Path, run: Run) -> Iterator[Found]:
    if not path.is_dir():
        yield from read_file(path, run=run)
        return
    try:
        children = sorted(child for child in path.iterdir() if not child.name.startswith("."))
    except OSError as error:
        yield InputError(str(path), None, _os_reason(error))
        return
    for child in children:
        if not (child.is_symlink() and child.is_dir()):
            yield from _read_path(child, run)


def read_file(path: Path, url: str | None = None, run: Run = run_here) -> Iterator[Found]:
    """Yield what one file holds; `url` is the address its page was found at, where known."""
    name = path.name.lower()
    try:
        if name.endswith(_WARC_NAMES):
            yield from _read_archive(path, run)
        elif name.endswith(_LINE_NAMES):
            yield from _read_lines(path)
        else:
            yield from _read_whole(path, load_bytes(path), url, run)
    except OSError as error:
        yield InputError(str(path), None, _os_reason(error))
    except (EOFError, zlib.error) as error:
        yield InputError(str(path), None, f"its compression is broken: {error}")
    except BrokenRecordError as error:
        yield InputError(str(path), None, str(error))


def _os_reason(error: OSError) -> str:
    if isinstance(error, gzip.BadGzipFile):
        return f"its compression is broken: {error}"
    return error.strerror or str(error)


def load_bytes(path: Path) -> bytes:
    """Return a file's bytes, decompressed when it is gzip; raises BrokenRecordError when huge."""
    with _open(path) as file:
        body = file.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise BrokenRecordError(f"it holds over {MAX_BYTES // _PIECE} MiB")
    return body


def _open(path: Path) -> IO[bytes]:
    """Return a regular file opened, to be read decompressed when it is gzip."""
    if path.exists() and not path.is_file():
        raise BrokenRecordError("it is not a regular file")
    with path.open("rb") as file:
        is_gzip = file.read(2) == _GZIP_START
    return cast("IO[bytes]", gzip.open(path)) if is_gzip else path.open("rb")


def _read_whole(path: Path, raw: bytes, url: str | None, run: Run) -> Iterator[Found]:
    if not raw.strip():
        raise BrokenRecordError("it is empty")
    try:
        found = run(parse_file, str(path), raw, url)
    except ExtractError as error:
        yield InputError(str(path), None, error.reason)
        return
    yield from (InputError(str(path), fault.line, fault.reason) for fault in found.faults)
    yield from (msgspec.structs.replace(item, raw=raw) for item in found.items)


def parse_file(name: str, raw: bytes, url: str | None) -> Parsed:
    """Return what the bytes of a file hold, without these bytes."""
    try:
        found = tuple(_parse(Path(name), raw, url))
    except BrokenRecordError as error:
        return Parsed(faults=(LineFault(None, str(error)),))
    items = (item for item in found if isinstance(item, FileItem))
    errors = (error for error in found if isinstance(error, InputError))
    return Parsed(
        items=tuple(msgspec.structs.replace(item, raw=b"") for item in items),
        faults=tuple(LineFault(error.line, error.reason) for error in errors),
    )


def _parse(path: Path, raw: bytes, url: str | None) -> Iterator[Found]:
    kind = path.name.lower().removesuffix(".gz").rsplit(".", 1)[-1]
    if is_document(raw):
        reading = read_document(raw, url or name_bytes(raw))
        yield FileItem(path=str(path), raw=raw, reading=reading)
    elif kind == "opml" or _OPML.match(raw):
        yield from _read_sources(path, raw, read_opml(raw))
    elif kind in {"html", "htm", "xhtml"} or _HTML.match(raw):
        yield FileItem(path=str(path), raw=raw, reading=read_html(raw, url or name_bytes(raw)))
    else:
        yield from _read_text(path, raw, kind)


def _read_text(path: Path, raw: bytes, kind: str) -> Iterator[Found]:
    if b"\x00" in raw[:4096] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BrokenRecordError("it is neither a page nor text that can be read")
    text = decode_html(raw).text.replace("\r\n", "\n").replace("\r", "\n")
    if has_front_matter(text):
        reading, leads = read_record(text, raw)
        yield FileItem(path=str(path), raw=raw, reading=reading, leads=leads)
    elif kind == "csv" and is_csv_list(text):
        yield from _read_sources(path, raw, read_csv(text))
    elif _is_address_list(text):
        yield from _read_addresses(path, raw, text)
    elif kind in {"md", "markdown"}:
        yield FileItem(path=str(path), raw=raw, reading=read_markdown(text, raw))
    else:
        yield FileItem(path=str(path), raw=raw, reading=read_plain_text(text, raw))


def _address_lines(text: str) -> list[tuple[int, str]]:
    lines = ((number, line.strip()) for number, line in enumerate(text.splitlines(), start=1))
    return [(number, line) for number, line in lines if line and not line.startswith("#")]


def _is_address_list(text: str) -> bool:
    lines = _address_lines(text)
    addresses = sum(1 for _, line in lines if _ADDRESS.match(line))
    return bool(lines) and addresses >= 1 and addresses * 2 > len(lines)


def _read_addresses(path: Path, raw: bytes, text: str) -> Iterator[Found]:
    leads: list[Lead] = []
    for number, line in _address_lines(text):
        try:
            canonical_url(line)
        except CrawlError as error:
            yield InputError(str(path), number, error.reason)
        else:
            leads.append(Lead(url=line, named_by=str(path)))
    yield FileItem(path=str(path), raw=raw, leads=tuple(leads))


def _read_sources(path: Path, raw: bytes, listed: Sequence[Listed]) -> Iterator[Found]:
    """Yield the sources of a list; one that is wrong is an error and keeps out no other."""
    for fault in listed:
        if isinstance(fault, LineFault):
            yield InputError(str(path), fault.line, fault.reason)
    sources = tuple(source for source in listed if isinstance(source, Source))
    yield FileItem(path=str(path), raw=raw, sources=sources)


def _read_lines(path: Path) -> Iterator[Found]:
    with _open(path) as file:
        for number, line in enumerate(_bounded_lines(file), start=1):
            raw = line.strip()
            if len(line) > MAX_BYTES:
                yield InputError(str(path), number, f"the line is over {MAX_BYTES // _PIECE} MiB")
                return
            if raw:
                yield _read_line(path, number, raw)


def _bounded_lines(file: IO[bytes]) -> Iterator[bytes]:
    while line := file.readline(MAX_BYTES + 1):
        yield line


def _read_line(path: Path, number: int, raw: bytes) -> Found:
    try:
        return FileItem(path=str(path), line=number, raw=raw, reading=read_json_line(raw))
    except BrokenRecordError as error:
        return InputError(str(path), number, str(error))


def _read_archive(path: Path, run: Run) -> Iterator[Found]:
    """Yield the page and document responses of a WARC file; pictures and scripts are passed by."""
    number = 0
    try:
        with path.open("rb") as file:
            for number, record in enumerate(
                ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=True),
                start=1,
            ):
                yield from _read_archived(path, number, record, run)
    except (OSError, ValueError, RuntimeError) as error:
        yield InputError(str(path), number + 1, f"the archive is broken: {error}")


def _read_archived(path: Path, number: int, record: _Record, run: Run) -> Iterator[Found]:
    http = record.http_headers
    kind = (record.http_content_type or "").lower() if http else ""
    if http is None or not 200 <= (http.status_code or 0) < 300 or not kind.startswith(_PAGE_TYPES):
        return
    url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
    try:
        response = _archived_response(record, url)
        if len(response.body) > MAX_BYTES:
            raise ExtractError(url, f"it is over {MAX_BYTES // _PIECE} MiB")
        reading = run(read_page, response, None)
    except CrawlError as error:
        yield InputError(str(path), number, f"{url}: {error.reason}")
    else:
        yield FileItem(
            path=str(path), line=number, raw=response.body, reading=reading, response=response
        )


def _archived_response(record: _Record, url: str) -> Response:
    http = record.http_headers
    body = record.reader.read(MAX_BYTES + 1)
    dated = record.record_date or datetime.now(UTC)
    return Response(
        url=url,
        final_url=url,
        status=int(http.status_code),
        headers=tuple((name, value) for name, value in http),
        request_headers=(),
        body=_decoded_body(url, body, http.get("Content-Encoding") or ""),
        fetched_at=dated if dated.tzinfo else dated.replace(tzinfo=UTC),
    )


def _decoded_body(url: str, body: bytes, encoding: str) -> bytes:
    if len(body) > MAX_BYTES:
        return body
    try:
        return decode_body(url, [encoding], body, MAX_BYTES)
    except CrawlError as error:
        if error.state == "too_large":
            raise
        # archives of others may keep the header with a body that they have unpacked
        return body


def only_readings(found: Iterable[Found]) -> Iterator[Found]:
    """Leave out what holds neither a reading nor an error."""
    return (item for item in found if isinstance(item, InputError) or item.reading is not None)
