"""What is derived: by which rules each part was made, and dropping a part to make it again.

It never touches a capture, a version or anything that a person decided, and makes nothing itself.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from model.article import Version
from store.database import Database, load_schema
from store.entities.decided import seed_decided
from store.search.indexing import relabel
from store.values import to_text
from store.versions import to_version

RANGE = 500
"""Of so many articles or stories is dropped in one transaction."""

DROPPING, MAKING = "dropping", "making"
"""What stands in the place of a part's rules while it is dropped, and until it is made again."""


class Part(StrEnum):
    """What can be made again from versions and human decisions, in the order of the making."""

    INDEX = "index"
    TAGS = "tags"
    COPIES = "copies"
    STORIES = "stories"
    EVENTS = "events"


TABLES: Mapping[Part, tuple[str, ...]] = {
    Part.INDEX: (
        "word_index", "stem_index", "old_word_index", "old_stem_index", "held_word", "label",
        "article_label", "article_facet",
    ),
    Part.TAGS: (
        "entity", "entity_name", "entity_lookup", "joining", "stale_joining", "watched", "mention",
        "date_mention", "quote", "tagging", "dated_sentence",
    ),
    Part.COPIES: ("print", "text_prints", "vector", "copy"),
    Part.STORIES: ("story", "story_article", "credit"),
    Part.EVENTS: (
        "event", "citation", "event_entity", "event_other", "stale_days", "centre", "counted",
        "uncounted",
    ),
}  # fmt: skip
"""The tables that hold each part and nothing else."""


def made_by(db: Database, part: Part) -> str | None:
    """Return by which rules a part was made, what is done with it meanwhile, or None."""
    found: str | None = db.value("SELECT made_by FROM derived WHERE part = ?", (part,))
    return found


def note_made(db: Database, parts: Sequence[Part], rules: str, now: datetime) -> None:
    """Note by which rules parts were made, where that is new; what is being dropped stays so."""
    if all(made_by(db, part) == rules for part in parts):
        return
    with db.writing():
        for part in parts:
            if made_by(db, part) not in (rules, DROPPING):
                _note(db, part, rules, now)


def _note(db: Database, part: Part, rules: str, now: datetime) -> None:
    db.execute(
        "INSERT INTO derived (part, made_by, made_at) VALUES (?, ?, ?) ON CONFLICT (part)"
        " DO UPDATE SET made_by = excluded.made_by, made_at = excluded.made_at",
        (part, rules, to_text(now)),
    )


def ask_again(db: Database, parts: Sequence[Part], now: datetime) -> tuple[Part, ...]:
    """Note that parts are to be made again; return those where that was begun and goes on."""
    with db.writing():
        begun = tuple(part for part in parts if made_by(db, part) in (DROPPING, MAKING))
        for part in parts:
            if part not in begun:
                _note(db, part, DROPPING, now)
    return begun


def restore_tables(db: Database, now: datetime) -> tuple[Part, ...]:
    """Make the tables of what is derived, empty, where somebody dropped them.

    Return the parts that lacked one, which are noted to be made again. What is kept has no such
    second making: a backup holds it.
    """
    with db.writing():
        there = {row["name"] for row in db.rows("SELECT name FROM sqlite_schema")}
        lost = tuple(part for part in Part if not there.issuperset(TABLES[part]))
        wanted = {table for part in lost for table in TABLES[part]}
        for name, table, statement in load_schema() if lost else ():
            if table in wanted and name not in there:
                db.execute(statement)
        for part in lost:
            _note(db, part, DROPPING, now)
        if Part.TAGS in lost:
            seed_decided(db)
    return lost


def drop_asked(db: Database, now: datetime) -> None:
    """Drop what was asked to be made again, a range of articles a transaction.

    Names, dates and quotes stand until each article's are found again; a list of events until
    the next one takes its place.
    """
    if made_by(db, Part.TAGS) == DROPPING:
        _forget_names(db)
        _forget_taggers(db)
    if made_by(db, Part.COPIES) == DROPPING:
        _drop_copies(db)
    if made_by(db, Part.STORIES) == DROPPING:
        _drop_stories(db)
    dropped = [part for part in Part if made_by(db, part) == DROPPING]
    if dropped:
        with db.writing():
            for part in dropped:
                _note(db, part, MAKING, now)


def _ranges(db: Database, table: str) -> range:
    return range(0, _last(db, table, "id") + 1, RANGE)


def _last(db: Database, table: str, column: str) -> int:
    return int(db.value(f"SELECT coalesce(max({column}), 0) FROM {table}"))  # noqa: S608 - ours


_OWN_NAMES = (
    "UPDATE entity SET name = own_name WHERE name <> own_name AND NOT EXISTS"
    " (SELECT 1 FROM entity_decision d WHERE d.kind = 'rename' AND d.key = entity.key"
    " AND d.undone_at IS NULL)"
)


_FIRST_KINDS = (
    "UPDATE entity SET kind = (SELECT j.kind FROM joining j WHERE j.own_id = entity.id"
    " ORDER BY j.version_id LIMIT 1) WHERE EXISTS (SELECT 1 FROM joining j"
    " WHERE j.own_id = entity.id) AND key NOT IN (SELECT key FROM watched)"
)
"""What an entity was taken for before others were heard."""


