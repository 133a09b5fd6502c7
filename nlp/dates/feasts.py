"""Feast days that a text names in place of a date, and the day they fall on in a year.

A feast named for itself ("a Christmas tree") is none: it stands where a date could. Nothing here
tells the year.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from nlp.dates.days import days_around, nearest_yearly
from nlp.dates.parts import Expression, Meaning, Setting, Token, Words, day_of, reference_basis
from nlp.dates.words import LETTERS

_Rule = Callable[[int], date]


def easter(year: int) -> date:
    """Return Easter Sunday of a year, by the anonymous Gregorian rule (Meeus, 1991)."""
    century = year // 100
    moon = (19 * (year % 19) + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    moon -= moon // 28 * (1 - 29 // (moon + 1) * (21 - year % 19) // 11)
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    offset = moon - weekday
    month = 3 + (offset + 40) // 44
    return date(year, month, offset + 28 - 31 * (month // 4))


def _fixed(month: int, day: int) -> _Rule:
    return lambda year: date(year, month, day)


def _after_easter(days: int) -> _Rule:
    return lambda year: easter(year) + timedelta(days=days)


def _nth(weekday: int, number: int, month: int) -> _Rule:
    """Return the rule of the nth weekday of a month, 0 for Monday; -1 for the last."""

    def on(year: int) -> date:
        if number < 0:
            last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            return last - timedelta(days=(last.weekday() - weekday) % 7)
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))

    return on


_FRENCH: dict[str, _Rule] = {
    "veille de Noël": _fixed(12, 24),
    "jour de Noël": _fixed(12, 25),
    "Noël": _fixed(12, 25),
    "Toussaint": _fixed(11, 1),
    "Saint-Sylvestre": _fixed(12, 31),
    "jour de l'An": _fixed(1, 1),
    "Nouvel An": _fixed(1, 1),
    "lundi de Pâques": _after_easter(1),
    "Pâques": _after_easter(0),
    "Vendredi saint": _after_easter(-2),
    "lundi de Pentecôte": _after_easter(50),
    "Pentecôte": _after_easter(49),
    "jeudi de l'Ascension": _after_easter(39),
}
_ENGLISH: dict[str, _Rule] = {
    "Christmas Eve": _fixed(12, 24),
    "Christmas Day": _fixed(12, 25),
    "Christmas": _fixed(12, 25),
    "Boxing Day": _fixed(12, 26),
    "New Year's Eve": _fixed(12, 31),
    "New Year's Day": _fixed(1, 1),
    "Good Friday": _after_easter(-2),
    "Easter Sunday": _after_easter(0),
    "Easter Monday": _after_easter(1),
    "Easter": _after_easter(0),
    "Halloween": _fixed(10, 31),
    "Valentine's Day": _fixed(2, 14),
    "Fourth of July": _fixed(7, 4),
    "Independence Day": _fixed(7, 4),
    "Veterans Day": _fixed(11, 11),
    "Memorial Day": _nth(0, -1, 5),
    "Labor Day": _nth(0, 1, 9),
    "Thanksgiving": _nth(3, 4, 11),
}
_BEFORE = {
    "fr": "à|a|pour|avant|après|depuis|jusqu['’]à|dès|la|le|du|au|en|et|ce|cette",
    "en": "at|on|by|before|after|since|until|for|from|of|this|last|next|and|past",
}
_BEHIND = {
    "fr": "dernier|dernière|prochain|prochaine|et|à|a|dans|en|au|aux|pour|sur|avec|par|est|ont|qui",
    "en": "and|or|in|at|on|to|is|was|with|when|but|as|after|before|this|last|next|for|from|with",
}


def _compile(lang: str, feasts: dict[str, _Rule]) -> re.Pattern[str]:
    names = "|".join(name.replace(" ", r"\s").replace("'", "['’]") for name in feasts)
    return re.compile(
        rf"\b(?P<name>{names})\b(?!['’-])"
        rf"(?:\s(?P<year>(?:19|20)\d\d)\b(?!['’-])|\s(?P<behind>dernier|prochain)e?\b)?"
        rf"(?=\s(?:{_BEHIND[lang]})\b|\W*\Z|[^\w\s]|\s+[^\w\s])"
    )


_BESIDE = dict.fromkeys(("last", "past", "dernier"), LETTERS["LAST"])
_BESIDE |= dict.fromkeys(("next", "prochain"), LETTERS["NEXT"])
_FEASTS = {"fr": _FRENCH, "en": _ENGLISH}
_PLACES = {
    lang: re.compile(rf"(?<!\w)(?:{words})\s?\Z", re.IGNORECASE) for lang, words in _BEFORE.items()
}
_PATTERNS = {lang: _compile(lang, feasts) for lang, feasts in _FEASTS.items()}
_RULES: Sequence[_Rule] = [*_FRENCH.values(), *_ENGLISH.values()]
_NUMBERS = {name: number for number, name in enumerate([*_FRENCH, *_ENGLISH])}


def find_feasts(text: str, lang: str) -> Iterator[Expression]:
    """Find feasts that stand where a date could, each with the year written behind it."""
    for match in _PATTERNS[lang].finditer(text):
        before = _PLACES[lang].search(text, max(0, match.start() - 12), match.start())
        if before is None:
            continue
        name = re.sub(r"\s", " ", match["name"]).replace("’", "'")
        tokens = [_token(match, "name", LETTERS["FEAST"], _NUMBERS[name])]
        if match["year"]:
            tokens.append(_token(match, "year", LETTERS["YEAR"], int(match["year"])))
        if match["behind"]:
            tokens.append(_token(match, "behind", _BESIDE[match["behind"]], 0))
        last = tokens[-1].end
        if letter := _BESIDE.get(before[0].strip().lower()):
            tokens.append(Token(before.start(), before.end(), letter, 0, before[0].strip()))
        yield Expression("feast", match.start("name"), last, tuple(tokens))


def _token(match: re.Match[str], group: str, letter: str, value: int) -> Token:
    return Token(match.start(group), match.end(group), letter, value, match[group].lower())


def read_feast(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "Noël 2022", "Labor Day": in its year, else the nearest as the words look."""
    rule = _RULES[words["FEAST"][0].value]
    if "YEAR" in words:
        return day_of(rule(words["YEAR"][0].value))
    here = setting.reference
    if here is None:
        return None
    if "LAST" in words:
        on = max(day for day in days_around(here, rule) if day < here)
    elif "NEXT" in words:
        on = min(day for day in days_around(here, rule) if day > here)
    else:
        on = nearest_yearly(rule, here, future=setting.future) or here
    return day_of(on, reference_basis(setting))
