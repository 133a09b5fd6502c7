"""What a hostile document might make its reader do; workers of the pool are told to do it."""

import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree
from lxml.html import fragment_fromstring

from model.errors import CrawlError, PutOffError
from model.source import Listing


def double(number: int) -> int:
    return 2 * number


def number_of_this_process() -> int:
    return os.getpid()


def spin(url: str) -> None:
    """Take time inside C, where no signal of Python's own is heard."""
    re.match("(a+)+b", "a" * 60)


def wait(url: str) -> None:
    time.sleep(60)


def burn(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def grow(mebibytes: int) -> int:
    return len(bytearray(mebibytes * 1024 * 1024))


def eat_memory(url: str) -> int:
    return len([bytearray(size * 1024 * 1024) for size in (64, 4096)])


def answer_half(url: str) -> None:
    """Begin an answer of a hundred bytes on every pipe there is, and never end it."""
    for handle in range(3, 64):
        with suppress(OSError):
            os.write(handle, struct.pack("!i", 100) + b"=")
    time.sleep(60)


def crash(url: str) -> None:
    signal.raise_signal(signal.SIGSEGV)


def leave(url: str) -> None:
    os._exit(0)


def leave_at_once(*args: object) -> None:
    os._exit(0)


def nest(url: str) -> object:
    return nest(url)


def answer_with_code(url: str) -> object:
    return lambda: url


def answer_at_length(url: str) -> bytes:
    return bytes(4 * 1024 * 1024)


def put_off(url: str) -> None:
    raise PutOffError(url, "as asked", datetime(2026, 11, 20, tzinfo=UTC))


def entitle(title: bytes) -> Listing:
    return Listing(title=title.decode("utf-16", "surrogatepass"))


def words_of(html: str) -> tuple[str, ...]:
    """Return text as lxml gives it, which holds on to its page."""
    return tuple(fragment_fromstring(html).xpath("//text()"))


def fail(url: str, state: str) -> None:
    raise CrawlError(url, state, "as asked")


def meet_a_bug(url: str) -> None:
    raise KeyError(url)


def open_file(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


def write_file(path: str) -> None:
    Path(path).write_text("x", encoding="utf-8")


def remove_file(path: str) -> None:
    Path(path).unlink()


def write_unseen(path: str) -> None:
    """Write by a C library, which no audit of Python's sees."""
    etree.ElementTree(etree.fromstring(b"<a>mot</a>")).write(path)


def connect(port: str) -> None:
    socket.create_connection(("127.0.0.1", int(port)), timeout=1)


def start_program(path: str) -> None:
    subprocess.run([sys.executable, "-c", "print()"], check=True)


def environment(name: str) -> str | None:
    return os.environ.get(name)


def open_descriptors() -> int:
    """Return how many files and sockets this process holds (the listing of them is one)."""
    return sum(1 for number in range(256) if _is_open(number))


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
