"""A body as it travels, decoded piece by piece under a cap.

Nothing here trusts a declared length: decoding stops as soon as the cap is passed, and what is
held never grows beyond it (a 1.6 kB brotli body can mean a gigabyte).
"""

import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import brotli

from model.errors import CrawlError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPTED = "gzip, deflate, br"
"""What is offered in Accept-Encoding.

zstd is read when a server sends it unasked, and not offered: a capture keeps what travelled, and
readers of WARC files elsewhere do not unpack zstd (decision 0028).
"""

_PIECE_BYTES = 64 * 1024
_MAX_MEMBERS = 1024
_MAX_LAYERS = 3
# RFC 8878 and RFC 9659 3: no web content needs a window of more than 8 MiB
_MAX_WINDOW_LOG = 23
_GZIP_START = b"\x1f"


class _Layer(Protocol):
    """One content encoding being taken off."""

    is_complete: bool

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what `data` decodes to in pieces of bounded size."""


class _Zlib:
    """gzip of one or more members, or deflate with or without its zlib header."""

    def __init__(self, *, is_gzip: bool) -> None:
        self._is_gzip = is_gzip
        self._members = 0
        self._inner: zlib._Decompress | None = None
        self.is_complete = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data and not self._is_trailing(data):
            inner = self._inner = self._inner or self._open(data)
            piece = inner.decompress(data, _PIECE_BYTES)
            yield piece
            while inner.unconsumed_tail or len(piece) == _PIECE_BYTES:
                piece = inner.decompress(inner.unconsumed_tail, _PIECE_BYTES)
                yield piece
            self.is_complete = inner.eof
            data = inner.unused_data

    def _is_trailing(self, data: bytes) -> bool:
        """Return whether the stream has ended and `data` is padding behind it."""
        if not self.is_complete:
            return False
        if not self._is_gzip or not data.startswith(_GZIP_START):
            return True
        self._inner = None
        return False

    def _open(self, data: bytes) -> "zlib._Decompress":
        self._members += 1
        if self._members > _MAX_MEMBERS:
            raise zlib.error(f"more than {_MAX_MEMBERS} gzip members")
        if self._is_gzip:
            return zlib.decompressobj(16 + zlib.MAX_WBITS)
        # RFC 9110 8.4.1.2 wants a zlib header; many servers send the bare stream
        has_header = data[0] & 0x0F == 8
        return zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)


class _Brotli:
    """Brotli (RFC 7932)."""

    def __init__(self) -> None:
        self._inner = brotli.Decompressor()
        self.is_complete = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self.is_complete:
            return
        piece = self._inner.process(data, output_buffer_limit=_PIECE_BYTES)
        while piece or not self._inner.can_accept_more_data():
            yield piece
            piece = self._inner.process(b"", output_buffer_limit=_PIECE_BYTES)
        self.is_complete = self._inner.is_finished()


class _Zstd:
    """Zstandard (RFC 8878), one frame or more, each in a window of 8 MiB at most."""

    def __init__(self) -> None:
        self._frames = 0
        self._inner: zstd.ZstdDecompressor | None = None
        self.is_complete = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            inner = self._inner = self._inner or self._open()
            yield inner.decompress(data, _PIECE_BYTES)
            while not inner.eof and not inner.needs_input:
                yield inner.decompress(b"", _PIECE_BYTES)
            self.is_complete = inner.eof
            data = inner.unused_data
            self._inner = None if inner.eof else inner

    def _open(self) -> "zstd.ZstdDecompressor":
        self._frames += 1
        if self._frames > _MAX_MEMBERS:
            raise zstd.ZstdError(f"more than {_MAX_MEMBERS} frames")
        return zstd.ZstdDecompressor(
            options={zstd.DecompressionParameter.window_log_max: _MAX_WINDOW_LOG}
        )


class BodyReader:
    """Takes the pieces of one body as they arrive and gives it decoded."""

    def __init__(self, url: str, encodings: Sequence[str], limit_bytes: int) -> None:
        """Prepare for the content encodings in the order they were applied.

        Raises CrawlError (`http_error`) for an encoding that cannot be read.
        """
        self._url = url
        self._limit_bytes = limit_bytes
        self._layers = [_open_layer(url, name) for name in reversed(parse_encodings(encodings))]
        if len(self._layers) > _MAX_LAYERS:
            raise CrawlError(url, "too_large", f"compressed {len(self._layers)} times over")
        self._travelled = bytearray()
        self._decoded = bytearray()

    @property
    def held_bytes(self) -> int:
        """Return how much memory the body takes up to now."""
        return len(self._travelled) + len(self._decoded)

    def feed(self, piece: bytes) -> None:
        """Take one piece.

        Raises CrawlError: `too_large` past the limit, `http_error` when it cannot be decoded.
        """
        self._append(self._travelled, piece)
        try:
            for decoded in self._decode((piece,), 0) if self._layers else ():
                self._append(self._decoded, decoded)
        except (zlib.error, brotli.error, zstd.ZstdError) as error:
            raise CrawlError(
                self._url, "http_error", f"its body cannot be decompressed ({error})"
            ) from error

    def finish(self) -> tuple[bytes, bytes | None]:
        """Return the decoded body, and the body as it travelled when that is another.

        Raises CrawlError (`truncated`) when a compressed body stops before its end.
        """
        if not self._layers:
            return bytes(self._travelled), None
        if self._travelled and not all(layer.is_complete for layer in self._layers):
            raise CrawlError(self._url, "truncated", "its compressed body stops before its end")
        return bytes(self._decoded), bytes(self._travelled)

    def so_far(self) -> bytes:
        """Return what is decoded up to now; never more than the limit."""
        return bytes(self._decoded if self._layers else self._travelled)

    def _decode(self, pieces: Iterable[bytes], depth: int) -> Iterator[bytes]:
        if depth == len(self._layers):
            yield from pieces
            return
        layer = self._layers[depth]
        for piece in pieces:
            yield from self._decode(layer.feed(piece), depth + 1)

    def _append(self, held: bytearray, piece: bytes) -> None:
        room = self._limit_bytes - len(held)
        held += piece[:room]
        if len(piece) > room:
            mebibytes = self._limit_bytes / 1024 / 1024
            raise CrawlError(self._url, "too_large", f"it is larger than {mebibytes:g} MiB")


def parse_encodings(values: Sequence[str]) -> list[str]:
    """Return the encodings that Content-Encoding headers name, in the order they were applied."""
    names = (name.strip().lower() for value in values for name in value.split(","))
    return [name for name in names if name not in ("", "identity", "none", "utf-8")]


def decode_body(url: str, encodings: Sequence[str], data: bytes, limit_bytes: int) -> bytes:
    """Return a whole body decoded; raises CrawlError as BodyReader does."""
    reader = BodyReader(url, encodings, limit_bytes)
    reader.feed(data)
    return reader.finish()[0]


def _open_layer(url: str, name: str) -> _Layer:
    if name in ("gzip", "x-gzip"):
        return _Zlib(is_gzip=True)
    if name == "deflate":
        return _Zlib(is_gzip=False)
    if name == "br":
        return _Brotli()
    if name == "zstd":
        return _Zstd()
    raise CrawlError(url, "http_error", f"its body is in `{name}`, which cannot be read")
