"""The ledger: one line for each version, change and time stamp, each chained to the one before.

It never changes or removes a line. A text is covered by its hash, which stands in its row; what is
derived (articles, tags, events) is not entered. `store.evidence.verification` checks it.
"""

import secrets
from collections.abc import Iterable, Sequence

import msgspec

from model.errors import DamageError
from store.database import Database, Row
from store.evidence.captures import link
from store.values import sha256

COLUMNS = {
    "version": (
        "id", "article_id", "number", "seen_at", "capture_id", "words_sha256", "text_sha256",
        "published_at", "modified_at", "lang", "access", "rest",
    ),
    "change": (
        "id", "article_id", "what", "detail", "seen_at", "version_id", "capture_id", "present_at",
    ),
    "stamp": ("captures", "lines", "chain", "authority", "stamped_at", "token"),
}  # fmt: skip
"""What a line covers of each table, in the order in which it is spelt; its key comes first."""

LINE_COLUMNS = ("id", "kind", "row_id", "row_sha256", "late", "salt")

_SALT_BYTES = 16


class LedgerHead(msgspec.Struct, frozen=True, kw_only=True):
    """How many lines there are and the link of the last one."""

    lines: int
    chain: str


def save_entered(db: Database, kind: str, row: Row) -> int:
    """Enter a row, save it, and return its number, within a transaction.

    A number of its own is given to a row that has none: one that was never used, even where rows
    were removed behind the program.
    """
    key = COLUMNS[kind][0]
    row = row if key in row else {**row, key: next_number(db, kind)}
    save_all_entered(db, kind, [row])
    return int(row[key])


def save_all_entered(db: Database, kind: str, rows: Sequence[Row]) -> None:
    """Enter rows that have their numbers, in order, and save them, within a transaction."""
    head = get_ledger_head(db)
    lines = []
    for row in rows:
        line, head = _line(head, kind, row, late=0)
        lines.append(line)
    db.insert_many("ledger", lines)
    _save_head(db, head)
    db.insert_many(kind, rows)


def is_entered(db: Database, kind: str, number: int) -> bool:
    """Tell whether a row was entered, be it still there or not."""
    sql = "SELECT 1 FROM ledger WHERE kind = ? AND row_id = ?"
    return db.value(sql, (kind, number)) is not None


def take_in(db: Database) -> None:
    """Enter the rows that are older than the ledger, within the migration that makes it."""
    head = get_ledger_head(db)
    for kind in COLUMNS:
        for row in held_rows(db, kind):
            line, head = _line(head, kind, row, late=1)
            db.insert("ledger", line)
    _save_head(db, head)


def held_rows(db: Database, kind: str) -> Iterable[Row]:
    """Return the columns that lines cover of all rows of a table."""
    columns = ", ".join(COLUMNS[kind])
    return db.rows(f"SELECT {columns} FROM {kind} ORDER BY {COLUMNS[kind][0]}")  # noqa: S608


def get_ledger_head(db: Database) -> LedgerHead:
    """Return the head of the ledger; raises DamageError where its row was removed."""
    head = find_ledger_head(db)
    if head is None:
        raise DamageError(f"{db.file}: the head of the ledger is missing: restore a backup")
    return head


def find_ledger_head(db: Database) -> LedgerHead | None:
    """Return the head of the ledger, None where its row was removed."""
    row = db.find_row("SELECT lines, chain FROM ledger_head WHERE id = 1")
    return None if row is None else LedgerHead(**row)


def find_link(db: Database, line: int) -> str | None:
    """Return the link of a line, nothing before the first, None where there is no such line."""
    found: str | None = db.value("SELECT chain FROM ledger WHERE id = ?", (line,))
    return "" if line == 0 else found


def spell_entered(kind: str, row: Row) -> bytes:
    """Return a row as it is hashed: a JSON list of its columns, bytes as their SHA-256."""
    values = (row[name] for name in COLUMNS[kind])
    return msgspec.json.encode(
        [sha256(value) if isinstance(value, bytes) else value for value in values]
    )


def spell_line(line: Row) -> bytes:
    """Return a line as it is hashed: its columns but the link, as one JSON list."""
    return msgspec.json.encode([line[name] for name in LINE_COLUMNS])


def next_number(db: Database, kind: str) -> int:
    """Return a number that no row of a table ever had."""
    sql = (
        "SELECT 1 + max(coalesce((SELECT max(row_id) FROM ledger WHERE kind = ?), 0),"  # noqa: S608
        f" coalesce((SELECT max(id) FROM {kind}), 0))"
    )
    return int(db.value(sql, (kind,)))


def _line(head: LedgerHead, kind: str, row: Row, *, late: int) -> tuple[Row, LedgerHead]:
    """Return the line of a row, and the head that it makes."""
    line = {
        "id": head.lines + 1,
        "kind": kind,
        "row_id": row[COLUMNS[kind][0]],
        "row_sha256": sha256(spell_entered(kind, row)),
        "late": late,
        # a proof shows the hashes of other articles' lines: without it their rows could be guessed
        "salt": secrets.token_hex(_SALT_BYTES),
    }
    chain = link(head.chain, sha256(spell_line(line)))
    return {**line, "chain": chain}, LedgerHead(lines=head.lines + 1, chain=chain)


def _save_head(db: Database, head: LedgerHead) -> None:
    db.execute("UPDATE ledger_head SET lines = ?, chain = ? WHERE id = 1", (head.lines, head.chain))
