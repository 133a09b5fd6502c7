"""Reading articles and versions back, and the log of their re-readings.

It never changes a version.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from model.article import Access, Article, ArticleId, Image, Reading, Version, VersionId
from model.capture import Capture
from model.errors import MissingError
from model.source import DateSource, Entry
from store.changes import note_change
from store.database import Database, Row
from store.evidence.captures import save_capture, to_capture
from store.records import Change, DueReading, Seen
from store.search.indexing import relabel
from store.values import (
    names,
    to_text,
    to_text_or_none,
    to_time,
    to_time_or_none,
    unpack,
    well_formed,
)


class Rest(msgspec.Struct, frozen=True, kw_only=True):
    """What a version's column `rest` holds: the parts of a reading without a column."""

    url: str
    canonical_url: str
    other_urls: tuple[str, ...]
    site: str
    images: tuple[Image, ...]
    details: dict[str, str]
    published_precision: str
    date_source: DateSource | None


def get_article(db: Database, article_id: int) -> Article:
    """Return one article with its current version.

    Raises MissingError when it is not held.
    """
    row = db.find_row("SELECT * FROM article WHERE id = ?", (article_id,))
    if row is None:
        raise MissingError(f"There is no article {article_id}: `vigie search` shows the ids.")
    return Article(
        id=ArticleId(row["id"]),
        url=row["url"],
        first_seen_at=to_time(row["first_seen_at"]),
        relevant=bool(row["relevant"]),
        reasons=names(row["reasons"]),
        dated_in_future=bool(row["dated_in_future"]),
        current=get_version(db, row["current_id"]),
        versions=row["versions"],
        present_at=to_time_or_none(row["present_at"]),
        absent_since=to_time_or_none(row["absent_since"]),
    )


def get_version(db: Database, version_id: int) -> Version:
    """Return one version.

    Raises MissingError when it is not held.
    """
    row = db.find_row("SELECT * FROM version WHERE id = ?", (version_id,))
    if row is None:
        raise MissingError(f"There is no version {version_id}.")
    return to_version(row)


class VersionTime(msgspec.Struct, frozen=True, kw_only=True):
    """A version without its text: its id, its number, and when it was first seen."""

    id: VersionId
    number: int
    seen_at: datetime


def list_version_times(db: Database, article_id: int) -> tuple[VersionTime, ...]:
    """Return when each version of an article was first seen, the first one first.

    Raises MissingError when it is not held.
    """
    get_article(db, article_id)
    rows = db.rows(
        "SELECT id, number, seen_at FROM version WHERE article_id = ? ORDER BY number",
        (article_id,),
    )
    return tuple(
        VersionTime(id=VersionId(row["id"]), number=row["number"], seen_at=to_time(row["seen_at"]))
        for row in rows
    )


def list_versions(db: Database, article_id: int) -> tuple[Version, ...]:
    """Return all versions of an article, the first one first."""
    get_article(db, article_id)
    rows = db.rows("SELECT * FROM version WHERE article_id = ? ORDER BY number", (article_id,))
    return tuple(map(to_version, rows))


def to_version(row: Row) -> Version:
    """Return the version that a row of the table holds."""
    rest = msgspec.json.decode(row["rest"], type=Rest)
    reading = Reading(
        title=row["title"],
        text=row["text"],
        authors=names(row["authors"]),
        summary=row["summary"],
        published_at=to_time_or_none(row["published_at"]),
        modified_at=to_time_or_none(row["modified_at"]),
        lang=row["lang"],
        access=Access(row["access"]),
        **msgspec.structs.asdict(rest),
    )
    return Version(
        id=VersionId(row["id"]),
        article_id=ArticleId(row["article_id"]),
        number=row["number"],
        seen_at=to_time(row["seen_at"]),
        reading=reading,
    )


def find_article_id(db: Database, url: str) -> ArticleId | None:
    """Return the article that has or had this address."""
    article_id = db.value("SELECT article_id FROM address WHERE url = ?", (url,))
    return None if article_id is None else ArticleId(article_id)


def list_addresses(db: Database, article_id: int) -> tuple[str, ...]:
    """Return every address an article was known by."""
    rows = db.rows(
        "SELECT url FROM address WHERE article_id = ? ORDER BY added_at, url", (article_id,)
    )
    return tuple(row["url"] for row in rows)


def list_changes(db: Database, article_id: int) -> tuple[Change, ...]:
    """Return the changes seen in an article, the first one first."""
    rows = db.rows("SELECT * FROM change WHERE article_id = ? ORDER BY id", (article_id,))
    return tuple(
        Change(
            what=row["what"],
            detail=row["detail"],
            seen_at=to_time(row["seen_at"]),
            present_at=to_time_or_none(row["present_at"]),
        )
        for row in rows
    )


def list_captures(db: Database, article_id: int) -> tuple[Capture, ...]:
    """Return what was captured for an article or ever answered at one of its addresses.

    The first one comes first.
    """
    return tuple(map(to_capture, captured(db, article_id)))


