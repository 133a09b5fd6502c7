"""What a dated expression means: its first and last day, worked out from its words.

What is not written (the year, the month) follows from the day of publication, from a date named
before, from a weekday; `Meaning.basis` says which. Nothing here searches a text.
"""

from collections.abc import Sequence

from nlp.dates.days import DAY_READERS
from nlp.dates.feasts import read_feast
from nlp.dates.parts import (
    Meaning,
    Reader,
    Setting,
    Token,
    Words,
    classify,
    count_from_narrated,
    reference_basis,
)
from nlp.dates.spans import SPAN_READERS
from nlp.dates.thirds import read_part
from nlp.dates.units import in_years, number_in, shifted, unit_around
from nlp.dates.words import DAYS, DECADES, QUARTERS, WEEKENDS


def find_meaning(kind: str, tokens: Sequence[Token], setting: Setting) -> Meaning | None:
    """Return what an expression of this kind means here; None when it cannot be told."""
    try:
        return _READERS[kind](tokens, classify(tokens), setting)
    except (ValueError, OverflowError):  # 31 February, a year past the calendar's end
        return None


def _read_unit(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "last week", "le mois prochain", "cette année"; "this day" names nothing."""
    unit = words["UNIT"][0].value if "UNIT" in words else WEEKENDS
    unit = QUARTERS if "QUARTER" in words else unit
    if setting.reference is None or unit == DAYS:
        return None
    count = -1 if "LAST" in words else 1 if "NEXT" in words else 0
    weekday = setting.reference.weekday()
    is_over = weekday < (5 if "THIS" not in words else 3) and not setting.future
    if unit == WEEKENDS and not count and is_over:
        count = -1  # "ce week-end" on a Monday is the one just over
    return unit_around(setting.reference, unit, count, reference_basis(setting))


def _counted(sign: int, *, from_narrated: bool) -> Reader:
    def read(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
        count = sign * (number_in(tokens) or 1)
        unit, count = in_years(words["UNIT"][0].value, count)
        if from_narrated:
            return count_from_narrated(setting, lambda base: shifted(base, unit, count))
        if setting.reference is None:
            return None
        return unit_around(setting.reference, unit, count, reference_basis(setting))

    return read


def _read_within(tokens: Sequence[Token], words: Words, setting: Setting) -> Meaning | None:
    """Read "in two weeks" where the words look ahead; else it is a length of time."""
    is_ahead = setting.future and tokens[0].word == "in"
    return _counted(1, from_narrated=False)(tokens, words, setting) if is_ahead else None


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
        if (words["UNIT"][0].word in _SEVERAL or unit == DECADES) and count:
            return None
        if _is_told_now(tokens, unit, setting):
            here = setting.reference
            return unit_around(here, unit, count, reference_basis(setting)) if here else None
        return count_from_narrated(setting, lambda base: shifted(base, unit, count))

    return read


_READERS: dict[str, Reader] = {
    **DAY_READERS,
    **SPAN_READERS,
    "unit": _read_unit,
    "weekend": _read_unit,
    "told_weekend": _read_unit,
    "part": read_part,
    "feast": read_feast,
    "ago": _counted(-1, from_narrated=False),
    "in": _counted(1, from_narrated=False),
    "within": _read_within,
    "later": _counted(1, from_narrated=True),
    "earlier": _counted(-1, from_narrated=True),
    "around": _read_around,
    "unit_after": _stepped(1),
    "unit_before": _stepped(-1),
    "unit_then": _stepped(0),
}
