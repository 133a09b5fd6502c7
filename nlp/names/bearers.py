"""Whose surname it is where another first name stands before it: Susan Rice is no Condoleezza.

It compares first names as they sound and leaves out titles, functions and plain words. It never
decides between two people of the same name.
"""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from enum import Enum, auto
from functools import lru_cache

from model.fold import fold_word
from nlp.names.contexts import has_in_lower_case, is_set_in_capitals, line_around
from nlp.names.first_names import FIRST_NAMES
from nlp.names.forms import sound
from nlp.names.pairs import PLACES
from nlp.names.words import (
    ARTICLES,
    FUNCTIONS,
    NAME_PARTICLES,
    NATIONALITIES,
    NOT_NAMES,
    PARTY_WORDS,
    RANKS,
    TITLES,
)

ALIKE = 0.75
"""Hilary and Hillary, Georges and George: one name, misspelt or in another language."""

LONGEST_CHAIN = 2
SHORTEST_ACRONYM, LONGEST_ACRONYM = 3, 4

_NO_FIRST_NAMES = (
    TITLES | FUNCTIONS | PARTY_WORDS | RANKS | ARTICLES | NATIONALITIES | NOT_NAMES | NAME_PARTICLES
)
_GENERATION = re.compile(r",?[ \xa0](?:Jr|Sr|Junior|Senior|fils)\b")
_OTHER_GENERATION = frozenset("younger elder older fils".split())
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
"""Where an extraction lost a space: SyrieHillary Clinton."""

_BEFORE = re.compile(r"((?:[^\W\d_]\.)+|[^\W\d_][\w’'-]*)(?:[ \xa0\u202f]|[- ](?:[aeAE]l)[- ])#?\Z")
_REACH = 40


class Bearer(Enum):
    """Whose a surname is, by the first name before it."""

    OWN = auto()
    OTHER = auto()
    OPEN = auto()
    """No first name stands before."""


def find_bearer(text: str, start: int, first_names: Iterable[str]) -> Bearer:
    """Return whose the surname at `start` is, theirs who bear one of `first_names` (folded)."""
    found = _BEFORE.search(text, max(0, start - _REACH), start)
    if found is None or _is_acronym(text, found[1], start):
        return Bearer.OPEN
    if found[1].islower():
        return Bearer.OTHER if found[1] in _OTHER_GENERATION else Bearer.OPEN
    written = _CAMEL.split(found[1])[-1]
    word = fold_word(written).strip(" .")
    if any(_is_same(word, own) for own in first_names):
        return Bearer.OWN
    if word in FIRST_NAMES or _has_first_name_before(text, found.start()):
        return Bearer.OTHER
    if word in _NO_FIRST_NAMES or word in PLACES or _is_plain_word(text, written, start):
        return Bearer.OPEN
    return Bearer.OPEN if _stands_in_title(text, found.start(), start) else Bearer.OTHER


def _stands_in_title(text: str, before: int, start: int) -> bool:
    """Say whether an unknown word and a surname have capitals beside them: Herself Team Roche Is.

    Titles run into sentences where an extraction lost their lines.
    """
    earlier = _BEFORE.search(text, max(0, before - _REACH), before)
    later = _LATER.match(text, start)
    return bool((earlier and earlier[1][0].isupper()) or (later and later[1][0].isupper()))


_LATER = re.compile(r"[\w’'-]+[ \xa0\u202f](\w)")
_TITLES = {
    **dict.fromkeys("mr m sir monsieur lord king roi mister".split(), "he"),
    **dict.fromkeys("mrs ms mme mlle madame lady dame miss queen reine".split(), "she"),
}
_TITLE = re.compile(r"([^\W\d_]+)\.?[ \xa0\u202f]\Z")


def find_sex(text: str, start: int) -> str:
    """Return `he` or `she` by the title right before a name, nothing without one."""
    found = _TITLE.search(text, max(0, start - _REACH), start)
    return _TITLES.get(fold_word(found[1]), "") if found else ""


def _has_first_name_before(text: str, start: int) -> bool:
    """Say whether a first name opens a chain of names: Saif Al Islam Kadhafi."""
    for _ in range(LONGEST_CHAIN):
        found = _BEFORE.search(text, max(0, start - _REACH), start)
        if found is None or not found[1][0].isupper():
            return False
        if fold_word(found[1]).strip(" .") in FIRST_NAMES:
            return True
        start = found.start()
    return False


def has_generation_after(text: str, end: int) -> bool:
    """Say whether a full name ends another one: Luc Roche Jr."""
    return _GENERATION.match(text, end) is not None


def _is_acronym(text: str, written: str, start: int) -> bool:
    """Say whether capitals stand before a surname that is in none: CNN Obama."""
    is_short = SHORTEST_ACRONYM <= len(written) <= LONGEST_ACRONYM
    return written.isupper() and is_short and text[start + 1 : start + 2].islower()


def _is_plain_word(text: str, written: str, start: int) -> bool:
    """Say whether the word is capitalised by its place alone: a title, the same word below."""
    in_lower_case = has_in_lower_case(text, written)
    return in_lower_case or is_set_in_capitals(line_around(text, start, start))


@lru_cache(maxsize=4096)
def _is_same(word: str, own: str) -> bool:
    if len(word) == 1 or len(own) == 1:
        return word[0] == own[0]
    return sound(word) == sound(own) or SequenceMatcher(None, word, own).ratio() >= ALIKE
