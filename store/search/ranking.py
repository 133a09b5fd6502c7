"""Which articles answer best: by how much the words sought weigh in each, then the newest.

One word is ranked exactly. Of several, each brings the articles in which it weighs most, so many
at most: beyond that the order is by those that were looked at.
"""

import math
from collections.abc import Iterator

from model.query import And, Column, Or, Query, Words
from model.stems import asked_stems
from store.database import Database
from store.search.compiling import Compiled
from store.search.expressions import any_of
from store.search.terms import LEVELS
from store.search.walking import MAX_COUNTED, narrowed, walk

MAX_OF_A_WORD = 1_000
"""So many articles each of several words brings."""

_PLACE_BITS = 46
"""Room for the places of ten thousand years below a score in one number."""

_WEIGHTS = (0.08, 0.15, 0.22, 0.29, 0.36, 0.45)
_UNITS = 1_000

Cursor = tuple[int, int]
"""What continues after an article, and its place."""


def best_places(
    db: Database, compiled: Compiled, query: Query, limit: int, before: int | None
) -> list[Cursor]:
    """Return the cursors and places of the articles that answer best, after `before`."""
    words = plain_words(query) if compiled.table == "stem_index" else []
    if not words:
        return [(place, place) for place in walk(db, compiled, limit, before)]
    if len(words) == 1:
        return list(_by_level(db, compiled, words[0], limit, before))
    return _by_score(db, compiled, words, limit, before)


def plain_words(query: Query) -> list[tuple[str, ...]]:
    """Return the stems of each plain word that a query asks for."""
    match query:
        case Words(plain=True, tokens=(word,), column=column) if column is not Column.AUTHOR:
            return [asked_stems(word)]
        case And(parts) | Or(parts):
            return list(dict.fromkeys(one for part in parts for one in plain_words(part)))
        case _:
            return []


def _levelled(stems: tuple[str, ...], level: int) -> str:
    return any_of(f'"{stem}~{level}"' for stem in stems)


def _by_level(
    db: Database, compiled: Compiled, stems: tuple[str, ...], limit: int, before: int | None
) -> Iterator[Cursor]:
    """Yield what a word weighs most in, level by level, the newest first within each."""
    top, last = (LEVELS[0] + 1, None) if before is None else _split(before)
    higher: list[str] = []
    for score in range(LEVELS[0] + 1, -1, -1):
        named = [_levelled(stems, score - 1)] if score else []
        match = f"{named[0]} AND {compiled.match}" if named else compiled.match
        # one stem has one level, two may have one each
        if higher and (len(stems) > 1 or not named):
            match = f"({match}) NOT {any_of(higher)}"
        if score <= top:
            after = last if score == top else None
            for place in walk(db, narrowed(compiled, match), limit, after):
                yield (score << _PLACE_BITS) | place, place
                limit -= 1
        if limit <= 0:
            return
        higher += named


def _split(before: int) -> Cursor:
    return before >> _PLACE_BITS, before & ((1 << _PLACE_BITS) - 1)


def _by_score(
    db: Database,
    compiled: Compiled,
    words: list[tuple[str, ...]],
    limit: int,
    before: int | None,
) -> list[Cursor]:
    scores: dict[int, float] = {}
    for stems in words:
        rarity = _rarity(db, stems)
        left, seen = MAX_OF_A_WORD, set[int]()
        for level in LEVELS:
            match = f"{_levelled(stems, level)} AND {compiled.match}"
            for place in walk(db, narrowed(compiled, match), left):
                if place not in seen:
                    seen.add(place)
                    scores[place] = scores.get(place, 0) + rarity * _WEIGHTS[level]
            left = MAX_OF_A_WORD - len(seen)
            if left <= 0:
                break
    found = [(_cursor(score, place), place) for place, score in scores.items()]
    found = sorted((one for one in found if before is None or one[0] < before), reverse=True)
    missing = limit - len(found)
    if missing > 0:
        after = before if before is not None and before >> _PLACE_BITS == 0 else None
        others = walk(db, compiled, limit + len(scores), after)
        found += [(place, place) for place in others if place not in scores][:missing]
    return found[:limit]


def _cursor(score: float, place: int) -> int:
    return max(1, round(score * _UNITS)) << _PLACE_BITS | place


def _rarity(db: Database, stems: tuple[str, ...]) -> float:
    """Return how much a word tells: the more, the fewer articles have it."""
    held = db.value("SELECT articles FROM label WHERE facet = 'mark' AND value = 'held'") or 0
    sql = "SELECT count(*) FROM (SELECT 1 FROM stem_index WHERE stem_index MATCH ? LIMIT ?)"
    having = db.value(sql, (any_of(f'"{stem}"' for stem in stems), MAX_COUNTED))
    return math.log(1 + (held - having + 0.5) / (having + 0.5))
