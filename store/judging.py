"""By which rule the articles held were judged, and how far another one has come.

It judges nothing. No article goes, whatever a rule says: what changes is whether it belongs to
the affair, and for what reason.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from model.article import Version
from store.articles import set_relevance
from store.database import Database, Row
from store.values import names, to_text
from store.versions import to_version


class Judging(msgspec.Struct, frozen=True, kw_only=True):
    """The articles up to `upto` were judged by `rule`, the later ones by `before`.

    All of them by `rule` where `upto` is None; nobody knows by which where `before` is empty.
    """

    rule: str
    before: str
    upto: int | None


class HeldArticle(msgspec.Struct, frozen=True, kw_only=True):
    """An article as a rule is asked about it: its current text, and how it stands."""

    version: Version
    url: str
    source_url: str
    versions: int
    relevant: bool
    reasons: tuple[str, ...]


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule says of one article."""

    article: int
    relevant: bool
    reasons: tuple[str, ...]


def find_judging(db: Database) -> Judging | None:
    """Return how far the articles held are judged, None where no pass ever looked."""
    row = db.find_row("SELECT rule, before, upto FROM judging WHERE id = 1")
    return None if row is None else Judging(**row)


def _save(db: Database, judging: Judging, now: datetime) -> None:
    db.execute(
        "INSERT INTO judging (id, rule, before, upto, judged_at) VALUES (1, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET rule = excluded.rule, before = excluded.before,"
        " upto = excluded.upto, judged_at = excluded.judged_at",
        (judging.rule, judging.before, judging.upto, to_text(now)),
    )


_HELD = (
    "SELECT version.*, a.url AS article_url, a.versions, a.relevant, a.reasons,"
    " coalesce(source.url, '') AS source_url"
    " FROM article a JOIN version ON version.id = a.current_id"
    " LEFT JOIN source ON source.id = a.source_id"
    " WHERE a.id > ? ORDER BY a.id LIMIT ?"
)


def held_articles(db: Database, after: int, limit: int) -> tuple[HeldArticle, ...]:
    """Return articles with their current versions, by id, those after `after`."""
    return tuple(map(_held, db.rows(_HELD, (after, limit))))


def _held(row: Row) -> HeldArticle:
    return HeldArticle(
        version=to_version(row),
        url=row["article_url"],
        source_url=row["source_url"],
        versions=row["versions"],
        relevant=bool(row["relevant"]),
        reasons=names(row["reasons"]),
    )


def count_held(db: Database) -> tuple[int, int]:
    """Return how many articles and how many unkept readings are held."""
    articles = int(db.value("SELECT count(*) FROM article"))
    return articles, int(db.value("SELECT count(*) FROM unkept"))


def record_judged(db: Database, judged: Sequence[Judged], judging: Judging, now: datetime) -> None:
    """Save what a rule says of articles, and how far it has come, in one transaction."""
    with db.writing():
        for one in judged:
            if not one.relevant:
                _leave_story(db, one.article)
            set_relevance(db, one.article, one.reasons, relevant=one.relevant)
        _save(db, judging, now)


def _leave_story(db: Database, article_id: int) -> None:
    """Take an article out of its story, which is told of the affair alone.

    Should a rule keep it again, it is compared again.
    """
    of_article = "SELECT story_id FROM story_article WHERE article_id = ?"
    db.execute(f"UPDATE story SET stale = 1 WHERE id IN ({of_article})", (article_id,))  # noqa: S608
    db.execute("DELETE FROM story_article WHERE article_id = ?", (article_id,))
    db.execute("UPDATE article SET signed_by = '' WHERE id = ?", (article_id,))
