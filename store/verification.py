"""Whether all that is held still matches its proof: rows, chain, files and texts.

It names every damage it finds and mends none.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from model.errors import DamageError
from store.captures import link
from store.database import Database, Row
from store.identity import hash_text
from store.records import Verified
from store.values import sha256
from store.warc_files import Finding, Kind, check_file

MAX_DAMAGES = 20


class EvidenceError(DamageError):
    """What is held no longer matches its proof; `verified` holds all that was found."""

    def __init__(self, verified: Verified) -> None:
        """Say each damage on a line of its own."""
        self.verified = verified
        super().__init__("\n".join(verified.damages))


def verify(db: Database, data: Path) -> Verified:
    """Compare every capture, file and version with its proof; raises EvidenceError."""
    with db.reading(), db.any_text():
        found = [*_check_files(db, data)]
        checks: tuple[Callable[[], Iterator[str]], ...] = (
            lambda: _check_database(db),
            lambda: _check_captures(db, data),
            lambda: (finding.sentence for finding in found if finding.kind is Kind.DAMAGE),
            lambda: _check_versions(db),
        )
        damages = [damage for check in checks for damage in _collect(check)]
        verified = Verified(
            captures=db.value("SELECT count(*) FROM capture"),
            versions=db.value("SELECT count(*) FROM version"),
            head=db.value("SELECT chain FROM capture ORDER BY id DESC LIMIT 1") or "",
            unlogged=sum(finding.kind is Kind.UNLOGGED for finding in found),
            notes=tuple(finding.sentence for finding in found if finding.kind is Kind.NOTE),
            damages=tuple(_shortened(damages)),
        )
    if damages:
        raise EvidenceError(verified)
    return verified


def _collect(check: Callable[[], Iterator[str]]) -> Iterator[str]:
    """Yield what a check finds; where the database itself breaks off, that is the last of it."""
    try:
        yield from check()
    except DamageError as error:
        yield str(error)


def _shortened(damages: list[str]) -> list[str]:
    if len(damages) <= MAX_DAMAGES:
        return damages
    more = len(damages) - MAX_DAMAGES
    return [*damages[:MAX_DAMAGES], f"{more} more are damaged: mend these first"]


def _check_database(db: Database) -> Iterator[str]:
    problems = [row["quick_check"] for row in db.rows(f"PRAGMA quick_check({MAX_DAMAGES})")]
    if problems != ["ok"]:
        said = "; ".join(" ".join(str(problem).split()) for problem in problems)
        yield f"{db.file} is damaged ({said}): restore the last backup"


def _check_captures(db: Database, data: Path) -> Iterator[str]:
    """Walk the whole log against its chain and its files."""
    number, chain = 0, ""
    for row in db.rows("SELECT * FROM capture ORDER BY id"):
        if row["id"] > number + 1:
            yield _missing(number + 1, row["id"] - 1)
        elif link(chain, row) != row["chain"]:
            yield f"{_name(row)} was changed: its chain is broken"
        fault = _file_fault(row, data)
        if fault:
            yield f"{_name(row)}: {fault}"
        number, chain = row["id"], row["chain"]
    yield from _check_head(db, number, chain)


def _name(row: Row) -> str:
    return f"capture {row['id']} ({row['url']})"


def _missing(first: int, last: int) -> str:
    if first == last:
        return f"capture {first} is missing: its row was removed"
    return f"captures {first} to {last} are missing: their rows were removed"


def _file_fault(row: Row, data: Path) -> str | None:
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


def _check_head(db: Database, number: int, chain: str) -> Iterator[str]:
    head = db.find_row("SELECT captures, chain FROM chain_head")
    if head is None:
        yield "the head of the capture chain is missing: its row was removed"
    elif head["captures"] > number:
        yield _missing(number + 1, head["captures"])
    elif (head["captures"], head["chain"]) != (number, chain):
        yield f"capture {number} is not the one that was logged last"


def _check_files(db: Database, data: Path) -> Iterator[Finding]:
    """Look at what the WARC files hold beside the captures; a missing one is its captures'."""
    for path in sorted((data / "captures").rglob("*.warc.gz")):
        name = path.relative_to(data).as_posix()
        rows = db.rows(
            "SELECT offset, length FROM capture WHERE file = ? ORDER BY offset", (name,)
        )
        spans = [(row["offset"], row["offset"] + row["length"]) for row in rows]
        yield from check_file(path, name, spans)


def _check_versions(db: Database) -> Iterator[str]:
    rows = db.rows(
        "SELECT v.number, v.article_id, v.title, v.text, v.summary, v.authors, v.text_sha256,"
        " a.url FROM version v LEFT JOIN article a ON a.id = v.article_id ORDER BY v.id"
    )
    for row in rows:
        columns = (str(row[name]) for name in ("title", "text", "summary", "authors"))
        if hash_text(*columns) != row["text_sha256"]:
            yield (
                f"version {row['number']} of article {row['article_id']} ({row['url']}): "
                "its title, text, summary or authors were changed"
            )
    lacking = db.rows(
        "SELECT a.id, a.url, a.versions, count(v.id) AS held FROM article a"
        " LEFT JOIN version v ON v.article_id = a.id GROUP BY a.id HAVING held <> a.versions"
    )
    for row in lacking:
        yield (
            f"article {row['id']} ({row['url']}) has {row['held']} of its {row['versions']} "
            "versions: rows were removed or added"
        )
