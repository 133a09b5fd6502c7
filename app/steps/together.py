"""Jobs done side by side, so that one that meets a bug of ours stops no other.

A bug is told loudly and counted; the pass ends with status 1 once the others are done. What the
operator must mend (a full disk, a damaged store) stops everything at once.
"""

import asyncio
import traceback
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager

import msgspec

from app.steps.parts import Fault, Tally
from model.errors import VigieError

BUG = "bug"


class Job(msgspec.Struct, frozen=True):
    """Work on one address; `record_bug` notes in the store that it failed, with a sentence."""

    url: str
    work: Coroutine[None, None, None]
    record_bug: Callable[[str], None]


Feed = Callable[[Callable[[], None]], Coroutine[None, None, None]]


async def do_together(
    jobs: Iterable[Job], tally: Tally, begun: asyncio.Event | None = None
) -> None:
    """Do every job; raises the VigieError that stopped them, when one did.

    `begun` is set when all of them have begun.
    """
    async with _all_or_first(), asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(_do(job, tally))
        if begun is not None:
            begun.set()


async def do_side_by_side(*steps: Coroutine[None, None, None]) -> None:
    """Do steps that do not wait for one another; raises the VigieError that stopped them."""
    async with _all_or_first(), asyncio.TaskGroup() as group:
        for step in steps:
            group.create_task(step)


async def keep_doing(
    more: Callable[[int], Sequence[Job]], tally: Tally, most: int, feed: Feed | None = None
) -> None:
    """Do jobs as long as there are more, up to `most` side by side; one that lasts holds up none.

    `more` is told how many are being done and gives what else there is to do now, nothing when
    that is all. `feed` works beside them and calls what it is given when there may be more again.
    Raises the VigieError that stopped them, when one did.
    """
    is_more = True
    async with _all_or_first(), asyncio.TaskGroup() as group:
        doing = _Doing(group)

        def say_more() -> None:
            nonlocal is_more
            is_more = True
            doing.bell.set()

        if feed is not None:
            doing.begin(feed(say_more))
        while is_more or len(doing):
            doing.bell.clear()
            if is_more and len(doing) <= most // 2:
                jobs = more(len(doing))
                is_more = bool(jobs)
                for job in jobs:
                    doing.begin(_do(job, tally))
            if len(doing):
                await doing.bell.wait()


class _Doing:
    """What is done side by side; its bell rings when some of it ends."""

    def __init__(self, group: asyncio.TaskGroup) -> None:
        self.bell = asyncio.Event()
        self._group = group
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def begin(self, work: Coroutine[None, None, None]) -> None:
        task = self._group.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self.bell.set()


@asynccontextmanager
async def _all_or_first() -> AsyncIterator[None]:
    """Turn the group in which jobs fail into the one error that stopped them."""
    try:
        yield
    except BaseExceptionGroup as group_error:
        expected, _ = group_error.split(VigieError)
        raise _first(expected or group_error) from group_error


async def _do(job: Job, tally: Tally) -> None:
    try:
        await job.work
    except VigieError:
        raise
    except Exception as error:
        traceback.print_exc()
        reason = f"a bug of ours: {type(error).__name__}: {error}"
        job.record_bug(reason)
        tally.faults.append(Fault(job.url, BUG, reason))


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
