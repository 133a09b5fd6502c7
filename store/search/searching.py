"""Search: one page of what answers, how many there are, all of them one after another.

It never changes anything.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from model.article import Access
from model.query import Query
from model.source import DateSource
from store.article_facts import article_facts
from store.database import Database, Row
from store.identity import first_place
from store.records import Bucket, Found, Hit, Order
from store.search.compiling import Compiled, compile_query
from store.search.label_queries import PLACES
from store.search.named_places import find_places, marks_of, runs_of
from store.search.older_hits import choose_versions
from store.search.ranking import best_places
from store.search.snippets import Marks, Sought, find_marks, make_snippet, sought_words
from store.search.walking import MAX_COUNTED, count, from_where, is_dear, walk, walk_and_count
from store.values import marks, names, to_time_or_none

MAX_HITS = 1_000

_COLUMNS = (
    "a.id, a.order_id, a.url, a.site, a.lang, a.published_at, a.first_seen_at, a.date_source,"
    " a.dated_in_future, a.relevant, a.reasons, a.versions, a.present_at,"
    " a.absent_since, a.current_id, v.title, v.text, v.access"
)


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """What is sought: a query, on which days of the order in time, which page of it.

    `total` is counted to the end where `count_all`.
    """

    query: Query
    limit: int
    before: int | None = None
    from_on: date | None = None
    to_on: date | None = None
    order: Order = Order.NEWEST
    count_all: bool = False


def search(db: Database, search: Search, zone: ZoneInfo, today: date) -> Found:
    """Return one page of the articles that answer, and how many there are."""
    limit = max(0, min(search.limit, MAX_HITS))
    with db.reading():
        compiled = _within(compile_query(search.query, db, today), _bounds(search, zone))
        if search.order is Order.NEWEST and is_dear(compiled) and not search.count_all:
            places, total, is_exact = walk_and_count(db, compiled, limit + 1, search.before)
        else:
            total, is_exact = count(db, compiled, None if search.count_all else MAX_COUNTED)
            places = None
        if search.order is Order.RELEVANCE:
            cursors = best_places(db, compiled, search.query, limit + 1, search.before)
        else:
            if places is None:
                places = list(walk(db, compiled, limit + 1, search.before))
            cursors = [(place, place) for place in places]
        rows = _read(db, [place for _, place in cursors[:limit]])
        named = find_places(db, search.query, [row["current_id"] for row in rows])
        sought = sought_words(search.query)
        older = choose_versions(db, search.query, sought, rows)
    hits = tuple(
        _hit(row, sought, named.get(row["current_id"], ()), older.get(row["id"])) for row in rows
    )
    before = cursors[limit - 1][0] if hits and len(cursors) > limit else None
    return Found(hits=hits, total=total, before=before, total_is_exact=is_exact)


def _within(compiled: Compiled, bounds: tuple[int, int]) -> Compiled:
    if bounds == PLACES:
        return compiled
    places = max(compiled.places[0], bounds[0]), min(compiled.places[1], bounds[1])
    return msgspec.structs.replace(compiled, places=places, known=None)


def _read(db: Database, places: Sequence[int]) -> list[Row]:
    """Return the rows of articles by their places, in that order."""
    if not places:
        return []
    rows = db.rows(
        f"SELECT {_COLUMNS} FROM article a JOIN version v ON v.id = a.current_id"  # noqa: S608
        f" WHERE a.order_id IN ({marks(places)})",
        tuple(places),
    )
    by_place = {row["order_id"]: row for row in rows}
    return [by_place[place] for place in places]


def find_articles(
    db: Database, query: Query, today: date, seen: tuple[str, str] | None = None
) -> tuple[int, ...]:
    """Return the ids of all articles that answer, newest first; first seen after, up to.

    What came quietly, in an unusual volume, is no news of the time it was seen.
    """
    with db.reading():
        if seen is None:
            return tuple(iterate_articles(db, query, today))
        came = (
            "SELECT id, order_id FROM article WHERE first_seen_at > ? AND first_seen_at <= ?"
            " AND quiet = 0 ORDER BY order_id DESC"
        )
        ids = {row["order_id"]: row["id"] for row in db.rows(came, seen)}
        if not ids:
            return ()
        bounds = min(ids), max(ids) + 1
        compiled = _within(compile_query(query, db, today), bounds)
        return tuple(ids[place] for place in walk(db, compiled) if place in ids)


def iterate_articles(db: Database, query: Query, today: date) -> Iterator[int]:
    """Yield the ids of all articles that answer, the newest first, within one transaction."""
    compiled = compile_query(query, db, today)
    for place in walk(db, compiled):
        yield db.value("SELECT id FROM article WHERE order_id = ?", (place,))


def _bounds(search: Search, zone: ZoneInfo) -> tuple[int, int]:
    """Return the places from the first day on and before the day after the last one."""
    first = PLACES[0] if search.from_on is None else _place_of(search.from_on, zone)
    if search.to_on is None or search.to_on >= date.max - timedelta(days=1):
        return first, PLACES[1]
    return first, _place_of(search.to_on + timedelta(days=1), zone)


def _place_of(day: date, zone: ZoneInfo) -> int:
    if day <= date.min + timedelta(days=1):
        return PLACES[0]
    return first_place(datetime.combine(day, time(), zone).astimezone(UTC))


def _hit(row: Row, sought: Sequence[Sought], named: Sequence[Row], older: Row | None = None) -> Hit:
    if older is None:
        snippet, marks = make_snippet(row["text"], sought, row["lang"], marks_of(named))
    else:
        snippet, marks = _of_older(older, sought)
    return Hit(
        **article_facts(row),
        place=row["order_id"],
        date_source=DateSource(row["date_source"]),
        relevant=bool(row["relevant"]),
        reasons=names(row["reasons"]),
        access=Access(row["access"]),
        versions=row["versions"],
        present_at=to_time_or_none(row["present_at"]),
        absent_since=to_time_or_none(row["absent_since"]),
        snippet=snippet,
        marks=marks,
        title_marks=find_marks(row["title"], (*sought, *runs_of(named)), row["lang"]),
        version=None if older is None else older["number"],
    )


def _of_older(version: Row, sought: Sequence[Sought]) -> tuple[str, Marks]:
    """Return the stretch of an older version that shows what was found: its title, or its text."""
    lang = version["lang"] or ""
    snippet, found = make_snippet(version["text"], sought, lang)
    if found:
        return snippet, found
    return version["title"], find_marks(version["title"], sought, lang)


def count_by_month(db: Database, query: Query, today: date) -> tuple[Bucket, ...]:
    """Return how many articles answer in each month, the earliest first.

    Undated ones, and those dated in the future, count where they were first seen.
    """
    with db.reading():
        source, values = from_where(compile_query(query, db, today))
        rows = db.rows(
            "SELECT substr(CASE WHEN a.published_on IS NULL OR a.dated_in_future"  # noqa: S608
            " THEN a.first_seen_on ELSE a.published_on END, 1, 7) AS label, count(*) AS articles"
            f" FROM (SELECT s.rowid AS place {source}) JOIN article a ON a.order_id = place"
            " GROUP BY label ORDER BY label",
            values,
        )
        return _buckets(rows)


def _buckets(rows: Iterable[Row]) -> tuple[Bucket, ...]:
    return tuple(Bucket(label=row["label"], articles=row["articles"]) for row in rows)
