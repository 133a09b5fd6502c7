"""What a poll costs that brings nothing new, and what 1,000 sources hold in memory.

The product's own step over a store of its own, beside the bare request. Each measure is taken in
a process of its own; nothing here leaves loopback.
"""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, ParamSpec, Self, TypeVar, cast

import aiohttp
import msgspec
from aiohttp.abc import AbstractResolver, ResolveResult

from app.steps.parts import Parts, Progress, Tally
from app.steps.polling import poll_sources
from app.steps.relevance import Rule
from bench.end_to_end import peak_mb
from bench.loopback import DRIPPING, feed
from crawler.bounded import Bounded
from crawler.captures import CaptureWriter
from crawler.fetch import Fetcher
from model.config import Config, parse_config
from model.source import Entry, Source, SourceState
from store import Store, open_store
from store.values import to_text

NOW = datetime(2024, 12, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=20)
AT_ONCE = 16
"""How many requests the bare floors have open, as the product by default."""

P = ParamSpec("P")
T = TypeVar("T")

_CONFIG = '[affair]\nname = "harbour"\nmatch = "harbour"\n[nlp]\nmodels = {}\n'


class Spent(msgspec.Struct, frozen=True, kw_only=True):
    """What polls cost; `others_s` is the time until all but the dripping hosts were done."""

    polls: int
    cpu_s: float
    others_s: float
    whole_s: float
    peak_mb: float

    @property
    def ms_each(self) -> float:
        """Return the CPU milliseconds of one poll."""
        return 1000 * self.cpu_s / self.polls


