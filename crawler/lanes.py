"""One host's turns: one request at a time, a rest that adapts, and when it is left in peace.

Nothing here opens a connection, and nobody waits here for one host longer than its share.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Protocol

import msgspec
from yarl import URL

from crawler.politeness import LIGHTEST, next_strain, parse_retry_after
from crawler.robots import Rules
from model.capture import Response
from model.errors import PutOffError

SHARE_S = 300.0
"""How long one host may keep a pass busy; what is left then waits for the next one."""

MISSES = 3
"""After so many requests in a row without an answer a host is left in peace for a while."""

PEACE = timedelta(minutes=10)
UNTIL_NEXT_PASS = timedelta(minutes=1)
KEPT = timedelta(days=30)
"""As long as an unreachable robots.txt has to be remembered (RFC 9309 2.3.1.4)."""

_BUSY = frozenset({429, 503})


class Turn(IntEnum):
    """Who goes first of those that ask one host: sources, new pages, pages known already."""

    FIRST = 0
    NEXT = 1
    LAST = 2


class OriginFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an origin (scheme, host, port) between two passes."""

    rules: Rules | None = None
    strain: float = LIGHTEST
    held_until: datetime | None = None


class OriginMemory(Protocol):
    """Where what is known of origins lies between two passes."""

    def load(self, origin: str) -> bytes | None:
        """Return what was saved of an origin, None when nothing was or it is too old."""

    def save(self, found: Mapping[str, tuple[bytes, datetime]]) -> None:
        """Save what is known of origins, each until a time."""


def encode_facts(facts: OriginFacts) -> bytes:
    """Return facts as they are kept."""
    return zlib.compress(msgspec.json.encode(facts))


def decode_facts(kept: bytes | None) -> OriginFacts:
    """Return kept facts; none at all when another program wrote them otherwise."""
    if kept is None:
        return OriginFacts()
    try:
        return msgspec.json.decode(zlib.decompress(kept), type=OriginFacts)
    except (zlib.error, msgspec.DecodeError):
        return OriginFacts()


class Lane:
    """One host in this run: who asks now, when the next may, and when it has had its share."""

    def __init__(self, facts: OriginFacts) -> None:
        """Begin where the last pass left it."""
        self._doors = {turn: asyncio.Lock() for turn in Turn}
        self.strain = facts.strain
        self.held_until = facts.held_until
        self.crawl_delay_s = 0.0
        self._reason = "its site asked to be left in peace"
        self._free_at = 0.0
        self._used_s = 0.0
        self._misses = 0

    @asynccontextmanager
    async def asking(
        self,
        target: URL,
        gap_s: float,
        clock: Callable[[], datetime],
        turn: Turn = Turn.FIRST,
    ) -> AsyncIterator[None]:
        """Hold the host's turn once it is rested, or raise PutOffError.

        Whoever has a later turn passes more doors: no more than one of them stands at the door of
        an earlier one, and that one only is waited for.
        """
        loop = asyncio.get_running_loop()
        async with AsyncExitStack() as doors:
            for door in range(turn, -1, -1):
                await doors.enter_async_context(self._doors[Turn(door)])
            self._refuse(target, clock())
            if (rest_s := self._free_at - loop.time()) > 0:
                self._used_s += rest_s
                await asyncio.sleep(rest_s)
            try:
                yield
            finally:
                self._free_at = loop.time() + self._rest_s(gap_s)

    @property
    def is_strained(self) -> bool:
        """Return whether the host was slow or in trouble lately."""
        return self.strain > LIGHTEST

    def _rest_s(self, gap_s: float) -> float:
        return max(gap_s * self.strain, self.crawl_delay_s)

    def _refuse(self, target: URL, now: datetime) -> None:
        if self.held_until is not None and self.held_until > now:
            raise PutOffError(str(target), self._reason, self.held_until)
        if self._used_s > SHARE_S:
            reason = f"its site has had its {SHARE_S:.0f} seconds of this pass: the next goes on"
            raise PutOffError(str(target), reason, now + UNTIL_NEXT_PASS)

    def note_answer(self, response: Response, took_s: float, now: datetime) -> None:
        """Take note of an answer: a busy host is given the time it asks for."""
        self._used_s += took_s
        is_busy = response.status in _BUSY
        self.strain = next_strain(self.strain, took_s, is_trouble=response.status >= 500 or is_busy)
        self._misses = self._misses + 1 if is_busy else 0
        asked = parse_retry_after(response.header("Retry-After"), now) if is_busy else None
        if asked:
            self._reason = f"its site answers {response.status} and asks to wait"
            self.held_until = now + asked
        elif self._misses >= MISSES:
            self._hold(f"its site answers {response.status} again and again", now)

    def note_failure(self, state: str, took_s: float, now: datetime) -> None:
        """Take note that no whole answer came."""
        self._used_s += took_s
        self.strain = next_strain(self.strain, took_s, is_trouble=True)
        self._misses = self._misses + 1 if state in ("timeout", "unreachable") else 0
        if self._misses >= MISSES:
            self._hold(f"its site did not answer {MISSES} times in a row", now)

    def _hold(self, reason: str, now: datetime) -> None:
        self._reason = reason
        self._misses = 0
        self.held_until = now + PEACE


class Lanes:
    """The lanes of all hosts met in this run, begun from what was kept and kept again."""

    def __init__(self, clock: Callable[[], datetime], memory: OriginMemory | None) -> None:
        """Start knowing no host; without a memory nothing outlives the run."""
        self._clock = clock
        self._memory = memory
        self._kept: dict[str, OriginFacts] = {}
        self._lanes: dict[str, Lane] = {}

    def of(self, target: URL) -> Lane:
        """Return the lane of an address's host."""
        host = target.raw_host or ""
        if host not in self._lanes:
            self._lanes[host] = Lane(self._facts(str(target.origin())))
        return self._lanes[host]

    def known_rules(self, origin: str) -> Rules | None:
        """Return the rules of an origin as an earlier pass left them."""
        return self._facts(origin).rules

    def _facts(self, origin: str) -> OriginFacts:
        if origin not in self._kept:
            kept = self._memory.load(origin) if self._memory else None
            self._kept[origin] = decode_facts(kept)
        return self._kept[origin]

    def save(self, rules: Mapping[str, Rules]) -> None:
        """Keep what this run learnt, if anything is to be kept."""
        if self._memory is None:
            return
        until = self._clock() + KEPT
        found = {}
        for origin, before in self._kept.items():
            lane = self._lanes.get(URL(origin).raw_host or "")
            facts = OriginFacts(
                rules=rules.get(origin, before.rules),
                strain=lane.strain if lane else before.strain,
                held_until=lane.held_until if lane else before.held_until,
            )
            if facts != before:
                found[origin] = (encode_facts(facts), until)
        if found:
            self._memory.save(found)
