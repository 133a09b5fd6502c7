"""What an expression that names more than a day means: months, seasons, years, intervals.

Nothing here searches a text.
"""

from collections.abc import Callable, Sequence
from datetime import date

from model.mention import Precision
from nlp.date_days import read_day, told_year, year_counted
from nlp.date_parts import (
    Meaning,
    Reader,
    Setting,
    Token,
    Words,
    classify,
    count_from_narrated,
    last_day,
    month_of,
    named,
    reference_basis,
    value_in,
    year_of,
)


def _read_month(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    month = value_in(words, "MONTH")
    year = value_in(words, "YEAR")
    if month is None:
        return None
    if year is not None:
        return month_of(year, month)
    if {"FOLLOWING", "PREVIOUS"} & set(words):
        return _beside_narrated(words, setting, lambda year: month_of(year, month))
    if (counted := year_counted(words, setting)) is not None:
        return month_of(counted.from_on.year, month, counted.basis)
    if setting.reference is None:
        return None
    told = None if {"LAST", "NEXT", "THIS"} & set(words) else told_year(setting, month)
    if told is not None:
        return month_of(told.from_on.year, month, told.basis)
    year = _month_year(month, words, setting, setting.reference)
    return month_of(year, month, reference_basis(setting))


def _beside_narrated(
    words: Words, setting: Setting, make: Callable[[int], Meaning]
) -> Meaning | None:
    """Read "the following March", "l'été précédent": the first after the last date, or before."""

    def shift(base: Meaning) -> Meaning:
        year = base.from_on.year
        if "PREVIOUS" in words:
            return next(one for one in map(make, range(year, 0, -1)) if one.to_on < base.from_on)
        return next(one for one in map(make, range(year, year + 9)) if one.from_on > base.to_on)

    return count_from_narrated(setting, shift)


def _month_year(month: int, words: Words, setting: Setting, reference: date) -> int:
    """Return the year of a month without one: past, unless the words look ahead."""
    behind = (reference.month - month) % 12
    if "NEXT" in words or (setting.future and behind and "LAST" not in words):
        return reference.year + (month <= reference.month)
    if "LAST" in words and not behind:
        return reference.year - 1
    if (
        behind == 11 and "LAST" not in words and "THIS" not in words
    ):  # next month, hardly last year's
        return reference.year + (month == 1)
    return reference.year - (month > reference.month)


_THIRDS = {"EARLY": (1, 10), "MID": (11, 20), "LATE": (21, 31)}
_YEAR_THIRDS = {"EARLY": (1, 4), "MID": (5, 8), "LATE": (9, 12)}


def _read_part(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "mid-November" (11 to 20), "late 2021" (September to December)."""
    part = next(name for name in _THIRDS if name in words)
    if "MONTH" not in words:
        year = words["YEAR"][0].value
        first, last = _YEAR_THIRDS[part]
        return Meaning(date(year, first, 1), last_day(year, last), Precision.INTERVAL)
    month = _read_month(tokens, words, setting)
    if month is None:
        return None
    first, last = _THIRDS[part]
    to_on = month.from_on.replace(day=min(last, month.to_on.day))
    return Meaning(month.from_on.replace(day=first), to_on, Precision.INTERVAL, month.basis)


def _season(number: int, year: int, basis: str = "") -> Meaning:
    """Return the three months of a season; winter begins in December of `year`."""
    first = 3 * number
    last_year, last_month = (year + 1, 2) if first == 12 else (year, first + 2)
    return Meaning(date(year, first, 1), last_day(last_year, last_month), Precision.SEASON, basis)


def _read_season(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    number = value_in(words, "SEASON", "SEASONISH") or 1
    year = value_in(words, "YEAR")
    if year is not None:
        return _season(number, year)
    if {"FOLLOWING", "PREVIOUS"} & set(words):
        return _beside_narrated(words, setting, lambda year: _season(number, year))
    if setting.reference is None:
        return None
    year = _season_year(number, words, setting, setting.reference)
    return _season(number, year, reference_basis(setting))


def _season_year(number: int, words: Words, setting: Setting, reference: date) -> int:
    """Return the year of a season without one: the running one, else past or as the words look."""
    last = reference.year - (_season(number, reference.year).from_on > reference)
    is_running = _season(number, last).to_on >= reference
    if "NEXT" in words or (setting.future and not is_running):
        return last + 1
    if "LAST" in words:
        return last - is_running
    if "THIS" in words and last < reference.year:  # in April "this summer" is the one to come
        over = (reference - _season(number, last).to_on).days
        return last + (2 * (_season(number, last + 1).from_on - reference).days < over)
    return last


def _read_quarter(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    number = value_in(words, "ORDINAL", "QNUM") or 1
    year = words["YEAR"][0].value
    return Meaning(date(year, 3 * number - 2, 1), last_day(year, 3 * number), Precision.QUARTER)


def _read_year(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    return year_of(words["YEAR"][0].value)


def _read_decade(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "the 1990s", "les années 1990"; "l'année 1990" is a year."""
    if "UNIT" in words and words["UNIT"][0].word != "années":
        return year_of(words["YEAR"][0].value)
    year = value_in(words, "DECADE", "YEAR") or 0
    if year % 10:
        return None
    return Meaning(date(year, 1, 1), date(year + 9, 12, 31), Precision.INTERVAL)


def _read_interval(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read both ends; what the first leaves out is taken from the second, or the reverse."""
    first, second = _two_ends(tokens)
    later = _read_end(second, first, setting)
    if later is None:
        return None
    earlier = _read_end(first, second, setting, later.to_on.year)
    if earlier is not None and earlier.from_on > later.to_on:
        earlier = _read_end(first, second, setting, later.to_on.year - 1)
    if earlier is None or not earlier.from_on < later.to_on:
        return None
    return Meaning(earlier.from_on, later.to_on, Precision.INTERVAL, later.basis)


def _two_ends(tokens: Sequence[Token]) -> tuple[Words, Words]:
    """Split where the rarest of day, month, year comes a second time."""
    units = ("DAY", "MONTH", "YEAR")
    names = [named(token) for token in tokens]
    repeated = next(name for name in units if names.count(name) > 1)
    dated = [token for token, name in zip(tokens, names, strict=True) if name in units]
    leading = named(dated[0])
    last = len(names) - 1 - names[::-1].index(repeated)
    if leading != repeated and names.count(leading) > 1:  # "March 5 to March 7"
        last = len(names) - 1 - names[::-1].index(leading)
    return classify(tokens[:last]), classify(tokens[last:])


def _read_end(
    words: Words, other: Words, setting: Setting, year: int | None = None
) -> Meaning | None:
    """Read one end of an interval; `year` stands in for one it does not write."""
    filled = {name: tokens for name, tokens in words.items() if name != "WEEKDAY"}
    if "YEAR" not in filled and year is not None:
        filled["YEAR"] = (Token(0, 0, "", year, ""),)
    for name in ("MONTH", "YEAR"):
        if name not in filled and name in other:
            filled[name] = other[name]
    if "DAY" in filled:
        return read_day((), filled, setting)
    if "MONTH" in filled:
        return _read_month((), filled, setting)
    return _read_year((), filled, setting)


def _read_heading(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "2015." or "Décembre :" at the head of an entry of a chronology."""
    read = _read_year if "YEAR" in words else _read_month
    return read(tokens, words, setting)


SPAN_READERS: dict[str, Reader] = {
    "month": _read_month,
    "part": _read_part,
    "season": _read_season,
    "quarter": _read_quarter,
    "year": _read_year,
    "decade": _read_decade,
    "interval": _read_interval,
    "heading": _read_heading,
}
