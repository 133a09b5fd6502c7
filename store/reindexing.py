"""The search index made anew from articles and versions.

It never changes what it is made from.
"""

import sys
from zoneinfo import ZoneInfo

from model.plurals import count
from store.database import Database
from store.indexing import Indexer
from store.inspection import is_writable
from store.labels import fixed_labels, moving_labels
from store.terms import RULES, read_text
from store.versions import get_version, to_version

BATCH = 500
"""So many articles are indexed in one transaction."""

_TABLES = ("word_index", "stem_index", "old_word_index", "old_stem_index")
_MAKING = f"making {RULES}"


def refresh(db: Database, zone: ZoneInfo) -> None:
    """Make the index anew where rules of another version made it, or nobody did yet."""
    if db.value("SELECT made_by FROM derived WHERE part = 'index'") == RULES:
        return
    if not is_writable(db.file):
        db.warning = (
            f"{db.file}: the search index is another version's: run `vigie rebuild index` on a "
            "copy that can be written"
        )
        return
    is_closed = db.value("PRAGMA query_only")
    db.execute("PRAGMA query_only = OFF")
    articles = db.value("SELECT count(*) FROM article")
    if articles:
        note = f"The search index of {count(articles, 'article')} is made anew, once.\n"
        sys.stderr.write(note)
    rebuild(db, zone, db.value("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"))
    db.execute(f"PRAGMA query_only = {is_closed}")


def rebuild(db: Database, zone: ZoneInfo, now: str) -> None:
    """Make the index anew, or go on where that was stopped, in transactions of bounded size.

    Articles that come in meanwhile are indexed as they come.
    """
    if db.value("SELECT made_by FROM derived WHERE part = 'index'") != _MAKING:
        with db.writing():
            _drop(db)
            _note_made(db, _MAKING, now)
    after = 0
    while (last := _index_some(db, zone, after)) is not None:
        after = last
    with db.writing():
        _note_made(db, RULES, now)


def _drop(db: Database) -> None:
    for table in _TABLES:
        db.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")  # noqa: S608
    db.execute("DELETE FROM article_label")
    db.execute("DELETE FROM label")


def _index_some(db: Database, zone: ZoneInfo, after: int) -> int | None:
    """Index the next articles that are not indexed; return the last place, None after the end."""
    with db.writing():
        rows = list(
            db.rows(
                "SELECT a.* FROM article a"
                " WHERE a.order_id > ? AND NOT EXISTS"
                " (SELECT 1 FROM article_label l WHERE l.order_id = a.order_id)"
                " ORDER BY a.order_id LIMIT ?",
                (after, BATCH),
            )
        )
        indexer = Indexer(db)
        for row in rows:
            reading = get_version(db, row["current_id"]).reading
            labels = [*fixed_labels(row, reading.access, zone), *moving_labels(db, row)]
            indexer.add(row["order_id"], read_text(reading), labels)
            if row["versions"] > 1:
                _index_old(db, indexer, row["id"], row["current_id"])
        indexer.close()
    return rows[-1]["order_id"] if rows else None


def _index_old(db: Database, indexer: Indexer, article_id: int, current_id: int) -> None:
    rows = db.rows(
        "SELECT * FROM version WHERE article_id = ? AND id <> ?", (article_id, current_id)
    )
    for row in rows:
        version = to_version(row)
        indexer.add_old(version.id, read_text(version.reading))


def _note_made(db: Database, made_by: str, now: str) -> None:
    db.execute(
        "INSERT INTO derived (part, made_by, made_at) VALUES ('index', ?, ?) ON CONFLICT (part)"
        " DO UPDATE SET made_by = excluded.made_by, made_at = excluded.made_at",
        (made_by, now),
    )
