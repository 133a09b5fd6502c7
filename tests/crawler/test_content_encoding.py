"""Zstandard bodies: read when they come, in a small window, and never beyond the cap."""

import sys

import pytest

from crawler.content_encoding import ACCEPTED, BodyReader, decode_body
from model.errors import CrawlError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

URL = "http://site.example/"
MIB = 1024 * 1024
PAGE = "<p>Le port garde ses caméras allumées.</p>".encode() * 5_000


def packed(data: bytes, window_log: int = 20) -> bytes:
    options: dict[int, int] = {
        zstd.CompressionParameter.window_log: window_log,
        zstd.CompressionParameter.content_size_flag: 0,
    }
    return zstd.compress(data, options=options)


def test_zstd_is_not_offered_for_the_sake_of_other_readers_of_the_captures() -> None:
    assert "zstd" not in ACCEPTED


@pytest.mark.parametrize(
    "body",
    [packed(PAGE), packed(PAGE, 23), packed(PAGE[:999]) + packed(PAGE[999:]), zstd.compress(PAGE)],
    ids=["plain", "8 MiB window", "two frames", "declares its size"],
)
@pytest.mark.parametrize("step", [1_000_000, 7], ids=["at once", "in drops"])
def test_what_a_server_sends_unasked_is_read(body: bytes, step: int) -> None:
    reader = BodyReader(URL, ["zstd"], MIB)
    for start in range(0, len(body), step):
        reader.feed(body[start : start + step])
    assert reader.finish() == (PAGE, body)


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (packed(bytes(2 * MIB)), "too_large"),
        (packed(bytes(20 * MIB), 24), "http_error"),
        (packed(PAGE)[:-9], "truncated"),
        (b"<p>no zstd</p>", "http_error"),
        (packed(b"") * 1_100, "http_error"),
    ],
    ids=["beyond the cap", "16 MiB window", "cut", "something else", "1 100 empty frames"],
)
def test_a_body_that_cannot_be_read_is_refused(body: bytes, state: str) -> None:
    with pytest.raises(CrawlError) as caught:
        decode_body(URL, ["zstd"], body, MIB)
    assert caught.value.state == state
