"""Conditions on an article's place, where the search index has no one expression.

It runs nothing.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec


class Condition(msgspec.Struct, frozen=True):
    """A piece of SQL over `s.rowid`, an article's place, that is 0 or 1, never NULL; its values."""

    sql: str
    values: tuple[Any, ...] = ()


EVERY = Condition("1")


def joined(operator: str, conditions: Iterable[Condition]) -> Condition:
    """Return conditions joined by ` AND ` or ` OR `."""
    listed = list(conditions)
    sql = f"({operator.join(condition.sql for condition in listed)})"
    return Condition(sql, tuple(value for condition in listed for value in condition.values))


def denied(condition: Condition) -> Condition:
    """Return what holds where a condition does not."""
    return Condition(f"(NOT {condition.sql})", condition.values)


def in_index(match: str, places: tuple[int, int]) -> Condition:
    """Return the condition that exact words answer an expression, between two places."""
    sql = (
        "(+s.rowid IN (SELECT rowid FROM word_index WHERE word_index MATCH ?"
        " AND rowid >= ? AND rowid < ?))"
    )
    return Condition(sql, (match, *places))


def in_table(table: str, match: str) -> Condition:
    """Return the condition that current versions answer an expression of one table."""
    sql = f"(+s.rowid IN (SELECT rowid FROM {table} WHERE {table} MATCH ?))"  # noqa: S608
    return Condition(sql, (match,))


def in_old(table: str, match: str) -> Condition:
    """Return the condition that a version no longer current answers an expression."""
    old = f"old_{table}"
    sql = (
        f"(+s.rowid IN (SELECT a.order_id FROM {old} o CROSS JOIN version v ON v.id = o.rowid"  # noqa: S608
        f" CROSS JOIN article a ON a.id = v.article_id WHERE {old} MATCH ?))"
    )
    return Condition(sql, (match,))


def of_event(first: date, last: date) -> Condition:
    """Return the condition that an article dates something to one of some days."""
    sql = (
        "(+s.rowid IN (SELECT a.order_id FROM dated_sentence d JOIN article a"
        " ON a.id = d.article_id WHERE d.from_on <= ? AND d.to_on >= ?))"
    )
    return Condition(sql, (last.isoformat(), first.isoformat()))


def labelled(characters: Iterable[str]) -> Condition:
    """Return the condition that `l`, an article's labels, holds one of some characters."""
    held = [Condition("instr(l.labels || l.others, ?) > 0", (one,)) for one in characters]
    return joined(" OR ", [Condition("0"), *held])
