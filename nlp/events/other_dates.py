"""Which events may be one although their sources date them differently.

Nothing here decides which date is right, and no event is joined with another.
"""

from collections.abc import Sequence
from datetime import date

from nlp.events.centre import Centre, stems_of
from nlp.events.clarity import alike

ALIKE = 0.5
"""So like each other are the sentences of two events that may be one."""

LEAST_SHARED = 4
"""So many words and names they share at least: short sentences are alike by chance."""

_DATING = frozenset(str(number) for number in range(1, 32))


def may_be_one(
    texts: tuple[str, str],
    entities: tuple[Sequence[str], Sequence[str]],
    articles: tuple[frozenset[int], frozenset[int]],
    centre: Centre,
) -> bool:
    """Say whether two events of different dates may be one, told with another date.

    They share a name and most of what they say. An article that tells both tells them apart.
    """
    if articles[0] & articles[1] or not set(entities[0]) & set(entities[1]):
        return False
    one, other = (_said(text, named) for text, named in zip(texts, entities, strict=True))
    return len(one & other) >= LEAST_SHARED and alike(one, other, centre) >= ALIKE


def _said(text: str, entities: Sequence[str]) -> frozenset[str]:
    """Return what a sentence says beside its date."""
    words = {stem for stem in stems_of(text) if stem not in _DATING and not _is_year(stem)}
    return frozenset(words | {f"={name}" for name in entities})


def _is_year(stem: str) -> bool:
    return len(stem) == 4 and stem.isdigit() and stem[:2] in ("19", "20")


def conflict(one: tuple[date, date], other: tuple[date, date]) -> bool:
    """Say whether an event cannot have happened on both: a month does not conflict with its day."""
    return one[1] < other[0] or other[1] < one[0]
