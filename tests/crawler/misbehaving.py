"""A web server on loopback that answers exactly the bytes it is told to, for the fetch tests."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from ssl import SSLContext
from types import TracebackType
from typing import Any, Self

import msgspec
import pytest

from crawler.fetch import Fetcher
from model.capture import Response
from model.config import CrawlerSettings
from model.errors import CrawlError

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SITE = "site.example"

Handler = Callable[[asyncio.StreamWriter], Awaitable[None]]
Answers = Mapping[str, bytes | Handler]


def http(body: bytes = b"", status: int = 200, **headers: str) -> bytes:
    """Return a whole answer; underscores in header names stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} Spoken", *(f"{name}: {value}" for name, value in named.items())]
    if "Content-Length" not in named:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + body


class Web:
    """Answers by path and remembers each request as (host, path, headers)."""

    def __init__(self, answers: Answers, ssl: SSLContext | None = None) -> None:
        self.answers = {"/robots.txt": http(status=404), **answers}
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.arrived_at: list[float] = []
        self.asking = 0
        self.most_asking = 0
        self._ssl = ssl

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._ssl)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()

    def paths(self) -> list[str]:
        return [path for _, path, _ in self.requests if path != "/robots.txt"]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asking += 1
        self.most_asking = max(self.most_asking, self.asking)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = dict(line.split(": ", 1) for line in head[1:] if line)
            path = head[0].split(" ")[1]
            self.requests.append((headers["Host"], path, headers))
            self.arrived_at.append(asyncio.get_running_loop().time())
            answer = self.answers.get(path, http(status=404))
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.asking -= 1
            writer.close()


def settings_for(web: Web, **changes: Any) -> CrawlerSettings:
    """Return settings under which every name used in the tests leads to `web`."""
    names = (SITE, "other.example", "slow.example", "fast.example")
    hosts = dict.fromkeys(names, f"127.0.0.1:{web.port}")
    plain = CrawlerSettings(per_host_gap_s=0, timeout_s=5, hosts=hosts)
    return msgspec.structs.replace(plain, **changes)


def ask(
    answers: Answers, path: str = "/", *, url: str | None = None, **changes: Any
) -> tuple[Response, Web]:
    """Return what fetching a path of the site brings from a server with these answers."""

    async def fetch() -> tuple[Response, Web]:
        async with (
            Web(answers) as web,
            Fetcher(settings_for(web, **changes), lambda: NOON) as fetcher,
        ):
            return await fetcher.fetch(url or f"http://{SITE}{path}"), web

    return asyncio.run(fetch())


def state_of(answers: Answers, path: str = "/", **changes: Any) -> str:
    """Return the state of the error that fetching a path of the site ends in."""
    with pytest.raises(CrawlError) as caught:
        ask(answers, path, **changes)
    return caught.value.state


async def never(writer: asyncio.StreamWriter) -> None:
    """Answer nothing."""
    # an event that nobody holds is collected, and the connection closed with it
    await asyncio.sleep(3600)
