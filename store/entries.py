"""Entries: what sources list, and what became of each; leads.

It never reads a page and never decides when to try again.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from model.article import Reading
from model.capture import Capture
from model.source import Entry, Lead
from store.captures import save_capture
from store.database import Database
from store.records import PendingEntry, UnkeptReading
from store.values import (
    pack,
    sha256,
    to_text,
    to_text_or_none,
    to_time,
    to_time_or_none,
    unpack,
    well_formed,
)


def save_entry(db: Database, source_id: int, entry: Entry, now: datetime) -> bool:
    """Save one listed entry within a transaction; tell whether it is new.

    An entry that says something else than before is read again. One whose address is already
    read, or waits to be read for another source, waits for nothing.
    """
    content = sha256(msgspec.json.encode(entry))
    known = db.find_row(
        "SELECT id, content_sha256 FROM entry WHERE source_id = ? AND key = ?",
        (source_id, entry.key),
    )
    if known is not None and known["content_sha256"] == content:
        return False
    row: dict[str, object] = {
        "url": entry.url,
        "content": pack(entry),
        "content_sha256": content,
        "title": well_formed(entry.title),
        "published_at": to_text_or_none(entry.published_at),
        "state": "pending",
        "next_try_at": to_text(now),
    }
    if known is not None:
        db.execute(
            "UPDATE entry SET url = :url, content = :content, content_sha256 = :content_sha256,"
            " title = :title, published_at = :published_at, state = :state, tries = 0,"
            " next_try_at = :next_try_at WHERE id = :id",
            {**row, "id": known["id"]},
        )
        return False
    row |= {"source_id": source_id, "key": entry.key, "first_seen_at": to_text(now)}
    db.insert("entry", row | _already_known(db, entry.url))
    return True


def _already_known(db: Database, url: str) -> dict[str, object]:
    """Return what an entry becomes whose address is known; items without one all have none."""
    if not url:
        return {}
    article_id = db.value("SELECT article_id FROM address WHERE url = ?", (url,))
    listed = article_id is not None or db.value("SELECT 1 FROM entry WHERE url = ?", (url,))
    if not listed:
        return {}
    return {"state": "known", "next_try_at": None, "article_id": article_id}


def pending_entries(db: Database, now: datetime, limit: int) -> tuple[PendingEntry, ...]:
    """Return the entries whose page is to be read now, those that wait longest first."""
    rows = db.rows(
        "SELECT id, content, tries FROM entry WHERE next_try_at <= ?"
        " ORDER BY next_try_at, id LIMIT ?",
        (to_text(now), limit),
    )
    return tuple(
        PendingEntry(id=row["id"], entry=unpack(row["content"], Entry), tries=row["tries"])
        for row in rows
    )


def record_entry_failure(
    db: Database, entry_id: int, state: str, reason: str, next_try_at: datetime | None
) -> None:
    """Save why an entry's page could not be read; without a next try it is given up."""
    with db.writing():
        db.execute(
            "UPDATE entry SET state = ?, reason = ?, next_try_at = ?, tries = tries + 1"
            " WHERE id = ?",
            (state, well_formed(reason), to_text_or_none(next_try_at), entry_id),
        )


def record_unkept(
    db: Database, entry_id: int, reading: Reading, capture: Capture | None, now: datetime
) -> None:
    """Keep what the rule did not keep, compressed, so that a changed rule reaches back."""
    with db.writing():
        capture_id = None if capture is None else save_capture(db, capture)
        db.execute(
            "INSERT INTO unkept (entry_id, capture_id, reading, read_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (entry_id) DO UPDATE SET capture_id = excluded.capture_id,"
            " reading = excluded.reading, read_at = excluded.read_at",
            (entry_id, capture_id, pack(reading), to_text(now)),
        )
        close_entry(db, entry_id, "unkept", None)


def close_entry(db: Database, entry_id: int, state: str, article_id: int | None) -> None:
    """Say what became of an entry within a transaction; it waits for nothing any more."""
    db.execute(
        "UPDATE entry SET state = ?, reason = '', next_try_at = NULL, article_id = ? WHERE id = ?",
        (state, article_id, entry_id),
    )


def unkept_readings(db: Database, after: int, limit: int) -> tuple[UnkeptReading, ...]:
    """Return unkept readings in the order of their entries, those after the id `after`."""
    rows = db.rows(
        "SELECT entry_id, reading, read_at FROM unkept WHERE entry_id > ?"
        " ORDER BY entry_id LIMIT ?",
        (after, limit),
    )
    return tuple(
        UnkeptReading(
            entry_id=row["entry_id"],
            reading=unpack(row["reading"], Reading),
            read_at=to_time(row["read_at"]),
        )
        for row in rows
    )


def save_leads(db: Database, leads: Sequence[Lead], now: datetime) -> int:
    """Save addresses to be captured; return how many were not known."""
    with db.writing():
        return sum([_save_lead(db, lead, now) for lead in leads])


def _save_lead(db: Database, lead: Lead, now: datetime) -> int:
    row = {
        **{name: well_formed(str(value)) for name, value in msgspec.structs.asdict(lead).items()},
        "published_at": to_text_or_none(lead.published_at),
        "added_at": to_text(now),
    }
    cursor = db.execute(
        "INSERT INTO lead (url, title, excerpt, published_at, site, named_by, added_at)"
        " VALUES (:url, :title, :excerpt, :published_at, :site, :named_by, :added_at)"
        " ON CONFLICT (url) DO NOTHING",
        row,
    )
    return int(cursor.rowcount)


def open_leads(db: Database) -> tuple[Lead, ...]:
    """Return the known addresses that no article has yet, the newest first."""
    rows = db.rows("SELECT * FROM open_lead ORDER BY published_at DESC, url")
    return tuple(
        Lead(
            url=row["url"],
            title=row["title"],
            excerpt=row["excerpt"],
            published_at=to_time_or_none(row["published_at"]),
            site=row["site"],
            named_by=row["named_by"],
        )
        for row in rows
    )
