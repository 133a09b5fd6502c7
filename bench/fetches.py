"""Pages fetched through the guard and written to the evidence, beside bare HTTP clients.

The same pages from the same server, compressed as sites send them. Each client works in a process
of its own; nothing here leaves loopback.
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from pathlib import Path

import aiohttp
import msgspec

from bench.loopback import PAGES
from bench.polls import AT_ONCE, NOW, Loopback, at_most
from crawler.captures import CaptureWriter
from crawler.fetch import Fetcher
from model.config import CrawlerSettings

HOSTS = 20
"""How many hosts the pages are spread over: a connection is used again, as on one site."""

Fetch = Callable[[str], Awaitable[object]]


class Fetched(msgspec.Struct, frozen=True):
    """What it cost to fetch pages, in CPU seconds."""

    pages: int
    cpu_s: float

    @property
    def pages_per_s(self) -> float:
        """Return the pages per CPU second."""
        return self.pages / self.cpu_s


def measure_fetches(client: str, number: int, port: int) -> Fetched:
    """Return what fetching so many pages costs with one of `CLIENTS`."""
    urls = [f"http://p{n % HOSTS}.example/page/{n % PAGES}" for n in range(number)]
    return asyncio.run(CLIENTS[client](urls, port))


async def _timed(fetch: Fetch, urls: list[str]) -> Fetched:
    await at_most(AT_ONCE, [partial(fetch, url) for url in urls[:HOSTS]])  # robots, connections
    cpu = time.process_time()
    await at_most(AT_ONCE, [partial(fetch, url) for url in urls])
    return Fetched(len(urls), time.process_time() - cpu)


async def _with_vigie(urls: list[str], port: int, *, captures: bool = True) -> Fetched:
    pins = {f"p{n}.example": f"127.0.0.1:{port}" for n in range(HOSTS)}
    settings = CrawlerSettings(hosts=pins, per_host_gap_s=0.0)
    with tempfile.TemporaryDirectory() as folder:
        writer = CaptureWriter(Path(folder), "bench")
        async with Fetcher(settings, lambda: NOW) as fetcher:

            async def fetch(url: str) -> None:
                response = await fetcher.fetch(url)
                if captures:
                    await asyncio.to_thread(writer.write, response)

            return await _timed(fetch, urls)


async def _with_aiohttp(urls: list[str], port: int) -> Fetched:
    connector = aiohttp.TCPConnector(resolver=Loopback(port), limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def fetch(url: str) -> None:
            async with session.get(url) as answer:
                await answer.read()

        return await _timed(fetch, urls)


async def _with_httpx(urls: list[str], port: int) -> Fetched:
    import httpx

    async with httpx.AsyncClient() as client:

        async def fetch(url: str) -> None:
            # it has no resolver of its own to hand in: the path alone says which page
            path = url.split("/", 3)[3]
            (await client.get(f"http://127.0.0.1:{port}/{path}")).raise_for_status()

        return await _timed(fetch, urls)


CLIENTS: dict[str, Callable[[list[str], int], Coroutine[None, None, Fetched]]] = {
    "vigie": _with_vigie,
    "vigie, nothing captured": partial(_with_vigie, captures=False),
    "aiohttp": _with_aiohttp,
    "httpx": _with_httpx,
}
