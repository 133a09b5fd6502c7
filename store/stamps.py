"""Time stamps: what an authority attested of the capture chain, and when.

It never asks an authority, never reads what one answered, and never changes the chain.
"""

from datetime import datetime

import msgspec

from store.database import Database, Row
from store.values import to_text, to_time


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of an authority about the link `chain`, the one of capture number `captures`."""

    captures: int
    chain: str
    authority: str
    stamped_at: datetime
    token: bytes


def save_stamp(db: Database, stamp: Stamp) -> None:
    """Keep a stamp for ever; a link that has one keeps the first."""
    row = msgspec.structs.asdict(stamp) | {"stamped_at": to_text(stamp.stamped_at)}
    with db.writing():
        db.execute(
            "INSERT INTO stamp (captures, chain, authority, stamped_at, token)"
            " VALUES (:captures, :chain, :authority, :stamped_at, :token)"
            " ON CONFLICT (captures) DO NOTHING",
            row,
        )


def list_stamps(db: Database, *, from_capture: int = 0) -> tuple[Stamp, ...]:
    """Return the stamps that cover a capture, the earliest first."""
    rows = db.rows("SELECT * FROM stamp WHERE captures >= ? ORDER BY captures", (from_capture,))
    return tuple(map(_stamp, rows))


def find_last_stamp(db: Database) -> Stamp | None:
    """Return the stamp that covers most captures, None where nothing was ever stamped."""
    row = db.find_row("SELECT * FROM stamp ORDER BY captures DESC LIMIT 1")
    return None if row is None else _stamp(row)


def is_due(last: Stamp | None, captures: int, now: datetime) -> bool:
    """Tell whether the head is to be stamped: new captures, and no stamp on this day (UTC)."""
    if last is None:
        return captures > 0
    return captures > last.captures and to_text(now)[:10] != to_text(last.stamped_at)[:10]


def _stamp(row: Row) -> Stamp:
    fields = {name: row[name] for name in Stamp.__struct_fields__}
    return Stamp(**{**fields, "stamped_at": to_time(row["stamped_at"])})
