"""The invented press, answering on loopback: one server, one host a site, one clock.

It listens on 127.0.0.1 alone, remembers what it was asked and forgets everything when it ends.
"""

import asyncio
import socket
import threading
from collections import Counter
from datetime import datetime
from types import TracebackType
from typing import Self

import msgspec
from aiohttp import web

from model.source import Source
from press.answers import Answer, Asked, Desk
from press.catalogue import PressArticle, load_articles
from press.sites import SITES, SOURCES

LOOPBACK = "127.0.0.1"
SLOW_S = 1.5
LONGEST_SLOW_S = 10.0
ENDING_S = 0.5


class PressRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One request that was answered; `path` has its query, `is_conditional` its validators."""

    host: str
    path: str
    status: int
    is_conditional: bool


class Press:
    """The invented press, served from a thread between `with` and its end.

    `now` must be aware. `slow_s` is what the slow site takes for an answer, at most ten seconds.
    """

    def __init__(
        self,
        *,
        now: datetime,
        port: int = 0,
        slow_s: float = SLOW_S,
        articles: tuple[PressArticle, ...] | None = None,
    ) -> None:
        """Load the articles; nothing is served before `with`."""
        self.articles = load_articles() if articles is None else articles
        self.slow_s = min(slow_s, LONGEST_SLOW_S)
        self._desk = Desk(self.articles)
        self._now = _aware(now)
        self._port = port
        self._requests: list[PressRequest] = []
        self._visits: Counter[str] = Counter()
        self._ready = threading.Event()

    def __enter__(self) -> Self:
        """Serve; the port is taken when this returns."""
        self._listening = socket.create_server((LOOPBACK, self._port))
        # Bound and never listening: whoever connects is refused, and no one else can take it.
        self._down = socket.socket()
        self._down.bind((LOOPBACK, 0))
        self._thread = threading.Thread(target=self._run, name="press", daemon=True)
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the server and give its ports back."""
        self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join()
        self._down.close()

    @property
    def address(self) -> str:
        """Return `127.0.0.1:port`, at which every site that is up answers."""
        return _address_of(self._listening)

    @property
    def hosts(self) -> dict[str, str]:
        """Return where each host is, as the configuration's `[crawler.hosts]` takes it."""
        down = _address_of(self._down)
        return {site.host: down if site.is_down else self.address for site in SITES}

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return the sources that the configuration of a reader of this press names."""
        return SOURCES

    @property
    def now(self) -> datetime:
        """Return the time it is in the invented press."""
        return self._now

    def move_to(self, now: datetime) -> None:
        """Set the clock: what is listed, edited and taken down follows from the next request."""
        self._now = _aware(now)

    @property
    def requests(self) -> tuple[PressRequest, ...]:
        """Return what was asked so far, in the order of the answers."""
        return tuple(self._requests)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ending = asyncio.Event()
        application = web.Application()
        application.router.add_get("/{path:.*}", self._answer)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=ENDING_S)
        await runner.setup()
        await web.SockSite(runner, self._listening).start()
        self._ready.set()
        await self._ending.wait()
        await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        asked = Asked(
            host=request.host.partition(":")[0].lower(),
            path=request.path,
            section=request.query.get("section"),
            etag=request.headers.get("If-None-Match"),
            modified_since=request.headers.get("If-Modified-Since"),
            visit=self._count(request),
        )
        answer = self._desk.answer(asked, self._now)
        if answer.is_slow:
            await asyncio.sleep(self.slow_s)
        self._remember(asked, request.path_qs, answer)
        return web.Response(status=answer.status, body=answer.body, headers=dict(answer.headers))

    def _count(self, request: web.Request) -> int:
        page = f"{request.host}{request.path}"
        self._visits[page] += 1
        return self._visits[page]

    def _remember(self, asked: Asked, path: str, answer: Answer) -> None:
        self._requests.append(
            PressRequest(
                host=asked.host,
                path=path,
                status=answer.status,
                is_conditional=asked.etag is not None or asked.modified_since is not None,
            )
        )


def _aware(now: datetime) -> datetime:
    if now.tzinfo is None:
        raise ValueError(f"the press's clock needs a time zone: {now}")
    return now


def _address_of(listening: socket.socket) -> str:
    host, port = listening.getsockname()
    return f"{host}:{port}"
