"""Stories: which articles tell one, what sums it up, whom they credit.

It never compares two texts, and changes nothing that a person decided.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from model.errors import MissingError
from model.story import Credit, OriginBy, Story, StoryMember
from store.database import Database, Row
from store.identity import time_of
from store.records import StoryFacts
from store.search.indexing import relabel
from store.values import marks, to_day, to_text, to_time, to_time_or_none, well_formed

LEAD_CHARS = 1_000


def save_story(db: Database, story: Story) -> int:
    """Save a story with its articles; the id 0 asks for a new one. Return its id."""
    with db.writing():
        story_id = story.id or _next_id(db)
        before = set(_members(db, story_id))
        db.execute("DELETE FROM story WHERE id = ?", (story_id,))
        db.insert("story", {"id": story_id, **_row(story)})
        db.execute_many(
            "INSERT INTO story_article (story_id, article_id, place) VALUES (?, ?, ?)",
            [(story_id, article, place) for place, article in enumerate(story.articles)],
        )
        relabel(db, before ^ set(story.articles))
    return story_id


def _row(story: Story) -> dict[str, object]:
    return {
        "title": well_formed(story.title),
        "first_at": to_text(story.first_at),
        "last_at": to_text(story.last_at),
        "independent_sources": story.independent_sources,
        "origin_id": story.origin,
        "origin_by": story.origin_by,
        "origin_name": well_formed(story.origin_name),
        "carriers": story.carriers,
    }


def _next_id(db: Database) -> int:
    return int(db.value("SELECT coalesce(max(id), 0) + 1 FROM story"))


def _members(db: Database, story_id: int) -> tuple[int, ...]:
    rows = db.rows(
        "SELECT article_id FROM story_article WHERE story_id = ? ORDER BY place", (story_id,)
    )
    return tuple(row["article_id"] for row in rows)


def delete_story(db: Database, story_id: int) -> None:
    """Take a story apart: its articles stay."""
    with db.writing():
        before = _members(db, story_id)
        db.execute("DELETE FROM story WHERE id = ?", (story_id,))
        relabel(db, before)


# One article


def tell(db: Database, article_id: int, story_id: int | None) -> int:
    """Put an article into a story, and no other; None opens one. Return the story's id.

    What sums the stories up is to be counted anew (`stale_stories`).
    """
    with db.writing():
        return put(db, article_id, story_id)


def put(db: Database, article_id: int, story_id: int | None) -> int:
    """Do within a transaction what `tell` does."""
    held = _story_ids(db, article_id)
    if story_id is not None and held == [story_id]:
        return story_id
    for other in held:
        db.execute(
            "DELETE FROM story_article WHERE story_id = ? AND article_id = ?", (other, article_id)
        )
        db.execute("UPDATE story SET stale = 1 WHERE id = ?", (other,))
    story_id = _open(db, article_id) if story_id is None else story_id
    place = db.value(
        "SELECT coalesce(max(place), -1) + 1 FROM story_article WHERE story_id = ?", (story_id,)
    )
    db.execute("INSERT INTO story_article VALUES (?, ?, ?)", (story_id, article_id, place))
    db.execute("UPDATE story SET stale = 1 WHERE id = ?", (story_id,))
    relabel(db, [article_id])
    return story_id


def _story_ids(db: Database, article_id: int) -> list[int]:
    rows = db.rows("SELECT story_id FROM story_article WHERE article_id = ?", (article_id,))
    return [row["story_id"] for row in rows]


def _open(db: Database, article_id: int) -> int:
    place = db.value("SELECT order_id FROM article WHERE id = ?", (article_id,))
    at = to_text(time_of(place))
    story_id = _next_id(db)
    db.insert(
        "story",
        {"id": story_id, "title": "", "first_at": at, "last_at": at, "independent_sources": 1},
    )
    return story_id


def story_facts(db: Database, articles: Sequence[int]) -> tuple[StoryFacts, ...]:
    """Return articles as stories are made of them, those that have a vector, in any order."""
    held = marks(articles)
    days = _gather(db, _DAYS.format(held), articles)
    rows = db.rows(
        f"SELECT v.*, a.lang, c.title, substr(c.text, 1, {LEAD_CHARS}) AS lead,"  # noqa: S608
        " (SELECT min(story_id) FROM story_article WHERE article_id = a.id) AS story"
        " FROM vector v JOIN article a ON a.id = v.article_id JOIN version c ON c.id = a.current_id"
        f" WHERE v.article_id IN ({held})",
        tuple(articles),
    )
    return tuple(
        StoryFacts(
            article=row["article_id"],
            at=to_time(row["ordered_at"]),
            lang=row["lang"],
            numbers=row["numbers"],
            title=row["title"],
            lead=row["lead"],
            days=frozenset(map(to_day, days.get(row["article_id"], ()))),
            story=row["story"],
        )
        for row in rows
    )


_DAYS = (
    "SELECT DISTINCT a.id, d.from_on AS value FROM article a JOIN date_mention d"
    " ON d.version_id = a.current_id WHERE d.from_on = d.to_on AND a.id IN ({})"
)


def _gather(db: Database, sql: str, articles: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row in db.rows(sql, tuple(articles)):
        found.setdefault(row["id"], []).append(row["value"])
    return found


def article_days(db: Database, article_id: int) -> frozenset[date]:
    """Return the days that an article's current text names."""
    found = _gather(db, _DAYS.format("?"), (article_id,))
    return frozenset(map(to_day, found.get(article_id, ())))


