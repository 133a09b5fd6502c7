"""What "early", "mid" and "late" mean: a third of a week, month, season, year or decade.

Nothing here searches a text.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from model.mention import Precision
from nlp.dates.parts import (
    Meaning,
    Setting,
    Token,
    Words,
    count_from_narrated,
    last_day,
    reference_basis,
    year_of,
)
from nlp.dates.spans import read_decade, read_month
from nlp.dates.units import shifted, unit_around
from nlp.dates.words import DAYS, MONTHS, WEEKS, YEARS

PARTS = ("EARLY", "MID", "LATE")
_WEEK = ((0, 1), (2, 3), (4, 6))
_MONTH = ((1, 10), (11, 20), (21, 31))
_DECADE = ((0, 3), (4, 6), (7, 9))


def read_part(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "mid-November" (11 to 20), "late 2021" (September to December)."""
    whole = _read_whole(tokens, words, setting)
    third = next(index for index, name in enumerate(PARTS) if name in words)
    return None if whole is None else _cut(whole, third)


def _read_whole(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read what the part is of, without the word that says which part."""
    rest = [token for token in tokens if not {token.letter} & _letters_of_parts(words)]
    if "MONTH" in words:
        return read_month(rest, words, setting)
    if "DECADE" in words or _is_decade(words):
        return read_decade(rest, words, setting)
    if "YEAR" in words:
        return year_of(words["YEAR"][0].value)
    return _read_unit(words, setting)


def _letters_of_parts(words: Words) -> set[str]:
    return {token.letter for name in PARTS for token in words.get(name, ())}


def _is_decade(words: Words) -> bool:
    return "UNIT" in words and words["UNIT"][0].word == "années"


def _read_unit(words: Words, setting: Setting) -> Meaning | None:
    """Read "of the year", "of last month", "de semaine": the writer's, or that of a date beside."""
    unit = words["UNIT"][0].value
    told = {"LAST", "NEXT", "THIS"} & set(words)
    if unit == DAYS or not (told or {"THE", "DU"} & set(words) or unit == WEEKS):
        return None
    if "LA" in words and "ci" not in {token.word for token in words["LA"]}:
        return count_from_narrated(setting, lambda base: shifted(base, unit, 0))
    if beside := {"FOLLOWING", "PREVIOUS"} & set(words):
        count = 1 if "FOLLOWING" in beside else -1
        return count_from_narrated(setting, lambda base: shifted(base, unit, count))
    near = setting.beside
    if not told and near is not None and unit in (MONTHS, YEARS) and _is_fine(near):
        return unit_around(near.from_on, unit, 0, near.basis or f"beside {near.from_on}")
    if setting.reference is None:
        return None
    count = -1 if "LAST" in words else 1 if "NEXT" in words else 0
    return unit_around(setting.reference, unit, count, reference_basis(setting))


def _is_fine(near: Meaning) -> bool:
    return near.precision in (Precision.DAY, Precision.MONTH)


def _cut(whole: Meaning, third: int) -> Meaning | None:
    """Return the first, second or last third of a time."""
    first, length = whole.from_on, (whole.to_on - whole.from_on).days + 1
    if length == 7:
        ends = [first + timedelta(days=days) for days in _WEEK[third]]
    elif 28 <= length <= 31:
        days = [min(day, whole.to_on.day) for day in _MONTH[third]]
        ends = [first.replace(day=day) for day in days]
    elif length > 3000:
        years = [first.year + years for years in _DECADE[third]]
        ends = [date(years[0], 1, 1), date(years[1], 12, 31)]
    elif length > 80:
        ends = _months_of(whole, third)
    else:
        return None
    return Meaning(ends[0], ends[1], Precision.INTERVAL, whole.basis)


def _months_of(whole: Meaning, third: int) -> list[date]:
    """Return a third of a season, quarter or year, in whole months."""
    first = whole.from_on.year * 12 + whole.from_on.month - 1
    count = whole.to_on.year * 12 + whole.to_on.month - first
    start, stop = first + third * count // 3, first + (third + 1) * count // 3 - 1
    return [date(start // 12, start % 12 + 1, 1), last_day(stop // 12, stop % 12 + 1)]