class Apart:
    """A process of its own, in which functions of modules are called one after the other."""

    def __init__(self) -> None:
        """Prepare without starting it."""
        self._process = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.shutdown()

    def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a function returns there."""
        return self._process.submit(function, *args, **kwargs).result()


class _Memory:
    """Keeps what is learnt of hosts between two passes, as the product does."""

    def __init__(self) -> None:
        self._facts: dict[str, bytes] = {}

    def load(self, origin: str) -> bytes | None:
        return self._facts.get(origin)

    def save(self, found: Mapping[str, tuple[bytes, datetime]]) -> None:
        self._facts |= {origin: facts for origin, (facts, _) in found.items()}


class Sites(msgspec.Struct, frozen=True, kw_only=True):
    """What is polled: so many sources, each on a host of its own.

    `kind` is `feed` (304) or `same` (200 with the body known). `dripping` hosts more drip until
    `drips_s` seconds are over.
    """

    kind: str
    number: int
    port: int
    dripping: int = 0
    drips_s: float = 30.0

    def sources(self) -> list[Source]:
        """Return the sources, without the one that drips."""
        return [Source(url=f"http://h{n}.example/{self.kind}/{n}") for n in range(self.number)]

    def slow_sources(self) -> list[Source]:
        """Return the sources that drip."""
        return [Source(url=f"http://{DRIPPING}{n}.example/feed/0") for n in range(self.dripping)]

    def config(self) -> Config:
        """Return a configuration under which every host is the server on loopback."""
        plain = parse_config(_CONFIG)
        hosts = [
            *(f"{DRIPPING}{n}.example" for n in range(self.dripping)),
            *(f"h{n}.example" for n in range(self.number)),
        ]
        crawler = msgspec.structs.replace(
            plain.crawler,
            hosts=dict.fromkeys(hosts, f"127.0.0.1:{self.port}"),
            per_host_gap_s=0.0,
            timeout_s=self.drips_s,
        )
        return msgspec.structs.replace(plain, crawler=crawler)


def prepare_store(folder: Path, sites: Sites, known: int) -> None:
    """Leave a store as polls leave it, with so many entries known of all sources together."""
    with open_store(folder, timezone="UTC") as store:
        store.save_sources(sites.sources(), now=NOW)
        for number, source in enumerate(sites.sources()):
            polled = SourceState(
                url=source.url,
                state="ok",
                etag='"1"' if sites.kind == "feed" else None,
                body_sha256=hashlib.sha256(feed(number)).hexdigest(),
                full_read_at=NOW,
            )
            entries = [
                Entry(source_url=source.url, key=f"{source.url}#{n}", url=f"{source.url}/{n}")
                for n in range(known // sites.number)
            ]
            store.record_poll(polled, entries, now=NOW)


def measure_polls(folder: Path, sites: Sites, passes: int = 1) -> Spent:
    """Return what a pass costs in which nothing changed, the last of `passes`.

    One more comes before them: it asks for every robots.txt, as it does once a day, and meets no
    host that drips.
    """
    memory = _Memory()
    with open_store(folder, timezone="UTC") as store:
        store.save_sources(sites.sources(), now=LATER)
        spent = asyncio.run(_unchanged(store, sites, LATER, memory))
        store.save_sources([*sites.slow_sources(), *sites.sources()], now=LATER)
        for number in range(1, passes + 1):
            now = LATER + number * timedelta(hours=1)
            spent = asyncio.run(_unchanged(store, sites, now, memory))
        return spent


async def _unchanged(store: Store, sites: Sites, now: datetime, memory: _Memory) -> Spent:
    with store.database.writing():  # one statement instead of a poll of every source
        # whoever drips comes first: nobody else can be done before by luck
        store.database.execute(
            "UPDATE source SET next_poll_at = iif(instr(url, ?) > 0, NULL, ?)",
            (f"//{DRIPPING}", to_text(NOW)),
        )
    passed = await _pass(store, sites, now, memory)
    if passed.tally.counts["sources_unchanged"] != sites.number:
        raise RuntimeError(f"not every source is unchanged: {passed.tally.faults[:3]}")
    return Spent(
        polls=sites.number,
        cpu_s=passed.cpu_s,
        others_s=passed.others_s,
        whole_s=passed.whole_s,
        peak_mb=peak_mb(),
    )


class _Passed(msgspec.Struct, frozen=True):
    tally: Tally
    cpu_s: float
    others_s: float
    whole_s: float


async def _pass(store: Store, sites: Sites, now: datetime, memory: _Memory) -> _Passed:
    config, tally, others_s = sites.config(), Tally(), 0.0
    started, cpu = time.monotonic(), time.process_time()

    def note(progress: Progress) -> None:
        nonlocal others_s
        if f"//{DRIPPING}" not in progress.subject:
            others_s = time.monotonic() - started

    async with Fetcher(config.crawler, lambda: now, memory=memory) as fetcher, Bounded() as bounded:
        parts = Parts(
            config=config,
            store=store,
            fetcher=fetcher,
            bounded=bounded,
            captures=CaptureWriter(store.data, "bench"),
            rule=cast("Rule", None),  # nothing new is listed, so nothing is judged
            clock=lambda: now,
            notify=note,
        )
        await poll_sources(parts, tally)
    took_s = time.monotonic() - started
    return _Passed(tally, time.process_time() - cpu, others_s, took_s)


# The floors: nothing but the request


def measure_bare(client: str, kind: str, number: int, port: int) -> Spent:
    """Return what the requests alone cost with `aiohttp` or with bare `streams`."""
    ask = {"aiohttp": _with_aiohttp, "streams": _with_streams}[client]
    cpu, started = time.process_time(), time.monotonic()
    asyncio.run(ask(kind, number, port))
    took = time.monotonic() - started
    return Spent(
        polls=number,
        cpu_s=time.process_time() - cpu,
        others_s=took,
        whole_s=took,
        peak_mb=peak_mb(),
    )


async def at_most(limit: int, jobs: Sequence[Callable[[], Awaitable[object]]]) -> None:
    """Do jobs, no more than `limit` of them at a time."""
    slots = asyncio.Semaphore(limit)

    async def do(job: Callable[[], Awaitable[object]]) -> None:
        async with slots:
            await job()

    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(do(job))


class Loopback(AbstractResolver):
    """Says that every host is here, as the pinned names of the product do."""

    def __init__(self, port: int) -> None:
        """Keep the port of the server."""
        self._port = port

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        """Return the server's address."""
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=self._port, family=family, proto=0, flags=0
            )
        ]

    async def close(self) -> None:
        """Do nothing."""


async def _with_aiohttp(kind: str, number: int, port: int) -> None:
    connector = aiohttp.TCPConnector(resolver=Loopback(port), limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def ask(each: int) -> None:
            url, headers = f"http://h{each}.example/{kind}/{each}", {"If-None-Match": '"1"'}
            async with session.get(url, headers=headers) as answer:
                await answer.read()

        await at_most(AT_ONCE, [partial(ask, each) for each in range(number)])


async def _with_streams(kind: str, number: int, port: int) -> None:
    async def ask(each: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            f"GET /{kind}/{each} HTTP/1.1\r\nHost: h{each}.example\r\n"
            'If-None-Match: "1"\r\n\r\n'.encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        if b"Content-Length: " in head:
            await reader.readexactly(int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0]))
        writer.close()

    await at_most(AT_ONCE, [partial(ask, each) for each in range(number)])
