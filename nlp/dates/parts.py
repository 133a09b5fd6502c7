"""What dates are made of: words by class, a meaning, what surrounds it in a text.

Nothing here reads a kind of date; `date_days`, `date_spans` and `date_values` do.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from model.mention import Precision
from model.phrases import MONTHS, WEEKDAYS
from nlp.dates.words import NAMES


class Token(NamedTuple):
    """A word that matters: where it stands, its class, its value, itself in lower case."""

    start: int
    end: int
    letter: str
    value: int
    word: str


class Expression(NamedTuple):
    """Words that may name a date, with the kind of date their order says."""

    kind: str
    start: int
    end: int
    tokens: tuple[Token, ...]


class Meaning(NamedTuple):
    """The days an expression means, and what the part that is not written follows from."""

    from_on: date
    to_on: date
    precision: Precision
    basis: str = ""


class Setting(msgspec.Struct):
    """What surrounds an expression while a text is read from its beginning.

    `reference` is the day of publication, known or inferred; `narrated` are the last dates the text
    has named, `ruling` one just named, whose story a later day without a year goes on telling;
    `section` is the year of the heading above, `entry` the head of the last entry of a chronology
    where this is another; `near` is what a relative expression beside the date says; `beside` is
    the date named before it in the same sentence, `joined` that date where this one goes on from
    it, as in "Friday and Saturday"; `here` is the day last named in this paragraph, `month` the
    first of its month; `famous` is the year of a day known by its name alone; `clock` says whether
    an hour stands before the date, `future` whether the words around look ahead.
    """

    reference: date | None
    known: bool
    narrated: list[Meaning] = []
    ruling: Meaning | None = None
    section: Meaning | None = None
    entry: Meaning | None = None
    near: Meaning | None = None
    beside: Meaning | None = None
    joined: Meaning | None = None
    here: Meaning | None = None
    month: date | None = None
    famous: int | None = None
    clock: bool = False
    future: bool = False


Words = Mapping[str, Sequence[Token]]

Reader = Callable[[Sequence[Token], Words, Setting], Meaning | None]
"""Works out what one kind of expression means from its words; None when it cannot be told."""


def classify(tokens: Sequence[Token]) -> Words:
    """Return the tokens by what they name: every form of a month is a MONTH."""
    found: dict[str, list[Token]] = {}
    for token in tokens:
        found.setdefault(named(token), []).append(token)
    return found


_SAME = {"MAYBE": "MONTH", "ABBR": "MONTH", "WDAY": "WEEKDAY", "PAST": "LAST", "WKND": "UNIT"}


def named(token: Token) -> str:
    """Return the class of a token, abbreviations with the word they stand for."""
    name = NAMES[token.letter]
    return _SAME.get(name, name)


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


def day_of(day: date, basis: str = "") -> Meaning:
    """Return one day."""
    return Meaning(day, day, Precision.DAY, basis)


def value_in(words: Words, *names: str) -> int | None:
    """Return the value of the first word of any of these classes."""
    for name in names:
        if name in words:
            return words[name][0].value
    return None


def reference_basis(setting: Setting) -> str:
    """Return the sentence that says what a relative date was counted from."""
    kind = "published on" if setting.known else "the text dates its own day to"
    return f"{kind} {setting.reference}" if setting.reference else ""


def weekday_basis(month: int, day: int, weekday: int, year: int) -> str:
    """Return the fact that tells the year of a day from its weekday, 0 for Monday."""
    return f"{day} {MONTHS['en'][month - 1]} is a {WEEKDAYS['en'][weekday]} in {year}"


def is_day(year: int, month: int, day: int) -> bool:
    """Say whether the calendar has that day."""
    return 1 <= month <= 12 and 1 <= day <= last_day(year, month).day


def keeps_tense(on: date, before: date, setting: Setting) -> bool:
    """Say whether what follows a date is told as past, or as future where the words look ahead."""
    reference = setting.reference
    return reference is None or on <= reference or setting.future or before > reference


def count_from_narrated(
    setting: Setting, shift: Callable[[Meaning], Meaning | None]
) -> Meaning | None:
    """Return what `shift` makes of the last narrated date it fits; never past the publication."""
    for base in reversed(setting.narrated):
        meaning = shift(base)
        if meaning is not None and keeps_tense(meaning.from_on, base.from_on, setting):
            return meaning._replace(basis=f"after {base.from_on} in the text")
    return None
