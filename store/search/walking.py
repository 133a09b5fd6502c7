"""Walking what answers a compiled query, newest first, and counting it.

It never reads an article.
"""

from collections.abc import Iterator

import msgspec

from store.database import Database
from store.search.compiling import STEMS, Compiled
from store.search.conditions import EVERY

MAX_COUNTED = 10_000
"""So far is counted while somebody waits for a page."""

ALL = -1
"""SQLite's LIMIT for all rows."""


def from_where(compiled: Compiled, before: int | None = None) -> tuple[str, tuple[object, ...]]:
    """Return the tables and conditions of a query, and their values: `s.rowid` is a place."""
    table, condition = compiled.table, compiled.condition
    labels = " CROSS JOIN article_label l ON l.order_id = s.rowid" if compiled.needs_labels else ""
    first, last = compiled.places
    source = (
        f"FROM {table} s{labels}"
        f" WHERE {table} MATCH ? AND s.rowid >= ? AND s.rowid < ? AND {condition.sql}"
    )
    last = last if before is None else min(last, before)
    return source, (compiled.match, first, last, *condition.values)


def walk(
    db: Database, compiled: Compiled, limit: int = ALL, before: int | None = None
) -> Iterator[int]:
    """Yield the places of what answers, the newest first, before a place."""
    source, values = from_where(compiled, before)
    sql = f"SELECT s.rowid AS place {source} ORDER BY s.rowid DESC LIMIT ?"
    for row in db.rows(sql, (*values, limit)):
        yield row["place"]


def all_places(db: Database, compiled: Compiled) -> list[int]:
    """Return the places of all that answers, in order."""
    source, values = from_where(compiled)
    spelt = db.value(f"SELECT json_group_array(s.rowid) {source}", values)
    return sorted(msgspec.json.decode(spelt, type=list[int]))


def narrowed(compiled: Compiled, match: str) -> Compiled:
    """Return a query with another expression of its table, of which nothing is known yet."""
    return msgspec.structs.replace(compiled, match=match, known=None)


def count(db: Database, compiled: Compiled, most: int | None = None) -> tuple[int, bool]:
    """Return how many answer, up to `most`, and whether that is all."""
    if compiled.known is not None:
        return compiled.known, True
    source, values = from_where(compiled)
    limit = ALL if most is None else most + 1
    found = int(db.value(f"SELECT count(*) FROM (SELECT 1 {source} LIMIT ?)", (*values, limit)))  # noqa: S608
    return (found, True) if most is None or found <= most else (most, False)


def is_dear(compiled: Compiled) -> bool:
    """Tell whether asking costs much before the first row: then it is asked once."""
    return compiled.table != STEMS or compiled.condition.sql != EVERY.sql


def walk_and_count(
    db: Database, compiled: Compiled, limit: int, before: int | None
) -> tuple[list[int], int, bool]:
    """Return some places, how many answer, and whether that is all, of one statement."""
    source, values = from_where(compiled)
    sql = (
        "SELECT json_group_array(place) FROM"  # noqa: S608
        f" (SELECT s.rowid AS place {source} ORDER BY s.rowid DESC LIMIT ?)"
    )
    found = msgspec.json.decode(db.value(sql, (*values, MAX_COUNTED + 1)), type=list[int])
    is_all = len(found) <= MAX_COUNTED
    total = min(len(found), MAX_COUNTED)
    first = 0 if before is None else sum(place >= before for place in found)
    if not is_all and first + limit > len(found):
        return list(walk(db, compiled, limit, before)), total, is_all
    return found[first : first + limit], total, is_all
