"""What the articles that answer have in common: source, language, entity, story, month and so on.

It never reads an article.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

import msgspec

from model.query import IMPORTED, Everything, Flag, Is, Query
from store.compiling import compile_query
from store.counting import count_codes
from store.database import Database
from store.labels import Kind, to_code, to_number
from store.records import Bucket
from store.walking import ALL, count

MAX_FACETED = 10_000
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
        compiled = compile_query(query, db, today)
        most = None if count_all else MAX_FACETED
        counts, articles = count_codes(db, compiled, "labels", ALL if most is None else most)
        is_exact = articles != most or count(db, compiled, most)[1]
        return _counted(db, counts, limit, articles, is_exact=is_exact)


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
_STEPS = (0, 200, 1_000, 3_000)
"""So far the most frequent labels are looked at, step by step."""


def _counted(
    db: Database, counts: Counter[int], limit: int, articles: int, *, is_exact: bool
) -> Facets:
    found: dict[Kind, Counts] = {}
    for kind in _FEW:
        rows = db.rows("SELECT id, value FROM label WHERE facet = ?", (kind,))
        named = [(row["value"], counts[to_code(row["id"])]) for row in rows]
        found[kind] = sorted((one for one in named if one[1]), key=lambda one: -one[1])
    ranked = counts.most_common()
    found.update((kind, _first(db, kind, ranked, limit)) for kind in _MANY)
    return _facets(db, found, limit, articles, is_exact=is_exact)


def _first(db: Database, kind: Kind, ranked: Sequence[tuple[int, int]], limit: int) -> Counts:
    """Return the first labels of a kind, looking up no more than it must."""
    found: Counts = []
    for start, end in pairwise((*_STEPS, len(ranked))):
        numbers = msgspec.json.encode([to_number(code) for code, _ in ranked[start:end]])
        rows = db.rows(
            "SELECT n.key AS at, l.value FROM json_each(?) n CROSS JOIN label l ON l.id = n.value"
            " WHERE l.facet = ? LIMIT ?",
            (numbers.decode(), kind, limit - len(found)),
        )
        found += [(row["value"], ranked[start + row["at"]][1]) for row in rows]
        if len(found) == limit:
            break
    return found


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
