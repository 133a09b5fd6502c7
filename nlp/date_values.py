"""What a dated expression means: its first and last day, worked out from its words.

What is not written (the year, the month) follows from the day of publication, from a date named
before, from a weekday; `Meaning.basis` says which. Nothing here searches a text.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from model.mention import Precision
from nlp.date_words import DAYS, MONTHS, NAMES, WEEKENDS, WEEKS

MONTH_NAMES = (
    "January February March April May June July August September October November December".split()
)
WEEKDAY_NAMES = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()

FAR_DAYS = 300
"""A day without a year so long past is rather one soon to come."""
NEAR_DAYS = 65


class Token(NamedTuple):
    """A word that matters: where it stands, its class, its value, itself in lower case."""

    start: int
    end: int
    letter: str
    value: int
    word: str


class Meaning(NamedTuple):
    """The days an expression means, and what the part that is not written follows from."""

    from_on: date
    to_on: date
    precision: Precision
    basis: str = ""


class Setting(msgspec.Struct):
    """What surrounds an expression while a text is read from its beginning.

    `reference` is the day of publication, known or inferred; `named` is the last day the text has
    named, `ruling` a date just written with its year, whose story a later day without one goes on
    telling; `future` says whether the words around look ahead.
    """

    reference: date | None
    known: bool
    named: Meaning | None = None
    ruling: Meaning | None = None
    future: bool = False


Words = Mapping[str, Sequence[Token]]


def classify(tokens: Sequence[Token]) -> Words:
    """Return the tokens by what they name: every form of a month is a MONTH."""
    found: dict[str, list[Token]] = {}
    for token in tokens:
        found.setdefault(named(token), []).append(token)
    return found


_SAME = {"MAYBE": "MONTH", "ABBR": "MONTH", "WDAY": "WEEKDAY"}


def named(token: Token) -> str:
    """Return the class of a token, abbreviations with the word they stand for."""
    name = NAMES[token.letter]
    return _SAME.get(name, name)


def find_meaning(kind: str, tokens: Sequence[Token], setting: Setting) -> Meaning | None:
    """Return what an expression of this kind means here; None when it cannot be told."""
    try:
        return _READERS[kind](tokens, classify(tokens), setting)
    except (ValueError, OverflowError):  # 31 February, a year past the calendar's end
        return None


def last_day(year: int, month: int) -> date:
    """Return the last day of a month."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)


def month_of(year: int, month: int, basis: str = "") -> Meaning:
    """Return a whole month."""
    return Meaning(date(year, month, 1), last_day(year, month), Precision.MONTH, basis)


def year_of(year: int, basis: str = "") -> Meaning:
    """Return a whole year."""
    return Meaning(date(year, 1, 1), date(year, 12, 31), Precision.YEAR, basis)


def _day(day: date, basis: str = "") -> Meaning:
    return Meaning(day, day, Precision.DAY, basis)


def _value(words: Words, *names: str) -> int | None:
    for name in names:
        if name in words:
            return words[name][0].value
    return None


def _reference_basis(setting: Setting) -> str:
    kind = "published on" if setting.known else "the text dates its own day to"
    return f"{kind} {setting.reference}" if setting.reference else ""


# Days


