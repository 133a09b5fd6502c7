"""Weeks, months, quarters, years and decades around a day, and how many of them words count.

Nothing here reads a text or knows when it was written.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from model.mention import Precision
from nlp.dates.parts import Meaning, Token, day_of, last_day, month_of, named, year_of
from nlp.dates.words import DAYS, DECADES, MONTHS, QUARTERS, WEEKENDS, WEEKS, YEARS


def shift_months(on: date, months: int) -> tuple[int, int]:
    """Return the year and month that lie so many months from a day's own."""
    index = on.year * 12 + on.month - 1 + months
    return index // 12, index % 12 + 1


def quarter_of(year: int, number: int, basis: str = "") -> Meaning:
    """Return one of the four quarters of a year."""
    first, last = date(year, 3 * number - 2, 1), last_day(year, 3 * number)
    return Meaning(first, last, Precision.QUARTER, basis)


def half_of(year: int, number: int, basis: str = "") -> Meaning:
    """Return one half of a year."""
    first, last = date(year, 6 * number - 5, 1), last_day(year, 6 * number)
    return Meaning(first, last, Precision.INTERVAL, basis)


def decade_of(year: int, basis: str = "") -> Meaning:
    """Return the ten years that hold a year."""
    first = year - year % 10
    return Meaning(date(first, 1, 1), date(first + 9, 12, 31), Precision.INTERVAL, basis)


def unit_around(on: date, unit: int, count: int, basis: str) -> Meaning:
    """Return the day, week, weekend, month … that lies `count` units from a day's own."""
    if unit == DAYS:
        return day_of(on + timedelta(days=count), basis)
    if unit == MONTHS:
        return month_of(*shift_months(on, count), basis)
    if unit == QUARTERS:
        year, month = shift_months(on, 3 * count)
        return quarter_of(year, (month + 2) // 3, basis)
    if unit in (WEEKS, WEEKENDS):
        monday = on - timedelta(days=on.weekday() - 7 * count)
        first = monday + timedelta(days=5 if unit == WEEKENDS else 0)
        return Meaning(first, monday + timedelta(days=6), Precision.INTERVAL, basis)
    if unit == DECADES:
        return decade_of(on.year + 10 * count, basis)
    return year_of(on.year + count, basis)


def in_years(unit: int, count: int) -> tuple[int, int]:
    """Return a count of decades as one of years: "two decades ago" is twenty years ago."""
    return (YEARS, 10 * count) if unit == DECADES else (unit, count)


MONTHS_LONG = 125
"""The most days of a date that months are counted from: a third of a year, not a year."""


def shifted(base: Meaning, unit: int, count: int) -> Meaning | None:
    """Return what lies `count` units from a date, no finer than that date or the unit."""
    unit, count = in_years(unit, count)
    length = (base.to_on - base.from_on).days
    if unit in (DAYS, WEEKS, WEEKENDS):
        return None if length else unit_around(base.from_on, unit, count, "")
    if unit == MONTHS:
        if length > MONTHS_LONG:
            return None
        first = month_of(*shift_months(base.from_on, count))
        last = last_day(*shift_months(base.to_on, count))
        return first if last == first.to_on else Meaning(first.from_on, last, Precision.INTERVAL)
    years = year_of(base.from_on.year + count), year_of(base.to_on.year + count)
    if years[0] == years[1]:
        return years[0]
    return Meaning(years[0].from_on, years[1].to_on, Precision.INTERVAL)


def number_in(tokens: Sequence[Token]) -> int | None:
    """Return what the number words among these make together: "quatre-vingt-dix" is 90."""
    total = 0
    for token in tokens:
        if named(token) not in ("NUM", "DAY"):
            continue
        if token.value == 20 and total == 4:  # quatre-vingt
            total = 80
        else:
            total = total * token.value if total and token.value == 100 else total + token.value
    return total or None
