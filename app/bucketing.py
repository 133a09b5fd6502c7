"""The days, ISO weeks, months or years of a timeline, the empty ones among them.

Pure: counts of days in, buckets out.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from enum import StrEnum

import msgspec

from model.errors import ConfigError

MAX_BUCKETS = 20_000
"""More are written by nobody who means it: fifty years of days, and one date of the year 1."""

DAY = timedelta(days=1)
Days = tuple[date, date]


class Size(StrEnum):
    """How long a bucket is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Bucket(msgspec.Struct, frozen=True, kw_only=True):
    """What stands between two days, both included; `details` counts some of it apart."""

    label: str
    from_on: date
    to_on: date
    count: int = 0
    details: dict[str, int] = {}


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """So many empty buckets in a row."""

    buckets: int
    from_on: date
    to_on: date


Counted = Iterable[tuple[date, int, dict[str, int]]]
"""Days, how many stand there, and what is counted apart."""


def bucket_of(day: date, size: Size) -> Bucket:
    """Return the empty bucket that a day belongs to."""
    match size:
        case Size.DAY:
            first = last = day
            label = day.isoformat()
        case Size.WEEK:
            year, week, weekday = day.isocalendar()
            first = _moved(day, 1 - weekday)
            last = _moved(day, 7 - weekday)
            label = f"{year:04}-W{week:02}"
        case Size.MONTH:
            first = day.replace(day=1)
            last = day.replace(day=monthrange(day.year, day.month)[1])
            label = f"{day:%Y-%m}".rjust(7, "0")
        case Size.YEAR:
            first, last = day.replace(month=1, day=1), day.replace(month=12, day=31)
            label = f"{day.year:04}"
    return Bucket(label=label, from_on=first, to_on=last)


def _moved(day: date, days: int) -> date:
    """Return a day moved within the calendar."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def fill_buckets(counted: Counted, size: Size) -> tuple[Bucket, ...]:
    """Return the buckets that hold anything, the earliest first."""
    filled: dict[date, Bucket] = {}
    for day, count, details in counted:
        bucket = bucket_of(day, size)
        known = filled.get(bucket.from_on, bucket)
        together = {key: known.details.get(key, 0) + n for key, n in details.items()}
        filled[bucket.from_on] = msgspec.structs.replace(
            known, count=known.count + count, details=together
        )
    return tuple(filled[first] for first in sorted(filled))


def with_gaps(
    filled: Iterable[Bucket], size: Size, first: date | None, last: date | None
) -> Iterator[Bucket | Gap]:
    """Yield filled buckets with the gaps between them, and those at the ends of days asked for."""
    at = None if first is None else bucket_of(first, size).from_on
    for bucket in filled:
        if at is not None and at < bucket.from_on:
            yield _gap(at, bucket.from_on - DAY, size)
        yield bucket
        at = bucket.to_on + DAY if bucket.to_on < date.max else None
    if at is not None and last is not None and at <= last:
        yield _gap(at, bucket_of(last, size).to_on, size)


def _gap(first: date, last: date, size: Size) -> Gap:
    match size:
        case Size.DAY:
            buckets = (last - first).days + 1
        case Size.WEEK:
            buckets = ((last - first).days + 7) // 7
        case Size.MONTH:
            buckets = (last.year - first.year) * 12 + last.month - first.month + 1
        case Size.YEAR:
            buckets = last.year - first.year + 1
    return Gap(buckets=buckets, from_on=first, to_on=last)


def spread_gap(gap: Gap, size: Size) -> Iterator[Bucket]:
    """Yield the empty buckets of a gap."""
    day = gap.from_on
    for _ in range(gap.buckets):
        bucket = bucket_of(day, size)
        yield bucket
        if bucket.to_on == date.max:
            return
        day = bucket.to_on + DAY


def all_buckets(
    filled: Iterable[Bucket], size: Size, first: date | None, last: date | None
) -> tuple[Bucket, ...]:
    """Return every bucket, the empty ones too, cut to the days from `first` to `last`.

    Raises ConfigError where they are too many.
    """
    rows = tuple(with_gaps(filled, size, first, last))
    number = sum(row.buckets if isinstance(row, Gap) else 1 for row in rows)
    if number > MAX_BUCKETS:
        raise ConfigError(
            f"that is {number} {size}s one by one, and at most {MAX_BUCKETS} are written: take a"
            " longer --bucket, or less between --from and --to"
        )
    return tuple(
        _cut(bucket, first, last)
        for row in rows
        for bucket in (spread_gap(row, size) if isinstance(row, Gap) else (row,))
    )


def _cut(bucket: Bucket, first: date | None, last: date | None) -> Bucket:
    return msgspec.structs.replace(
        bucket,
        from_on=max(bucket.from_on, first or date.min),
        to_on=min(bucket.to_on, last or date.max),
    )
