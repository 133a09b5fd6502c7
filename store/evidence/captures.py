"""The evidence log: captures, each chained to the one before.

It never changes or deletes a capture, and never fetches; `store.evidence.verification` checks them.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from model.capture import Capture
from model.errors import DamageError
from store.database import Database, Row
from store.files import write_files
from store.values import sha256, to_text, to_time

COLUMNS = (
    "id", "url", "final_url", "status", "fetched_at", "sha256", "record_sha256", "file",
    "offset", "length", "imported_from",
)  # fmt: skip
"""The columns that a link of the chain covers, in the order in which they are spelt."""


class ChainHead(msgspec.Struct, frozen=True, kw_only=True):
    """How many captures there are and the link of the last one.

    Until the capture `whole_until` a link was made of the whole row, since then of its SHA-256.
    """

    captures: int
    chain: str
    whole_until: int


def save_capture(db: Database, capture: Capture, imported_from: str = "") -> int:
    """Append a capture to the log within a transaction; one already there is found again."""
    (capture_id,) = save_captures(db, [(capture, imported_from)])
    return capture_id


def save_captures(db: Database, captures: Sequence[tuple[Capture, str]]) -> list[int]:
    """Append captures to the log, each with the path it was imported from, in order."""
    head, rows = None, []
    ids: dict[tuple[str, int], int] = {}
    for capture, imported_from in captures:
        place = (capture.file, capture.offset)
        known = ids.get(place) or db.value(
            "SELECT id FROM capture WHERE file = ? AND offset = ?", place
        )
        if known is None:
            head = head or get_head(db)
            row, head = _linked(head, capture, imported_from)
            rows.append(row)
            known = head.captures
        ids[place] = int(known)
    if head is not None:
        db.insert_many("capture", rows)
        db.execute("UPDATE chain_head SET captures = ?, chain = ?", (head.captures, head.chain))
    return [ids[capture.file, capture.offset] for capture, _ in captures]


def _linked(head: ChainHead, capture: Capture, imported_from: str) -> tuple[Row, ChainHead]:
    """Return the row of a capture, and the head that it makes."""
    row = {
        "id": head.captures + 1,
        **msgspec.structs.asdict(capture),
        "fetched_at": to_text(capture.fetched_at),
        "imported_from": imported_from,
    }
    chain = link(head.chain, chained(row, head.whole_until))
    after = msgspec.structs.replace(head, captures=head.captures + 1, chain=chain)
    return {**row, "chain": chain}, after


def get_head(db: Database) -> ChainHead:
    """Return the head of the chain; raises DamageError where its row was removed."""
    head = find_head(db)
    if head is None:
        raise DamageError(f"{db.file}: the head of the capture chain is missing: restore a backup")
    return head


def find_head(db: Database) -> ChainHead | None:
    """Return the head of the chain, None where its row was removed."""
    row = db.find_row("SELECT captures, chain, whole_until FROM chain_head")
    return None if row is None else ChainHead(**row)


def spell_row(row: Row) -> bytes:
    """Return the row of a capture as it is hashed: its columns as one JSON list."""
    return msgspec.json.encode([row[name] for name in COLUMNS])


def chained(row: Row, whole_until: int) -> str:
    """Return what the link of a row is made of beside the link before it."""
    spelt = spell_row(row)
    return spelt.decode() if row["id"] <= whole_until else sha256(spelt)


def link(previous: str, part: str) -> str:
    """Return the SHA-256 of the link before, a newline, and what is `chained` of the row."""
    return sha256(f"{previous}\n{part}".encode())


def save_import(data: Path, raw: bytes, url: str, now: datetime) -> Capture:
    """Keep the bytes of an imported record under their hash and return their capture."""
    (capture,) = save_imports(data, [(raw, url, now)])
    return capture


def save_imports(data: Path, records: Sequence[tuple[bytes, str, datetime]]) -> list[Capture]:
    """Keep the bytes of imported records, each with its address and the time; in order."""
    found, new = [], {}
    for raw, url, now in records:
        digest = sha256(raw)
        place = f"imports/{digest[:2]}/{digest}"
        if not (data / place).exists():
            new[data / place] = raw
        capture = Capture(
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
        found.append(capture)
    write_files(new)
    return found


def to_capture(row: Row) -> Capture:
    """Return the capture that a row of the table holds."""
    fields = {name: row[name] for name in Capture.__struct_fields__}
    return Capture(**{**fields, "fetched_at": to_time(row["fetched_at"])})
