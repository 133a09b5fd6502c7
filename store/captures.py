"""The evidence log: captures, each chained to the one before.

It never changes or deletes a capture, and never fetches; `store.verification` checks them.
"""

from datetime import datetime
from pathlib import Path

import msgspec

from model.capture import Capture
from model.errors import DamageError
from store.database import Database, Row
from store.files import write_file
from store.values import sha256, to_text, to_time

_FIELDS = (
    "id", "url", "final_url", "status", "fetched_at", "sha256", "record_sha256", "file",
    "offset", "length", "imported_from",
)  # fmt: skip


def save_capture(db: Database, capture: Capture, imported_from: str = "") -> int:
    """Append a capture to the log within a transaction; one already there is found again."""
    known = db.value(
        "SELECT id FROM capture WHERE file = ? AND offset = ?", (capture.file, capture.offset)
    )
    if known is not None:
        return int(known)
    head = db.find_row("SELECT captures, chain FROM chain_head")
    if head is None:
        raise DamageError(f"{db.file}: the head of the capture chain is missing: restore a backup")
    row = {
        "id": head["captures"] + 1,
        **msgspec.structs.asdict(capture),
        "fetched_at": to_text(capture.fetched_at),
        "imported_from": imported_from,
    }
    chain = link(head["chain"], row)
    db.insert("capture", {**row, "chain": chain})
    db.execute("UPDATE chain_head SET captures = ?, chain = ?", (row["id"], chain))
    return int(row["id"])


def link(previous: str, row: Row) -> str:
    """Return the SHA-256 of the link before and this row: `previous`, a newline, a JSON list."""
    fields = msgspec.json.encode([row[name] for name in _FIELDS])
    return sha256(previous.encode() + b"\n" + fields)


def save_import(data: Path, raw: bytes, url: str, now: datetime) -> Capture:
    """Keep the bytes of an imported record under their hash and return their capture."""
    digest = sha256(raw)
    place = f"imports/{digest[:2]}/{digest}"
    if not (data / place).exists():
        write_file(data / place, raw)
    return Capture(
        url=url,
        final_url=url,
        status=0,
        fetched_at=now,
        sha256=digest,
        record_sha256=digest,
        file=place,
        offset=0,
        length=len(raw),
    )


def to_capture(row: Row) -> Capture:
    """Return the capture that a row of the table holds."""
    fields = {name: row[name] for name in Capture.__struct_fields__}
    return Capture(**{**fields, "fetched_at": to_time(row["fetched_at"])})