# What sums a story up


def stale_stories(db: Database, limit: int) -> tuple[int, ...]:
    """Return stories of which members changed since they were summed up."""
    rows = db.rows("SELECT id FROM story WHERE stale = 1 ORDER BY id LIMIT ?", (limit,))
    return tuple(row["id"] for row in rows)


def story_members(db: Database, story_id: int) -> tuple[StoryMember, ...]:
    """Return the articles of a story, the earliest first."""
    rows = db.rows(
        "SELECT a.id, a.order_id, a.published_at, a.site, a.copy_group, v.title"
        " FROM story_article s JOIN article a ON a.id = s.article_id"
        " JOIN version v ON v.id = a.current_id WHERE s.story_id = ? ORDER BY a.order_id",
        (story_id,),
    )
    return tuple(
        StoryMember(
            article=row["id"],
            at=time_of(row["order_id"]),
            published_at=to_time_or_none(row["published_at"]),
            site=row["site"],
            title=row["title"],
            copy_group=row["copy_group"],
        )
        for row in rows
    )


def sum_up(db: Database, story: Story) -> None:
    """Save what sums a story up and whom its credits mean; without articles it ends."""
    with db.writing():
        if not story.articles:
            db.execute("DELETE FROM story WHERE id = ?", (story.id,))
            return
        row = _row(story) | {"stale": 0}
        names = ", ".join(f"{name} = :{name}" for name in row)
        db.execute(f"UPDATE story SET {names} WHERE id = :id", {"id": story.id, **row})  # noqa: S608
        db.execute_many(
            "UPDATE story_article SET place = ? WHERE story_id = ? AND article_id = ?"
            " AND place <> ?",
            [(place, story.id, one, place) for place, one in enumerate(story.articles)],
        )
        db.execute_many(
            "UPDATE credit SET of_id = ?, said = ? WHERE article_id = ? AND start = ?",
            [(one.of, one.said, one.article, one.start) for one in story.credits],
        )


def save_credits(db: Database, article_id: int, credits: Sequence[Credit]) -> None:
    """Replace whom an article names as its source."""
    with db.writing():
        db.execute("DELETE FROM credit WHERE article_id = ?", (article_id,))
        db.execute_many(
            'INSERT OR IGNORE INTO credit (article_id, start, "end", name, said, of_id)'
            " VALUES (?, ?, ?, ?, ?, ?)",
            [(article_id, c.start, c.end, well_formed(c.name), c.said, c.of) for c in credits],
        )


def story_credits(db: Database, story_id: int) -> tuple[Credit, ...]:
    """Return whom the articles of a story name as their source."""
    rows = db.rows(
        "SELECT credit.* FROM story_article s JOIN credit ON credit.article_id = s.article_id"
        " WHERE s.story_id = ? ORDER BY s.place, credit.start",
        (story_id,),
    )
    return tuple(
        Credit(
            article=row["article_id"],
            name=row["name"],
            start=row["start"],
            end=row["end"],
            said=bool(row["said"]),
            of=row["of_id"],
        )
        for row in rows
    )


# Asking


def stories_of(db: Database, article_id: int) -> tuple[Story, ...]:
    """Return the stories that an article belongs to."""
    rows = db.rows(
        "SELECT story.* FROM story_article JOIN story ON story.id = story_id"
        " WHERE article_id = ? ORDER BY story.id",
        (article_id,),
    )
    return tuple(_story(db, row) for row in rows)


def get_story(db: Database, story_id: int) -> Story:
    """Return one story; raises MissingError."""
    for row in db.rows("SELECT * FROM story WHERE id = ?", (story_id,)):
        return _story(db, row)
    raise MissingError(f"no story {story_id} is held: `vigie stories` lists them")


def list_stories(db: Database, limit: int, active_from: datetime | None) -> tuple[Story, ...]:
    """Return stories, the last one that moved first; only those that moved since a time."""
    rows = db.rows(
        "SELECT * FROM story WHERE last_at >= ? ORDER BY last_at DESC, id DESC LIMIT ?",
        ("" if active_from is None else to_text(active_from), limit),
    )
    return tuple(_story(db, row) for row in rows)


def _story(db: Database, row: Row) -> Story:
    credits = story_credits(db, row["id"])
    return Story(
        id=row["id"],
        title=row["title"],
        first_at=to_time(row["first_at"]),
        last_at=to_time(row["last_at"]),
        articles=_members(db, row["id"]),
        independent_sources=row["independent_sources"],
        origin=row["origin_id"],
        origin_by=OriginBy(row["origin_by"]),
        origin_name=row["origin_name"],
        carriers=row["carriers"],
        credits=tuple(credit for credit in credits if credit.said or credit.of is not None),
    )


def stories_by_article(db: Database, articles: Iterable[int]) -> Mapping[int, int]:
    """Return the story of each article that is in one."""
    ids = tuple(articles)
    sql = "SELECT article_id, min(story_id) AS story FROM story_article WHERE article_id IN"
    rows = db.rows(f"{sql} ({marks(ids)}) GROUP BY article_id", ids)
    return {row["article_id"]: row["story"] for row in rows}
