"""What people noted on articles: stars, what is read, tags, notes.

It never removes anything else than what it is told to.
"""

from datetime import datetime
from enum import StrEnum

from model.matching import same_name
from store.database import Database
from store.values import to_text, well_formed
from store.versions import get_article


class Annotation(StrEnum):
    """What can be noted; TAG and NOTE have a value."""

    STAR = "star"
    READ = "read"
    TAG = "tag"
    NOTE = "note"


def annotate(db: Database, article_id: int, kind: Annotation, value: str, now: datetime) -> None:
    """Note something on an article; noting it twice is noting it once."""
    with db.writing():
        get_article(db, article_id)
        db.execute(
            "INSERT INTO annotation (article_id, kind, value, made_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            (article_id, kind, well_formed(value), to_text(now)),
        )


def remove_annotation(db: Database, article_id: int, kind: Annotation, value: str) -> None:
    """Take a note back; a tag whatever its accents and case."""
    with db.writing():
        for held, text in list_annotations(db, article_id):
            if held is kind and (text == value or same_name(text, value)):
                db.execute(
                    "DELETE FROM annotation WHERE article_id = ? AND kind = ? AND value = ?",
                    (article_id, kind, text),
                )


def list_annotations(db: Database, article_id: int) -> tuple[tuple[Annotation, str], ...]:
    """Return what was noted on an article."""
    rows = db.rows(
        "SELECT kind, value FROM annotation WHERE article_id = ? ORDER BY kind, value",
        (article_id,),
    )
    return tuple((Annotation(row["kind"]), row["value"]) for row in rows)
