"""How many requests are under way at once, and who gives way when a host is slow.

Nothing here opens a connection or knows a host. A request that brings little gives its slot to
others after half a second and goes on among the slow ones; these are bounded in number and in
memory, and nobody ever waits for them.
"""

import asyncio
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

MEBIBYTE = 1024 * 1024


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """When a request gives way, and what those that did may hold together.

    One that brings `steady_bytes_per_s` keeps its slot for `longest_s`: where the line is narrow
    and not the host slow, more requests at once would only make each slower.
    """

    quick_s: float = 0.5
    longest_s: float = 8.0
    steady_bytes_per_s: int = 4096
    slow_places: int = 256
    slow_bytes: int = 64 * MEBIBYTE


def fitting_pace() -> Pace:
    """Return the pace that the system's limit on open files allows: a quarter of it is taken."""
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    places = Pace().slow_places
    return Pace(slow_places=places if most < 0 else max(1, min(places, most // 4)))


class Slot:
    """One request under way: what it holds in memory, and how long it may go on."""

    def __init__(self, slots: "Slots", turns: asyncio.Semaphore, limit: asyncio.Timeout) -> None:
        """Begin with nothing received."""
        self.turns = turns
        self.limit = limit
        self.held_bytes = 0
        self.gave_way = False
        self.was_ended = False
        self.look: asyncio.TimerHandle | None = None
        self._started_at = asyncio.get_running_loop().time()
        self._slots = slots

    @property
    def took_s(self) -> float:
        """Return how long the request has been under way."""
        return asyncio.get_running_loop().time() - self._started_at

    def hold(self, held_bytes: int) -> None:
        """Note how much is held of the answer up to now."""
        more, self.held_bytes = held_bytes - self.held_bytes, held_bytes
        self._slots.note_more(self, more)

    def end(self) -> None:
        """Let the time of the request be over now."""
        if not self.limit.expired():
            self.was_ended = True
            self.limit.reschedule(asyncio.get_running_loop().time())


class Slots:
    """The slots of all requests: `width` of them, and the places of those that gave way.

    Hosts that were slow or in trouble when last asked have a few slots of their own: in the next
    pass nobody waits even that long for them.
    """

    def __init__(self, width: int, pace: Pace) -> None:
        """Begin with every slot free."""
        self._pace = pace
        self._turns = asyncio.Semaphore(width)
        self._strained_turns = asyncio.Semaphore(max(1, width // 4))
        self._slow: dict[Slot, None] = {}
        self._slow_bytes = 0

    @asynccontextmanager
    async def taken(self, left_s: float, *, is_strained: bool) -> AsyncIterator[Slot]:
        """Hold a slot; its `limit`, which the request is to be made in, ends after `left_s`."""
        turns = self._strained_turns if is_strained else self._turns
        await turns.acquire()
        slot = Slot(self, turns, asyncio.timeout(left_s))
        self._look_later(slot)
        try:
            yield slot
        finally:
            self._leave(slot)

    def note_more(self, slot: Slot, more_bytes: int) -> None:
        """Note that a request holds more than before."""
        if slot in self._slow:
            self._slow_bytes += more_bytes
            self._make_room()

    def _look_later(self, slot: Slot) -> None:
        loop = asyncio.get_running_loop()
        slot.look = loop.call_later(self._pace.quick_s, self._look, slot)

    def _look(self, slot: Slot) -> None:
        """Let a request go on among the slow ones, unless it brings something steadily."""
        took_s = slot.took_s
        is_steady = slot.held_bytes >= self._pace.steady_bytes_per_s * took_s
        if is_steady and took_s < self._pace.longest_s:
            self._look_later(slot)
            return
        slot.gave_way = True
        self._slow[slot] = None
        self._slow_bytes += slot.held_bytes
        slot.turns.release()
        self._make_room()

    def _make_room(self) -> None:
        """End who is longest among the slow, or holds most, when they are too many or too much."""
        if len(self._slow) > self._pace.slow_places:
            self._remove(next(iter(self._slow))).end()
        while self._slow_bytes > self._pace.slow_bytes:
            self._remove(max(self._slow, key=lambda slot: slot.held_bytes)).end()

    def _remove(self, slot: Slot) -> Slot:
        del self._slow[slot]
        self._slow_bytes -= slot.held_bytes
        return slot

    def _leave(self, slot: Slot) -> None:
        if slot.look is not None:
            slot.look.cancel()
        if slot in self._slow:
            self._remove(slot)
        elif not slot.gave_way:
            slot.turns.release()
