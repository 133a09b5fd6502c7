"""What an expression that names more than a day means: months, seasons, years, intervals.

Nothing here searches a text.
"""

from collections.abc import Callable, Sequence
from datetime import date

from model.mention import Precision
from nlp.dates.days import read_day, told_year, year_counted
from nlp.dates.parts import (
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
from nlp.dates.units import decade_of, half_of, number_in, quarter_of, unit_around
from nlp.dates.words import MONTHS, QUARTERS, YEARS


def read_month(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "mars 2022", "in May", "le mois de mai suivant"."""
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


def _year_beside(words: Words, setting: Setting) -> Meaning | None:
    """Return the year that "of 2023", "of the year", "de l'an dernier" mean behind a part of it."""
    if "YEAR" in words:
        return year_of(words["YEAR"][0].value)
    units = [token for token in words.get("UNIT", ()) if token.value == YEARS]
    if not units or setting.reference is None:
        return None
    ahead = ("NEXT" in words) - ("LAST" in words and words["LAST"][0].start > units[0].start - 9)
    return year_of(setting.reference.year + ahead, reference_basis(setting))


def _part_of_year(
    make: Callable[[int, int, str], Meaning], number: int, words: Words, setting: Setting
) -> Meaning | None:
    """Return a quarter or half of the year beside, else the last begun, or as the words look."""
    year = _year_beside(words, setting)
    if year is not None:
        return make(year.from_on.year, number, year.basis)
    if setting.reference is None or "UNIT" in words:
        return None
    here, basis = setting.reference, reference_basis(setting)
    last = here.year - (make(here.year, number, "").from_on > here)
    ahead = setting.future and make(last, number, "").to_on < here
    return make(last + ahead, number, basis)


def _read_quarter(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "the third quarter", "T2 2024", "dernier trimestre 2023"."""
    number = value_in(words, "QNUM", "ORDINAL", "DAY")
    if number is None:
        if {"YEAR", "UNIT"} & set(words):
            return _part_of_year(quarter_of, 4, words, setting)
        here = setting.reference
        return unit_around(here, QUARTERS, -1, reference_basis(setting)) if here else None
    return _part_of_year(quarter_of, number, words, setting) if 1 <= number <= 4 else None


def _read_half(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "premier semestre", "the second half of 2023"."""
    number = value_in(words, "ORDINAL", "DAY")
    return _part_of_year(half_of, number, words, setting) if number in (1, 2) else None


def _read_first_months(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "les six premiers mois de l'année", "the first three months of 2024"."""
    count = number_in(tokens)
    first = value_in(words, "ORDINAL") or 1
    if words["UNIT"][0].value != MONTHS or count is None or not 2 <= count <= 11 or first != 1:
        return None
    whole = _year_beside(words, setting)
    if whole is None and len(words["UNIT"]) == 1 and setting.reference is not None:
        here = setting.reference
        last = here.year - (last_day(here.year, count) > here)
        whole = year_of(last, reference_basis(setting))
    if whole is None:
        return None
    last_on = last_day(whole.from_on.year, count)
    return Meaning(whole.from_on, last_on, Precision.INTERVAL, whole.basis)


def _read_year(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    return year_of(words["YEAR"][0].value)


YEARS_AHEAD = 12
"""How far ahead of the text four figures alone are still a year: "2028 British adults" are not."""


def _read_bare_year(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    year, here = words["YEAR"][0].value, setting.reference
    return None if here and year > here.year + YEARS_AHEAD else year_of(year)


def read_decade(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "the 1990s", "les années 1990", "années quatre-vingt"; "l'année 1990" is a year."""
    if "UNIT" in words and words["UNIT"][0].word != "années":
        return year_of(words["YEAR"][0].value) if "YEAR" in words else None
    year = value_in(words, "DECADE", "YEAR")
    if year is None:  # "années 10" may be of this century or the last
        year = 1900 + (number_in(tokens) or 1)
        return decade_of(year) if year % 10 == 0 and year > 1910 else None
    is_century = year % 100 == 0 and year < 1900  # "the 1700s"
    return None if year % 10 or is_century else decade_of(year)


def _read_years(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "1975-90"."""
    first = words["YEAR"][0].value
    last = first - first % 100 + (value_in(words, "NUM", "DAY") or 0)
    return Meaning(date(first, 1, 1), date(last, 12, 31), Precision.INTERVAL)


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
        return read_month((), filled, setting)
    return _read_year((), filled, setting)


def _read_heading(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "2015." or "Décembre :" at the head of an entry of a chronology."""
    read = _read_year if "YEAR" in words else read_month
    return read(tokens, words, setting)


SPAN_READERS: dict[str, Reader] = {
    "month": read_month,
    "season": _read_season,
    "quarter": _read_quarter,
    "year": _read_year,
    "decade": read_decade,
    "half": _read_half,
    "first_months": _read_first_months,
    "years": _read_years,
    "bare_year": _read_bare_year,
    "interval": _read_interval,
    "heading": _read_heading,
}
