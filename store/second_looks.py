"""Edits that a second look may show to be furniture of their site, and what that look found.

It never takes an edit out of the log: what was found stands beside it.
"""

from datetime import datetime

import msgspec

from model.article import Version
from store.changes import note_change
from store.database import Database, Row
from store.values import to_text
from store.versions import get_version


class TextEdit(msgspec.Struct, frozen=True, kw_only=True):
    """An edit that touched the text alone, between two versions; `url` is its article's."""

    url: str
    site: str
    source_url: str
    before: Version
    after: Version


def find_text_edits(db: Database, since: datetime, limit: int) -> tuple[TextEdit, ...]:
    """Return the edits of texts seen after `since`, the last first.

    Those that were told to be furniture are left out.
    """
    rows = db.rows(
        "SELECT a.url, a.site, source.url AS source_url,"
        " before.id AS before_id, after.id AS after_id"
        " FROM change JOIN article a ON a.id = change.article_id"
        " LEFT JOIN source ON source.id = a.source_id"
        " JOIN version after ON after.id = change.version_id"
        " JOIN version before"
        " ON before.article_id = after.article_id AND before.number = after.number - 1"
        " WHERE change.seen_at > ? AND change.what = 'edited'"
        " AND change.detail = 'text' AND NOT EXISTS (SELECT 1 FROM change later"
        " WHERE later.article_id = a.id AND later.version_id = after.id"
        " AND later.what = 'furniture') ORDER BY change.id DESC LIMIT ?",
        (to_text(since), limit),
    )
    return tuple(_text_edit(db, row) for row in list(rows))


def _text_edit(db: Database, row: Row) -> TextEdit:
    return TextEdit(
        url=row["url"],
        site=row["site"],
        source_url=row["source_url"] or "",
        before=get_version(db, row["before_id"]),
        after=get_version(db, row["after_id"]),
    )


def note_furniture(db: Database, edit: TextEdit, now: datetime) -> None:
    """Log that what an edit touched was the site's furniture, beside the edit."""
    with db.writing():
        note_change(db, edit.after.article_id, "furniture", "", now, version_id=edit.after.id)
