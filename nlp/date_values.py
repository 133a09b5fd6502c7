"""What a dated expression means: its first and last day, worked out from its words.

What is not written (the year, the month) follows from the day of publication, from a date named
before, from a weekday; `Meaning.basis` says which. Nothing here searches a text.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from model.mention import Precision
from nlp.date_days import DAY_READERS
from nlp.date_parts import (
    Meaning,
    Reader,
    Setting,
    Token,
    Words,
    classify,
    count_from_narrated,
    day_of,
    last_day,
    month_of,
    reference_basis,
    value_in,
    year_of,
)
from nlp.date_spans import SPAN_READERS
from nlp.date_words import DAYS, MONTHS, WEEKENDS, WEEKS


def find_meaning(kind: str, tokens: Sequence[Token], setting: Setting) -> Meaning | None:
    """Return what an expression of this kind means here; None when it cannot be told."""
    try:
        return _READERS[kind](tokens, classify(tokens), setting)
    except (ValueError, OverflowError):  # 31 February, a year past the calendar's end
        return None


def _shift_months(on: date, months: int) -> tuple[int, int]:
    index = on.year * 12 + on.month - 1 + months
    return index // 12, index % 12 + 1


def _unit_around(on: date, unit: int, count: int, basis: str) -> Meaning:
    """Return the day, week, month, year or weekend that lies `count` units from a day."""
    if unit == DAYS:
        return day_of(on + timedelta(days=count), basis)
    if unit == MONTHS:
        return month_of(*_shift_months(on, count), basis)
    if unit in (WEEKS, WEEKENDS):
        monday = on - timedelta(days=on.weekday() - 7 * count)
        first = monday + timedelta(days=5 if unit == WEEKENDS else 0)
        return Meaning(first, monday + timedelta(days=6), Precision.INTERVAL, basis)
    return year_of(on.year + count, basis)


MONTHS_LONG = 125
"""The most days of a date that months are counted from: a third of a year, not a year."""


def _shifted(base: Meaning, unit: int, count: int) -> Meaning | None:
    """Return what lies `count` units from a date, no finer than that date or the unit."""
    length = (base.to_on - base.from_on).days
    if unit in (DAYS, WEEKS, WEEKENDS):
        return None if length else _unit_around(base.from_on, unit, count, "")
    if unit == MONTHS:
        if length > MONTHS_LONG:
            return None
        first = month_of(*_shift_months(base.from_on, count))
        last = last_day(*_shift_months(base.to_on, count))
        return first if last == first.to_on else Meaning(first.from_on, last, Precision.INTERVAL)
    years = year_of(base.from_on.year + count), year_of(base.to_on.year + count)
    if years[0] == years[1]:
        return years[0]
    return Meaning(years[0].from_on, years[1].to_on, Precision.INTERVAL)


def _read_unit(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "last week", "le mois prochain", "cette année"; "this day" names nothing."""
    unit = words["UNIT"][0].value if "UNIT" in words else WEEKENDS
    if setting.reference is None or unit == DAYS:
        return None
    count = -1 if "LAST" in words else 1 if "NEXT" in words else 0
    if unit == WEEKENDS and not count and setting.reference.weekday() < 3 and not setting.future:
        count = -1  # "ce week-end" on a Monday is the one just over
    return _unit_around(setting.reference, unit, count, reference_basis(setting))


def _counted(sign: int, *, from_narrated: bool) -> Reader:
    def read(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
        count = sign * (value_in(words, "NUM", "DAY") or 1)
        unit = words["UNIT"][0].value
        if from_narrated:
            return count_from_narrated(setting, lambda base: _shifted(base, unit, count))
        if setting.reference is None:
            return None
        return _unit_around(setting.reference, unit, count, reference_basis(setting))

    return read


def _read_around(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "two days before", "the day after"; "since" counts nothing."""
    signs = {"before": -1, "after": 1}
    sign = signs.get(tokens[-1].word)
    if sign is None:
        return None
    return _counted(sign, from_narrated=True)(tokens, words, setting)


_SEVERAL = frozenset("days weeks months years jours semaines ans années".split())
"""Units that "the coming days" leaves open how many of; "mois" is one as well."""


def _is_told_now(tokens: Sequence[Token], unit: int, setting: Setting) -> bool:
    """Say whether words count from the day of writing: "ce mois-ci", "over the coming weeks"."""
    forms = {token.word for token in tokens}
    ahead = "next" in forms and unit != DAYS and setting.future
    return ahead or not forms.isdisjoint(("ci", "coming"))


def _stepped(count: int) -> Reader:
    def read(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
        unit = words["UNIT"][0].value
        if words["UNIT"][0].word in _SEVERAL and count:
            return None
        if _is_told_now(tokens, unit, setting):
            here = setting.reference
            return _unit_around(here, unit, count, reference_basis(setting)) if here else None
        return count_from_narrated(setting, lambda base: _shifted(base, unit, count))

    return read


_READERS: dict[str, Reader] = {
    **DAY_READERS,
    **SPAN_READERS,
    "unit": _read_unit,
    "weekend": _read_unit,
    "ago": _counted(-1, from_narrated=False),
    "in": _counted(1, from_narrated=False),
    "later": _counted(1, from_narrated=True),
    "earlier": _counted(-1, from_narrated=True),
    "around": _read_around,
    "unit_after": _stepped(1),
    "unit_before": _stepped(-1),
    "unit_then": _stepped(0),
}
