"""Reading articles and versions back, and the log of their re-readings.

It never changes a version.
"""

from datetime import datetime

import msgspec

from model.article import Access, Article, ArticleId, Image, Reading, Version, VersionId
from model.capture import Capture
from model.errors import MissingError
from model.source import DateSource
from store.captures import save_capture, to_capture
from store.changes import note_change
from store.database import Database, Row
from store.records import Change, DueReading, Seen
from store.values import names, to_text, to_text_or_none, to_time, to_time_or_none, well_formed


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
        Change(what=row["what"], detail=row["detail"], seen_at=to_time(row["seen_at"]))
        for row in rows
    )


def list_captures(db: Database, article_id: int) -> tuple[Capture, ...]:
    """Return the captures behind an article's versions and changes, the first one first."""
    rows = db.rows(
        "SELECT * FROM capture WHERE id IN"
        " (SELECT capture_id FROM version WHERE article_id = :id"
        " UNION SELECT capture_id FROM change WHERE article_id = :id) ORDER BY id",
        {"id": article_id},
    )
    return tuple(map(to_capture, rows))


def due_readings(db: Database, now: datetime, limit: int) -> tuple[DueReading, ...]:
    """Return the articles to read again, the longest overdue first."""
    rows = db.rows(
        "SELECT * FROM article WHERE next_reading_at <= ? AND relevant = 1"
        " ORDER BY next_reading_at LIMIT ?",
        (to_text(now), limit),
    )
    return tuple(
        DueReading(
            article_id=row["id"],
            url=row["url"],
            first_seen_at=to_time(row["first_seen_at"]),
            last_read_at=to_time_or_none(row["last_read_at"]),
            state=row["reading_state"],
        )
        for row in rows
    )


class Rereading(msgspec.Struct, frozen=True, kw_only=True):
    """What reading an article again showed, when it brought no new text."""

    article_id: int
    seen: Seen
    reason: str
    capture: Capture | None
    next_reading_at: datetime | None
    now: datetime


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
    note_change(db, row["id"], what, detail, rereading.now, capture_id=capture_id)
