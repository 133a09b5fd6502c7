"""Responses kept for ever as WARC files (ISO 28500), and checked against their proof.

One file a run, one gzip member a record, so that a file torn by a killed run never touches what
was written before: nothing is ever appended to an older file, overwritten or deleted here.

A response is kept as it travelled. The body of the `response` record is the encoded body (gzip,
br) with the headers as received, so that any WARC reader decodes it by its own Content-Encoding
and nobody has to trust our decompression; only the transfer encoding is gone, and its header is
kept under another name because the body no longer is in chunks. `Capture.sha256` is of the
decoded body, the one that Vigie reads; the record carries the digest of what travelled. A
`request` record shows what was asked (a password is withheld), a `metadata` record the redirects,
the certificate's fingerprint, both digests and the program's version.
"""

import gzip
import hashlib
import io
import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec
from fastwarc.warc import ArchiveIterator, WarcRecordType
from warcio.recordbuilder import RecordBuilder
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler import PROGRAM
from crawler.content_encoding import decode_body
from model.capture import Capture, Response
from model.errors import CrawlError, DamageError, StoreError

_RENAMED = re.compile("(X-Original-)?(transfer-encoding)", re.IGNORECASE)
_MAX_BODY_BYTES = 1024 * 1024 * 1024
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class CaptureWriter:
    """Writes the captures of one run under `folder`, the data folder."""

    def __init__(self, folder: Path, run: str) -> None:
        """Prepare without touching the disk; the first capture creates the file."""
        self._folder = folder
        self._run = _UNSAFE.sub("-", run).strip(".-") or "run"
        self._writing = Lock()
        self._path: Path | None = None

    def write(self, response: Response) -> Capture:
        """Append a response; it is on the disk when this returns.

        Raises StoreError when the disk refuses; what was half written is then taken back.
        """
        with self._writing:
            try:
                path = self._path or self._create(response.fetched_at)
                self._path = path
                data = pack_records(response)
                offset = _append(path, data)
            except OSError as error:
                raise StoreError(
                    f"the capture of {response.url} cannot be written ({error}): "
                    f"make room in {self._folder} or mend its rights"
                ) from error
        return Capture(
            url=response.url,
            final_url=response.final_url,
            status=response.status,
            fetched_at=response.fetched_at,
            sha256=hashlib.sha256(response.body).hexdigest(),
            record_sha256=hashlib.sha256(data).hexdigest(),
            file=path.relative_to(self._folder).as_posix(),
            offset=offset,
            length=len(data),
        )

    def _create(self, now: datetime) -> Path:
        folder = self._folder / "captures" / f"{now:%Y}" / f"{now:%m}"
        for part in (*reversed(folder.parents), folder):
            if part.is_relative_to(self._folder):
                part.mkdir(mode=0o700, exist_ok=True)
        path = _new_file(folder, self._run)
        _append(path, pack_warcinfo(path.name, now))
        for parent in (folder, folder.parent, folder.parent.parent, self._folder):
            _sync_folder(parent)
        return path


def pack_records(response: Response) -> bytes:
    """Return the response, request and metadata records of one response, a gzip member each."""
    own, tied = f"<urn:uuid:{uuid4()}>", _common_headers(response)
    answer = _response_record(response, {**tied, "WARC-Record-ID": own})
    tied["WARC-Concurrent-To"] = own
    others = _request_record(response, tied), _metadata_record(response, tied)
    # what travelled compressed does not get smaller: trying, even at level 1, took 70 % of the time
    # of packing a page (1.64 ms for 0.50) and saved 2 % of its space
    level = 6 if response.encoded_body is None else 0
    return _pack(answer, level) + b"".join(_pack(record) for record in others)


