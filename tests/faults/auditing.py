"""What Python itself reports of files opened and connections made, while a test watches."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

FILES = "open"
CONNECTIONS = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")

_seen: list[tuple[str, str]] = []
_watching: list[bool] = []


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if _watching and (event == FILES or event in CONNECTIONS):
        _seen.append((event, str(arguments)))


sys.addaudithook(_note)


@contextmanager
def audited() -> Iterator[list[tuple[str, str]]]:
    """Note each file opened and each connection tried for the length of a `with`."""
    _seen.clear()
    _watching.append(True)
    try:
        yield _seen
    finally:
        _watching.clear()
