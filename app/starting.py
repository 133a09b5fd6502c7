"""What is looked at when the program starts: whether the data is whole, whether the clock is right.

It mends neither.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from model.errors import DamageError
from store.evidence.startup import check_at_start, say_damages
from store.records import Run

_TOLERANCE = timedelta(minutes=1)
_LONG_PAUSE = timedelta(days=30)


def refuse_damage(data: Path, now: datetime) -> None:
    """Check a part of what is held, once a day; raises DamageError where it is damaged."""
    damages = check_at_start(data, now=now)
    if damages:
        raise DamageError(say_damages(data, damages))


class ClockWatch:
    """Watches the machine's clock from its making until it is asked for warnings.

    Nothing depends on what it finds: waits are measured by a clock that never jumps.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        runs: Sequence[Run],
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin; `runs` are the last passes, the newest first."""
        self._clock, self._steady = clock, steady
        self._began_at, self._began_s = clock(), steady()
        self._before = tuple(self._compare(runs[0])) if runs else ()

    def _compare(self, last: Run) -> Iterator[str]:
        seen_at = last.ended_at or last.started_at
        if self._began_at < seen_at - _TOLERANCE:
            yield (
                f"the clock says {_moment(self._began_at)}, before the end of the last pass,"
                f" {_moment(seen_at)}: set it; nothing is lost, and no digest is sent again"
            )
        elif self._began_at > seen_at + _LONG_PAUSE:
            days = (self._began_at - seen_at).days
            yield (
                f"the last pass ended {days} days ago by this machine's clock,"
                f" {_moment(self._began_at)}: if that is not so, set it"
            )

    def warnings(self) -> tuple[str, ...]:
        """Return a sentence for each time the clock was found to be wrong."""
        jumped = self._clock() - self._began_at - timedelta(seconds=self._steady() - self._began_s)
        if abs(jumped) <= _TOLERANCE:
            return self._before
        way = "forward" if jumped > timedelta(0) else "back"
        minutes = round(abs(jumped).total_seconds() / 60)
        said = f"the clock was set {way} by {minutes} min during the pass: its times may be wrong"
        return (*self._before, said)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