def read_response(data: Path, capture: Capture) -> Response:
    """Return the response that a capture keeps, from the data folder.

    Raises DamageError when the file no longer holds it, or holds other bytes than were captured.
    """
    records = _unpack(read_records(data, capture))
    try:
        headers, payload = records["response"]
        request_headers, _ = records["request"]
        facts = msgspec.json.decode(records["metadata"][1], type=CaptureFacts)
        encodings = [value for name, value in headers if name.lower() == "content-encoding"]
        body = payload if not facts.encoded else _decode(capture, encodings, payload)
    except (KeyError, msgspec.DecodeError, CrawlError) as error:
        raise DamageError(f"the capture of {capture.url} cannot be read ({error})") from error
    if hashlib.sha256(body).hexdigest() != capture.sha256:
        raise DamageError(
            f"{capture.file}: the body of {capture.url} is not the one that was captured"
        )
    return Response(
        url=facts.url,
        final_url=facts.final_url,
        status=facts.status,
        headers=_restore_names(headers),
        request_headers=request_headers,
        body=body,
        encoded_body=payload if facts.encoded else None,
        fetched_at=facts.fetched_at,
        redirects=facts.redirects,
        redirect_statuses=facts.redirect_statuses,
        peer=facts.peer,
        certificate_sha256=facts.certificate_sha256,
    )


def read_records(data: Path, capture: Capture) -> bytes:
    """Return the bytes of a capture as they were written; raises DamageError when they changed."""
    span = _read_span(data, capture)
    if hashlib.sha256(span).hexdigest() != capture.record_sha256:
        raise DamageError(f"{capture.file}: the capture of {capture.url} was changed")
    return span


def read_facts(records: bytes) -> "CaptureFacts":
    """Return what the metadata among the records of one capture says; raises DamageError."""
    try:
        return msgspec.json.decode(_unpack(records)["metadata"][1], type=CaptureFacts)
    except (KeyError, msgspec.DecodeError) as error:
        raise DamageError(f"the metadata of a capture cannot be read ({error})") from error


class CaptureFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the metadata record says; those of the first versions name no `redirect_statuses`."""

    url: str
    final_url: str
    status: int
    fetched_at: datetime
    redirects: tuple[str, ...]
    peer: str | None
    certificate_sha256: str | None
    body_sha256: str
    encoded: bool
    software: str
    redirect_statuses: tuple[int, ...] = ()


def _new_file(folder: Path, run: str) -> Path:
    """Create an empty file of its own for a run, whatever an earlier run left behind."""
    for number in range(1, 10_000):
        suffix = "" if number == 1 else f"-{number}"
        path = folder / f"{run}{suffix}.warc.gz"
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            continue
        path.chmod(0o600)
        return path
    raise FileExistsError(f"{folder} holds 10,000 files of the run {run}")


def _append(path: Path, data: bytes) -> int:
    """Append to a file and wait for the disk; return where the bytes begin."""
    with path.open("r+b", buffering=0) as file:
        offset = file.seek(0, os.SEEK_END)
        try:
            view = memoryview(data)
            while view:
                view = view[file.write(view) or 0 :]
            os.fsync(file.fileno())
        except OSError:
            file.truncate(offset)
            raise
        return offset


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class _ExactHeaders(StatusAndHeaders):  # type: ignore[misc]
    """HTTP headers written as they came: warcio percent-encodes what is not ASCII."""

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        self.headers_buff = self.to_str(header_filter).encode("latin-1", "replace") + b"\r\n"


def _pack(record: ArcWarcRecord, level: int = 6) -> bytes:
    """Return one record as a gzip member (warcio alone compresses at the slowest level)."""
    buffer = io.BytesIO()
    WARCWriter(buffer, gzip=False).write_record(record)
    return gzip.compress(buffer.getvalue(), compresslevel=level, mtime=0)


def pack_warcinfo(name: str, now: datetime, description: str = "") -> bytes:
    """Return the record that stands at the head of a WARC file, as a gzip member."""
    payload = f"software: {PROGRAM}\r\nformat: WARC File Format 1.0\r\n".encode()
    if description:
        payload += f"description: {description}\r\n".encode()
    headers = {"WARC-Date": _spell_time(now), "WARC-Filename": name}
    record = _record("", "warcinfo", payload, headers)
    return _pack(record)


def _record(
    url: str,
    kind: str,
    payload: bytes,
    warc_headers: dict[str, str],
    http_headers: _ExactHeaders | None = None,
    content_type: str = "",
) -> ArcWarcRecord:
    return RecordBuilder().create_warc_record(
        url,
        kind,
        payload=io.BytesIO(payload),
        length=len(payload),
        http_headers=http_headers,
        warc_content_type=content_type,
        warc_headers_dict=warc_headers,
    )


def _response_record(response: Response, warc_headers: dict[str, str]) -> ArcWarcRecord:
    status = f"{response.status} {_phrase(response.status)}".strip()
    headers = [(_RENAMED.sub(r"X-Original-\2", name), value) for name, value in response.headers]
    payload = response.body if response.encoded_body is None else response.encoded_body
    http = _ExactHeaders(status, headers, protocol="HTTP/1.1")
    return _record(response.final_url, "response", payload, warc_headers, http)


def _request_record(response: Response, warc_headers: dict[str, str]) -> ArcWarcRecord:
    parts = urlsplit(response.final_url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    line = f"GET {target} HTTP/1.1".encode().decode("latin-1")
    headers = list(response.request_headers)
    http = _ExactHeaders(line, headers, is_http_request=True)
    return _record(response.final_url, "request", b"", warc_headers, http)


def _metadata_record(response: Response, warc_headers: dict[str, str]) -> ArcWarcRecord:
    facts = CaptureFacts(
        url=response.url,
        final_url=response.final_url,
        status=response.status,
        fetched_at=response.fetched_at,
        redirects=response.redirects,
        redirect_statuses=response.redirect_statuses,
        peer=response.peer,
        certificate_sha256=response.certificate_sha256,
        body_sha256=hashlib.sha256(response.body).hexdigest(),
        encoded=response.encoded_body is not None,
        software=PROGRAM,
    )
    payload = msgspec.json.format(msgspec.json.encode(facts), indent=1)
    kind = "application/json"
    return _record(response.final_url, "metadata", payload, warc_headers, content_type=kind)


def _common_headers(response: Response) -> dict[str, str]:
    headers = {"WARC-Date": _spell_time(response.fetched_at)}
    if response.peer:
        headers["WARC-IP-Address"] = response.peer.rpartition(":")[0].strip("[]")
    return headers


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else ""


def _spell_time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _read_span(data: Path, capture: Capture) -> bytes:
    path = data / capture.file
    if not path.resolve().is_relative_to(data.resolve()):
        raise DamageError(f"{capture.file} lies outside the data folder: the row was changed")
    try:
        with path.open("rb") as file:
            file.seek(capture.offset)
            span = file.read(capture.length)
    except OSError as error:
        raise DamageError(f"{capture.file} cannot be read ({error.strerror})") from error
    if len(span) != capture.length:
        raise DamageError(f"{capture.file} is cut: the capture of {capture.url} is not whole")
    return span


_Record = tuple[tuple[tuple[str, str], ...], bytes]


def _unpack(span: bytes) -> dict[str, _Record]:
    """Return the headers and payload of each record of one capture, by the record's type."""
    records: dict[str, _Record] = {}
    try:
        for record in ArchiveIterator(io.BytesIO(span), record_types=WarcRecordType.any_type):
            headers = record.http_headers.to_tuples() if record.is_http else ()
            records[str(record.record_type)] = (headers, record.reader.read())
    except (OSError, ValueError) as error:
        raise DamageError(f"a WARC record cannot be read ({error})") from error
    return records


def _decode(capture: Capture, encodings: Sequence[str], payload: bytes) -> bytes:
    return decode_body(capture.url, encodings, payload, _MAX_BODY_BYTES)


def _restore_names(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((_RENAMED.sub(r"\2", name), value) for name, value in headers)
