"""Search and the timeline by publication.

It never changes anything.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from model.article import Access
from model.query import Query
from model.source import DateSource
from store.compiling import Compiled, compile_query
from store.database import Database, Row
from store.identity import first_place
from store.records import Bucket, Found, Hit
from store.snippets import Sought, find_marks, make_snippet, sought_words
from store.values import names, to_time, to_time_or_none

MAX_HITS = 1_000

_COLUMNS = (
    "a.id, a.order_id, a.url, a.site, a.lang, a.published_at, a.first_seen_at, a.date_source,"
    " a.dated_in_future, a.relevant, a.reasons, a.versions, a.present_at,"
    " a.absent_since, v.title, v.text, v.access"
)


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """What is sought: a query, on which days of the order in time, which page of it."""

    query: Query
    limit: int
    before: int | None = None
    from_on: date | None = None
    to_on: date | None = None


def search(db: Database, search: Search, zone: ZoneInfo, today: date) -> Found:
    """Return one page of the articles that answer, the newest first, and how many there are."""
    compiled = compile_query(search.query, db, today)
    bounds = _bounds(search, zone)
    limit = max(0, min(search.limit, MAX_HITS))
    with db.reading():
        source, values = _from_where(compiled, bounds)
        total = db.value(f"SELECT count(*) {source}", values)
        source, values = _from_where(compiled, (bounds[0], min(bounds[1], _upper(search.before))))
        order = "a.order_id" if compiled.match is None else "w.rowid"
        rows = list(
            db.rows(
                f"SELECT {_COLUMNS} FROM (SELECT a.id AS found_id {source}"  # noqa: S608
                f" ORDER BY {order} DESC LIMIT ?)"
                " JOIN article a ON a.id = found_id JOIN version v ON v.id = a.current_id"
                " ORDER BY a.order_id DESC",
                (*values, limit + 1),
            )
        )
    sought = sought_words(search.query)
    hits = tuple(_hit(row, sought) for row in rows[:limit])
    before = hits[-1].place if hits and len(rows) > limit else None
    return Found(hits=hits, total=total, before=before)


def find_articles(
    db: Database, query: Query, today: date, seen: tuple[str, str] | None = None
) -> tuple[int, ...]:
    """Return the ids of all articles that answer, newest first; first seen after, up to.

    What came quietly, in an unusual volume, is no news of the time it was seen.
    """
    source, values = _from_where(compile_query(query, db, today), _EVER)
    if seen is not None:
        source += " AND a.first_seen_at > ? AND a.first_seen_at <= ? AND a.quiet = 0"
        values = (*values, *seen)
    rows = db.rows(f"SELECT a.id {source} ORDER BY a.order_id DESC", values)
    return tuple(row["id"] for row in rows)


def iterate_articles(db: Database, query: Query, today: date) -> Iterator[int]:
    """Yield the ids of all articles that answer, the newest first, within one transaction."""
    compiled = compile_query(query, db, today)
    source, values = _from_where(compiled, _EVER)
    order = "a.order_id" if compiled.match is None else "w.rowid"
    for row in db.rows(f"SELECT a.id {source} ORDER BY {order} DESC", values):
        yield row["id"]


_EVER = (0, 1 << 62)


def _upper(before: int | None) -> int:
    return _EVER[1] if before is None else before


def _bounds(search: Search, zone: ZoneInfo) -> tuple[int, int]:
    """Return the places from the first day on and before the day after the last one."""
    first = _EVER[0] if search.from_on is None else _place_of(search.from_on, zone)
    if search.to_on is None or search.to_on >= date.max - timedelta(days=1):
        return first, _EVER[1]
    return first, _place_of(search.to_on + timedelta(days=1), zone)


def _place_of(day: date, zone: ZoneInfo) -> int:
    if day <= date.min + timedelta(days=1):
        return _EVER[0]
    return first_place(datetime.combine(day, time(), zone).astimezone(UTC))


def _from_where(compiled: Compiled, bounds: tuple[int, int]) -> tuple[str, tuple[object, ...]]:
    """Return the tables, the conditions and their values; the bounds are from, up to before."""
    condition = compiled.condition
    if compiled.match is None:
        source = "FROM article a WHERE a.order_id >= ? AND a.order_id < ?"
        return f"{source} AND {condition.sql}", (*bounds, *condition.values)
    # CROSS JOIN keeps the index outside: it gives newest first without a sort
    source = (
        "FROM article_words w CROSS JOIN article a ON a.order_id = w.rowid"
        " WHERE article_words MATCH ? AND w.rowid >= ? AND w.rowid < ?"
    )
    return f"{source} AND {condition.sql}", (compiled.match, *bounds, *condition.values)


def _hit(row: Row, sought: Sequence[Sought]) -> Hit:
    snippet, marks = make_snippet(row["text"], sought)
    return Hit(
        article=row["id"],
        place=row["order_id"],
        url=row["url"],
        title=row["title"],
        site=row["site"],
        lang=row["lang"],
        published_at=to_time_or_none(row["published_at"]),
        first_seen_at=to_time(row["first_seen_at"]),
        date_source=DateSource(row["date_source"]),
        dated_in_future=bool(row["dated_in_future"]),
        relevant=bool(row["relevant"]),
        reasons=names(row["reasons"]),
        access=Access(row["access"]),
        versions=row["versions"],
        present_at=to_time_or_none(row["present_at"]),
        absent_since=to_time_or_none(row["absent_since"]),
        snippet=snippet,
        marks=marks,
        title_marks=find_marks(row["title"], sought),
    )


def count_by_month(db: Database, query: Query, today: date) -> tuple[Bucket, ...]:
    """Return how many articles answer in each month, the earliest first.

    Undated ones, and those dated in the future, count where they were first seen.
    """
    source, values = _from_where(compile_query(query, db, today), _EVER)
    rows = db.rows(
        "SELECT substr(CASE WHEN a.published_on IS NULL OR a.dated_in_future"
        " THEN a.first_seen_on ELSE a.published_on END, 1, 7) AS label,"
        f" count(*) AS articles {source} GROUP BY label ORDER BY label",
        values,
    )
    return _buckets(rows)


def _buckets(rows: Iterable[Row]) -> tuple[Bucket, ...]:
    return tuple(Bucket(label=row["label"], articles=row["articles"]) for row in rows)
