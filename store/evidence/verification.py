"""Whether all that is held still matches its proof: rows, chains, files and texts.

It names every damage it finds and mends none.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from model.errors import DamageError
from model.plurals import count
from store.database import Database, Row
from store.evidence.captures import ChainHead, chained, find_head, link
from store.evidence.contents_check import ContentsCheck
from store.evidence.ledger import find_link
from store.evidence.ledger_check import LedgerCheck
from store.evidence.stamps import Stamp, list_stamps
from store.evidence.warc_files import Finding, Kind, check_file
from store.records import Verified
from store.values import sha256

MAX_DAMAGES = 20

CheckStamp = Callable[[Stamp], str | None]
"""Says what is wrong with the answer of an authority, None when it attests the stamp's link."""


class EvidenceError(DamageError):
    """What is held no longer matches its proof; `verified` holds all that was found."""

    def __init__(self, verified: Verified) -> None:
        """Say each damage on a line of its own."""
        self.verified = verified
        super().__init__("\n".join((*verified.damages, *verified.derived)))


def verify(db: Database, data: Path, check_stamp: CheckStamp | None = None) -> Verified:
    """Compare captures, files, versions, changes and stamps with their proof.

    Raises EvidenceError.
    """
    with db.reading(), db.any_text():
        examination = _Examination(db, data, check_stamp)
        verified = examination.make()
    if verified.damages or verified.derived:
        raise EvidenceError(verified)
    return verified


class _Examination:
    """One walk through all that is held; a check that breaks off does not end the others."""

    def __init__(self, db: Database, data: Path, check_stamp: CheckStamp | None) -> None:
        self._db, self._data, self._check_stamp = db, data, check_stamp
        self._ledger, self._contents = LedgerCheck(db), ContentsCheck(db)
        self._captures, self._head = 0, ""

    def make(self) -> Verified:
        checks = (
            self._database,
            self._log,
            self._files,
            self._ledger.find_broken_lines,
            self._ledger.find_changed_versions,
            self._ledger.find_changed_changes,
            self._ledger.find_changed_stamps,
            self._ledger.find_removed_rows,
            self._removed_articles,
            self._removed_versions,
            self._attested,
            self._contents.find_misspelt,
            self._contents.find_misplaced,
        )
        found = [finding for check in checks for finding in _whole(check())]

        def said(kind: Kind) -> list[str]:
            return list(dict.fromkeys(one.sentence for one in found if one.kind is kind))

        return Verified(
            captures=self._captures,
            versions=self._ledger.seen["version"],
            changes=self._ledger.seen["change"],
            stamps=self._ledger.seen["stamp"],
            head=self._head,
            lines=self._ledger.lines,
            late=self._ledger.late,
            ledger_head=self._ledger.head,
            unlogged=sum(finding.kind is Kind.UNLOGGED for finding in found),
            notes=tuple(said(Kind.NOTE)),
            damages=tuple(_shortened(said(Kind.DAMAGE))),
            derived=tuple(_shortened(said(Kind.DERIVED))),
        )

    def _database(self) -> Iterator[Finding]:
        rows = self._db.rows(f"PRAGMA integrity_check({MAX_DAMAGES})")
        problems = [" ".join(str(row["integrity_check"]).split()) for row in rows]
        if problems != ["ok"]:
            said = "; ".join(problems)
            yield _damage(f"{self._db.file} is damaged ({said}): restore the last backup")

    def _log(self) -> Iterator[Finding]:
        """Walk the whole log against its chain and its files."""
        number, head = 0, find_head(self._db)
        whole_until = head.whole_until if head else 0
        for row in self._db.rows("SELECT * FROM capture ORDER BY id"):
            if row["id"] > number + 1:
                yield _damage(_missing(number + 1, row["id"] - 1))
            elif not row["chain"]:
                yield _damage(f"{_name(row)} has no link of the chain: it was taken out")
            elif link(self._head, chained(row, whole_until)) != row["chain"]:
                yield _damage(f"{_name(row)} was changed: its chain is broken")
            fault = find_file_fault(row, self._data)
            if fault:
                yield _damage(f"{_name(row)}: {fault}")
            number, self._head = row["id"], row["chain"]
            self._captures += 1
        fault = _head_fault(head, number, self._head)
        if fault:
            yield _damage(fault)

    def _files(self) -> Iterator[Finding]:
        """Look at what the WARC files hold beside the captures; a missing one is its captures'."""
        for path in sorted((self._data / "captures").rglob("*.warc.gz")):
            name = path.relative_to(self._data).as_posix()
            rows = self._db.rows(
                "SELECT offset, length FROM capture WHERE file = ? ORDER BY offset", (name,)
            )
            spans = [(row["offset"], row["offset"] + row["length"]) for row in rows]
            yield from check_file(path, name, spans)

    def _removed_articles(self) -> Iterator[Finding]:
        lacking = self._db.rows(
            "SELECT DISTINCT article_id AS id FROM version"
            " WHERE article_id NOT IN (SELECT id FROM article)"
        )
        for row in lacking:
            yield _damage(f"article {row['id']} is missing: its row was removed")

    def _removed_versions(self) -> Iterator[Finding]:
        lacking = self._db.rows(
            "SELECT a.id, a.url, a.versions, count(v.id) AS held FROM article a"
            " LEFT JOIN version v ON v.article_id = a.id GROUP BY a.id HAVING held <> a.versions"
        )
        for row in lacking:
            yield _damage(
                f"article {row['id']} ({row['url']}) has {row['held']} of its "
                f"{count(row['versions'], 'version')}: rows were removed or added"
            )

    def _attested(self) -> Iterator[Finding]:
        """Compare each stamp with the seal of the links that stand at its places."""
        for stamp in list_stamps(self._db):
            name = f"the time stamp of capture {stamp.captures} ({stamp.stamped_at:%Y-%m-%d})"
            if self._held_seal(stamp) != stamp.chain:
                yield _damage(f"{name} attests another chain: rows before it were changed")
            fault = self._check_stamp(stamp) if self._check_stamp else None
            if fault:
                yield _damage(f"{name}: {fault}")

    def _held_seal(self, stamp: Stamp) -> str | None:
        """Return what a stamp has to attest, None where a row that it covers is missing."""
        capture: str | None = self._db.value(
            "SELECT chain FROM capture WHERE id = ?", (stamp.captures,)
        )
        if stamp.lines is None or capture is None:
            return capture
        line = find_link(self._db, stamp.lines)
        return None if line is None else link(capture, line)


