"""What an expression that names one day means.

Nothing here searches a text.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from model.mention import Precision
from nlp.dates.parts import (
    Meaning,
    Reader,
    Setting,
    Token,
    Words,
    count_from_narrated,
    day_of,
    is_day,
    keeps_tense,
    last_day,
    reference_basis,
    value_in,
    weekday_basis,
    year_of,
)
from nlp.dates.words import YEARS

FAR_DAYS = 300
"""A day without a year so long past is rather one soon to come."""
NEAR_DAYS = 65


def read_day(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read a day and a month, with or without weekday and year."""
    day = value_in(words, "DAY")
    month = value_in(words, "MONTH")
    if day is None or month is None:
        return None
    year = value_in(words, "YEAR")
    if year is not None:
        return day_of(date(year, month, day))
    if (counted := year_counted(words, setting)) is not None:
        return day_of(date(counted.from_on.year, month, day), counted.basis)
    if {"LAST", "NEXT"} & set(words):
        return _day_beside_now(month, day, words, setting)
    return _yearless_day(month, day, value_in(words, "WEEKDAY"), setting)


def _day_beside_now(month: int, day: int, words: Words, setting: Setting) -> Meaning | None:
    """Read "le 9 avril dernier", "le 9 avril prochain"."""
    here = setting.reference
    if here is None:
        return None
    days = days_around(here, _yearly(month, day))
    if "LAST" in words:
        on = max((each for each in days if each < here), default=None)
    else:
        on = min((each for each in days if each > here), default=None)
    return day_of(on, reference_basis(setting)) if on else None


def year_counted(words: Words, setting: Setting) -> Meaning | None:
    """Return the year that "of that same year" or "last year" behind a date means."""
    if value_in(words, "UNIT") != YEARS:
        return None
    if "LAST" not in words and not _is_this_year(words):
        return count_from_narrated(setting, lambda base: base)
    if setting.reference is None:
        return None
    return year_of(setting.reference.year - ("LAST" in words), reference_basis(setting))


def _is_this_year(words: Words) -> bool:
    """Say whether the year is the writer's: "of this year", "de cette année", never "-là"."""
    return "THIS" in words and all(token.word == "ci" for token in words.get("LA", ()))


def _yearless_day(month: int, day: int, weekday: int | None, setting: Setting) -> Meaning | None:
    if setting.reference is None:
        return None
    if setting.famous is not None:
        return day_of(date(setting.famous, month, day), "a day known by its name")
    here = setting.reference.year
    matching = () if weekday is None else weekday_years(month, day, weekday, here)
    if weekday is not None and matching:
        year = min(matching, key=lambda year: abs(year - here))
        why = f"{weekday_basis(month, day, weekday, year)}; {reference_basis(setting)}"
        return day_of(date(year, month, day), why)
    if weekday is None and (told := told_year(setting, month, day)):
        return told
    on = _nearest_year(month, day, setting.reference, future=setting.future)
    return day_of(on, reference_basis(setting)) if on else None


def told_year(setting: Setting, month: int, day: int = 0) -> Meaning | None:
    """Return the day in the year that what is told around it says, in order and not to come.

    Without `day` the whole month must fit, and its first day is returned.
    """
    if setting.near is not None and (told := _day_within(setting.near, month, day)):
        return told
    if setting.entry is not None and (told := _told_after(setting.entry, month, day, setting, 1)):
        return told
    for ruling in (setting.ruling, setting.section):
        if ruling is not None and (told := _told_after(ruling, month, day, setting)):
            return told
    return None


def _day_within(span: Meaning, month: int, day: int) -> Meaning | None:
    for year in range(span.from_on.year, span.to_on.year + 1):
        last = last_day(year, month).day
        if not day <= last:
            continue
        first, final = date(year, month, day or 1), date(year, month, day or last)
        if first <= span.to_on and final >= span.from_on:
            return day_of(first, span.basis)
    return None


def _told_after(
    ruling: Meaning, month: int, day: int, setting: Setting, years: int = 0
) -> Meaning | None:
    """Return the first such day from a date on, at most `years` turns of the year later."""
    for year in range(ruling.from_on.year, ruling.to_on.year + years + 1):
        last = last_day(year, month).day
        if day > last or date(year, month, day or last) < ruling.from_on:
            continue
        on = date(year, month, day or 1)
        if setting.future and ruling.basis and setting.reference and on < setting.reference:
            return None
        told = keeps_tense(on, ruling.from_on, setting)
        return day_of(on, f"after {ruling.from_on} in the text") if told else None
    return None


def weekday_years(month: int, day: int, weekday: int, near: int) -> tuple[int, ...]:
    """Return the years around `near` in which that day falls on that weekday."""
    years = []
    for year in range(near - 6, near + 7):
        if is_day(year, month, day) and date(year, month, day).weekday() == weekday:
            years.append(year)
    return tuple(years)


def days_around(here: date, make: Callable[[int], date | None]) -> list[date]:
    """Return a yearly day in the years around; 29 February comes every four."""
    days = map(make, range(here.year - 4, here.year + 5))
    return [day for day in days if day is not None]


def _nearest_year(month: int, day: int, reference: date, *, future: bool) -> date | None:
    """Return the last such day before the reference, or the next when the words look ahead."""
    return nearest_yearly(_yearly(month, day), reference, future=future)


def _yearly(month: int, day: int) -> Callable[[int], date | None]:
    return lambda year: date(year, month, day) if is_day(year, month, day) else None


def nearest_yearly(
    make: Callable[[int], date | None], reference: date, *, future: bool
) -> date | None:
    """Return the last time a yearly day came, or the next when it is near or the words look so."""
    days = days_around(reference, make)
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
    on = _weekday_on(words["WEEKDAY"][0].value, words, setting, setting.reference)
    return day_of(on, reference_basis(setting))


