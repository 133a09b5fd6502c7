"""What came and what changed between two moments, as far as the rows can tell it truly.

Copies, stories and events hold no time of their own: they are told by when the articles that make
them were first seen. It reads only.
"""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from model.digest import DigestChange
from model.event import Event
from model.query import Query
from store.article_facts import article_facts
from store.database import Database, Row
from store.digests import changes
from store.events.keeping import list_new_events
from store.search.compiling import compile_query
from store.search.walking import from_where
from store.values import marks, to_json, to_text

_BATCH = 500


class NewArticle(msgspec.Struct, frozen=True, kw_only=True):
    """An article first seen between two moments."""

    article: int
    url: str
    title: str
    site: str
    lang: str
    published_at: datetime | None
    first_seen_at: datetime
    dated_in_future: bool


class NewCopy(msgspec.Struct, frozen=True, kw_only=True):
    """A copy that could not be known before, since one of both articles was not held."""

    article: int
    title: str
    site: str
    of: int
    of_title: str
    of_site: str
    kind: str


class MovedStory(msgspec.Struct, frozen=True, kw_only=True):
    """A story that grew by articles first seen since; a new one has no other."""

    story: int
    title: str
    is_new: bool
    articles: tuple[int, ...]


class News(msgspec.Struct, frozen=True, kw_only=True):
    """All that came or changed after a moment, up to another."""

    articles: tuple[NewArticle, ...]
    changes: tuple[DigestChange, ...]
    copies: tuple[NewCopy, ...]
    stories: tuple[MovedStory, ...]
    events: tuple[Event, ...]


def find_news(
    db: Database, query: Query | None, from_at: datetime, to_at: datetime, today: date
) -> News:
    """Return what came or changed after `from_at`, up to `to_at`, in relevant articles.

    With a query, in those of them that answer it now.
    """
    with db.reading():
        new = _new_rows(db, from_at, to_at)
        changed = changes(db, from_at, to_at)
        if query is not None:
            known = {row["id"] for row in new} | {change.article for change in changed}
            answering = _answering(db, query, sorted(known), today)
            new = [row for row in new if row["id"] in answering]
            changed = tuple(change for change in changed if change.article in answering)
        ids = [row["id"] for row in new]
        return News(
            articles=tuple(NewArticle(**article_facts(row)) for row in new),
            changes=changed,
            copies=_new_copies(db, ids),
            stories=_moved_stories(db, ids, from_at),
            events=list_new_events(db, ids, from_at),
        )


def _new_rows(db: Database, from_at: datetime, to_at: datetime) -> list[Row]:
    # the + keeps the planner from reading all relevant articles in the place of the new ones
    rows = db.rows(
        "SELECT a.*, v.title FROM article a JOIN version v ON v.id = a.current_id"
        " WHERE a.first_seen_at > ? AND a.first_seen_at <= ? AND +a.relevant = 1"
        " ORDER BY a.first_seen_at DESC, a.id DESC",
        (to_text(from_at), to_text(to_at)),
    )
    return list(rows)


def _answering(db: Database, query: Query, articles: Sequence[int], today: date) -> set[int]:
    """Return which of these articles answer a query."""
    source, values = from_where(compile_query(query, db, today))
    found: set[int] = set()
    for start in range(0, len(articles), _BATCH):
        some = articles[start : start + _BATCH]
        places = {
            row["order_id"]: row["id"]
            for row in db.rows(
                f"SELECT id, order_id FROM article WHERE id IN ({marks(some)})",  # noqa: S608
                some,
            )
        }
        rows = db.rows(
            f"SELECT s.rowid AS place {source} AND s.rowid IN ({marks(places)})",
            (*values, *places),
        )
        found |= {places[row["place"]] for row in rows}
    return found


def _new_copies(db: Database, articles: Sequence[int]) -> tuple[NewCopy, ...]:
    rows = db.rows(
        "SELECT c.article_id AS article, v.title, a.site, c.of_id AS of, w.title AS of_title,"
        " o.site AS of_site, c.kind FROM ("
        " SELECT c.* FROM json_each(:ids) j JOIN copy c ON c.article_id = j.value UNION"
        " SELECT c.* FROM json_each(:ids) j JOIN copy c ON c.of_id = j.value) c"
        " JOIN article a ON a.id = c.article_id JOIN version v ON v.id = a.current_id"
        " JOIN article o ON o.id = c.of_id JOIN version w ON w.id = o.current_id"
        " ORDER BY c.article_id DESC, c.of_id DESC",
        {"ids": to_json(articles)},
    )
    return tuple(NewCopy(**row) for row in rows)


def _moved_stories(
    db: Database, articles: Sequence[int], from_at: datetime
) -> tuple[MovedStory, ...]:
    rows = db.rows(
        "SELECT s.id, s.title, json_group_array(j.value) AS articles, NOT EXISTS ("
        " SELECT 1 FROM story_article m JOIN article a ON a.id = m.article_id"
        " WHERE m.story_id = s.id AND a.first_seen_at <= ?) AS is_new"
        " FROM json_each(?) j JOIN story_article sa ON sa.article_id = j.value"
        " JOIN story s ON s.id = sa.story_id GROUP BY s.id ORDER BY s.last_at DESC, s.id DESC",
        (to_text(from_at), to_json(articles)),
    )
    return tuple(
        MovedStory(
            story=row["id"],
            title=row["title"],
            is_new=bool(row["is_new"]),
            articles=msgspec.json.decode(row["articles"], type=tuple[int, ...]),
        )
        for row in rows
    )