def _damage(sentence: str) -> Finding:
    return Finding(Kind.DAMAGE, sentence)


def _whole(findings: Iterator[Finding]) -> Iterator[Finding]:
    """Yield what a check finds; where the database itself breaks off, that is the last of it."""
    try:
        yield from findings
    except DamageError as error:
        yield _damage(str(error))


def _shortened(damages: list[str]) -> list[str]:
    if len(damages) <= MAX_DAMAGES:
        return damages
    more = len(damages) - MAX_DAMAGES
    return [*damages[:MAX_DAMAGES], f"{more} more are damaged: mend these first"]


def _name(row: Row) -> str:
    return f"capture {row['id']} ({row['url']})"


def _missing(first: int, last: int) -> str:
    if first == last:
        return f"capture {first} is missing: its row was removed"
    return f"captures {first} to {last} are missing: their rows were removed"


def find_file_fault(row: Row, data: Path) -> str | None:
    """Return what is wrong with the bytes on the disk, compared with the hash in the row."""
    place = row["file"]
    try:
        with (data / place).open("rb") as stream:
            stream.seek(row["offset"])
            record = stream.read(row["length"])
            has_more = bool(row["imported_from"]) and bool(stream.read(1))
    except (OSError, ValueError) as error:
        return f"{place} cannot be read ({getattr(error, 'strerror', None) or error})"
    if len(record) < row["length"]:
        return f"{place} is cut: {row['length'] - len(record)} of its bytes are missing"
    if sha256(record) != row["record_sha256"]:
        return f"its bytes in {place} were changed"
    return f"bytes were added to {place}" if has_more else None


def _head_fault(head: ChainHead | None, number: int, chain: str) -> str | None:
    """Return what the head of the chain shows about the last rows."""
    if head is None:
        return "the head of the capture chain is missing: its row was removed"
    if head.captures > number:
        return _missing(number + 1, head.captures)
    if (head.captures, head.chain) != (number, chain):
        return f"capture {number} is not the one that was logged last"
    return None
