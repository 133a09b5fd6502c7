"""What the articles that answer have in common: source, language, entity, story, month and so on.

It never reads an article.
"""

import heapq
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import islice

import msgspec

from model.query import IMPORTED, Everything, Flag, Is, Query
from store.database import Database
from store.records import Bucket
from store.search.compiling import Compiled, compile_query
from store.search.labels import FACETS, Kind, count_codes, to_number
from store.search.walking import ALL, from_where

MAX_FACETED = 6_000
"""Of so many, the newest, is told what they have in common while somebody waits for a page."""


class Facets(msgspec.Struct, frozen=True, kw_only=True):
    """How many articles have each label, those of most articles first; months the latest first.

    `articles` is of how many it is told: of all where `is_exact`, else of the newest.
    """

    articles: int
    is_exact: bool
    source: tuple[Bucket, ...] = ()
    lang: tuple[Bucket, ...] = ()
    entity: tuple[Bucket, ...] = ()
    story: tuple[Bucket, ...] = ()
    month: tuple[Bucket, ...] = ()
    access: tuple[Bucket, ...] = ()
    kind: tuple[Bucket, ...] = ()


def find_facets(
    db: Database, query: Query, today: date, limit: int, *, count_all: bool = False
) -> Facets:
    """Return the `limit` most frequent labels of each kind among what answers."""
    with db.reading():
        column = _kept_column(query)
        if column is not None:
            return _kept(db, column, limit)
        most = None if count_all else MAX_FACETED
        return _counted(db, compile_query(query, db, today), most, limit)


def _kept_column(query: Query) -> str | None:
    """Return which kept counts are the answer."""
    if isinstance(query, Everything):
        return "articles"
    return "relevant" if isinstance(query, Is) and query.flag is Flag.RELEVANT else None


Counts = list[tuple[str, int]]


def _kept(db: Database, column: str, limit: int) -> Facets:
    sql = f"SELECT value, {column} AS n FROM label WHERE facet = ? AND {column} > 0"  # noqa: S608
    found = {
        kind: [
            (row["value"], row["n"])
            for row in db.rows(
                f"{sql} ORDER BY {column} DESC LIMIT ?", (kind, limit if kind in _MANY else -1)
            )
        ]
        for kind in (*_FEW, *_MANY)
    }
    articles = db.value(f"SELECT {column} FROM label WHERE facet = 'mark' AND value = 'held'")  # noqa: S608
    return _facets(db, found, limit, articles or 0, is_exact=True)


_FEW = (Kind.SOURCE, Kind.LANG, Kind.MONTH, Kind.ACCESS)
_MANY = (Kind.ENTITY, Kind.STORY)
_COUNTED = tuple(dict.fromkeys(FACETS.values()))


def _counted(db: Database, compiled: Compiled, most: int | None, limit: int) -> Facets:
    counts, articles = _count_labels(db, compiled, most)
    found: dict[Kind, Counts] = {kind: [] for kind in _FEW}
    few = _ranked(counts["labels"], len(counts["labels"]))
    for kind, value, number in _named_labels(db, few):
        found[kind].append((value, number))
    for kind in _MANY:
        first = _named_labels(db, _ranked(counts[FACETS[kind]], limit))
        found[kind] = [(value, number) for _, value, number in first]
    is_exact = most is None or articles <= most
    return _facets(db, found, limit, articles if is_exact else most or 0, is_exact=is_exact)


def _count_labels(
    db: Database, compiled: Compiled, most: int | None
) -> tuple[dict[str, Counter[int]], int]:
    """Return how many of the newest `most` have each label, by code, and how many answer.

    One more than `most` is asked for, to tell whether these are all.
    """
    source, values = from_where(compiled)
    spelt = ", ".join(f"group_concat(n.{column}, '') AS {column}" for column in _COUNTED)
    row = db.find_row(
        f"SELECT {spelt}, count(*) AS articles, min(place) AS last FROM"  # noqa: S608
        f" (SELECT s.rowid AS place {source} ORDER BY s.rowid DESC LIMIT ?)"
        " CROSS JOIN article_facet n ON n.order_id = place",
        (*values, ALL if most is None else most + 1),
    ) or {"articles": 0}  # fmt: skip
    counts = {column: count_codes(row[column] or "") for column in _COUNTED}
    if most is not None and row["articles"] > most:
        sql = f"SELECT {', '.join(_COUNTED)} FROM article_facet WHERE order_id = ?"  # noqa: S608
        for column, beyond in (db.find_row(sql, (row["last"],)) or {}).items():
            counts[column].subtract(count_codes(beyond))
    return counts, row["articles"]


def _ranked(counts: Counter[int], limit: int) -> list[tuple[int, int]]:
    """Return the labels counted most, as `most_common` would, which asks a function of each."""
    least = max(1, min(heapq.nlargest(limit, counts.values()), default=1))
    most = sorted(((code, n) for code, n in counts.items() if n > least), key=lambda one: -one[1])
    ties = ((code, n) for code, n in counts.items() if n == least)
    return [*most, *islice(ties, limit)][:limit]


def _named_labels(db: Database, ranked: Sequence[tuple[int, int]]) -> list[tuple[Kind, str, int]]:
    """Return labels by their kind and value, in order, and how often each was counted."""
    numbers = msgspec.json.encode([to_number(code) for code, _ in ranked])
    rows = db.rows(
        "SELECT n.key AS at, l.facet, l.value FROM json_each(?) n"
        " CROSS JOIN label l ON l.id = n.value",
        (numbers.decode(),),
    )
    return [(Kind(row["facet"]), row["value"], ranked[row["at"]][1]) for row in rows]


def _facets(
    db: Database, found: Mapping[Kind, Counts], limit: int, articles: int, *, is_exact: bool
) -> Facets:
    sources = {str(row["id"]): row for row in db.rows("SELECT id, name, url, kind FROM source")}
    kinds: Counter[str] = Counter()
    named: Counts = []
    for value, number in found[Kind.SOURCE]:
        source = sources.get(value, {"name": IMPORTED, "url": "", "kind": IMPORTED})
        kinds[source["kind"]] += number
        named.append((source["name"] or source["url"], number))
    months = sorted(((v, n) for v, n in found[Kind.MONTH] if v), reverse=True)
    return Facets(
        articles=articles,
        is_exact=is_exact,
        source=_buckets(named, limit),
        lang=_buckets(found[Kind.LANG], limit),
        entity=_named(db, "SELECT name FROM entity WHERE key = ?", found[Kind.ENTITY][:limit]),
        story=_named(db, "SELECT title FROM story WHERE id = ?", found[Kind.STORY][:limit]),
        month=_buckets(months, limit),
        access=_buckets(found[Kind.ACCESS], limit),
        kind=_buckets(kinds.most_common(), limit),
    )


def _named(db: Database, sql: str, found: Counts) -> tuple[Bucket, ...]:
    named = [(db.value(sql, (value,)) or value, number) for value, number in found]
    return _buckets(named, len(named))


def _buckets(found: Counts, limit: int) -> tuple[Bucket, ...]:
    return tuple(Bucket(label=label, articles=number) for label, number in found[:limit])
