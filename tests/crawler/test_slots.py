"""Slots: slow requests give way, and the slow are bounded in number and in memory."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import pytest

from crawler.fetch import Fetcher
from crawler.lanes import OriginFacts, Turn, encode_facts
from crawler.slots import Pace, Slot, Slots, fitting_pace
from model.errors import CrawlError
from tests.crawler.misbehaving import NOON, Web, http, never, settings_for

AT_ONCE = Pace(quick_s=0.0)
"""Whoever brings nothing gives way in the next round of the loop."""


class Asking:
    """Requests that last until they are told to end, by name, in the order they got a slot."""

    def __init__(self, width: int, pace: Pace) -> None:
        self.slots = Slots(width, pace)
        self.taken: dict[str, Slot] = {}
        self.ended: list[str] = []
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def begin(self, name: str, *, holds: int = 0, is_strained: bool = False) -> None:
        work = self._ask(name, holds, is_strained=is_strained)
        self._tasks[name] = asyncio.get_running_loop().create_task(work)

    async def _ask(self, name: str, holds: int, *, is_strained: bool) -> None:
        async with self.slots.taken(600, is_strained=is_strained) as slot:
            self.taken[name] = slot
            with suppress(TimeoutError):
                async with slot.limit:
                    slot.hold(holds)
                    await asyncio.Event().wait()
        if slot.was_ended:
            self.ended.append(name)

    async def finish(self, name: str) -> None:
        self._tasks[name].cancel()
        await asyncio.gather(self._tasks[name], return_exceptions=True)

    async def settle(self) -> None:
        """Let all that can happen happen."""
        for _ in range(30):
            await asyncio.sleep(0)


def run(work: Callable[[Asking], Coroutine[Any, Any, None]], width: int, pace: Pace) -> None:
    """Do `work` with requests under way."""

    async def do() -> None:
        asking = Asking(width, pace)
        await work(asking)
        for name in tuple(asking.taken):
            await asking.finish(name)

    asyncio.run(asyncio.wait_for(do(), 10))


def test_who_brings_nothing_gives_its_slot_to_others() -> None:
    async def work(asking: Asking) -> None:
        for number in range(50):
            asking.begin(str(number))
            await asking.settle()
        assert len(asking.taken) == 50
        assert asking.ended == []

    run(work, 1, AT_ONCE)


@pytest.mark.parametrize(
    ("pace", "taken"),
    [
        (Pace(quick_s=0.0, steady_bytes_per_s=0, longest_s=600), ["a"]),
        (Pace(quick_s=0.0, steady_bytes_per_s=0, longest_s=0), ["a", "b"]),
        (Pace(quick_s=600), ["a"]),
    ],
    ids=["steady", "steady for too long", "asked just now"],
)
def test_who_brings_something_keeps_its_slot_for_a_while(pace: Pace, taken: list[str]) -> None:
    async def work(asking: Asking) -> None:
        asking.begin("a", holds=1000)
        asking.begin("b")
        await asking.settle()
        assert list(asking.taken) == taken

    run(work, 1, pace)


def test_a_slot_is_given_back_once_and_no_more() -> None:
    async def work(asking: Asking) -> None:
        asking.begin("slow")
        await asking.settle()
        await asking.finish("slow")
        asking.slots._pace = Pace(quick_s=600)
        for name in "abc":
            asking.begin(name)
        await asking.settle()
        assert list(asking.taken) == ["slow", "a"]
        await asking.finish("a")
        await asking.settle()
        assert list(asking.taken) == ["slow", "a", "b"]

    run(work, 1, AT_ONCE)


def test_when_the_slow_are_too_many_the_one_that_had_longest_is_ended() -> None:
    async def work(asking: Asking) -> None:
        for name in "abcd":
            asking.begin(name)
            await asking.settle()
        assert asking.ended == ["a", "b"]
        await asking.finish("c")
        asking.begin("e")
        await asking.settle()
        assert asking.ended == ["a", "b"]

    run(work, 1, Pace(quick_s=0.0, slow_places=2))


def test_when_the_slow_hold_too_much_the_one_that_holds_most_is_ended() -> None:
    async def work(asking: Asking) -> None:
        for name, holds in (("a", 10), ("b", 60), ("c", 20)):
            asking.begin(name, holds=holds)
            await asking.settle()
        asking.taken["a"].hold(20)
        await asking.settle()
        assert asking.ended == []
        asking.taken["c"].hold(21)
        await asking.settle()
        assert asking.ended == ["b"]
        asking.taken["a"].hold(79)
        await asking.settle()
        assert asking.ended == ["b"]

    run(work, 1, Pace(quick_s=0.0, longest_s=0, slow_bytes=100))


def test_nobody_waits_for_hosts_that_were_slow_before() -> None:
    async def work(asking: Asking) -> None:
        for number in range(40):
            asking.begin(f"strained {number}", is_strained=True)
        asking.begin("well")
        await asking.settle()
        assert list(asking.taken) == ["strained 0", "strained 1", "well"]

    run(work, 8, Pace(quick_s=600))


def test_the_slow_take_a_quarter_of_the_files_the_system_allows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for most, places in ((256, 64), (1024, 256), (65536, 256), (-1, 256), (3, 1)):
        monkeypatch.setattr("resource.getrlimit", lambda _, most=most: (most, -1))
        assert fitting_pace().slow_places == places


class Remembered:
    """A memory in which every host was in trouble."""

    def load(self, origin: str) -> bytes | None:
        return encode_facts(OriginFacts(strain=2.0)) if "slow" in origin else None

    def save(self, found: Any) -> None:
        pass


def fetch_beside_slow(slow: int, pace: Pace, **asked: Any) -> tuple[int, list[str]]:
    """Return how many of twenty hosts answered beside silent ones, and how these ended."""

    async def end_of(asking: "asyncio.Task[Any]") -> str:
        try:
            await asking
        except CrawlError as error:
            return error.reason
        return "answered"

    async def fetch() -> tuple[int, list[str]]:
        async with Web({"/": http(b"<p>une page</p>"), "/slow": never}) as web:
            names = [*(f"slow{n}.example" for n in range(slow)),
                     *(f"h{n}.example" for n in range(20))]  # fmt: skip
            hosts = dict.fromkeys(names, f"127.0.0.1:{web.port}")
            settings = settings_for(web, hosts=hosts, concurrency=2, timeout_s=600)
            async with Fetcher(settings, lambda: NOON, pace=pace, **asked) as fetcher:
                silent = [
                    asyncio.ensure_future(fetcher.fetch(f"http://{host}/slow", robots=False))
                    for host in names[:slow]
                ]
                fast = (fetcher.fetch(f"http://{host}/", turn=Turn.NEXT) for host in names[slow:])
                answered = await asyncio.wait_for(asyncio.gather(*fast), 20)
                ends = [await end_of(one) for one in silent if one.done()]
                for one in silent:
                    one.cancel()
                await asyncio.gather(*silent, return_exceptions=True)
                return len(answered), ends

    return asyncio.run(fetch())


def test_twenty_hosts_answer_beside_forty_that_never_do() -> None:
    assert fetch_beside_slow(40, Pace(quick_s=0.02)) == (20, [])


def test_who_must_leave_says_so() -> None:
    answered, ends = fetch_beside_slow(40, Pace(quick_s=0.02, slow_places=5))
    assert answered == 20
    assert set(ends) == {"it answers too slowly while too many others do: it is left for later"}


def test_what_is_known_of_slow_hosts_from_before_spares_the_others_any_wait() -> None:
    assert fetch_beside_slow(40, Pace(quick_s=600), memory=Remembered()) == (20, [])
