"""Signatures, copies and stories.

It never compares two texts.
"""

from collections.abc import Sequence
from datetime import datetime

from model.story import Copy, CopyKind, Story
from store.database import Database, Row
from store.events import mark_stale
from store.identity import time_of
from store.records import CopyReport, CopyText, StoredVector
from store.search.indexing import relabel
from store.values import marks, to_text, to_time, to_time_or_none, well_formed

# A band that this many texts share is boilerplate: only the newest of them are compared.
MAX_CANDIDATES = 64

_TEXT = (
    "SELECT article.id, article.order_id, article.url, article.site, article.lang,"
    " article.published_at, article.copy_group, version.id AS version, version.title,"
    " version.text FROM article JOIN version ON version.id = article.current_id"
)


def unsigned(db: Database, signer: str, limit: int) -> tuple[CopyText, ...]:
    """Return relevant articles whose copies were not sought yet by `signer`, the earliest first."""
    rows = db.rows(
        f"{_TEXT} WHERE (article.relevant = 1 AND article.signed_by < :signer)"
        " OR (article.relevant = 1 AND article.signed_by > :signer)"
        " ORDER BY article.order_id LIMIT :limit",
        {"signer": signer, "limit": limit},
    )
    return tuple(_copy_text(db, row) for row in rows)


def get_texts(db: Database, articles: Sequence[int]) -> tuple[CopyText, ...]:
    """Return the current texts of articles, the earliest first."""
    rows = db.rows(
        f"{_TEXT} WHERE article.id IN ({marks(articles)}) ORDER BY article.order_id",
        tuple(articles),
    )
    return tuple(_copy_text(db, row) for row in rows)


def save_signature(
    db: Database, article_id: int, bands: Sequence[int], floats: bytes | None, signer: str
) -> None:
    """Replace an article's bands and, where given, its vector."""
    with db.writing():
        db.execute("DELETE FROM copy_band WHERE article_id = ?", (article_id,))
        db.execute_many(
            "INSERT OR IGNORE INTO copy_band (band, value, article_id) VALUES (?, ?, ?)",
            [(band, _signed_64(value), article_id) for band, value in enumerate(bands)],
        )
        if floats is not None:
            place = db.value("SELECT order_id FROM article WHERE id = ?", (article_id,))
            db.execute(
                "INSERT INTO vector (article_id, ordered_at, floats) VALUES (?, ?, ?)"
                " ON CONFLICT (article_id) DO UPDATE SET ordered_at = excluded.ordered_at,"
                " floats = excluded.floats",
                (article_id, to_text(time_of(place)), floats),
            )
        db.execute("UPDATE article SET signed_by = ? WHERE id = ?", (signer, article_id))


def candidates(db: Database, bands: Sequence[int]) -> tuple[CopyText, ...]:
    """Return the articles that share a band, those that share most first."""
    shared: dict[int, int] = {}
    for band, value in enumerate(bands):
        rows = db.rows(
            "SELECT article_id FROM copy_band WHERE band = ? AND value = ?"
            " ORDER BY article_id DESC LIMIT ?",
            (band, _signed_64(value), MAX_CANDIDATES),
        )
        for row in rows:
            shared[row["article_id"]] = shared.get(row["article_id"], 0) + 1
    chosen = sorted(shared, key=lambda article: (-shared[article], article))[:MAX_CANDIDATES]
    texts = {text.article: text for text in get_texts(db, chosen)}
    return tuple(texts[article] for article in chosen)


def _signed_64(value: int) -> int:
    """Return a 64-bit hash as SQLite's signed integer."""
    value &= 0xFFFFFFFFFFFFFFFF
    return value - (1 << 64) if value >> 63 else value


def recent_vectors(db: Database, from_at: datetime, to_at: datetime) -> tuple[StoredVector, ...]:
    """Return the vectors of the articles that stand between two times, both included."""
    rows = db.rows(
        "SELECT vector.*, article.lang FROM vector JOIN article ON article.id = vector.article_id"
        " WHERE ordered_at BETWEEN ? AND ? ORDER BY ordered_at, article_id",
        (to_text(from_at), to_text(to_at)),
    )
    return tuple(
        StoredVector(
            article=row["article_id"],
            lang=row["lang"],
            at=to_time(row["ordered_at"]),
            floats=row["floats"],
        )
        for row in rows
    )


def save_copies(db: Database, article_id: int, copies: Sequence[Copy]) -> None:
    """Replace what an article is a copy of; the groups of what it touches follow."""
    with db.writing():
        touched = _group_members(db, article_id)
        db.execute("DELETE FROM copy WHERE article_id = ?", (article_id,))
        db.execute_many(
            "INSERT OR REPLACE INTO copy (article_id, of_id, kind, score, evidence)"
            " VALUES (?, ?, ?, ?, ?)",
            [(c.article, c.of, c.kind, c.score, well_formed(c.evidence)) for c in copies],
        )
        for other in {copy.of for copy in copies}:
            touched |= _group_members(db, other)
        _regroup(db, touched)
        relabel(db, [article_id])


def _group_members(db: Database, article_id: int) -> set[int]:
    rows = db.rows(
        "SELECT id FROM article WHERE copy_group = (SELECT copy_group FROM article WHERE id = ?)",
        (article_id,),
    )
    return {row["id"] for row in rows}


