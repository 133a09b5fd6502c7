"""Names that a model saw once and overlooked elsewhere in the same text, and plain countries.

A name is added only as the text writes it, whole, with its capitals, and never inside a longer
name. It knows no name by itself but countries and large cities.
"""

import re
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from model.mention import Entity, EntityKind
from nlp.models import RawName
from nlp.names.bearers import Bearer, find_bearer
from nlp.names.contexts import lower_case_words
from nlp.names.forms import fold_name, initials
from nlp.names.pairs import PLACES
from nlp.names.watch_list import WatchList
from nlp.names.words import GIVEN_NAMES, PLACES_AND_PEOPLE

MOST_SOUGHT = 2_000
MIN_LETTERS = 4
"""A shorter word that a model took for a name once is not looked for elsewhere."""

_BRACKETED = re.compile(r"\s?\(([A-Z][A-Za-z]{1,7})[),]")
_GLUED = frozenset("_@-/")
_AFTER = re.compile(r"[ \xa0](\w+)")


def add_overlooked(
    text: str, names: Sequence[RawName], taken: Iterable[tuple[int, int]] = ()
) -> tuple[RawName, ...]:
    """Return `names` with those of the same text that were overlooked; `taken` spans stay free."""
    spans = _Spans([*taken, *((one.start, one.end) for one in names)])
    added = [*_bracketed(text, names)]
    added = [one for one in added if spans.take(one.start, one.end)]
    sought = _sought(text, (*names, *added))
    added += [one for one in _found_again(text, sought) if spans.take(one.start, one.end)]
    added += [one for one in _plain_places(text) if spans.take(one.start, one.end)]
    return tuple(sorted((*names, *added), key=lambda one: one.start))


class _Spans:
    """Spans that do not overlap, in order."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = sorted(spans)

    def take(self, start: int, end: int) -> bool:
        """Hold a span and return true, unless it touches one that is held."""
        place = bisect_left(self._spans, (start, end))
        before, behind = self._spans[max(0, place - 1) : place], self._spans[place : place + 1]
        if (before and before[0][1] > start) or (behind and behind[0][0] < end):
            return False
        insort(self._spans, (start, end))
        return True


def _bracketed(text: str, names: Iterable[RawName]) -> Iterator[RawName]:
    """Yield the acronyms in brackets behind their long names."""
    for name in names:
        found = _BRACKETED.match(text, name.end)
        if found and name.kind is not EntityKind.PERSON:
            long_name = text[name.start : name.end]
            if found[1].lower() in initials(long_name):
                yield RawName(found.start(1), found.end(1), name.kind)


def _sought(text: str, names: Sequence[RawName]) -> dict[str, EntityKind]:
    """Return the spellings to look for, with their usual kinds."""
    lowered = lower_case_words(text)
    votes: dict[str, Counter[EntityKind]] = {}
    for name in names:
        votes.setdefault(text[name.start : name.end], Counter())[name.kind] += 1
    sought: dict[str, EntityKind] = {}
    for written, kinds in list(votes.items())[:MOST_SOUGHT]:
        kind = kinds.most_common(1)[0][0]
        if _is_worth_seeking(written, lowered):
            sought[written] = kind
        if kind is EntityKind.PERSON and (surname := _surname(written, lowered)):
            sought.setdefault(surname, kind)
    capitals = {one.upper(): kind for one, kind in sought.items() if len(one) > MIN_LETTERS}
    return capitals | sought


def _is_worth_seeking(written: str, lowered: frozenset[str]) -> bool:
    if written.isupper() and written.isalpha():
        return len(written) > 1
    return len(written) >= MIN_LETTERS and written.lower() not in lowered


def _surname(written: str, lowered: frozenset[str]) -> str:
    """Return the last word of a full name where it can stand alone, nothing otherwise."""
    _, _, last = written.rpartition(" ")
    is_alone = last[:1].isupper() and len(last) >= MIN_LETTERS and last != written
    plain = fold_name(last)
    is_common = plain in GIVEN_NAMES or plain in PLACES or last.lower() in lowered
    return last if is_alone and not is_common else ""


def _found_again(text: str, sought: dict[str, EntityKind]) -> Iterator[RawName]:
    """Yield the places of the spellings sought, the longest where several begin."""
    if not sought:
        return
    written = tuple(sought)
    automaton = AhoCorasick(written, matchkind=MatchKind.LeftmostLongest)
    for number, start, end in automaton.find_matches_as_indexes(text):
        if _is_alone(text, start, end):
            yield RawName(start, end, sought[written[number]])


def _is_alone(text: str, start: int, end: int) -> bool:
    """Say whether a span is whole words and no part of a longer name."""
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if before.isalnum() or after.isalnum() or _GLUED & {before, after}:
        return False
    is_first = find_bearer(text, start, ()) is Bearer.OPEN
    return is_first and not _goes_on_after(text, end)


def _goes_on_after(text: str, end: int) -> bool:
    found = _AFTER.match(text, end)
    return found is not None and found[1][0].isupper() and not found[1].isupper()


@cache
def _gazetteer() -> WatchList:
    names = sorted(set(PLACES) - PLACES_AND_PEOPLE)
    return WatchList(
        [
            Entity(name=name.title(), kind=EntityKind.PLACE)
            for name in names
            if len(name) >= MIN_LETTERS
        ]
    )


def _plain_places(text: str) -> Iterator[RawName]:
    for one in _gazetteer().find(text):
        if one.text[0].isupper() and _is_alone(text, one.start, one.end):
            yield RawName(one.start, one.end, EntityKind.PLACE)
