"""The evidence log: captures, each chained to the one before.

It never changes or deletes a capture, and never fetches.
"""

from datetime import datetime
from pathlib import Path

import msgspec

from model.capture import Capture
from model.errors import DamageError
from store.database import Database, Row
from store.files import write_file
from store.records import Verified
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


def verify(db: Database, data: Path) -> Verified:
    """Walk the whole log against its chain and its files.

    Raises DamageError naming the first capture that is changed, missing or unreadable.
    """
    problem = db.value("PRAGMA quick_check(1)")
    if problem != "ok":
        raise DamageError(f"{db.file} is damaged ({problem}): restore the last backup")
    with db.reading():
        count, chain = 0, ""
        for row in db.rows("SELECT * FROM capture ORDER BY id"):
            count += 1
            _check_row(row, count, chain)
            _check_file(row, data)
            chain = row["chain"]
        _check_head(db, count, chain)
    return Verified(captures=count, head=chain)


def _check_row(row: Row, number: int, previous: str) -> None:
    if row["id"] != number:
        raise DamageError(f"capture {number} is missing: its row was removed")
    if link(previous, row) != row["chain"]:
        raise DamageError(f"capture {number} ({row['url']}) was changed: its chain is broken")


def _check_file(row: Row, data: Path) -> None:
    """Compare the bytes on the disk with the hash in the row."""
    name = f"capture {row['id']} ({row['url']})"
    try:
        with (data / row["file"]).open("rb") as stream:
            stream.seek(row["offset"])
            record = stream.read(row["length"])
    except OSError as error:
        raise DamageError(f"{name}: {row['file']} cannot be read ({error.strerror})") from error
    if sha256(record) != row["record_sha256"]:
        raise DamageError(f"{name}: its bytes in {row['file']} were changed")


def _check_head(db: Database, count: int, chain: str) -> None:
    head = db.find_row("SELECT captures, chain FROM chain_head")
    if head is None or head["captures"] > count:
        raise DamageError(f"capture {count + 1} is missing: its row was removed")
    if (head["captures"], head["chain"]) != (count, chain):
        raise DamageError(f"capture {count} is not the one that was logged last")
