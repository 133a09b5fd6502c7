"""Entries: what sources list, and what became of each; leads.

It never reads a page and never decides when to try again.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from model.capture import Capture
from model.source import Entry, Lead
from store.database import Database, Row
from store.evidence.captures import save_capture
from store.records import AS_USUAL, Arrival, PendingEntry, Sifted
from store.spellings import spellings
from store.values import (
    marks,
    pack,
    sha256,
    to_text,
    to_text_or_none,
    to_time_or_none,
    unpack,
    well_formed,
)


def save_entry(
    db: Database, source_id: int, entry: Entry, now: datetime, arrival: Arrival = AS_USUAL
) -> bool:
    """Save one listed entry within a transaction; tell whether it is new.

    An entry that says something else than before is read again. One whose address is already
    read, or waits to be read for another source, waits for nothing.
    """
    content = _hash_content(entry)
    known = db.find_row(
        "SELECT id, content, content_sha256, url, unlisted_since FROM entry"
        " WHERE source_id = ? AND key = ?",
        (source_id, entry.key),
    )
    if known is not None and known["unlisted_since"] is not None:
        db.execute("UPDATE entry SET unlisted_since = NULL WHERE id = ?", (known["id"],))
    if known is not None and known["content_sha256"] == content:
        return False
    row: dict[str, object] = {
        "url": _address(entry),
        "content": pack(entry),
        "content_sha256": content,
        "title": well_formed(entry.title),
        "published_at": to_text_or_none(entry.published_at),
    }
    if known is not None:
        _update_entry(db, known, row | _waiting(entry, arrival, now), entry, now)
        return False
    row |= {
        "source_id": source_id,
        "key": entry.key,
        "first_seen_at": to_text(now),
        "quiet": int(arrival.quiet),
        **_waiting(entry, arrival, now),
    }
    db.insert("entry", row | _already_known(db, _address(entry), now))
    return True


def _hash_content(entry: Entry) -> str:
    """Return what tells one saying of an entry from another, whatever its source is called."""
    bare = msgspec.structs.replace(entry, source_url="", canonical_url="")
    return sha256(msgspec.json.encode(bare))


def _address(entry: Entry) -> str:
    return entry.canonical_url or entry.url


def _waiting(entry: Entry, arrival: Arrival, now: datetime) -> dict[str, object]:
    if entry.key in arrival.held:
        return {"state": "held", "next_try_at": None}
    return {"state": "pending", "next_try_at": to_text(now)}


def _update_entry(
    db: Database, known: Row, row: dict[str, object], entry: Entry, now: datetime
) -> None:
    """Save what a known entry says now; one that says the same elsewhere is not read again."""
    _link_address(db, _address(entry), now)
    if known["url"] != row["url"] and _is_respelt(unpack(known["content"], Entry), entry):
        for name in ("state", "next_try_at"):
            del row[name]
    else:
        row |= {"tries": 0}
    sets = ", ".join(f"{name} = :{name}" for name in row)
    db.execute(f"UPDATE entry SET {sets} WHERE id = :id", {**row, "id": known["id"]})  # noqa: S608


def _is_respelt(before: Entry, after: Entry) -> bool:
    """Tell whether an entry says the same under another spelling of its address."""
    if _address(after) not in spellings(_address(before)):
        return False
    return _hash_content(msgspec.structs.replace(before, url="")) == _hash_content(
        msgspec.structs.replace(after, url="")
    )


def _already_known(db: Database, url: str, now: datetime) -> dict[str, object]:
    """Return what an entry becomes whose address is known; items without one all have none."""
    if not url:
        return {}
    article_id = _link_address(db, url, now)
    if article_id is None and not _is_listed(db, url):
        return {}
    return {"state": "known", "next_try_at": None, "article_id": article_id}


def _link_address(db: Database, url: str, now: datetime) -> int | None:
    """Return the article of an address however it is spelt, noting this spelling as its own."""
    known = spellings(url) if url else ()
    row = db.find_row(
        f"SELECT url, article_id FROM address WHERE url IN ({marks(known)})"  # noqa: S608 - ours
        " ORDER BY url = ? DESC LIMIT 1",
        (*known, url),
    )
    if row is None:
        return None
    if row["url"] != url:
        db.execute(
            "INSERT INTO address (url, article_id, added_at) VALUES (?, ?, ?)",
            (url, row["article_id"], to_text(now)),
        )
    return int(row["article_id"])


def _is_listed(db: Database, url: str) -> bool:
    known = spellings(url)
    sql = f"SELECT 1 FROM entry WHERE url IN ({marks(known)}) LIMIT 1"  # noqa: S608 - ours
    return db.value(sql, known) is not None


def sift_entries(db: Database, source_url: str, entries: Sequence[Entry]) -> Sifted:
    """Return which of the entries listed are not held, or say something else, changing nothing."""
    source_id = db.value("SELECT id FROM source WHERE url = ?", (source_url,))
    sql = "SELECT content_sha256 FROM entry WHERE source_id = ? AND key = ?"
    held = {entry.key: db.value(sql, (source_id, entry.key)) for entry in entries}
    fresh = (one for one in entries if not held[one.key] and not _is_known(db, _address(one)))
    return Sifted(
        unknown=frozenset(key for key, content in held.items() if content is None),
        fresh=frozenset(entry.key for entry in fresh),
        changed=frozenset(
            one.key for one in entries if held[one.key] not in (None, _hash_content(one))
        ),
        listed=_count_listed(db, source_id),
    )


def _count_listed(db: Database, source_id: int | None) -> int:
    return int(
        db.value(
            "SELECT count(*) FROM entry INDEXED BY entry_listed"
            " WHERE source_id = ? AND unlisted_since IS NULL",
            (source_id,),
        )
    )


def _is_known(db: Database, url: str) -> bool:
    known = spellings(url) if url else ()
    sql = f"SELECT 1 FROM address WHERE url IN ({marks(known)}) LIMIT 1"  # noqa: S608 - ours
    return bool(url) and (_is_listed(db, url) or db.value(sql, known) is not None)


def mark_unlisted(db: Database, source_id: int, listed: frozenset[str], now: datetime) -> None:
    """Note within a transaction which entries a whole listing no longer holds.

    Costs as much as is listed, whatever the history.
    """
    rows = db.rows(
        "SELECT id, key FROM entry INDEXED BY entry_listed"
        " WHERE source_id = ? AND unlisted_since IS NULL",
        (source_id,),
    )
    gone = [(to_text(now), row["id"]) for row in rows if row["key"] not in listed]
    db.execute_many("UPDATE entry SET unlisted_since = ? WHERE id = ?", gone)


def find_unlisted_since(db: Database, article_id: int) -> datetime | None:
    """Return since when no source lists an article any more, None while one does or none did."""
    row = db.find_row(
        "SELECT count(*) - count(unlisted_since) AS listed, max(unlisted_since) AS since"
        " FROM entry WHERE article_id = ?",
        (article_id,),
    )
    return None if row is None or row["listed"] else to_time_or_none(row["since"])


def put_off_entry(db: Database, entry_id: int, reason: str, next_try_at: datetime) -> None:
    """Say why an entry's page is asked for later; that is no failed try."""
    with db.writing():
        db.execute(
            "UPDATE entry SET reason = ?, next_try_at = ? WHERE id = ?",
            (well_formed(reason), to_text(next_try_at), entry_id),
        )


