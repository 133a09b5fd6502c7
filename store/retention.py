"""What age lets go of: texts and entries that never belonged to the affair.

It never touches a capture, an article, a version or a note on one, nor any entry that is still
listed or whose address an article has.
"""

from datetime import datetime

import msgspec

from store.database import Database, Row
from store.values import marks, to_text

BATCH = 500
SAMPLE = 10

# an address that an article has was kept, whoever else listed it
_OUTSIDE = (
    "entry.article_id IS NULL AND entry.next_try_at IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM address WHERE address.url = entry.url)"
)
_TEXTS = (
    "FROM unkept JOIN entry ON entry.id = unkept.entry_id"
    f" WHERE unkept.read_at < :before AND {_OUTSIDE}"
)
# without the text of its page, unless that is let go as well
_WITHOUT_TEXT = (
    "NOT EXISTS (SELECT 1 FROM unkept WHERE unkept.entry_id = entry.id"
    " AND unkept.read_at >= :before)"
)
_ENTRIES = (
    f"FROM entry WHERE entry.unlisted_since < :unlisted_before AND {_WITHOUT_TEXT} AND {_OUTSIDE}"
)


class Ages(msgspec.Struct, frozen=True, kw_only=True):
    """Texts read before `before` are let go, and entries unlisted before `unlisted_before`."""

    before: datetime
    unlisted_before: datetime | None = None


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """What is let go of one source; `text_bytes` as they lie on the disk, compressed."""

    source: str
    name: str
    texts: int = 0
    text_bytes: int = 0
    entries: int = 0


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """One entry whose text is let go."""

    url: str
    title: str
    read_at: str


class Pruning(msgspec.Struct, frozen=True, kw_only=True):
    """What is let go, by source, and some of its oldest texts."""

    texts: int
    text_bytes: int
    entries: int
    sources: tuple[Share, ...]
    sample: tuple[Sample, ...]


def plan_pruning(db: Database, ages: Ages) -> Pruning:
    """Return what these ages let go of, changing nothing."""
    parameters = _parameters(ages)
    with db.reading():
        shares = {row["id"]: row for row in db.rows("SELECT id, url, name FROM source")}
        texts = _by_source(db, f"count(*) AS n, sum(length(unkept.reading)) AS size {_TEXTS}", ages)
        entries = {} if ages.unlisted_before is None else _by_source(
            db, f"count(*) AS n, 0 AS size {_ENTRIES}", ages
        )  # fmt: skip
        sample = db.rows(
            f"SELECT entry.url, entry.title, unkept.read_at {_TEXTS}"
            f" ORDER BY unkept.read_at, entry.id LIMIT {SAMPLE}",
            parameters,
        )
        sampled = tuple(Sample(**row) for row in sample)
    touched = [_share(shares[n], texts.get(n), entries.get(n)) for n in {*texts, *entries}]
    return Pruning(
        texts=sum(share.texts for share in touched),
        text_bytes=sum(share.text_bytes for share in touched),
        entries=sum(share.entries for share in touched),
        sources=tuple(sorted(touched, key=lambda share: (-share.text_bytes, share.source))),
        sample=sampled,
    )


def let_go(db: Database, ages: Ages) -> tuple[int, int]:
    """Let go of what the ages name; return how many texts and entries that were.

    Each batch is one transaction: whoever waits to write never waits long.
    """
    texts = _delete(db, "unkept", "entry_id", f"SELECT unkept.entry_id AS id {_TEXTS}", ages)
    if ages.unlisted_before is None:
        return texts, 0
    return texts, _delete(db, "entry", "id", f"SELECT entry.id AS id {_ENTRIES}", ages)


def _delete(db: Database, table: str, key: str, chosen: str, ages: Ages) -> int:
    deleted = 0
    while True:
        with db.writing():
            rows = db.rows(f"{chosen} LIMIT {BATCH}", _parameters(ages))
            ids = [row["id"] for row in rows]
            if ids:
                db.execute(f"DELETE FROM {table} WHERE {key} IN ({marks(ids)})", ids)  # noqa: S608
        deleted += len(ids)
        if len(ids) < BATCH:
            return deleted


def _by_source(db: Database, counted: str, ages: Ages) -> dict[int, Row]:
    sql = f"SELECT entry.source_id, {counted} GROUP BY entry.source_id"
    return {row["source_id"]: row for row in db.rows(sql, _parameters(ages))}


def _parameters(ages: Ages) -> Row:
    unlisted = ages.unlisted_before
    before = {"before": to_text(ages.before)}
    return before if unlisted is None else before | {"unlisted_before": to_text(unlisted)}


def _share(source: Row, texts: Row | None, entries: Row | None) -> Share:
    return Share(
        source=source["url"],
        name=source["name"],
        texts=texts["n"] if texts else 0,
        text_bytes=texts["size"] if texts else 0,
        entries=entries["n"] if entries else 0,
    )
