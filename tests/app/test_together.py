"""Jobs side by side: a bug stops no other, a broken store stops all."""

import asyncio

import pytest

from app.parts import Tally
from app.together import Job, do_together
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
