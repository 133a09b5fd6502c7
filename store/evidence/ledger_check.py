"""Whether versions, changes and time stamps are those that were entered in the ledger.

It names every row that was changed, removed or added, and mends none.
"""

from collections.abc import Iterator

from store.database import Database, Row
from store.evidence.captures import link
from store.evidence.ledger import COLUMNS, LedgerHead, find_ledger_head, spell_entered, spell_line
from store.evidence.warc_files import Finding, Kind
from store.identity import hash_text
from store.values import sha256

_NAMES = {"version": "version", "change": "change", "stamp": "time stamp"}
_QUERIES = {
    "version": (
        "SELECT t.*, a.url, l.row_sha256 FROM version t"
        " LEFT JOIN article a ON a.id = t.article_id"
        " LEFT JOIN ledger l ON l.kind = 'version' AND l.row_id = t.id ORDER BY t.id"
    ),
    "change": (
        "SELECT t.*, a.url, l.row_sha256 FROM change t"
        " LEFT JOIN article a ON a.id = t.article_id"
        " LEFT JOIN ledger l ON l.kind = 'change' AND l.row_id = t.id ORDER BY t.id"
    ),
    "stamp": (
        "SELECT t.*, l.row_sha256 FROM stamp t"
        " LEFT JOIN ledger l ON l.kind = 'stamp' AND l.row_id = t.captures ORDER BY t.captures"
    ),
}


class LedgerCheck:
    """One walk through the ledger and what it stands for; it counts what it sees."""

    def __init__(self, db: Database) -> None:
        """Prepare to read one state of a database."""
        self._db = db
        self.lines, self.late, self.head = 0, 0, ""
        self.seen = dict.fromkeys(COLUMNS, 0)

    def find_broken_lines(self) -> Iterator[Finding]:
        """Walk the ledger against its own chain."""
        number = 0
        for line in self._db.rows("SELECT * FROM ledger ORDER BY id"):
            if line["id"] > number + 1:
                yield _damage(_missing(number + 1, line["id"] - 1))
            elif link(self.head, sha256(spell_line(line))) != line["chain"]:
                yield _damage(f"{_name_line(line)} was changed: its chain is broken")
            number, self.head = line["id"], line["chain"]
            self.lines += 1
            self.late += line["late"] == 1
        fault = _head_fault(find_ledger_head(self._db), number, self.head)
        if fault:
            yield _damage(fault)

    def find_changed_versions(self) -> Iterator[Finding]:
        """Compare each version's text with its hash, and its row with its line."""
        for row in self._rows("version"):
            faults = (_text_fault(row), _row_fault("version", row))
            said = " and ".join(filter(None, faults))
            if said:
                name = f"version {row['number']} of article {row['article_id']} ({row['url']})"
                yield _damage(f"{name}: {said}")

    def find_changed_changes(self) -> Iterator[Finding]:
        """Compare what was noted as changed in articles with its line."""
        for row in self._rows("change"):
            fault = _row_fault("change", row)
            if fault:
                name = f"change {row['id']} of article {row['article_id']} ({row['url']})"
                yield _damage(f"{name}: {fault}")

    def find_changed_stamps(self) -> Iterator[Finding]:
        """Compare the time stamps with their lines."""
        for row in self._rows("stamp"):
            fault = _row_fault("stamp", row)
            if fault:
                yield _damage(f"the time stamp of capture {row['captures']}: {fault}")

    def find_removed_rows(self) -> Iterator[Finding]:
        """Name the rows that the ledger has a line for and that are there no more."""
        for kind, columns in COLUMNS.items():
            rows = self._db.rows(
                f"SELECT id, row_id FROM ledger WHERE kind = ?"  # noqa: S608 - names are ours
                f" AND row_id NOT IN (SELECT {columns[0]} FROM {kind}) ORDER BY id",
                (kind,),
            )
            for row in rows:
                name = f"the {_NAMES[kind]} with the number {row['row_id']}"
                yield _damage(f"{name}, line {row['id']} of the ledger, is missing: it was removed")

    def _rows(self, kind: str) -> Iterator[Row]:
        for row in self._db.rows(_QUERIES[kind]):
            self.seen[kind] += 1
            yield row


def _damage(sentence: str) -> Finding:
    return Finding(Kind.DAMAGE, sentence)


def _text_fault(row: Row) -> str | None:
    columns = (str(row[name]) for name in ("title", "text", "summary", "authors"))
    if hash_text(*columns) == row["text_sha256"]:
        return None
    return "its title, text, summary or authors were changed"


def _row_fault(kind: str, row: Row) -> str | None:
    """Return what the ledger shows about one row that is there."""
    if row["row_sha256"] is None:
        return "it has no line in the ledger: it was added, or its line was taken out"
    if sha256(spell_entered(kind, row)) != row["row_sha256"]:
        return "its row is not the one that was entered in the ledger"
    return None


def _name_line(line: Row) -> str:
    name = _NAMES.get(line["kind"], "row")
    return f"line {line['id']} of the ledger ({name} {line['row_id']})"


def _missing(first: int, last: int) -> str:
    if first == last:
        return f"line {first} of the ledger is missing: it was removed"
    return f"lines {first} to {last} of the ledger are missing: they were removed"


def _head_fault(head: LedgerHead | None, number: int, chain: str) -> str | None:
    """Return what the head of the ledger shows about the last lines."""
    if head is None:
        return "the head of the ledger is missing: its row was removed"
    if head.lines > number:
        return _missing(number + 1, head.lines)
    if (head.lines, head.chain) != (number, chain):
        return f"line {number} of the ledger is not the one that was entered last"
    return None
