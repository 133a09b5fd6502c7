"""Saved searches: queries with a name, which other queries name as `search:name`.

It expands trees; it keeps nothing (`store.search.saved_searches`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches

import msgspec

from model.errors import QueryError
from model.mention import Entity
from model.query import parse_query
from model.query_tree import (
    MAX_TREE_DEPTH,
    And,
    Not,
    Or,
    Query,
    Saved,
    Versions,
    expand_entities,
    in_all_versions,
)
from model.words import words

MAX_NAME_CHARS = 80
MAX_LEAVES = 600
"""A query may name several searches of the most parts each, and SQLite still takes it."""


class SavedSearch(msgspec.Struct, frozen=True, kw_only=True):
    """A query with a name, and when it was saved last."""

    name: str
    query: str
    saved_at: datetime


Queries = Mapping[str, str]
"""What each saved search asks for, by its name."""


def search_key(name: str) -> str:
    """Return what names of one search have in common: no accents, case or punctuation."""
    return " ".join(words(name))


def read_query(text: str, saved: Queries, entities: Sequence[Entity] = ()) -> Query:
    """Return what `text` asks for, with saved searches and watched names in their place.

    Raises QueryError.
    """
    return expand_entities(expand_searches(parse_query(text), saved, text), entities)


def expand_searches(query: Query, saved: Queries, text: str = "") -> Query:
    """Return `query` with what each saved search asks for in its place.

    Raises QueryError, with its place in `text`, where there is no such search, or it names itself.
    """
    if not named_searches(query):
        return query
    return _Expansion(saved, text).expand(query)


def named_searches(query: Query) -> list[Saved]:
    """Return the saved searches that a query names itself, in order."""
    match query:
        case Saved():
            return [query]
        case Not(part):
            return named_searches(part)
        case And(parts) | Or(parts):
            return [one for part in parts for one in named_searches(part)]
        case _:
            return []


class _Search(msgspec.Struct, frozen=True):
    """A saved search that was read, how many leaves it has and how deep it is."""

    query: Query
    leaves: int
    depth: int


class _Expansion:
    """The expansion of one query; each search it needs is read once."""

    def __init__(self, saved: Queries, text: str) -> None:
        self._text = text
        self._saved = {search_key(name): (name, query) for name, query in saved.items()}
        self._names = tuple(saved)
        self._known: dict[str, _Search] = {}
        self._path: list[str] = []
        self._asked = Saved(typed="", name="")

    def expand(self, query: Query) -> Query:
        for leaf in named_searches(query):
            self._asked = leaf
            self._read(leaf)
        return self._measured(query).query

    def _read(self, leaf: Saved) -> None:
        """Read a search and all that it names, those that are needed first."""
        key = search_key(leaf.name)
        if key in self._known:
            return
        if key not in self._saved:
            raise self._error(self._unknown(leaf.name))
        name, typed = self._saved[key]
        if key in self._path:
            circle = [*self._path[self._path.index(key) :], key]
            told = " names ".join(f"search:{spelt(self._saved[one][0])}" for one in circle)
            raise self._error(f"{told}, which is a circle: change one of them.")
        if len(self._path) >= MAX_TREE_DEPTH:
            raise self._error("Saved searches name one another too deeply: join some of them.")
        self._path.append(key)
        query = self._parsed(name, typed)
        for one in named_searches(query):
            self._read(one)
        self._path.pop()
        self._known[key] = self._measured(query)

    def _parsed(self, name: str, typed: str) -> Query:
        try:
            return parse_query(typed)
        except QueryError as error:
            raise self._error(
                f"The saved search {name} cannot be read: save it anew. {error.reason}"
            ) from error

    def _unknown(self, name: str) -> str:
        inside = f" (named by search:{spelt(self._saved[self._path[-1]][0])})" if self._path else ""
        told = f"There is no saved search {name!r}{inside}"
        keys = {search_key(known): known for known in self._names}
        near = get_close_matches(search_key(name), list(keys), 3, 0.5)
        if near:
            listed = " or ".join(f"search:{spelt(keys[key])}" for key in near)
            return f"{told}: did you mean {listed}?"
        return f"{told}: `vigie searches list` shows those there are."

    def _measured(self, query: Query) -> _Search:
        match query:
            case Saved():
                found = self._known[search_key(query.name)]
                if query.versions is Versions.ANY:
                    return msgspec.structs.replace(found, query=in_all_versions(found.query))
                return found
            case Not(part):
                inner = self._measured(part)
                return self._bounded(Not(inner.query), (inner,))
            case And(parts):
                found_all = tuple(map(self._measured, parts))
                return self._bounded(And(tuple(one.query for one in found_all)), found_all)
            case Or(parts):
                found_all = tuple(map(self._measured, parts))
                return self._bounded(Or(tuple(one.query for one in found_all)), found_all)
            case _:
                return _Search(query, 1, 1)

    def _bounded(self, query: Query, parts: Sequence[_Search]) -> _Search:
        leaves = sum(part.leaves for part in parts)
        depth = 1 + max(part.depth for part in parts)
        if leaves > MAX_LEAVES:
            raise self._error(
                f"With its saved searches this asks for more than {MAX_LEAVES} words: ask for less."
            )
        if depth > MAX_TREE_DEPTH:
            raise self._error("With its saved searches this nests too deeply: join some of them.")
        return _Search(query, leaves, depth)

    def _error(self, reason: str) -> QueryError:
        if self._text:
            return QueryError(self._text, self._asked.at, reason)
        return QueryError(self._asked.typed, 0, reason)


def spelt(name: str) -> str:
    """Return a name as a query spells it: in quotes where it is several words."""
    is_bare = all(character.isalnum() or character in "-_." for character in name)
    return name if is_bare else f'"{name}"'