def _weekday_on(weekday: int, words: Words, setting: Setting, reference: date) -> date:
    """Return the day a weekday means: past, unless the words look ahead or it goes on from one."""
    behind = (reference.weekday() - weekday) % 7
    if "LAST" in words:
        return reference - timedelta(days=behind or 7)
    if "NEXT" in words or (setting.future and behind):
        return reference + timedelta(days=7 - behind)
    if setting.clock and behind == 6:  # "at 12:45 a.m. Tuesday", by a wire's Monday night
        return reference + timedelta(days=1)
    if "THIS" in words and behind > 3:  # "ce vendredi" on a Wednesday
        return reference + timedelta(days=7 - behind)
    joined = setting.joined
    if joined is not None and joined.precision is Precision.DAY:
        on = joined.from_on + timedelta(days=(weekday - joined.from_on.weekday()) % 7)
        if on <= reference or joined.from_on >= reference:
            return on
    return reference - timedelta(days=behind)


def _read_weekdays(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "from Monday to Wednesday", "entre mardi et jeudi"."""
    first, last = (token.value for token in words["WEEKDAY"])
    length = timedelta(days=(last - first) % 7)
    reference = setting.reference
    if reference is None or not length:
        return None
    basis = reference_basis(setting)
    if setting.future:
        start = _weekday_on(first, words, setting, reference)
        return Meaning(start, start + length, Precision.INTERVAL, basis)
    stop = _weekday_on(last, words, setting, reference)
    return Meaning(stop - length, stop, Precision.INTERVAL, basis)


def _read_week_of(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "la semaine du 14 novembre", "the week of March 5"."""
    day = read_day(tokens, {key: words[key] for key in words if key != "UNIT"}, setting)
    if day is None:
        return None
    monday = day.from_on - timedelta(days=day.from_on.weekday())
    return Meaning(monday, monday + timedelta(days=6), Precision.INTERVAL, day.basis)


def _read_weekday_day(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "mardi 21": the nearest 21st of a month that is a Tuesday."""
    if setting.reference is None:
        return None
    weekday, number = words["WEEKDAY"][0].value, words["DAY"][0].value
    for distance in range(45):
        for on in {
            setting.reference - timedelta(distance),
            setting.reference + timedelta(distance),
        }:
            if on.day == number and on.weekday() == weekday:
                return day_of(on, reference_basis(setting))
    return None


def _read_deictic(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    return _days_from_reference(words["DEICTIC"][0].value, setting)


def _days_from_reference(days: int, setting: Setting) -> Meaning | None:
    if setting.reference is None:
        return None
    return day_of(setting.reference + timedelta(days=days), reference_basis(setting))


def _read_before_yesterday(
    tokens: Sequence[Token], words: Words, setting: Setting
) -> Meaning | None:
    """Read "avant-hier", "the day before yesterday" and "après-demain"."""
    away = words["DEICTIC"][0].value
    return _days_from_reference(2 * away, setting) if away else None


def _days_from_narrated(days: int, setting: Setting) -> Meaning | None:
    def shift(base: Meaning) -> Meaning | None:
        is_one = base.precision is Precision.DAY
        return day_of(base.from_on + timedelta(days=days)) if is_one else None

    return count_from_narrated(setting, shift)


def _read_told_weekday(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "le mercredi" and "le lundi suivant", which a story counts from its last day.

    With an article alone it may be every Wednesday: without a day named just before it is none.
    """
    weekday = words["WEEKDAY"][0].value
    if "FOLLOWING" not in words and "PREVIOUS" not in words:
        here = setting.here
        if here is None or setting.reference is None:
            return None
        on = here.from_on + timedelta(days=(weekday - here.from_on.weekday()) % 7)
        return day_of(on, f"after {here.from_on} in the text") if on <= setting.reference else None
    sign = 1 if "FOLLOWING" in words else -1

    def shift(base: Meaning) -> Meaning | None:
        if base.precision is not Precision.DAY:
            return None
        away = sign * (weekday - base.from_on.weekday()) % 7 or 7
        return day_of(base.from_on + timedelta(days=sign * away))

    return count_from_narrated(setting, shift)


def _read_relative(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    return _days_from_narrated(words["REL"][0].value, setting)


def _read_day_alone(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "Le 15," where the paragraph has just named the month."""
    if setting.month is None:
        return None
    on = setting.month.replace(day=words["DAY"][0].value)
    return day_of(on, f"after {setting.month:%Y-%m} in the text")


def _read_hours(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "vingt-quatre heures plus tard"; less than a day names no day."""
    hours = sum(token.value for token in words.get("DAY", ()))
    hours += sum(token.value for token in words.get("NUM", ()))
    return None if hours % 24 else _days_from_narrated(hours // 24, setting)


DAY_READERS: dict[str, Reader] = {
    "day": read_day,
    "weekday": _read_weekday,
    "told_weekday": _read_told_weekday,
    "weekday_day": _read_weekday_day,
    "deictic": _read_deictic,
    "today": lambda tokens, words, setting: _days_from_reference(0, setting),
    "night": lambda tokens, words, setting: _days_from_reference(-1, setting),
    "before_yesterday": _read_before_yesterday,
    "relative": _read_relative,
    "day_alone": _read_day_alone,
    "hours": _read_hours,
    "weekdays": _read_weekdays,
    "week_of": _read_week_of,
    "then_day": lambda tokens, words, setting: _days_from_narrated(0, setting),
    "then_next": lambda tokens, words, setting: _days_from_narrated(1, setting),
}
