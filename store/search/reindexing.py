"""The search index made anew from articles and versions.

It never changes what it is made from.
"""

import sys
from zoneinfo import ZoneInfo

from model.errors import BusyError
from model.plurals import count
from store.database import Database
from store.files import hold_lock, wait_for_lock
from store.inspection import is_writable
from store.search.indexing import Indexer
from store.search.labels import fixed_labels, moving_labels
from store.search.terms import RULES, read_text
from store.versions import get_version, to_version

BATCH = 500
"""So many articles are indexed in one transaction."""

_LOCK = "indexing.lock"
_TABLES = ("word_index", "stem_index", "old_word_index", "old_stem_index")
_MAKING = f"making {RULES}"


def refresh(db: Database, zone: ZoneInfo) -> None:
    """Make the index anew where rules of another version made it, or nobody did yet.

    Whoever only reads goes on with what is there while another program makes it (`find_gap`);
    whoever writes waits, and finishes it where that program was stopped.
    """
    if _made_by(db) == RULES or not is_writable(db.file):
        return
    is_reader = db.value("PRAGMA query_only")
    lock = db.file.with_name(_LOCK)
    try:
        with hold_lock(lock) if is_reader else wait_for_lock(lock):
            if _made_by(db) != RULES:
                db.execute("PRAGMA query_only = OFF")
                _make_and_tell(db, zone)
    except BusyError:
        return
    finally:
        db.execute(f"PRAGMA query_only = {is_reader}")


def _make_and_tell(db: Database, zone: ZoneInfo) -> None:
    if articles := db.value("SELECT count(*) FROM article"):
        note = f"The search index of {count(articles, 'article')} is made anew, once.\n"
        sys.stderr.write(note)
    _make(db, zone, db.value("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"))


def find_gap(db: Database) -> str:
    """Return in a sentence why articles may be held that no search finds, nothing where none is."""
    if _made_by(db) == RULES:
        return ""
    if not is_writable(db.file):
        return (
            f"{db.file}: the search index is another version's, so that a search may miss articles:"
            " run `vigie rebuild index` on a copy that can be written"
        )
    done, total = (
        db.value(f"SELECT count(*) FROM {table}")  # noqa: S608 - names are ours
        for table in ("article_label", "article")
    )
    return (
        f"another program is making the search index anew, {done} of {count(total, 'article')}"
        " so far: the others are not found until it is done"
    )


def _made_by(db: Database) -> str | None:
    found: str | None = db.value("SELECT made_by FROM derived WHERE part = 'index'")
    return found


def rebuild(db: Database, zone: ZoneInfo, now: str) -> None:
    """Make the index anew, or go on where that was stopped, in transactions of bounded size.

    Articles that come in meanwhile are indexed as they come.
    """
    with wait_for_lock(db.file.with_name(_LOCK)):
        _make(db, zone, now)


def _make(db: Database, zone: ZoneInfo, now: str) -> None:
    if _made_by(db) != _MAKING:
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
    db.execute("DELETE FROM article_facet")
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