def pending_entries(db: Database, now: datetime, limit: int) -> tuple[PendingEntry, ...]:
    """Return the entries whose page is to be read now, those that wait longest first."""
    rows = db.rows(
        "SELECT id, content, tries, reason FROM entry WHERE next_try_at <= ?"
        " ORDER BY next_try_at, id LIMIT ?",
        (to_text(now), limit),
    )
    return tuple(
        PendingEntry(
            id=row["id"],
            entry=unpack(row["content"], Entry),
            tries=row["tries"],
            reason=row["reason"],
        )
        for row in rows
    )


def record_entry_failure(
    db: Database,
    entry_id: int,
    state: str,
    reason: str,
    next_try_at: datetime | None,
    capture: Capture | None = None,
) -> None:
    """Save why an entry's page could not be read; without a next try it is given up."""
    with db.writing():
        if capture is not None:
            save_capture(db, capture)
        db.execute(
            "UPDATE entry SET state = ?, reason = ?, next_try_at = ?, tries = tries + 1"
            " WHERE id = ?",
            (state, well_formed(reason), to_text_or_none(next_try_at), entry_id),
        )


def close_entry(db: Database, entry_id: int, state: str, article_id: int | None) -> None:
    """Say what became of an entry within a transaction; it waits for nothing any more."""
    db.execute(
        "UPDATE entry SET state = ?, reason = '', next_try_at = NULL, article_id = ? WHERE id = ?",
        (state, article_id, entry_id),
    )


def close_entries(db: Database, kept: Sequence[tuple[int, int]]) -> None:
    """Say within a transaction that entries became articles; they wait for nothing any more."""
    if kept:
        db.execute_many(
            "UPDATE entry SET state = 'kept', reason = '', next_try_at = NULL, article_id = ?"
            " WHERE id = ?",
            [(article_id, entry_id) for entry_id, article_id in kept],
        )
        db.execute_many(
            "DELETE FROM unkept WHERE entry_id = ?", [(entry_id,) for entry_id, _ in kept]
        )


def link_entries(db: Database, known: Sequence[tuple[str, int]]) -> None:
    """Say within a transaction that entries which waited for an address's page have its article."""
    if not known or db.value("SELECT 1 FROM entry WHERE id > 0 LIMIT 1") is None:
        return
    spelt = {url: spellings(url) for url, _ in known}
    rows = db.rows(
        "SELECT DISTINCT url FROM entry WHERE url IN (SELECT value FROM json_each(?))"
        " AND state = 'known' AND article_id IS NULL",
        (msgspec.json.encode(list({one for url in spelt for one in spelt[url]})).decode(),),
    )
    waiting = {row["url"] for row in rows}
    found = ((article_id, one) for url, article_id in known for one in spelt[url] if one in waiting)
    for article_id, one in found if waiting else ():
        db.execute(
            "UPDATE entry SET article_id = ?"
            " WHERE url = ? AND state = 'known' AND article_id IS NULL",
            (article_id, one),
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