def _forget_names(db: Database) -> None:
    """Forget what texts taught about who goes by which name; what people decided stays."""
    with db.writing():
        db.execute("DELETE FROM entity_lookup")
        # those from texts stay searchable until each text is tagged again, and teach nothing
        db.execute("UPDATE entity_name SET origin = 'older' WHERE origin = 'text'")
        db.execute("UPDATE entity_name SET looked = 0 WHERE origin <> 'older'")
        db.execute(
            "UPDATE entity SET own_name = n.name FROM entity_name n"
            " WHERE n.entity_id = entity.id AND n.key = entity.key"
        )
        db.execute(_OWN_NAMES)
        db.execute(_FIRST_KINDS)
        seed_decided(db)


def _forget_taggers(db: Database) -> None:
    for first in _ranges(db, "article"):
        ids = (first, first + RANGE)
        with db.writing():
            db.execute("UPDATE article SET tagged_by = '' WHERE id >= ? AND id < ?", ids)
    for first in _ranges(db, "version"):
        ids = (first, first + RANGE)
        with db.writing():
            # older versions are tagged again where they were, also when nothing says so any more
            db.execute(
                "INSERT OR IGNORE INTO tagging (version_id, tagger, lang, tagged_at)"
                " SELECT v.id, '', a.lang, v.seen_at FROM version v"
                " JOIN article a ON a.id = v.article_id"
                " WHERE v.id >= ? AND v.id < ? AND v.id <> a.current_id AND a.relevant = 1",
                ids,
            )
            db.execute(
                "UPDATE tagging SET tagger = '' WHERE version_id >= ? AND version_id < ?", ids
            )


def _drop_copies(db: Database) -> None:
    with db.writing():
        db.execute("DELETE FROM print")  # all at once: without a condition SQLite frees whole pages
    for first in _ranges(db, "article"):
        ids = (first, first + RANGE)
        with db.writing():
            repeat = _ids(
                db, "SELECT article_id FROM copy WHERE article_id >= ? AND article_id < ?", ids
            )
            for table in ("copy", "text_prints", "vector"):
                db.execute(f"DELETE FROM {table} WHERE article_id >= ? AND article_id < ?", ids)  # noqa: S608
            db.execute(
                "UPDATE article SET signed_by = '', copy_group = id WHERE id >= ? AND id < ?", ids
            )
            relabel(db, repeat)


def _drop_stories(db: Database) -> None:
    with db.writing():
        db.execute("DELETE FROM credit")
    # by both tables: whoever deletes a row of the one by hand leaves the other's behind
    last = max(_last(db, "story", "id"), _last(db, "story_article", "story_id"))
    for first in range(0, last + 1, RANGE):
        ids = (first, first + RANGE)
        with db.writing():
            told = _ids(
                db, "SELECT article_id FROM story_article WHERE story_id >= ? AND story_id < ?", ids
            )
            db.execute("DELETE FROM story_article WHERE story_id >= ? AND story_id < ?", ids)
            db.execute("DELETE FROM story WHERE id >= ? AND id < ?", ids)
            relabel(db, told)


def _ids(db: Database, sql: str, ids: tuple[int, int]) -> set[int]:
    return {row["article_id"] for row in db.rows(sql, ids)}


def outdated(db: Database, tagger: str, limit: int) -> tuple[Version, ...]:
    """Return versions, current or not, of which something was found by another tagger."""
    rows = db.rows(
        "SELECT version.* FROM tagging JOIN version ON version.id = tagging.version_id"
        " WHERE tagging.tagger <> ? ORDER BY version.id LIMIT ?",
        (tagger, limit),
    )
    return tuple(map(to_version, rows))


def drop_unnamed(db: Database) -> None:
    """Drop the entities that no text names any more, nor the configuration, nor a decision.

    So are the names that no text gives any more.
    """
    with db.writing():
        db.execute("DELETE FROM entity_name WHERE origin = 'older'")
        db.execute(
            "DELETE FROM entity WHERE NOT EXISTS"
            " (SELECT 1 FROM mention WHERE mention.entity_id = entity.id)"
            " AND NOT EXISTS (SELECT 1 FROM joining WHERE joining.own_id = entity.id)"
            " AND NOT EXISTS (SELECT 1 FROM watched WHERE watched.key = entity.key)"
            " AND NOT EXISTS (SELECT 1 FROM entity_decision d WHERE d.other_key = entity.key)"
            " AND NOT EXISTS (SELECT 1 FROM entity_decision d"
            " WHERE d.key = entity.key AND d.kind IN ('merge', 'rename'))"
        )


_ROWS: Mapping[Part, tuple[str, ...]] = {
    Part.INDEX: ("article",),
    Part.TAGS: ("mention", "date_mention", "quote"),
    Part.COPIES: ("copy",),
    Part.STORIES: ("story",),
    Part.EVENTS: ("event",),
}


def count_rows(db: Database, part: Part) -> int:
    """Return how much of a part is held: articles, finds, copies, stories or events."""
    counts = (db.value(f"SELECT count(*) FROM {table}") for table in _ROWS[part])  # noqa: S608
    return sum(counts)


def count_left(db: Database, part: Part, rules: str) -> int:
    """Return of how many articles a part is yet to be made by these rules."""
    if part in (Part.INDEX, Part.EVENTS):
        return 0
    column = "tagged_by" if part is Part.TAGS else "signed_by"
    sql = f"SELECT count(*) FROM article WHERE relevant = 1 AND {column} <> ?"  # noqa: S608
    return int(db.value(sql, (rules,)))
