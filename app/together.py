"""Jobs done side by side, so that one that meets a bug of ours stops no other.

A bug is told loudly and counted; the pass ends with status 1 once the others are done. What the
operator must mend (a full disk, a damaged store) stops everything at once.
"""

import asyncio
import traceback
from collections.abc import Callable, Coroutine, Iterable

import msgspec

from app.parts import Fault, Tally
from model.errors import VigieError

BUG = "bug"


class Job(msgspec.Struct, frozen=True):
    """Work on one address; `record_bug` notes in the store that it failed, with a sentence."""

    url: str
    work: Coroutine[None, None, None]
    record_bug: Callable[[str], None]


async def do_together(jobs: Iterable[Job], tally: Tally) -> None:
    """Do every job; raises the VigieError that stopped them, when one did."""
    try:
        async with asyncio.TaskGroup() as group:
            for job in jobs:
                group.create_task(_do(job, tally))
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
