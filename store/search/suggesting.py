"""`Did you mean`: the query with what is misspelt in it put right, when that finds more.

A watched name is proposed even while no article names it. It only proposes: what was typed is what
is searched.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from model.mention import Entity
from model.query import (
    And,
    Column,
    Facet,
    Has,
    Or,
    Query,
    Words,
    expand_entities,
    parse_query,
)
from model.saved_searches import read_query, spelt
from model.words import words, words_with_spans
from store.reader import Reader
from store.search.near_names import near_watched

MAX_PARTS = 12
"""So many parts of a query are looked at; nobody misspells longer ones by hand."""


def suggest(
    store: Reader, entities: Sequence[Entity], typed: str, total: int, *, now: datetime
) -> str:
    """Return the query that may have been meant by one that `total` articles answer, or nothing.

    It can be typed as it is, and finds more; `entities` are those that are watched.
    """
    spelling = _Spelling(store, entities, now)
    corrected = typed
    for part in list(_sought(parse_query(typed)))[:MAX_PARTS]:
        # where all that is sought is found, no word is misspelt; a name may still be
        if (total == 0 or isinstance(part, Has)) and not spelling.finds(part):
            corrected = _with(corrected, part.typed, spelling.better(part))
    if corrected == typed:
        return ""
    if total == 0 and spelling.knows_names(corrected):
        return corrected
    found = store.search(read_query(corrected, store.saved_queries(), entities), now=now, limit=1)
    return corrected if found.total > total else ""


def suggest_name(store: Reader, entities: Sequence[Entity], name: str) -> str:
    """Return the name that may be meant by one that is neither held nor watched, or nothing."""
    watched = _names(entities)
    if words(name) in map(words, watched):
        return ""
    near = store.near_names(name, watched)
    return near[0] if near and words(near[0]) != words(name) else ""


def _names(entities: Sequence[Entity]) -> tuple[str, ...]:
    """Return the names that are watched for, and their aliases."""
    return tuple(name for one in entities for name in (*one.aliases, one.name))


def _sought(query: Query) -> Iterator[Words | Has]:
    """Yield the words and names that a query asks for; not those it forbids."""
    match query:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _sought(part)
        case Words() | Has(facet=Facet.ENTITY):
            yield query
        case _:
            return


class _Spelling:
    """What the parts of one query find, and what is near them."""

    def __init__(self, store: Reader, entities: Sequence[Entity], now: datetime) -> None:
        self._store = store
        self._entities = entities
        self._watched = _names(entities)
        self._now = now

    def finds(self, part: Words | Has) -> bool:
        asked = expand_entities(part, self._entities)
        return bool(self._store.search(asked, now=self._now, limit=1).hits)

    def knows_names(self, typed: str) -> bool:
        """Tell whether a query asks for names, and all of them are watched."""
        known = [words(name) for name in self._watched]
        named = [part for part in _sought(parse_query(typed)) if isinstance(part, Has)]
        return bool(named) and all(words(part.value) in known for part in named)

    def better(self, part: Words | Has) -> str:
        """Return a part as it would be typed with what is near, or as it is where nothing is."""
        field, colon, rest = part.typed.partition(":")
        if isinstance(part, Has):
            near = suggest_name(self._store, self._entities, part.value)
            name = spelt(near.replace('"', " ")) if near else rest or field
            return f"{field}:{name}" if colon else name
        is_bare = part.column is Column.ANY and not part.prefix
        name = near_watched(" ".join(part.tokens), self._watched) if is_bare else ""
        return spelt(name) if name else self._near_words(part)

    def _near_words(self, part: Words) -> str:
        """Return words as they would be typed, each that is not held replaced by one that is."""
        field, colon, _ = part.typed.partition(":")
        written = _as_written(self._watched)
        better, end = "", 0
        for word, start, stop in words_with_spans(part.typed):
            is_field = bool(colon) and stop == len(field)
            alone = Words(typed=word, tokens=(word,), versions=part.versions)
            if is_field or word not in part.tokens or self.finds(alone):
                continue
            for near_word in self._store.near_words(word)[:1]:
                better += part.typed[end:start] + written.get(near_word, near_word)
                end = stop
        return better + part.typed[end:]


def _as_written(names: Sequence[str]) -> dict[str, str]:
    """Return the words of names as they are written, by how they are compared."""
    return {word: name[start:end] for name in names for word, start, end in words_with_spans(name)}


def _with(text: str, typed: str, better: str) -> str:
    """Return a query with one part of it replaced, where that stands by itself."""
    return re.sub(rf"(?<!\w){re.escape(typed)}(?!\w)", lambda _: better, text, count=1)
