"""What people decided about stories: who left one, who was put into one, and what they took back.

Stories are made again and get other numbers, so that a decision names articles, never a story.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import msgspec

from model.errors import ConfigError, MissingError
from model.story import Story, StoryDecision, StoryDecisionKind
from store.database import Database, Row
from store.retellings.stories import put, stories_by_article, stories_of
from store.values import to_json, to_text, to_time, to_time_or_none
from store.versions import get_article


def leave_story(db: Database, article_id: int, now: datetime) -> StoryDecision:
    """Take an article out of its story for good; it is kept apart from those now in it.

    Raises MissingError where there is no such article, ConfigError where it is alone.
    """
    with db.writing():
        others = _others(db, article_id)
        if not others:
            raise ConfigError(f"article {article_id} shares a story with no other")
        number = _note(db, StoryDecisionKind.LEAVE, article_id, None, others, now)
        db.execute_many(
            "INSERT INTO story_apart (decision_id, article_id, apart_id) VALUES (?, ?, ?)",
            [(number, article_id, other) for other in others],
        )
        put(db, article_id, None)
        return get_decision(db, number)


def join_story(db: Database, article_id: int, beside: int, now: datetime) -> StoryDecision:
    """Put an article into the story of another for good, and out of the one it was in.

    What kept both apart stands no more. Raises MissingError, or ConfigError where it is there.
    """
    with db.writing():
        others = _others(db, article_id)
        target = _story(db, beside)
        if article_id == beside or beside in others:
            raise ConfigError(f"articles {article_id} and {beside} are in one story already")
        db.execute(
            "UPDATE story_decision SET undone_at = ? WHERE undone_at IS NULL AND what = 'leave'"
            " AND id IN (SELECT decision_id FROM story_apart WHERE"
            " (article_id = ? AND apart_id = ?) OR (article_id = ? AND apart_id = ?))",
            (to_text(now), article_id, beside, beside, article_id),
        )
        number = _note(db, StoryDecisionKind.JOIN, article_id, beside, others, now)
        put(db, article_id, target.id)
        return get_decision(db, number)


def undo_story_decision(db: Database, number: int | None, now: datetime) -> StoryDecision:
    """Undo a decision, the last that stands unless told: the article goes back to its story.

    That is the story which now holds most of those it was with. Raises MissingError, or
    ConfigError where it is undone already.
    """
    with db.writing():
        decision = _standing(db, number)
        db.execute(
            "UPDATE story_decision SET undone_at = ? WHERE id = ?", (to_text(now), decision.id)
        )
        held = Counter(stories_by_article(db, decision.members).values())
        best = min(held, key=lambda story: (-held[story], story), default=None)
        if best is not None or decision.what is StoryDecisionKind.JOIN:
            put(db, decision.article, best)
        return get_decision(db, decision.id)


def _others(db: Database, article_id: int) -> tuple[int, ...]:
    get_article(db, article_id)
    told = stories_of(db, article_id)
    return tuple(one for story in told for one in story.articles if one != article_id)


def _story(db: Database, article_id: int) -> Story:
    get_article(db, article_id)
    for story in stories_of(db, article_id):
        return story
    raise ConfigError(f"article {article_id} is in no story yet: `vigie run` puts it into one")


def _note(
    db: Database,
    what: StoryDecisionKind,
    article_id: int,
    beside: int | None,
    members: Sequence[int],
    now: datetime,
) -> int:
    return db.insert(
        "story_decision",
        {
            "what": what,
            "article_id": article_id,
            "with_id": beside,
            "members": to_json(members),
            "made_at": to_text(now),
        },
    )


def _standing(db: Database, number: int | None) -> StoryDecision:
    if number is not None:
        decision = get_decision(db, number)
        if decision.undone_at is not None:
            raise ConfigError(f"decision {number} is undone already")
        return decision
    for row in db.rows(
        "SELECT * FROM story_decision WHERE undone_at IS NULL ORDER BY id DESC LIMIT 1"
    ):
        return _decision(row)
    raise MissingError("no decision stands: there is nothing to undo")


def get_decision(db: Database, number: int) -> StoryDecision:
    """Return one decision; raises MissingError."""
    for row in db.rows("SELECT * FROM story_decision WHERE id = ?", (number,)):
        return _decision(row)
    raise MissingError(f"there is no decision {number}: `vigie stories decisions` lists them")


def list_decisions(db: Database) -> tuple[StoryDecision, ...]:
    """Return all decisions, the last first."""
    return tuple(map(_decision, db.rows("SELECT * FROM story_decision ORDER BY id DESC")))


def _decision(row: Row) -> StoryDecision:
    return StoryDecision(
        id=row["id"],
        what=StoryDecisionKind(row["what"]),
        article=row["article_id"],
        beside=row["with_id"],
        members=tuple(msgspec.json.decode(row["members"])),
        made_at=to_time(row["made_at"]),
        undone_at=to_time_or_none(row["undone_at"]),
    )


# What the making of stories asks


def find_anchor(db: Database, article_id: int) -> int | None:
    """Return beside which article a person put this one, by the last decision that stands."""
    found: int | None = db.value(
        "SELECT with_id FROM story_decision WHERE article_id = ? AND what = 'join'"
        " AND undone_at IS NULL ORDER BY id DESC LIMIT 1",
        (article_id,),
    )
    return found


def anchored_at(db: Database, article_id: int) -> tuple[int, ...]:
    """Return the articles that people put beside this one."""
    rows = db.rows(
        "SELECT DISTINCT article_id FROM story_decision WHERE with_id = ? AND undone_at IS NULL"
        " ORDER BY article_id",
        (article_id,),
    )
    return tuple(
        row["article_id"] for row in rows if find_anchor(db, row["article_id"]) == article_id
    )


def closed_stories(db: Database, article_id: int) -> frozenset[int]:
    """Return the stories that an article may not join: those of articles it is kept apart from."""
    rows = db.rows(
        f"SELECT s.story_id {_KEPT_APART.format('p.apart_id', 'p.article_id')}"
        f" UNION SELECT s.story_id {_KEPT_APART.format('p.article_id', 'p.apart_id')}",
        {"id": article_id},
    )
    return frozenset(row["story_id"] for row in rows)


_KEPT_APART = (
    "FROM story_apart p JOIN story_decision d ON d.id = p.decision_id"
    " JOIN story_article s ON s.article_id = {} WHERE {} = :id AND d.undone_at IS NULL"
)
