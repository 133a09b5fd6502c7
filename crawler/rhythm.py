"""How often a source brings something, and how often it is asked for that. Pure.

Nothing here reads a clock, and no rhythm ever ends in never asking again.
"""

import math
from datetime import datetime, timedelta

SHORTEST = timedelta(minutes=10)
LONGEST = timedelta(hours=24)

LOOKS = 4
"""So many polls to a rhythm: see docs/decisions/0031-polling.md for what more and fewer cost."""

_PATIENCE = 2
"""A silence of this many rhythms makes the polls rarer: a night, a summer, a site given up."""

_WEIGHT = 0.3
"""What the last gap weighs against all before, on a scale of ratios: one night among hours counts
for little, and a source that wakes up is followed within a few items."""

_UNKNOWN_GROWTH = 1.2


def next_rhythm(rhythm_s: int | None, last_new_at: datetime | None, now: datetime) -> int | None:
    """Return the usual seconds between two polls that bring something, when one does at `now`."""
    if last_new_at is None:
        return rhythm_s
    gap_s = max((now - last_new_at).total_seconds(), 1.0)
    if rhythm_s is None:
        return round(gap_s)
    return round(math.exp((1 - _WEIGHT) * math.log(max(rhythm_s, 1)) + _WEIGHT * math.log(gap_s)))


def next_interval(
    interval: timedelta, rhythm_s: int | None, last_new_at: datetime | None, now: datetime
) -> timedelta:
    """Return how long to wait after a poll at `now`, between ten minutes and a day.

    Before a rhythm is known the wait grows from what it was. A source silent for more than two
    of its rhythms is asked as if the silence were its rhythm, in half.
    """
    if rhythm_s is None or last_new_at is None:
        return _bounded(interval * _UNKNOWN_GROWTH)
    usual = max(timedelta(seconds=rhythm_s), (now - last_new_at) / _PATIENCE)
    return _bounded(usual / LOOKS)


def _bounded(interval: timedelta) -> timedelta:
    return min(max(interval, SHORTEST), LONGEST)
