"""All that is held to prove what one article said: its captures as logged, and their chain.

It reads no file, and tells nothing of the captures of other articles but their hashes.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from model.article import Article, Version
from model.capture import Capture
from store.captures import ChainHead, chained, get_head, link, spell_row, to_capture
from store.database import Database, Row
from store.stamps import Stamp, list_stamps
from store.values import to_time, to_time_or_none
from store.versions import captured, get_article, list_addresses, to_version


class LoggedCapture(msgspec.Struct, frozen=True, kw_only=True):
    """A capture with its number in the log, its row as it was hashed, and its link."""

    id: int
    capture: Capture
    imported_from: str
    row: str
    chain: str


class ProvenVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A version, the hash of its text, and the number of the capture it was read from."""

    version: Version
    text_sha256: str
    capture: int | None


class ProvenChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change, the number of the version it brought, and of the capture that shows it.

    `present_at` is when the article was last seen before it was absent.
    """

    what: str
    detail: str
    seen_at: datetime
    present_at: datetime | None
    version: int | None
    capture: int | None


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One capture of the log, as its link is made: of the link before and of `part`."""

    id: int
    part: str
    chain: str


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What is held of one article; `start` is the link before its first capture.

    `stamps` are, for each capture, the first one that covers it.
    """

    article: Article
    addresses: tuple[str, ...]
    versions: tuple[ProvenVersion, ...]
    changes: tuple[ProvenChange, ...]
    captures: tuple[LoggedCapture, ...]
    stamps: tuple[Stamp, ...]
    start: str
    head: ChainHead


def get_proof(db: Database, article_id: int) -> Proof:
    """Return what is held of an article; raises MissingError or DamageError."""
    article, head = get_article(db, article_id), get_head(db)
    captures = tuple(map(_logged, captured(db, article_id)))
    first = captures[0].id if captures else head.captures + 1
    start = db.value("SELECT chain FROM capture WHERE id = ?", (first - 1,))
    return Proof(
        article=article,
        addresses=list_addresses(db, article_id),
        versions=_versions(db, article_id),
        changes=_changes(db, article_id),
        captures=captures,
        stamps=_first_stamps(db, [logged.id for logged in captures]),
        start=start or "",
        head=head,
    )


def follow_chain(db: Database, start: str, first: int, head: ChainHead) -> Iterator[Step]:
    """Yield each step from a capture to the head, up to the first that does not fit."""
    rows = db.rows(
        "SELECT * FROM capture WHERE id BETWEEN ? AND ? ORDER BY id", (first, head.captures)
    )
    previous, number = start, first
    for row in rows:
        part = chained(row, head.whole_until)
        if row["id"] != number or row["chain"] != link(previous, part):
            return
        yield Step(id=number, part=part, chain=row["chain"])
        previous, number = row["chain"], number + 1


def _logged(row: Row) -> LoggedCapture:
    return LoggedCapture(
        id=row["id"],
        capture=to_capture(row),
        imported_from=row["imported_from"],
        row=spell_row(row).decode(),
        chain=row["chain"],
    )


def _versions(db: Database, article_id: int) -> tuple[ProvenVersion, ...]:
    rows = db.rows("SELECT * FROM version WHERE article_id = ? ORDER BY number", (article_id,))
    return tuple(
        ProvenVersion(
            version=to_version(row), text_sha256=row["text_sha256"], capture=row["capture_id"]
        )
        for row in rows
    )


def _changes(db: Database, article_id: int) -> tuple[ProvenChange, ...]:
    rows = db.rows(
        "SELECT change.*, version.number FROM change"
        " LEFT JOIN version ON version.id = change.version_id"
        " WHERE change.article_id = ? ORDER BY change.id",
        (article_id,),
    )
    return tuple(
        ProvenChange(
            what=row["what"],
            detail=row["detail"],
            seen_at=to_time(row["seen_at"]),
            present_at=to_time_or_none(row["present_at"]),
            version=row["number"],
            capture=row["capture_id"],
        )
        for row in rows
    )


def _first_stamps(db: Database, captures: list[int]) -> tuple[Stamp, ...]:
    stamps = list_stamps(db, from_capture=captures[0]) if captures else ()
    wanted = {
        next((stamp.captures for stamp in stamps if stamp.captures >= one), None)
        for one in captures
    }
    return tuple(stamp for stamp in stamps if stamp.captures in wanted)
