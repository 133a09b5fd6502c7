"""Queries as SQL over `article a` and its search index.

Each condition answers 0 or 1, never NULL, so that NOT means the same as in `model.matching`.
It runs nothing but the small look-ups of names that a label may mean.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import msgspec

from model.matching import holds_run, names_story, primary_language, resolve_days, same_name
from model.query import (
    And,
    Column,
    Day,
    Everything,
    Facet,
    Flag,
    Has,
    Is,
    Leaf,
    Near,
    Not,
    Or,
    Query,
    Within,
    Words,
)
from model.words import words
from store.database import Database
from store.values import marks


class Condition(msgspec.Struct, frozen=True):
    """A piece of SQL and the values of its question marks."""

    sql: str
    values: tuple[Any, ...] = ()


class Compiled(msgspec.Struct, frozen=True, kw_only=True):
    """A query in two parts that both hold: an FTS5 expression, or None, and a condition."""

    match: str | None
    condition: Condition


_ALWAYS = Condition("1")


def compile_query(query: Query, db: Database, today: date) -> Compiled:
    """Return a query as SQL.

    What only asks for words goes into one expression, which the index can walk newest first.
    """
    parts = query.parts if isinstance(query, And) else (query,)
    matched = [part for part in parts if (_match(part)) is not None]
    texts = And(tuple(matched)) if len(matched) > 1 else matched[0] if matched else None
    compiler = _Compiler(db, today)
    others = [compiler.condition(part) for part in parts if part not in matched]
    return Compiled(
        match=None if texts is None else _match(texts),
        condition=_joined(" AND ", others) if others else _ALWAYS,
    )


def _match(query: Query) -> str | None:
    """Return a query as an FTS5 expression, None when it asks for more than words."""
    match query:
        case Words(tokens=tokens, column=column, prefix=prefix):
            star = " *" if prefix else ""
            return f'{_columns(column)} : "{" ".join(tokens)}"{star}'
        case Near(tokens=tokens, gap=gap, column=column):
            quoted = " ".join(f'"{token}"' for token in tokens)
            return f"{_columns(column)} : NEAR({quoted}, {gap})"
        case Or(parts):
            return _match_all(parts, " OR ")
        case And(parts):
            return _match_and(parts)
        case _:
            return None


def _columns(column: Column) -> str:
    return "{title text}" if column is Column.ANY else column


def _match_all(parts: Iterable[Query], operator: str) -> str | None:
    expressions = [_match(part) for part in parts]
    found = [expression for expression in expressions if expression is not None]
    if not found or len(found) < len(expressions):
        return None
    return f"({operator.join(found)})"


def _match_and(parts: tuple[Query, ...]) -> str | None:
    """FTS5 knows NOT only beside something that is sought."""
    denied = [part.part for part in parts if isinstance(part, Not)]
    sought = _match_all([part for part in parts if not isinstance(part, Not)], " AND ")
    if not denied or sought is None:
        return sought
    unwanted = _match_all(denied, " OR ")
    return None if unwanted is None else f"({sought} NOT {unwanted})"


def _joined(operator: str, conditions: Iterable[Condition]) -> Condition:
    listed = list(conditions)
    sql = f"({operator.join(condition.sql for condition in listed)})"
    return Condition(sql, tuple(value for condition in listed for value in condition.values))


class _Compiler:
    """The conditions of one query."""

    def __init__(self, db: Database, today: date) -> None:
        self._db = db
        self._today = today

    def condition(self, query: Query) -> Condition:
        """Return a query as a condition on `a`."""
        if (expression := _match(query)) is not None:
            sql = "a.order_id IN (SELECT rowid FROM article_words WHERE article_words MATCH ?)"
            return Condition(sql, (expression,))
        match query:
            case Everything():
                return _ALWAYS
            case Not(part):
                inner = self.condition(part)
                return Condition(f"(NOT {inner.sql})", inner.values)
            case And(parts):
                return _joined(" AND ", map(self.condition, parts))
            case Or(parts):
                return _joined(" OR ", map(self.condition, parts))
            case _:
                return self._leaf(query)

    def _leaf(self, leaf: Leaf) -> Condition:
        match leaf:
            case Has(facet=facet, value=value):
                return _LABELS[facet](value, self._db)
            case Is(flag=flag):
                return Condition(_FLAGS[flag])
            case Within():
                return self._within(leaf)
            case _:
                raise AssertionError(f"{leaf} asks for words: it has an expression")

    def _within(self, leaf: Within) -> Condition:
        first, last = (day.isoformat() for day in resolve_days(leaf, self._today))
        if leaf.day is Day.EVENT:
            sql = (
                "EXISTS (SELECT 1 FROM dated_sentence s WHERE s.article_id = a.id"
                " AND s.from_on <= ? AND s.to_on >= ?)"
            )
            return Condition(sql, (last, first))
        column = "published_on" if leaf.day is Day.DATE else "first_seen_on"
        return Condition(f"(a.{column} IS NOT NULL AND a.{column} BETWEEN ? AND ?)", (first, last))


def _site(value: str, _db: Database) -> Condition:
    return Condition("(instr('.' || a.site || '.', ?) > 0)", (f".{value.strip('.').lower()}.",))


def _source(value: str, db: Database) -> Condition:
    rows = db.rows("SELECT id, name || ' ' || url AS label FROM source")
    ids = [row["id"] for row in rows if holds_run(value, row["label"])]
    return Condition(f"(a.source_id IS NOT NULL AND a.source_id IN ({marks(ids)}))", tuple(ids))


def _lang(value: str, _db: Database) -> Condition:
    return Condition("(a.lang = ?)", (primary_language(value),))


def _entity(value: str, _db: Database) -> Condition:
    sql = (
        "a.current_id IN (SELECT version_id FROM mention"
        " WHERE entity_id = (SELECT id FROM entity WHERE key = ?))"
    )
    return Condition(sql, (" ".join(words(value)),))


def _story(value: str, db: Database) -> Condition:
    ids = [
        row["id"]
        for row in db.rows("SELECT id, title FROM story")
        if names_story(value, str(row["id"])) or names_story(value, row["title"])
    ]
    sql = f"a.id IN (SELECT article_id FROM story_article WHERE story_id IN ({marks(ids)}))"  # noqa: S608
    return Condition(sql, tuple(ids))


def _tag(value: str, db: Database) -> Condition:
    rows = db.rows("SELECT DISTINCT value FROM annotation WHERE kind = 'tag'")
    tags = [row["value"] for row in rows if same_name(value, row["value"])]
    sql = (
        "a.id IN (SELECT article_id FROM annotation"  # noqa: S608
        f" WHERE kind = 'tag' AND value IN ({marks(tags)}))"
    )
    return Condition(sql, tuple(tags))


_LABELS: dict[Facet, Callable[[str, Database], Condition]] = {
    Facet.SITE: _site,
    Facet.SOURCE: _source,
    Facet.LANG: _lang,
    Facet.ENTITY: _entity,
    Facet.STORY: _story,
    Facet.TAG: _tag,
}

_ANNOTATED = "(SELECT article_id FROM annotation WHERE kind = '{}')"
_COPIES = "(SELECT article_id FROM copy)"
_FLAGS: dict[Flag, str] = {
    Flag.RELEVANT: "(a.relevant = 1)",
    Flag.STARRED: f"a.id IN {_ANNOTATED.format('star')}",
    Flag.UNREAD: f"a.id NOT IN {_ANNOTATED.format('read')}",
    Flag.CHANGED: "(a.versions > 1)",
    Flag.REMOVED: "(a.absent_since IS NOT NULL)",
    Flag.COPY: f"a.id IN {_COPIES}",
    Flag.ORIGINAL: f"a.id NOT IN {_COPIES}",
}
