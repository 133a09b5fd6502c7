"""A web server on loopback in a process of its own, so that its CPU seconds are nobody else's.

It keeps connections open, answers from memory, and some of its hosts drip. It never reads a
request further than it must to know what is asked.
"""

import asyncio
import gzip
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, cast

from bench.pages import load_pages

DRIPPING = "drip"
"""How the hosts are called whose answers come a byte at a time and never end."""

DRIP_S = 0.2
ITEMS = 30
"""How many items each feed lists."""

PAGES = 60
"""How many of the stored pages are served, spread over their set."""

_ROOT = Path(__file__).resolve().parents[1]
_HEAD_END = b"\r\n\r\n"
_HOST = re.compile(rb"^host:\s*([^\s:]+)", re.IGNORECASE | re.MULTILINE)
_CONDITION = re.compile(rb"^if-none-match:", re.IGNORECASE | re.MULTILINE)


@contextmanager
def loopback(pages: Path | None = None) -> Iterator[int]:
    """Serve on loopback for the length of a `with`; the port is yielded."""
    words = [sys.executable, "-P", "-m", "bench.loopback", *([str(pages)] if pages else [])]
    with subprocess.Popen(
        words,
        cwd=_ROOT,
        env={"PYTHONPATH": str(_ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            yield int(cast("IO[str]", server.stdout).readline())
        finally:
            server.terminate()


@cache
def feed(number: int) -> bytes:
    """Return a feed of the size and the markup of a newspaper's."""
    items = "".join(
        f"<item><title>Article {item} of source {number}</title>"
        f"<link>https://h{number}.example/article/{item}</link>"
        f"<guid isPermaLink='false'>{number}-{item}</guid>"
        "<pubDate>Tue, 21 Nov 2023 10:00:00 +0100</pubDate>"
        f"<description>{'What the council of the harbour decided that day. ' * 6}</description>"
        "</item>"
        for item in range(ITEMS)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>Source {number}</title><language>en</language>{items}</channel></rss>"
    ).encode()


class _Answering(asyncio.Protocol):
    """One connection: what was asked is answered, in order, until the other side closes."""

    def __init__(self, pages: list[bytes]) -> None:
        self._pages = pages
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (end := self._read.find(_HEAD_END)) >= 0:
            head, self._read = self._read[:end], self._read[end + len(_HEAD_END) :]
            self._answer(head)

    def _answer(self, head: bytes) -> None:
        path = head.split(b" ", 2)[1].decode("ascii", "replace")
        kind, _, number = path.strip("/").partition("/")
        host = _HOST.search(head)
        if host and host[1].startswith(DRIPPING.encode()):
            self._drip()
        elif kind == "feed" and _CONDITION.search(head):
            self._send(b"304 Not Modified", b'ETag: "1"\r\n')
        elif kind == "feed":
            self._send(b"200 OK", b'ETag: "1"\r\nContent-Type: text/xml\r\n', feed(int(number)))
        elif kind == "same":
            self._send(b"200 OK", b"Content-Type: text/xml\r\n", feed(int(number)))
        elif kind == "page":
            headers = b"Content-Type: text/html\r\nContent-Encoding: gzip\r\n"
            self._send(b"200 OK", headers, self._pages[int(number)])
        else:
            self._send(b"404 Not Found")

    def _send(self, status: bytes, headers: bytes = b"", body: bytes = b"") -> None:
        length = b"" if status.startswith(b"304") else b"Content-Length: %d\r\n" % len(body)
        self._transport.write(b"HTTP/1.1 %s\r\n%s%s\r\n%s" % (status, headers, length, body))

    def _drip(self) -> None:
        self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        self._drop()

    def _drop(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(b" ")
            asyncio.get_running_loop().call_later(DRIP_S, self._drop)


async def _serve(pages: list[bytes]) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Answering(pages), "127.0.0.1", 0, backlog=1024)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    # whoever started it is gone when its pipe closes, however it went
    over = asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), over.set)
    await over.wait()
    server.close()


def _packed(folder: Path) -> list[bytes]:
    return [gzip.compress(page.html(), 6) for page in load_pages(folder, PAGES)]


if __name__ == "__main__":
    asyncio.run(_serve(_packed(Path(sys.argv[1])) if len(sys.argv) > 1 else []))
