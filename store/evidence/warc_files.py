"""What a WARC file holds beside the captures of the log, judged byte by byte.

A run writes one gzip member a record: its warcinfo first, then three for each response. A page
that could not be read and a run that was killed leave whole records that no row cites; a run that
was killed may leave its last one torn. Anything else was put there by somebody else. Nothing here
writes, decodes a page or holds a record whole.
"""

import mmap
import zlib
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path

import msgspec

Span = tuple[int, int]

# RFC 1952: gzip, deflate, no flags, no time; then the effort and the system, and in the end the
# CRC-32 and the length. Neither checksum covers these ten bytes.
_START = b"\x1f\x8b\x08" + bytes(5)
_EFFORT, _SYSTEM, _HEADER, _TRAILER = 8, 9, 10, 8
_DEFAULT_EFFORT, _LOW_EFFORT = 0, 4
_SYSTEMS = (3, 19, 255)  # Unix, Darwin, unknown

_PIECE = 64 * 1024
_RECORD_END = b"\r\n\r\n"
_KINDS = ("response", "request", "metadata")


class Kind(StrEnum):
    """What a finding is."""

    DAMAGE = "damage"
    DERIVED = "derived"
    NOTE = "note"
    UNLOGGED = "unlogged"


class Finding(msgspec.Struct, frozen=True):
    """One thing found, in one sentence; an unlogged record needs none."""

    kind: Kind
    sentence: str = ""


class _TornError(Exception):
    """The file ends within a record."""


class _ChangedError(Exception):
    """These bytes are no record as a run writes it."""


class _Member(msgspec.Struct, frozen=True):
    """One gzip member: its bytes, and what kind of record it holds."""

    start: int
    end: int
    kind: str


def check_file(path: Path, name: str, spans: Sequence[Span]) -> Iterator[Finding]:
    """Yield what is found outside `spans`, the (start, end) of the captures of the log in order."""
    try:
        if path.stat().st_size == 0:
            yield Finding(Kind.NOTE, f"{name} is empty: its run was killed as it began")
            return
        with path.open("rb") as stream:
            content = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:
        yield Finding(Kind.DAMAGE, f"{name} cannot be read ({error.strerror})")
        return
    with content:
        system = _system(content, spans)
        for gap in _gaps(len(content), spans):
            yield from _check_gap(content, name, gap, system)


def _gaps(size: int, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the stretches of a file that no span covers."""
    place = 0
    for start, end in (*spans, (size, size)):
        if place < min(start, size):
            yield place, min(start, size)
        place = max(place, end)


def _system(content: mmap.mmap, spans: Sequence[Span]) -> int | None:
    """Return the system that most captures of a file say they were compressed on."""
    places = (start + _SYSTEM for start, _ in spans)
    found = [content[place] for place in places if place < len(content)]
    return max(set(found), key=found.count) if found else None


def _check_gap(content: mmap.mmap, name: str, gap: Span, system: int | None) -> Iterator[Finding]:
    """Yield what is found in a stretch, going on with the next record after a damaged one."""
    place, end = gap
    while place < end:
        try:
            member = _read_member(content, place, end)
            _check_frame(content, member, system)
        except _TornError:
            if end == len(content):
                yield Finding(Kind.NOTE, f"{name} ends in a record that a killed run left torn")
                return
            following = end
            yield Finding(Kind.DAMAGE, _damage(name, place, following))
        except _ChangedError:
            following = content.find(_START, place + 1, end)
            following = end if following < 0 else following
            yield Finding(Kind.DAMAGE, _damage(name, place, following))
        else:
            following = member.end
            if place:
                yield Finding(Kind.UNLOGGED)
        place = following


def _damage(name: str, start: int, end: int) -> str:
    if start == 0:
        return f"{name}: the warcinfo record at its head was changed"
    return f"{name}: its bytes {start} to {end - 1} are neither a capture nor a record of its run"


def _read_member(content: mmap.mmap, start: int, limit: int) -> _Member:
    """Return the record that begins at `start`; raises _TornError or _ChangedError."""
    head = content[start : min(start + len(_START), limit)]
    if not _START.startswith(head):
        raise _ChangedError
    inflating = zlib.decompressobj(16 + zlib.MAX_WBITS)
    opening, ending, length, place = b"", b"", 0, start
    while not inflating.eof:
        piece = inflating.unconsumed_tail
        if not piece:
            piece = content[place : min(place + _PIECE, limit)]
            place += len(piece)
        if not piece:
            raise _TornError
        try:
            plain = inflating.decompress(piece, _PIECE)
        except zlib.error as error:
            raise _ChangedError from error
        opening, ending = opening or plain, (ending + plain)[-len(_RECORD_END) :]
        length += len(plain)
    if ending != _RECORD_END:
        raise _ChangedError
    return _Member(start, place - len(inflating.unused_data), _record_kind(opening, length))


def _record_kind(opening: bytes, length: int) -> str:
    """Return the type of the WARC record that begins so and is `length` bytes long."""
    header, found, _ = opening.partition(_RECORD_END)
    version, *lines = header.split(b"\r\n")
    fields = {key.strip().lower(): value.strip() for key, _, value in map(_split, lines)}
    stated = fields.get(b"content-length", b"")
    whole = len(header) + int(stated) + 2 * len(_RECORD_END) if stated.isdigit() else None
    if not found or not version.startswith(b"WARC/1.") or whole != length:
        raise _ChangedError
    return fields.get(b"warc-type", b"").decode("ascii", "replace")


def _split(line: bytes) -> tuple[bytes, bytes, bytes]:
    return line.partition(b":")


def _check_frame(content: mmap.mmap, member: _Member, system: int | None) -> None:
    """Raise _ChangedError where a record stands or is packed otherwise than a run does it."""
    efforts = (_DEFAULT_EFFORT, _LOW_EFFORT) if member.kind == "response" else (_DEFAULT_EFFORT,)
    expected = ("warcinfo",) if member.start == 0 else _KINDS
    if (
        member.kind not in expected
        or content[member.start + _EFFORT] not in efforts
        or content[member.start + _SYSTEM] not in (_SYSTEMS if system is None else (system,))
        or _has_spare_bits(content[member.start + _HEADER : member.end - _TRAILER])
    ):
        raise _ChangedError


def _has_spare_bits(deflated: bytes) -> bool:
    """Tell whether bits are set after the end of a deflated stream, which no checksum covers."""
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    pending = deflated[:-1]
    while pending:
        inflating.decompress(pending, _PIECE)
        pending = inflating.unconsumed_tail
    last = deflated[-1]
    shorter = {last & ((1 << bits) - 1) for bits in range(8)} - {last}
    return any(_ends_alike(inflating, last, other) for other in shorter)


def _ends_alike(inflating: "zlib._Decompress", last: int, other: int) -> bool:
    """Tell whether two last bytes end a stream with the same content."""
    one, two = inflating.copy(), inflating.copy()
    try:
        same = one.decompress(bytes([last])) == two.decompress(bytes([other]))
    except zlib.error:
        return False
    return same and two.eof
