"""The tree that a query is read into.

It never reads what was typed (`model.query`) and never matches a text (`model.matching`).
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from model.mention import Entity
from model.period import Period
from model.words import words


class Column(StrEnum):
    """Where words are looked for; ANY is the title and the text."""

    ANY = "any"
    TITLE = "title"
    TEXT = "text"
    AUTHOR = "author"


class Facet(StrEnum):
    """What an article is labelled with."""

    SITE = "site"
    SOURCE = "source"
    LANG = "lang"
    ENTITY = "entity"
    STORY = "story"
    TAG = "tag"
    ACCESS = "access"
    KIND = "kind"


class Day(StrEnum):
    """Which day of an article: published, first seen, or told of by its dated sentences."""

    DATE = "date"
    SEEN = "seen"
    EVENT = "event"


class Flag(StrEnum):
    """What can follow `is:`."""

    RELEVANT = "relevant"
    STARRED = "starred"
    UNREAD = "unread"
    CHANGED = "changed"
    REMOVED = "removed"
    COPY = "copy"
    ORIGINAL = "original"


class Versions(StrEnum):
    """Which versions of an article are searched: the one of today, or every one ever held."""

    CURRENT = "current"
    ANY = "any"


class Everything(msgspec.Struct, frozen=True):
    """Matches all."""


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """Words that follow one another; the last may be a prefix.

    `plain` is one bare word, which is sought by its stems too.
    """

    typed: str
    tokens: tuple[str, ...]
    column: Column = Column.ANY
    prefix: bool = False
    plain: bool = False
    versions: Versions = Versions.CURRENT


class Near(msgspec.Struct, frozen=True, kw_only=True):
    """Different words, in any order, with at most `gap` words between the first and the last."""

    typed: str
    tokens: tuple[str, ...]
    gap: int
    column: Column = Column.ANY
    versions: Versions = Versions.CURRENT


class Has(msgspec.Struct, frozen=True, kw_only=True):
    """A label: `entity:CNIL`, `site:disclose.ngo`."""

    typed: str
    facet: Facet
    value: str


class Is(msgspec.Struct, frozen=True, kw_only=True):
    """A flag: `is:relevant`."""

    typed: str
    flag: Flag


class Within(msgspec.Struct, frozen=True, kw_only=True):
    """A day of the article within a period: `date:2023-11`."""

    typed: str
    day: Day
    period: Period


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """A saved search, by its name: `search:justice`; `at` is where it was typed.

    It is replaced by what it asks for before anything is looked for (`model.asking`).
    """

    typed: str
    name: str
    at: int = 0
    versions: Versions = Versions.CURRENT


class Not(msgspec.Struct, frozen=True):
    """Everything its part does not match."""

    part: "Query"


class And(msgspec.Struct, frozen=True):
    """What all parts match."""

    parts: "tuple[Query, ...]"


class Or(msgspec.Struct, frozen=True):
    """What at least one part matches."""

    parts: "tuple[Query, ...]"


Leaf = Words | Near | Has | Is | Within
Query = Everything | Words | Near | Has | Is | Within | Saved | Not | And | Or


MAX_TREE_DEPTH = 20
"""FTS5 reads an expression with a stack of 100, of which each level takes up to three."""


def depth_of(query: Query) -> int:
    """Return how many parts of a query stand within one another."""
    match query:
        case Not(part):
            return 1 + depth_of(part)
        case And(parts) | Or(parts):
            return 1 + max(map(depth_of, parts))
        case _:
            return 1


def in_all_versions(query: Query) -> Query:
    """Return `query` with all its words sought in every version ever held."""
    return in_versions(query, Versions.ANY)


def in_versions(query: Query, versions: Versions) -> Query:
    """Return `query` with all its words sought in some versions."""
    match query:
        case Words() | Near() | Saved():
            return msgspec.structs.replace(query, versions=versions)
        case And(parts):
            return And(tuple(in_versions(part, versions) for part in parts))
        case Or(parts):
            return Or(tuple(in_versions(part, versions) for part in parts))
        case Not(part):
            return Not(in_versions(part, versions))
        case _:
            return query


def expand_entities(query: Query, entities: Sequence[Entity]) -> Query:
    """Return `query` in which the name or an alias of a watched entity also means that entity."""
    names = {
        key: entity.name
        for entity in reversed(entities)
        for key in (_key(alias) for alias in (*entity.aliases, entity.name))
        if key
    }
    return _expand(query, names)


def _expand(query: Query, names: dict[tuple[str, ...], str]) -> Query:
    match query:
        case And(parts):
            return And(tuple(_expand(part, names) for part in parts))
        case Or(parts):
            return Or(tuple(_expand(part, names) for part in parts))
        case Not(part):
            return Not(_expand(part, names))
        case Has(facet=Facet.ENTITY, typed=typed, value=value):
            name = names.get(_key(value), value)
            return Has(typed=typed, facet=Facet.ENTITY, value=name)
        case Words(column=Column.ANY, prefix=False, tokens=tokens, typed=typed):
            name = names.get(tokens, "")
            named = Has(typed=typed, facet=Facet.ENTITY, value=name)
            return Or((query, named)) if name else query
        case _:
            return query


def _key(name: str) -> tuple[str, ...]:
    return tuple(words(name))
