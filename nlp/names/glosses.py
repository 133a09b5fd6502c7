"""Acronyms that a text explains in brackets: Bureau des libertés (BDL), BDL (Bureau des …).

Both must be names that were found, of the same sort, and the letters must fit: a party behind a
person's name explains nothing.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from model.mention import EntityKind
from nlp.models import RawName
from nlp.names.forms import acronym_of, fold_name, initials, is_written_as_acronym

_OPENING = re.compile(r"[\s\xa0]*\([\s\xa0]*(?:l['’]|le |la |les |the |ou |or )?")


def find_glosses(text: str, names: Sequence[RawName]) -> Iterator[tuple[str, str]]:
    """Yield (acronym, long name) as written, for each acronym that the text explains."""
    ordered = sorted(names, key=lambda name: name.start)
    for before, inside in pairwise(ordered):
        if EntityKind.PERSON in (before.kind, inside.kind):
            continue
        if _OPENING.fullmatch(text, before.end, inside.start):
            pair = (text[before.start : before.end], text[inside.start : inside.end])
            yield from _explained(*pair)


def _explained(first: str, second: str) -> Iterator[tuple[str, str]]:
    for short, long_name in ((first, second), (second, first)):
        if is_written_as_acronym(short) and _fits(short, long_name):
            yield short, long_name


def _fits(short: str, long_name: str) -> bool:
    letters = acronym_of(short) or fold_name(short.replace(".", ""))
    if letters in initials(long_name):
        return True
    plain = fold_name(long_name)
    return " " in plain and plain[:1] == letters[:1] and _is_spread(letters, plain)


def _is_spread(letters: str, plain: str) -> bool:
    """Say whether the letters stand in this order at the beginnings of words or inside them."""
    rest = iter(plain)
    return all(letter in rest for letter in letters)
