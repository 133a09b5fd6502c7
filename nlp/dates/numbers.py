"""Dates written in figures alone: 2023-11-21, 21/11/2023.

Nothing here reads words.
"""

import re
from collections.abc import Iterator
from datetime import date

from model.mention import DateMention, Precision
from model.phrases import MONTHS
from nlp.dates.parts import Meaning, is_day

_MONTHS = {month.lower(): number for number, month in enumerate(MONTHS["en"], 1)}

_NUMERIC = re.compile(
    r"(?<![\w/.-])(?:(?P<iso>(?P<y>[12]\d{3})(?P<m1>[-/])(?P<m>\d\d)(?P=m1)(?P<d>\d\d))(?:T[\d:.]+Z?)?"
    r"|(?P<a>\d{1,2})(?P<mark>[/.-])(?P<b>\d{1,2})(?P=mark)(?P<year>[12]\d{3}|(?<=\d\d/\d\d/)\d\d)"
    r")(?![\w/-]|\.\d)"
)
_ENGLISH = re.compile(
    rf"\b({'|'.join(month.capitalize() for month in MONTHS['en'])})\s(\d{{1,2}}),?\s([12]\d{{3}})\b"
)


def find_numeric(text: str, lang: str | None) -> Iterator[DateMention]:
    """Find 2023-11-21, 21/11/2023, 21/11/23; in English a doubtful 11/12/2023 puts the month first.

    In other languages "November 21, 2023" is one too, as the machines of a site write it.
    """
    if (lang or "")[:2] != "en":
        yield from _find_english(text)
    for match in _NUMERIC.finditer(text):
        if match["iso"]:
            year, month, day = int(match["y"]), int(match["m"]), int(match["d"])
        else:
            year, month, day = _read_slashes(match, lang or "")
        end = match.end("iso") if match["iso"] else match.end()
        doubtful = match["mark"] == "/" and (lang or "")[:2] == "en" and max(month, day) <= 12
        basis = "read as month/day/year" if doubtful and month != day else ""
        if is_day(year, month, day):
            on = date(year, month, day)
            meaning = Meaning(on, on, Precision.DAY, basis)
            yield mention_of(text, match.start(), end, meaning, inferred=bool(basis))


def _find_english(text: str) -> Iterator[DateMention]:
    for match in _ENGLISH.finditer(text):
        year, month, day = int(match[3]), _MONTHS[match[1].lower()], int(match[2])
        if is_day(year, month, day):
            on = date(year, month, day)
            meaning = Meaning(on, on, Precision.DAY)
            yield mention_of(text, match.start(), match.end(), meaning, inferred=False)


def _read_slashes(match: re.Match[str], lang: str) -> tuple[int, int, int]:
    """Return year, month and day, the day written first but in English with slashes."""
    year = int(match["year"])
    if year < 100:  # a century ahead of the century's end is the one before
        year += 2000 if year < 70 else 1900
    first, second = int(match["a"]), int(match["b"])
    american = lang[:2] == "en" and match["mark"] == "/" and first <= 12
    if american or second > 12:
        return year, first, second
    return year, second, first


def mention_of(text: str, start: int, end: int, meaning: Meaning, *, inferred: bool) -> DateMention:
    """Return the mention of a date with its meaning, its text cut from `text`."""
    return DateMention(
        start=start,
        end=end,
        text=text[start:end],
        from_on=meaning.from_on,
        to_on=meaning.to_on,
        precision=meaning.precision,
        inferred=inferred,
        basis=meaning.basis,
    )
