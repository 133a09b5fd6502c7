"""Time stamps: what an authority attested of the captures and the ledger, and when.

It never asks an authority, never reads what one answered, and changes no capture and no version.
"""

from datetime import datetime

import msgspec

from store.database import Database, Row
from store.evidence.captures import get_head, link
from store.evidence.ledger import get_ledger_head, is_entered, save_entered
from store.values import to_text, to_time


class Seal(msgspec.Struct, frozen=True, kw_only=True):
    """What a stamp attests: `chain` is made of a capture's link and of a line's link."""

    captures: int
    lines: int
    chain: str


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of an authority about `chain`, the seal of so many captures and lines.

    Without `lines` it is older than the ledger, and `chain` is the link of the last capture.
    """

    captures: int
    chain: str
    authority: str
    stamped_at: datetime
    token: bytes
    lines: int | None = None


def make_seal(db: Database) -> Seal:
    """Return what is to be stamped now: one hash that every capture and every line changes."""
    head, ledger = get_head(db), get_ledger_head(db)
    return Seal(captures=head.captures, lines=ledger.lines, chain=link(head.chain, ledger.chain))


def save_stamp(db: Database, stamp: Stamp) -> None:
    """Keep a stamp for ever; captures that have one keep the first."""
    row = msgspec.structs.asdict(stamp) | {"stamped_at": to_text(stamp.stamped_at)}
    with db.writing():
        if not is_entered(db, "stamp", stamp.captures):
            save_entered(db, "stamp", row)


def list_stamps(db: Database) -> tuple[Stamp, ...]:
    """Return all stamps, the earliest first."""
    return tuple(map(_stamp, db.rows("SELECT * FROM stamp ORDER BY captures")))


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
