"""All that is held to prove what one article said: captures, versions, changes, and both chains.

It reads no file, and tells nothing of other articles but hashes.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from model.article import Article, Version
from model.capture import Capture
from model.errors import DamageError
from model.plurals import count
from store.database import Database, Row
from store.evidence.captures import ChainHead, chained, get_head, link, spell_row, to_capture
from store.evidence.ledger import (
    LedgerHead,
    find_link,
    get_ledger_head,
    spell_entered,
    spell_line,
)
from store.evidence.stamps import Stamp, list_stamps
from store.identity import hash_text
from store.values import sha256, to_time, to_time_or_none
from store.versions import captured, get_article, list_addresses, to_version


class LoggedCapture(msgspec.Struct, frozen=True, kw_only=True):
    """A capture with its number in the log, its row as it was hashed, and its link."""

    id: int
    capture: Capture
    imported_from: str
    row: str
    chain: str


class EnteredLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the ledger and the row it stands for, both as they were hashed, and its link.

    `is_late` says that the row is older than the ledger.
    """

    id: int
    kind: str
    is_late: bool
    row: str
    line: str
    chain: str


class ProvenVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A version, the hash of its text, the number of the capture it was read from, its line."""

    version: Version
    text_sha256: str
    capture: int | None
    line: int


class ProvenChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change, the number of the version it brought, of the capture that shows it, its line.

    `present_at` is when the article was last seen before it was absent.
    """

    what: str
    detail: str
    seen_at: datetime
    present_at: datetime | None
    version: int | None
    capture: int | None
    line: int


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One capture or line, as its link is made: of the link before and of `part`."""

    id: int
    part: str
    chain: str


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A place in a chain: the number of a capture or line, and its link."""

    number: int
    link: str


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What is held of one article.

    `stamps` are, for each capture and each line, the first one that covers it. Both chains are
    told from a place before all of these.
    """

    article: Article
    addresses: tuple[str, ...]
    versions: tuple[ProvenVersion, ...]
    changes: tuple[ProvenChange, ...]
    captures: tuple[LoggedCapture, ...]
    lines: tuple[EnteredLine, ...]
    stamps: tuple[Stamp, ...]
    start: Mark
    head: ChainHead
    ledger_start: Mark
    ledger_head: LedgerHead


def get_proof(db: Database, article_id: int) -> Proof:
    """Return what is held of an article; raises MissingError or DamageError."""
    article, head, ledger = get_article(db, article_id), get_head(db), get_ledger_head(db)
    captures = tuple(map(_logged, captured(db, article_id)))
    versions = list(_rows(db, "version", article_id))
    changes = list(_rows(db, "change", article_id))
    if len(versions) != article.versions:
        held = count(article.versions, "version")
        raise _changed(f"article {article_id} has not the {held} it had")
    lines = [_entered("version", row) for row in versions]
    lines += [_entered("change", row) for row in changes]
    lines.sort(key=lambda line: line.id)
    stamps = _first_stamps(db, [one.id for one in captures], [one.id for one in lines])
    start = min([head.captures, *(one.id - 1 for one in captures), *(s.captures for s in stamps)])
    before = [one.id - 1 for one in lines] + [s.lines for s in stamps if s.lines is not None]
    return Proof(
        article=article,
        addresses=list_addresses(db, article_id),
        versions=tuple(map(_version, versions)),
        changes=tuple(map(_change, changes)),
        captures=captures,
        lines=tuple(lines),
        stamps=stamps,
        start=Mark(number=start, link=_capture_link(db, start)),
        head=head,
        ledger_start=_ledger_mark(db, min([ledger.lines, *before])),
        ledger_head=ledger,
    )


def follow_chain(db: Database, start: Mark, head: ChainHead) -> Iterator[Step]:
    """Yield each step of the captures after a place, up to the first that does not fit."""
    rows = db.rows(
        "SELECT * FROM capture WHERE id > ? AND id <= ? ORDER BY id", (start.number, head.captures)
    )
    return _follow(start, ((row, chained(row, head.whole_until)) for row in rows))


def follow_ledger(db: Database, start: Mark, head: LedgerHead) -> Iterator[Step]:
    """Yield each step of the ledger after a place, up to the first that does not fit."""
    rows = db.rows(
        "SELECT * FROM ledger WHERE id > ? AND id <= ? ORDER BY id", (start.number, head.lines)
    )
    return _follow(start, ((row, sha256(spell_line(row))) for row in rows))


def _follow(start: Mark, parts: Iterator[tuple[Row, str]]) -> Iterator[Step]:
    previous, number = start.link, start.number + 1
    for row, part in parts:
        if row["id"] != number or row["chain"] != link(previous, part):
            return
        yield Step(id=number, part=part, chain=row["chain"])
        previous, number = row["chain"], number + 1


def _capture_link(db: Database, number: int) -> str:
    return str(db.value("SELECT chain FROM capture WHERE id = ?", (number,)) or "")


def _ledger_mark(db: Database, number: int) -> Mark:
    return Mark(number=number, link=find_link(db, number) or "")


def _logged(row: Row) -> LoggedCapture:
    return LoggedCapture(
        id=row["id"],
        capture=to_capture(row),
        imported_from=row["imported_from"],
        row=spell_row(row).decode(),
        chain=row["chain"],
    )


_LINE = "l.id AS line_id, l.kind, l.row_id, l.row_sha256, l.late, l.salt, l.chain AS line_chain"
_QUERIES = {
    "version": (
        f"SELECT t.*, {_LINE} FROM version t"  # noqa: S608 - names are ours
        " LEFT JOIN ledger l ON l.kind = 'version' AND l.row_id = t.id"
        " WHERE t.article_id = ? ORDER BY t.number"
    ),
    "change": (
        f"SELECT t.*, {_LINE}, v.number FROM change t"  # noqa: S608 - names are ours
        " LEFT JOIN version v ON v.id = t.version_id"
        " LEFT JOIN ledger l ON l.kind = 'change' AND l.row_id = t.id"
        " WHERE t.article_id = ? ORDER BY t.id"
    ),
}


def _rows(db: Database, kind: str, article_id: int) -> Iterator[Row]:
    return db.rows(_QUERIES[kind], (article_id,))


def _entered(kind: str, row: Row) -> EnteredLine:
    """Return the line of a row; raises DamageError where it is not the row that was entered."""
    spelt = spell_entered(kind, row)
    if row["line_id"] is None or sha256(spelt) != row["row_sha256"]:
        raise _changed(f"{kind} {row['id']} is not as it was entered in the ledger")
    return EnteredLine(
        id=row["line_id"],
        kind=kind,
        is_late=row["late"] == 1,
        row=spelt.decode(),
        line=spell_line({**row, "id": row["line_id"]}).decode(),
        chain=row["line_chain"],
    )


def _version(row: Row) -> ProvenVersion:
    if hash_text(row["title"], row["text"], row["summary"], row["authors"]) != row["text_sha256"]:
        raise _changed(f"the text of version {row['number']} was changed")
    return ProvenVersion(
        version=to_version(row),
        text_sha256=row["text_sha256"],
        capture=row["capture_id"],
        line=row["line_id"],
    )


def _change(row: Row) -> ProvenChange:
    return ProvenChange(
        what=row["what"],
        detail=row["detail"],
        seen_at=to_time(row["seen_at"]),
        present_at=to_time_or_none(row["present_at"]),
        version=row["number"],
        capture=row["capture_id"],
        line=row["line_id"],
    )


def _changed(fact: str) -> DamageError:
    return DamageError(f"{fact}: nothing is exported; `vigie verify` names all that is damaged")


def _first_stamps(db: Database, captures: list[int], lines: list[int]) -> tuple[Stamp, ...]:
    """Return the first stamp of each capture and of each line; later ones cover no more."""
    stamps = list_stamps(db)
    wanted = {next((s.captures for s in stamps if s.captures >= one), None) for one in captures}
    wanted |= {next((s.captures for s in stamps if (s.lines or 0) >= one), None) for one in lines}
    return tuple(stamp for stamp in stamps if stamp.captures in wanted)
