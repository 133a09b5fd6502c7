"""How often sources are asked: tables of rhythms, and whole months simulated."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.rhythm import next_interval, next_rhythm

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DAYS = 74
WARM = 14


@pytest.mark.parametrize(
    ("rhythm", "silence", "expected"),
    [
        (None, HOUR, 72 * MINUTE),
        (20 * MINUTE, MINUTE, 10 * MINUTE),
        (4 * HOUR, MINUTE, HOUR),
        (DAY, DAY, 6 * HOUR),
        (7 * DAY, DAY, DAY),
        (HOUR, 16 * HOUR, 2 * HOUR),
        (HOUR, 900 * DAY, DAY),
    ],
    ids=["not known", "busy", "hours", "daily", "weekly", "at night", "given up"],
)
def test_a_source_is_asked_as_its_rhythm_says(
    rhythm: timedelta | None, silence: timedelta, expected: timedelta
) -> None:
    rhythm_s = None if rhythm is None else int(rhythm.total_seconds())
    assert next_interval(HOUR, rhythm_s, NOON - silence, NOON) == expected


def test_one_night_changes_a_rhythm_of_hours_little() -> None:
    assert next_rhythm(3600, NOON - 14 * HOUR, NOON) == pytest.approx(2.2 * 3600, rel=0.02)
    assert next_rhythm(None, NOON - HOUR, NOON) == 3600
    assert next_rhythm(None, None, NOON) is None


@given(st.lists(st.tuples(st.integers(0, 10**7), st.booleans()), max_size=100))
def test_the_wait_stays_between_ten_minutes_and_a_day(polls: list[tuple[int, bool]]) -> None:
    interval, rhythm_s, last, now = HOUR, None, None, NOON
    for passed_s, brings in polls:
        now += timedelta(seconds=passed_s)
        if brings:
            rhythm_s, last = next_rhythm(rhythm_s, last, now), now
        interval = next_interval(interval, rhythm_s, last, now)
        assert 10 * MINUTE <= interval <= DAY


def poisson(mean: timedelta) -> Iterator[datetime]:
    """Yield moments at random, so far apart on average."""
    chance, at = random.Random(7), NOON  # noqa: S311 - a simulation
    while at < NOON + DAYS * DAY:
        at += chance.expovariate(1) * mean
        yield at


def at_the_office(mean: timedelta) -> Iterator[datetime]:
    """Yield moments at random from nine to six on working days."""
    return (at for at in poisson(mean) if at.weekday() < 5 and 9 <= at.hour < 18)


def each(period: timedelta) -> Iterator[datetime]:
    """Yield moments a period apart."""
    return (NOON + n * period for n in range(DAYS * DAY // period))


def poll_through(moments: Iterator[datetime]) -> tuple[float, float]:
    """Return the mean delay in minutes, and the polls a day, once the rhythm is learnt."""
    waiting, now, polls, delays = sorted(moments), NOON, 0, list[timedelta]()
    interval, rhythm_s, last = HOUR, None, None
    while now < NOON + DAYS * DAY:
        found = [at for at in waiting[:50] if at <= now]
        del waiting[: len(found)]
        if found:
            rhythm_s, last = next_rhythm(rhythm_s, last, now), now
        interval = next_interval(interval, rhythm_s, last, now)
        if now > NOON + WARM * DAY:
            polls += 1
            delays += [now - at for at in found]
        now += interval
    return sum(delays, timedelta()) / len(delays) / MINUTE, polls / (DAYS - WARM)


@pytest.mark.parametrize(
    ("moments", "most_delay", "most_polls"),
    [
        (poisson(20 * MINUTE), 6, 144),
        (poisson(2 * HOUR), 20, 70),
        (poisson(DAY), 260, 6),
        (poisson(3 * DAY), 700, 2.5),
        (each(DAY), 360, 4.1),
        (each(7 * DAY), 1440, 1.1),
        (at_the_office(HOUR), 60, 40),
        (at_the_office(15 * MINUTE), 15, 70),
    ],
    ids=[
        "each 20 min", "each 2 h", "one a day", "one in 3 days", "a daily letter",
        "a weekly bulletin", "office, each hour", "office, each quarter",
    ],
)  # fmt: skip
def test_what_a_source_brings_is_had_soon_for_few_polls(
    moments: Iterator[datetime], most_delay: float, most_polls: float
) -> None:
    delay, polls = poll_through(moments)
    assert delay < most_delay
    assert polls <= most_polls
