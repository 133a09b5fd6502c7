"""The own day of a text whose publication is not known, as far as its dates tell.

Nothing here asks the clock or marks a date: `dates` says that what follows is inferred.
"""

import re
from collections.abc import Sequence
from datetime import date

from model.mention import DateMention, Precision
from nlp.dates.days import weekday_years
from nlp.dates.parts import Expression, Setting, classify, is_day, weekday_basis
from nlp.dates.values import find_meaning

_Yearless = tuple[int, int, int | None]
"""A day without a year: its month, its day, its weekday from 0 for Monday where written."""


def guess_own_day(
    text: str, found: Sequence[Expression], numeric: Sequence[DateMention]
) -> tuple[date | None, str]:
    """Return the text's own day as far as its dates tell, and why: its latest day."""
    written = [mention.from_on for mention in numeric]
    yearless: list[_Yearless] = []
    silent = Setting(reference=None, known=False)
    for one in found:
        meaning = find_meaning(one.kind, one.tokens, silent)
        if meaning is not None and meaning.precision is Precision.DAY:
            written.append(meaning.from_on)
        elif one.kind == "day":
            words = classify(one.tokens)
            weekday = words["WEEKDAY"][0].value if "WEEKDAY" in words else None
            yearless.append((words["MONTH"][0].value, words["DAY"][0].value, weekday))
    if not written:
        return _from_weekday(text, yearless)
    return _latest_day(max(written), yearless)


_YEAR = re.compile(r"(?<![\d.,/-])(?:19|20)\d\d(?![\d.,]*\d)")


def _from_weekday(text: str, yearless: Sequence[_Yearless]) -> tuple[date | None, str]:
    """Return the latest day when a weekday tells its year, with a year the text names beside.

    A weekday alone fits one year in six: without any named year nothing follows.
    """
    named = [int(year[0]) for year in _YEAR.finditer(text)]
    marked = [(month, day, weekday) for month, day, weekday in yearless if weekday is not None]
    if not named or not marked:
        return None, ""
    latest = max(named)
    month, day, weekday = marked[0]
    fitting = [
        year
        for year in weekday_years(month, day, weekday, latest)
        if all(year in weekday_years(*other, latest) for other in marked)
    ]
    if not fitting:
        return None, ""
    year = min(fitting, key=lambda each: (abs(each - latest), each))
    name = weekday_basis(month, day, weekday, year)
    days = [date(year, month, day) for month, day, _ in yearless if is_day(year, month, day)]
    return max(days), f"{name}, the nearest such year to {latest}, which the text names"


def _latest_day(written: date, yearless: Sequence[_Yearless]) -> tuple[date, str]:
    """Return the latest day, its year from weekdays first, else the year that is written."""
    year, basis = written.year, f"the text writes the year of {written}"
    for month, day, weekday in yearless:
        if weekday is None:
            continue
        years = [each for each in weekday_years(month, day, weekday, year) if each >= year]
        if years:
            year = years[0]
            basis = f"{weekday_basis(month, day, weekday, year)}, and the text names {written}"
            break
    days = [date(year, month, day) for month, day, _ in yearless if is_day(year, month, day)]
    return max([written, *days]), basis