def _regroup(db: Database, members: set[int]) -> None:
    """Give each set of articles that copies join the number of its lowest article."""
    links: dict[int, set[int]] = {member: set() for member in members}
    ids = tuple(members)
    sql = f"SELECT article_id, of_id FROM copy WHERE article_id IN ({marks(ids)})"  # noqa: S608
    rows = db.rows(sql, ids)
    for row in rows:
        links[row["article_id"]].add(row["of_id"])
        links.setdefault(row["of_id"], set()).add(row["article_id"])
    while links:
        group = _reachable(min(links), links)
        for member in group:
            _join_group(db, member, min(group))
            del links[member]


def _join_group(db: Database, article_id: int, group: int) -> None:
    """Move an article into a group: the events it tells of are to be counted anew."""
    moved = db.execute(
        "UPDATE article SET copy_group = :group WHERE id = :id AND copy_group <> :group",
        {"group": group, "id": article_id},
    )
    if moved.rowcount:
        mark_stale(db, article_id)


def _reachable(start: int, links: dict[int, set[int]]) -> set[int]:
    seen, waiting = {start}, [start]
    while waiting:
        new = links[waiting.pop()] - seen
        seen |= new
        waiting.extend(new)
    return seen


def list_copies(db: Database, article_id: int | None = None) -> tuple[CopyReport, ...]:
    """Return all copies, or those that an article makes or suffers, the newest first."""
    rows = db.rows(
        "SELECT copy.*, a.url, a.site, v.title, o.url AS of_url, o.site AS of_site,"
        " w.title AS of_title FROM copy"
        " JOIN article a ON a.id = copy.article_id JOIN version v ON v.id = a.current_id"
        " JOIN article o ON o.id = copy.of_id JOIN version w ON w.id = o.current_id"
        " WHERE :id IS NULL OR copy.article_id = :id OR copy.of_id = :id"
        " ORDER BY a.order_id DESC, copy.of_id",
        {"id": article_id},
    )
    return tuple(
        CopyReport(
            article=row["article_id"],
            of=row["of_id"],
            kind=CopyKind(row["kind"]),
            **{name: row[name] for name in _COPY_FIELDS},
        )
        for row in rows
    )


_COPY_FIELDS = ("url", "title", "site", "of_url", "of_title", "of_site", "score", "evidence")


def save_story(db: Database, story: Story) -> int:
    """Save a story; the id 0 asks for a new one. Return its id."""
    row = {
        "title": well_formed(story.title),
        "first_at": to_text(story.first_at),
        "last_at": to_text(story.last_at),
        "independent_sources": story.independent_sources,
        "origin_id": story.origin,
    }
    with db.writing():
        story_id = story.id or int(db.value("SELECT coalesce(max(id), 0) + 1 FROM story"))
        before = _members(db, story_id)
        db.execute("DELETE FROM story WHERE id = ?", (story_id,))
        db.insert("story", {"id": story_id, **row})
        db.execute_many(
            "INSERT INTO story_article (story_id, article_id, place) VALUES (?, ?, ?)",
            [(story_id, article, place) for place, article in enumerate(story.articles)],
        )
        relabel(db, before ^ set(story.articles))
    return story_id


def _members(db: Database, story_id: int) -> set[int]:
    rows = db.rows("SELECT article_id FROM story_article WHERE story_id = ?", (story_id,))
    return {row["article_id"] for row in rows}


def delete_story(db: Database, story_id: int) -> None:
    """Take a story apart: its articles stay."""
    with db.writing():
        before = _members(db, story_id)
        db.execute("DELETE FROM story WHERE id = ?", (story_id,))
        relabel(db, before)


def stories_of(db: Database, article_id: int) -> tuple[Story, ...]:
    """Return the stories that an article belongs to."""
    rows = db.rows(
        "SELECT story.* FROM story_article JOIN story ON story.id = story_id"
        " WHERE article_id = ? ORDER BY story.id",
        (article_id,),
    )
    return tuple(_story(db, row) for row in rows)


def list_stories(db: Database, limit: int, active_from: datetime | None) -> tuple[Story, ...]:
    """Return stories, the last one that moved first; only those that moved since a time."""
    rows = db.rows(
        "SELECT * FROM story WHERE last_at >= ? ORDER BY last_at DESC, id DESC LIMIT ?",
        ("" if active_from is None else to_text(active_from), limit),
    )
    return tuple(_story(db, row) for row in rows)


def _story(db: Database, row: Row) -> Story:
    articles = db.rows(
        "SELECT article_id FROM story_article WHERE story_id = ? ORDER BY place", (row["id"],)
    )
    return Story(
        id=row["id"],
        title=row["title"],
        first_at=to_time(row["first_at"]),
        last_at=to_time(row["last_at"]),
        articles=tuple(article["article_id"] for article in articles),
        independent_sources=row["independent_sources"],
        origin=row["origin_id"],
    )


def _copy_text(db: Database, row: Row) -> CopyText:
    entities = db.rows(
        "SELECT DISTINCT entity.name FROM mention JOIN entity ON entity.id = mention.entity_id"
        " WHERE mention.version_id = ? ORDER BY entity.name",
        (row["version"],),
    )
    return CopyText(
        article=row["id"],
        version=row["version"],
        url=row["url"],
        title=row["title"],
        text=row["text"],
        site=row["site"],
        lang=row["lang"],
        published_at=to_time_or_none(row["published_at"]),
        at=time_of(row["order_id"]),
        copy_group=row["copy_group"],
        entities=tuple(entity["name"] for entity in entities),
    )