def captured(db: Database, article_id: int) -> Iterator[Row]:
    """Yield the rows of what was captured for an article or ever answered at its addresses."""
    return db.rows(
        "WITH known (url) AS (SELECT url FROM address WHERE article_id = :id)"
        " SELECT * FROM capture WHERE id IN"
        " (SELECT capture_id FROM version WHERE article_id = :id"
        " UNION SELECT capture_id FROM change WHERE article_id = :id)"
        " OR url IN (SELECT url FROM known) OR final_url IN (SELECT url FROM known) ORDER BY id",
        {"id": article_id},
    )


def find_version_capture(db: Database, version_id: int) -> Capture | None:
    """Return the capture that a version was read from."""
    row = db.find_row(
        "SELECT capture.* FROM version JOIN capture ON capture.id = version.capture_id"
        " WHERE version.id = ?",
        (version_id,),
    )
    return None if row is None else to_capture(row)


_DUE = (
    "SELECT article.*, source.url AS source_url,"
    " (SELECT detail FROM change WHERE article_id = article.id AND what = 'moved'"
    " ORDER BY id DESC LIMIT 1) AS moved,"
    " (SELECT content FROM entry WHERE article_id = article.id"
    " ORDER BY source_id = article.source_id DESC, id LIMIT 1) AS content"
    " FROM article LEFT JOIN source ON source.id = article.source_id"
)


def due_readings(db: Database, now: datetime, limit: int) -> tuple[DueReading, ...]:
    """Return the articles to read again, the longest overdue first."""
    # the + keeps the planner from reading all relevant articles in the place of those due
    rows = db.rows(
        f"{_DUE} WHERE next_reading_at <= ? AND +relevant = 1 ORDER BY next_reading_at LIMIT ?",
        (to_text(now), limit),
    )
    return tuple(map(_due_reading, rows))


def _due_reading(row: Row) -> DueReading:
    return DueReading(
        article_id=row["id"],
        url=row["url"] if row["moved"] is None else row["moved"].rpartition(" ")[2],
        first_seen_at=to_time(row["first_seen_at"]),
        last_read_at=to_time_or_none(row["last_read_at"]),
        state=row["reading_state"],
        source_url=row["source_url"] or "",
        entry=None if row["content"] is None else unpack(row["content"], Entry),
    )


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """An article that answers elsewhere for good; the capture holds the redirect."""

    article_id: int
    from_url: str
    to_url: str
    capture: Capture
    now: datetime


def record_move(db: Database, move: Move) -> None:
    """Save where an article moved to: it stays the same article, known by both addresses."""
    with db.writing():
        capture_id = save_capture(db, move.capture)
        db.execute(
            "INSERT INTO address (url, article_id, added_at) VALUES (?, ?, ?)"
            " ON CONFLICT (url) DO NOTHING",
            (move.to_url, move.article_id, to_text(move.now)),
        )
        detail = f"{move.from_url} {move.to_url}"
        note_change(db, move.article_id, "moved", detail, move.now, capture_id=capture_id)


class Rereading(msgspec.Struct, frozen=True, kw_only=True):
    """What reading an article again showed, when it brought no new text."""

    article_id: int
    seen: Seen
    reason: str
    capture: Capture | None
    next_reading_at: datetime | None
    now: datetime


def put_off_reading(db: Database, article_id: int, next_reading_at: datetime) -> None:
    """Save that an article is read again later; that is no reading."""
    with db.writing():
        db.execute(
            "UPDATE article SET next_reading_at = ? WHERE id = ?",
            (to_text(next_reading_at), article_id),
        )


def record_reading(db: Database, rereading: Rereading) -> None:
    """Save what reading an article again showed; an absence is noted once."""
    with db.writing():
        row = db.find_row("SELECT * FROM article WHERE id = ?", (rereading.article_id,))
        if row is None:
            raise MissingError(f"There is no article {rereading.article_id}.")
        capture_id = None
        if rereading.capture is not None:
            capture_id = save_capture(db, rereading.capture)
        now = to_text(rereading.now)
        present_at, absent_since = row["present_at"], row["absent_since"]
        if rereading.seen is Seen.UNCHANGED:
            present_at, absent_since = now, None
        elif rereading.seen is Seen.ABSENT:
            absent_since = absent_since or now
        _note_absence(db, row, absent_since, rereading, capture_id)
        db.execute(
            "UPDATE article SET present_at = ?, absent_since = ?, last_read_at = ?,"
            " next_reading_at = ?, reading_state = ?, reading_reason = ? WHERE id = ?",
            (
                present_at,
                absent_since,
                now,
                to_text_or_none(rereading.next_reading_at),
                rereading.seen,
                well_formed(rereading.reason),
                rereading.article_id,
            ),
        )
        if absent_since != row["absent_since"]:
            relabel(db, [rereading.article_id])


def _note_absence(
    db: Database,
    row: Row,
    absent_since: str | None,
    rereading: Rereading,
    capture_id: int | None,
) -> None:
    """Log that an article went or came back, when it did."""
    was_absent, is_absent = row["absent_since"] is not None, absent_since is not None
    if was_absent == is_absent:
        return
    what = "absent" if is_absent else "back"
    detail = rereading.reason if is_absent else f"absent since {row['absent_since']}"
    note_change(
        db, row["id"], what, detail, rereading.now,
        capture_id=capture_id, present_at=row["present_at"] if is_absent else None,
    )  # fmt: skip
