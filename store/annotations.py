"""What people noted on articles: stars, what is read, tags, notes.

It never removes anything else than what it is told to.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from model.matching import same_name
from model.words import words
from store.database import Database
from store.search.indexing import relabel
from store.values import to_text, to_time, well_formed
from store.versions import get_article


class Annotation(StrEnum):
    """What can be noted; TAG and NOTE have a value."""

    STAR = "star"
    READ = "read"
    TAG = "tag"
    NOTE = "note"


class Noted(msgspec.Struct, frozen=True):
    """One thing that was noted on an article, and when."""

    kind: Annotation
    value: str
    made_at: datetime


Wanted = tuple[Annotation, str]


def annotate(db: Database, article_id: int, kind: Annotation, value: str, now: datetime) -> None:
    """Note something on an article; noting it twice is noting it once."""
    mark(db, (article_id,), ((kind, value),), (), now)


def remove_annotation(db: Database, article_id: int, kind: Annotation, value: str) -> None:
    """Take a note back; a tag whatever its accents and case."""
    with db.writing():
        _remove(db, article_id, kind, value)
        relabel(db, (article_id,))


def mark(
    db: Database,
    articles: Sequence[int],
    added: Sequence[Wanted],
    removed: Sequence[Wanted],
    now: datetime,
) -> None:
    """Note things on articles and take others back: on all of them, or on none."""
    with db.writing():
        for article_id in articles:
            get_article(db, article_id)
            for kind, value in removed:
                _remove(db, article_id, kind, value)
            for kind, value in added:
                _add(db, article_id, kind, value, now)
        relabel(db, articles)


def _add(db: Database, article_id: int, kind: Annotation, value: str, now: datetime) -> None:
    if _like(db, article_id, kind, value):
        return
    db.execute(
        "INSERT INTO annotation (article_id, kind, value, made_at) VALUES (?, ?, ?, ?)",
        (article_id, kind, well_formed(value), to_text(now)),
    )


def _remove(db: Database, article_id: int, kind: Annotation, value: str) -> None:
    for text in _like(db, article_id, kind, value):
        db.execute(
            "DELETE FROM annotation WHERE article_id = ? AND kind = ? AND value = ?",
            (article_id, kind, text),
        )


def _like(db: Database, article_id: int, kind: Annotation, value: str) -> tuple[str, ...]:
    """Return the values held that are this one: a tag whatever its accents and case."""
    held = (noted.value for noted in list_annotations(db, article_id) if noted.kind is kind)
    is_tag = kind is Annotation.TAG and bool(words(value))
    return tuple(
        text for text in held if text == well_formed(value) or (is_tag and same_name(text, value))
    )


def list_annotations(db: Database, article_id: int) -> tuple[Noted, ...]:
    """Return what was noted on an article."""
    rows = db.rows(
        "SELECT kind, value, made_at FROM annotation WHERE article_id = ? ORDER BY kind, value",
        (article_id,),
    )
    return tuple(
        Noted(Annotation(row["kind"]), row["value"], to_time(row["made_at"])) for row in rows
    )


def annotated(db: Database) -> tuple[int, ...]:
    """Return the articles on which something was noted, the one noted on last first."""
    rows = db.rows(
        "SELECT article_id FROM annotation GROUP BY article_id"
        " ORDER BY max(made_at) DESC, article_id"
    )
    return tuple(row["article_id"] for row in rows)
