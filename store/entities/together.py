"""Who and what the current texts name together.

It never changes anything, and reads no text.
"""

from collections import defaultdict
from collections.abc import Generator
from datetime import date
from itertools import islice

import msgspec

from model.query import Query
from store.database import Database
from store.search.searching import iterate_articles
from store.values import marks, to_day

BATCH = 500


class Naming(msgspec.Struct, frozen=True, kw_only=True):
    """The names in one article's current text: (name, kind, times), and the day it stands on."""

    article: int
    on: date
    names: tuple[tuple[str, str, int], ...] = ()


def iterate_namings(db: Database, query: Query, today: date) -> Generator[Naming]:
    """Yield who and what each article names that answers, the newest first."""
    with db.reading():
        found = iterate_articles(db, query, today)
        while batch := list(islice(found, BATCH)):
            yield from _read_batch(db, batch)


def _read_batch(db: Database, ids: list[int]) -> list[Naming]:
    listed = marks(ids)
    names: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    for row in db.rows(
        "SELECT a.id, e.name, e.kind, count(*) AS times FROM article a"  # noqa: S608
        " JOIN mention m ON m.version_id = a.current_id JOIN entity e ON e.id = m.entity_id"
        f" WHERE a.id IN ({listed}) GROUP BY a.id, e.id ORDER BY e.key",
        ids,
    ):
        names[row["id"]].append((row["name"], row["kind"], row["times"]))
    days = {
        row["id"]: to_day(row["stands_on"])
        for row in db.rows(
            "SELECT id, CASE WHEN published_on IS NULL OR dated_in_future THEN first_seen_on"  # noqa: S608
            f" ELSE published_on END AS stands_on FROM article WHERE id IN ({listed})",
            ids,
        )
    }
    return [Naming(article=one, on=days[one], names=tuple(names[one])) for one in ids]
