"""Jobs side by side: a bug stops no other, a broken store stops all."""

import asyncio
from collections.abc import Callable

import pytest

from app.steps.parts import Tally
from app.steps.together import Job, do_together, keep_doing
from model.errors import StoreError


def run(*kinds: str) -> tuple[Tally, list[str], list[str]]:
    """Do one job of each kind; return the tally, what was done and what was recorded."""
    tally = Tally()
    done: list[str] = []
    recorded: list[str] = []

    async def work(kind: str) -> None:
        await asyncio.sleep(0)
        if kind == "bug":
            raise ZeroDivisionError("of nothing")
        if kind == "full disk":
            raise StoreError("the disk is full")
        done.append(kind)

    jobs = [Job(f"https://a.example/{kind}", work(kind), recorded.append) for kind in kinds]
    asyncio.run(do_together(jobs, tally))
    return tally, done, recorded


def test_a_bug_is_told_and_the_others_finish(capsys: pytest.CaptureFixture[str]) -> None:
    tally, done, recorded = run("bug", "a", "b")
    assert done == ["a", "b"]
    assert [fault.state for fault in tally.faults] == ["bug"]
    assert recorded == ["a bug of ours: ZeroDivisionError: of nothing"]
    assert "Traceback" in capsys.readouterr().err


def test_what_the_operator_must_mend_stops_everything() -> None:
    with pytest.raises(StoreError, match="the disk is full"):
        run("full disk", "a")


def test_one_that_lasts_holds_up_no_later_one() -> None:
    async def go_on() -> list[int]:
        last, done = asyncio.Event(), list[int]()

        async def work(number: int) -> None:
            if number == 0:
                await last.wait()
            done.append(number)
            if number == 99:
                last.set()

        def more(doing: int) -> list[Job]:
            first = len(given)
            given.extend(range(first, min(first + 10, 100)))
            return [Job("", work(number), recorded.append) for number in given[first:]]

        given, recorded = list[int](), list[str]()
        await keep_doing(more, Tally(), most=20)
        return done

    assert asyncio.run(go_on()) == [*range(1, 100), 0]


def test_what_a_feed_brings_is_done_while_it_goes_on() -> None:
    async def go_on() -> list[str]:
        waiting, done, fetched = list[str](), list[str](), asyncio.Event()

        async def work(name: str) -> None:
            done.append(name)
            fetched.set()

        async def feed(say_more: Callable[[], None]) -> None:
            for name in ("first", "second"):
                fetched.clear()
                waiting.append(name)
                say_more()
                await fetched.wait()
            done.append("the feed")

        def more(_: int) -> list[Job]:
            jobs = [Job("", work(name), done.append) for name in waiting]
            waiting.clear()
            return jobs

        await asyncio.wait_for(keep_doing(more, Tally(), most=4, feed=feed), timeout=5)
        return done

    assert asyncio.run(go_on()) == ["first", "second", "the feed"]


def test_a_broken_store_stops_what_is_kept_doing() -> None:
    async def work() -> None:
        raise StoreError("the disk is full")

    with pytest.raises(StoreError, match="the disk is full"):
        asyncio.run(keep_doing(lambda _: [Job("", work(), print)], Tally(), most=4))
