"""What the rule did not keep: the reading of an entry, compressed, for as long as age allows.

It never keeps a capture, and never decides what belongs to the affair.
"""

from collections.abc import Sequence
from datetime import datetime

from model.article import Reading
from store.database import Database, Row
from store.entries import close_entry
from store.records import UnkeptReading
from store.values import pack, to_text, to_time, unpack

_UNKEPT = (
    "SELECT entry_id, reading, read_at, judged_by, source.url AS source_url FROM unkept"
    " JOIN entry ON entry.id = entry_id JOIN source ON source.id = source_id"
)


def record_unkept(
    db: Database, entry_id: int, reading: Reading, judged_by: str, now: datetime
) -> None:
    """Keep what the rule did not keep, compressed, so that a changed rule reaches back."""
    with db.writing():
        db.execute(
            "INSERT INTO unkept (entry_id, reading, read_at, judged_by) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (entry_id) DO UPDATE SET reading = excluded.reading,"
            " read_at = excluded.read_at, judged_by = excluded.judged_by",
            (entry_id, pack(reading), to_text(now), judged_by),
        )
        close_entry(db, entry_id, "unkept", None)


def unkept_readings(db: Database, after: int, limit: int) -> tuple[UnkeptReading, ...]:
    """Return unkept readings in the order of their entries, those after the id `after`."""
    rows = db.rows(
        f"{_UNKEPT} WHERE entry_id > ? ORDER BY entry_id LIMIT ?",
        (after, limit),
    )
    return tuple(map(_unkept, rows))


def find_unkept(db: Database, entry_id: int) -> UnkeptReading | None:
    """Return what an entry's page said when the rule did not keep it."""
    row = db.find_row(f"{_UNKEPT} WHERE entry_id = ?", (entry_id,))
    return None if row is None else _unkept(row)


def unjudged(db: Database, rule: str, limit: int) -> tuple[UnkeptReading, ...]:
    """Return unkept readings that another rule than `rule` was asked about last."""
    rows = db.rows(
        f"{_UNKEPT} WHERE judged_by < :rule OR judged_by > :rule LIMIT :limit",
        {"rule": rule, "limit": limit},
    )
    return tuple(map(_unkept, rows))


def record_verdicts(
    db: Database, judged: Sequence[int], wanted: Sequence[int], rule: str, now: datetime
) -> None:
    """Save that `rule` was asked about entries; the pages of those `wanted` are read at once."""
    with db.writing():
        db.execute_many(
            "UPDATE unkept SET judged_by = ? WHERE entry_id = ?", [(rule, one) for one in judged]
        )
        db.execute_many(
            "UPDATE entry SET state = 'pending', reason = '', tries = 0, next_try_at = ?"
            " WHERE id = ?",
            [(to_text(now), one) for one in wanted],
        )


def _unkept(row: Row) -> UnkeptReading:
    return UnkeptReading(
        entry_id=row["entry_id"],
        source_url=row["source_url"],
        reading=unpack(row["reading"], Reading),
        read_at=to_time(row["read_at"]),
        judged_by=row["judged_by"],
    )
