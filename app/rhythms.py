"""How often a source brings something, as people say it.

Nothing here decides when a source is asked.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from statistics import median

MINUTE, HOUR, DAY = 60, 3_600, 86_400
MOST_DATES = 50


def estimate_rhythm(moments: Iterable[datetime]) -> int | None:
    """Return the usual number of seconds between the newest dates, None when too few are known."""
    newest = sorted(set(moments), reverse=True)[:MOST_DATES]
    if len(newest) < 3:
        return None
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(newest)]
    return max(int(median(gaps)), 1)


def say_rhythm(seconds: int | None) -> str:
    """Return a rhythm in plain words: `about every 3 h`."""
    if seconds is None:
        return "rhythm not known yet"
    if seconds < 2 * MINUTE:
        return "about every minute"
    return f"about every {say_length(seconds)}"


def say_length(seconds: float) -> str:
    """Return a length of time in the unit that suits it: `40 min`, `3 h`, `2 days`."""
    if seconds < HOUR:
        return f"{max(round(seconds / MINUTE), 1)} min"
    if seconds < 1.5 * DAY:
        return f"{round(seconds / HOUR)} h"
    if seconds < 60 * DAY:
        return f"{round(seconds / DAY)} days"
    return f"{round(seconds / (30 * DAY))} months"