def _read_day(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    day = _value(words, "DAY")
    month = _value(words, "MONTH")
    if day is None or month is None:
        return None
    year = _value(words, "YEAR")
    if year is not None:
        return _day(date(year, month, day))
    return _yearless_day(month, day, _value(words, "WEEKDAY"), setting)


def _yearless_day(month: int, day: int, weekday: int | None, setting: Setting) -> Meaning | None:
    if setting.reference is None:
        return None
    here = setting.reference.year
    matching = weekday_years(month, day, weekday, here)
    if weekday is not None and matching:
        year = min(matching, key=lambda year: abs(year - here))
        name = f"{day} {MONTH_NAMES[month - 1]} is a {WEEKDAY_NAMES[weekday]} in {year}"
        return _day(date(year, month, day), f"{name}; {_reference_basis(setting)}")
    if weekday is None and (told := _told_after(setting.ruling, month, day)):
        return told
    on = _nearest_year(month, day, setting.reference, future=setting.future)
    return _day(on, _reference_basis(setting)) if on else None


def _told_after(ruling: Meaning | None, month: int, day: int = 31) -> Meaning | None:
    """Return the day in the year just written, when it comes after what was dated there."""
    if ruling is None or (month, day) < (ruling.from_on.month, ruling.from_on.day):
        return None
    year = ruling.from_on.year
    return _day(date(year, month, min(day, last_day(year, month).day)), f"after {ruling.from_on} in the text")


def weekday_years(month: int, day: int, weekday: int | None, near: int) -> tuple[int, ...]:
    """Return the years around `near` in which that day falls on that weekday."""
    years = []
    for year in range(near - 6, near + 7):
        if is_day(year, month, day) and date(year, month, day).weekday() == weekday:
            years.append(year)
    return tuple(years)


def is_day(year: int, month: int, day: int) -> bool:
    """Say whether the calendar has that day."""
    return 1 <= month <= 12 and 1 <= day <= last_day(year, month).day


def _nearest_year(month: int, day: int, reference: date, *, future: bool) -> date | None:
    """Return the last such day before the reference, or the next when the words look ahead."""
    years = range(reference.year - 4, reference.year + 5)  # 29 February comes every four years
    days = [date(year, month, day) for year in years if is_day(year, month, day)]
    past = max((on for on in days if on <= reference), default=None)
    coming = min((on for on in days if on > reference), default=None)
    if past is None or coming is None:
        return past or coming
    soon = (coming - reference).days <= NEAR_DAYS and (reference - past).days > FAR_DAYS
    looks_ahead = future and past != reference and (coming - reference).days <= FAR_DAYS
    return coming if soon or looks_ahead else past


def _read_weekday(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    if setting.reference is None:
        return None
    weekday = words["WEEKDAY"][0].value
    behind = (setting.reference.weekday() - weekday) % 7
    if "LAST" in words:
        days = -(behind or 7)
    elif "NEXT" in words or (setting.future and behind):
        days = 7 - behind
    else:
        days = -behind
    return _day(setting.reference + timedelta(days=days), _reference_basis(setting))


def _read_weekday_day(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "mardi 21": the nearest 21st of a month that is a Tuesday."""
    if setting.reference is None:
        return None
    weekday, number = words["WEEKDAY"][0].value, words["DAY"][0].value
    for distance in range(45):
        for on in {setting.reference - timedelta(distance), setting.reference + timedelta(distance)}:
            if on.day == number and on.weekday() == weekday:
                return _day(on, _reference_basis(setting))
    return None


def _read_deictic(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    return _days_from_reference(words["DEICTIC"][0].value, setting)


def _days_from_reference(days: int, setting: Setting) -> Meaning | None:
    if setting.reference is None:
        return None
    return _day(setting.reference + timedelta(days=days), _reference_basis(setting))


def _read_before_yesterday(
    tokens: Sequence[Token], words: Words, setting: Setting
) -> Meaning | None:
    """Read "avant-hier", "the day before yesterday" and "après-demain"."""
    away = words["DEICTIC"][0].value
    return _days_from_reference(2 * away, setting) if away else None


def _named_or_reference(setting: Setting) -> tuple[date, date, str] | None:
    if setting.named is not None:
        return setting.named.from_on, setting.named.to_on, f"after {setting.named.from_on} in the text"
    if setting.reference is not None:
        return setting.reference, setting.reference, _reference_basis(setting)
    return None


def _days_from_named(days: int, setting: Setting) -> Meaning | None:
    base = _named_or_reference(setting)
    return _day(base[0] + timedelta(days=days), base[2]) if base else None


def _read_relative(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    return _days_from_named(words["REL"][0].value, setting)


# Spans of time


def _read_month(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    month = _value(words, "MONTH")
    year = _value(words, "YEAR")
    if month is None:
        return None
    if year is not None:
        return month_of(year, month)
    if setting.reference is None:
        return None
    told = None if {"LAST", "NEXT", "THIS"} & set(words) else _told_after(setting.ruling, month)
    if told is not None:
        return month_of(told.from_on.year, month, told.basis)
    year = _month_year(month, words, setting, setting.reference)
    return month_of(year, month, _reference_basis(setting))


def _month_year(month: int, words: Words, setting: Setting, reference: date) -> int:
    """Return the year of a month without one: past, unless the words look ahead."""
    behind = (reference.month - month) % 12
    if "NEXT" in words or (setting.future and behind and "LAST" not in words):
        return reference.year + (month <= reference.month)
    if "LAST" in words and not behind:
        return reference.year - 1
    if behind == 11 and "LAST" not in words and "THIS" not in words:  # next month, hardly last year's
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
    return Meaning(
        date(year, first, 1), last_day(last_year, last_month), Precision.SEASON, basis
    )


def _read_season(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    number = _value(words, "SEASON", "SEASONISH") or 1
    year = _value(words, "YEAR")
    if year is not None:
        return _season(number, year)
    if setting.reference is None:
        return None
    year = setting.reference.year
    if "NEXT" in words or setting.future:
        year += _season(number, year).from_on <= setting.reference
    elif "LAST" in words:
        year -= _season(number, year).to_on >= setting.reference
    else:
        year -= _season(number, year).from_on > setting.reference
    return _season(number, year, _reference_basis(setting))


def _read_quarter(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    number = _value(words, "ORDINAL", "QNUM") or 1
    year = words["YEAR"][0].value
    return Meaning(
        date(year, 3 * number - 2, 1), last_day(year, 3 * number), Precision.QUARTER
    )


def _read_year(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    return year_of(words["YEAR"][0].value)


def _read_decade(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "the 1990s", "les années 1990"; "l'année 1990" is a year."""
    if "UNIT" in words and words["UNIT"][0].word != "années":
        return year_of(words["YEAR"][0].value)
    year = _value(words, "DECADE", "YEAR") or 0
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
        return _read_day((), filled, setting)
    if "MONTH" in filled:
        return _read_month((), filled, setting)
    return _read_year((), filled, setting)


# Counted time


def _shift_months(on: date, months: int) -> tuple[int, int]:
    index = on.year * 12 + on.month - 1 + months
    return index // 12, index % 12 + 1


def _unit_around(on: date, unit: int, count: int, basis: str) -> Meaning:
    """Return the day, week, month, year or weekend that lies `count` units from a day."""
    if unit == DAYS:
        return _day(on + timedelta(days=count), basis)
    if unit == MONTHS:
        return month_of(*_shift_months(on, count), basis)
    if unit in (WEEKS, WEEKENDS):
        monday = on - timedelta(days=on.weekday() - 7 * count)
        first = monday + timedelta(days=5 if unit == WEEKENDS else 0)
        return Meaning(first, monday + timedelta(days=6), Precision.INTERVAL, basis)
    return year_of(on.year + count, basis)


def _read_unit(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "last week", "le mois prochain", "cette année"; "this day" names nothing."""
    unit = words["UNIT"][0].value if "UNIT" in words else WEEKENDS
    if setting.reference is None or unit == DAYS:
        return None
    count = -1 if "LAST" in words else 1 if "NEXT" in words else 0
    if unit == WEEKENDS and not count and setting.reference.weekday() < 3 and not setting.future:
        count = -1  # "ce week-end" on a Monday is the one just over
    return _unit_around(setting.reference, unit, count, _reference_basis(setting))


def _counted(sign: int, *, from_named: bool) -> Callable[..., Meaning | None]:
    def read(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
        count = sign * (_value(words, "NUM", "DAY") or 1)
        unit = words["UNIT"][0].value
        if from_named:
            base = _named_or_reference(setting)
            return _unit_around(base[0], unit, count, base[2]) if base else None
        if setting.reference is None:
            return None
        return _unit_around(setting.reference, unit, count, _reference_basis(setting))

    return read


def _read_around(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "two days before", "the day after"; "since" counts nothing."""
    signs = {"before": -1, "after": 1}
    sign = signs.get(tokens[-1].word)
    if sign is None:
        return None
    return _counted(sign, from_named=True)(tokens, words, setting)


def _stepped(count: int) -> Callable[..., Meaning | None]:
    def read(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
        base = _named_or_reference(setting)
        if base is None or (count == 0 and setting.named is None):
            return None
        return _unit_around(base[0], words["UNIT"][0].value, count, base[2])

    return read


_READERS: dict[str, Callable[[Sequence[Token], Words, Setting], Meaning | None]] = {
    "day": _read_day,
    "weekday": _read_weekday,
    "weekday_day": _read_weekday_day,
    "deictic": _read_deictic,
    "today": lambda tokens, words, setting: _days_from_reference(0, setting),
    "night": lambda tokens, words, setting: _days_from_reference(-1, setting),
    "before_yesterday": _read_before_yesterday,
    "relative": _read_relative,
    "month": _read_month,
    "part": _read_part,
    "season": _read_season,
    "quarter": _read_quarter,
    "year": _read_year,
    "decade": _read_decade,
    "interval": _read_interval,
    "unit": _read_unit,
    "weekend": _read_unit,
    "ago": _counted(-1, from_named=False),
    "in": _counted(1, from_named=False),
    "later": _counted(1, from_named=True),
    "earlier": _counted(-1, from_named=True),
    "around": _read_around,
    "unit_after": _stepped(1),
    "unit_before": _stepped(-1),
    "unit_then": _stepped(0),
}

NAME_BEFORE = re.compile(
    r"(?:jeux|jo|olympi\w+|paralympi\w+|games|olympics|cup|coupe|mondial\w*|euro|loi|law|act|horizon|agenda"
    r"|tour|tokyo|rio|londres|london|paris)(?:[\s'’]+\w+){0,2}[\s'’]+\Z",
    re.IGNORECASE,
)
"""What stands before a year that belongs to a name ("Jeux de Paris 2024", "JO de 2024")."""
