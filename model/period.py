"""Periods as they are typed: `2023-11`, `2023-W47`, `2023-11/2024-03`, `/2023`, `P30D`.

It never asks what day it is: what is relative stays so until `resolve_period` is told.
"""

import re
from calendar import monthrange
from datetime import date, timedelta

import msgspec

_FORMS = "a date is written 2023, 2023-11, 2023-11-21, 2023-11/2024-03, /2023, 2023/ or P30D"
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_WEEK = re.compile(r"(\d{4})-?[Ww](\d{1,2})")
_DURATION = re.compile(r"[Pp](\d{1,4})([DWMYdwmy])")


class Duration(msgspec.Struct, frozen=True):
    """So many days or calendar months."""

    days: int = 0
    months: int = 0


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """The days `from_on` to `to_on`, both included, None where open; or the `last` so long."""

    from_on: date | None = None
    to_on: date | None = None
    last: Duration | None = None


def parse_period(text: str) -> Period:
    """Return the period that `text` names.

    Raises ValueError with a sentence.
    """
    first, slash, second = (part.strip() for part in text.partition("/"))
    if not slash:
        if duration := _parse_duration(first):
            return Period(last=duration)
        return Period(from_on=_parse_day(first)[0], to_on=_parse_day(first)[1])
    return _between(first, second)


def resolve_period(period: Period, today: date | None) -> tuple[date, date]:
    """Return the first and the last day of `period`; an open end is the calendar's own.

    Raises ValueError when it is relative and `today` is not given.
    """
    if period.last is None:
        return period.from_on or date.min, period.to_on or date.max
    if today is None:
        raise ValueError("a period such as P30D needs to know what day it is")
    return _moved(today, period.last, -1), today


def _between(first: str, second: str) -> Period:
    """Read `a/b`, where either may be missing, `..` or a duration."""
    start, end = _parse_end(first), _parse_end(second)
    match start, end:
        case (None, None) | (Duration(), Duration()) | (Duration(), None) | (None, Duration()):
            raise ValueError(_FORMS)
        case Duration() as length, (_, last):
            return Period(from_on=_moved(last, length, -1), to_on=last)
        case (begin, _), Duration() as length:
            return Period(from_on=begin, to_on=_moved(begin, length, 1))
    from_on = start[0] if isinstance(start, tuple) else None
    to_on = end[1] if isinstance(end, tuple) else None
    if from_on and to_on and to_on < from_on:
        raise ValueError(f"{first} is after {second}")
    return Period(from_on=from_on, to_on=to_on)


def _parse_end(text: str) -> Duration | tuple[date, date] | None:
    if text in {"", ".."}:
        return None
    return _parse_duration(text) or _parse_day(text)


def _parse_duration(text: str) -> Duration | None:
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    count = int(found[1])
    return {
        "D": Duration(days=count),
        "W": Duration(days=7 * count),
        "M": Duration(months=count),
        "Y": Duration(months=12 * count),
    }[found[2].upper()]


def _parse_day(text: str) -> tuple[date, date]:
    """Return the first and last day of a written year, month, ISO week or day."""
    if week := _WEEK.fullmatch(text):
        return _parse_week(text, int(week[1]), int(week[2]))
    found = _DATE.fullmatch(text)
    if found is None:
        raise ValueError(_FORMS)
    year, month, day = int(found[1]), found[2], found[3]
    try:
        first = date(year, int(month or 1), int(day or 1))
    except ValueError as error:
        raise ValueError(f"{text} is not in the calendar") from error
    if day:
        return first, first
    last_month = first.month if month else 12
    return first, date(year, last_month, monthrange(year, last_month)[1])


def _parse_week(text: str, year: int, number: int) -> tuple[date, date]:
    """Return the Monday and the Sunday of a week of ISO 8601."""
    try:
        monday = date.fromisocalendar(year, number, 1)
        return monday, monday + timedelta(days=6)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text} is not in the calendar") from error


def _moved(start: date, by: Duration, sign: int) -> date:
    """Return `start` moved by a duration, kept within the calendar."""
    months = start.year * 12 + start.month - 1 + sign * by.months
    if not 12 <= months < 12 * 10_000:
        return date.min if sign < 0 else date.max
    year, month = divmod(months, 12)
    day = min(start.day, monthrange(year, month + 1)[1])
    try:
        return date(year, month + 1, day) + timedelta(days=sign * by.days)
    except OverflowError:
        return date.min if sign < 0 else date.max
