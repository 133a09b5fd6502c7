"""What people decided of who is whom: each decision is a row with a number, and can be undone.

None is ever deleted or dropped with what is derived; entities that a decision names stay, with
their keys, so that it means the same after everything is made again.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from model.errors import ConfigError, MissingError
from store.database import Database, Row
from store.entities.joined import BATCH, count_stale, settle_within, stale_events
from store.entities.names import (
    add_entity,
    find_root,
    get_entity,
    hold_entity,
    hold_name,
    name_key,
    with_those_merged,
)
from store.values import marks, to_text, to_time, to_time_or_none, well_formed

LONGEST_NAME = 200


class DecisionKind(StrEnum):
    """What can be decided of entities."""

    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    ALIAS = "alias"


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """One decision, as it was made: `name` is whom or what it is on, `other` what came of it.

    `was` is whom a name meant before, `article` the one article for which it holds. When it is
    made, `texts` are those it was settled in or is yet to be, `waiting` the latter.
    """

    id: int
    kind: DecisionKind
    name: str
    other: str
    was: str = ""
    article: int | None = None
    made_at: datetime
    undone_at: datetime | None = None
    texts: int = 0
    waiting: int = 0


def decide_merge(db: Database, entity_id: int, into_id: int, now: datetime) -> Decision:
    """Decide that one entity is another, whose name and key stay."""
    with db.writing():
        one, other = (
            get_entity(db, find_root(db, entity_id)),
            get_entity(db, find_root(db, into_id)),
        )
        if one["id"] == other["id"]:
            raise ConfigError(f"{one['name']!r} and {other['name']!r} are one already")
        number = _note(db, DecisionKind.MERGE, one, other, now)
        db.execute("UPDATE entity SET into_id = ? WHERE id = ?", (other["id"], one["id"]))
        _queue(db, "SELECT version_id FROM joining WHERE entity_id = ?", (one["id"],))
        return _begun(db, number)


def decide_alias(db: Database, entity_id: int, name: str, now: datetime) -> Decision:
    """Decide that a name always means one entity."""
    with db.writing():
        row = get_entity(db, find_root(db, entity_id))
        called = {"key": name_key(name), "name": well_formed(name)}
        if _means_always(db, called["key"], row["key"]):
            raise ConfigError(f"{name!r} is an alias of {row['name']!r} already")
        number = _note(db, DecisionKind.ALIAS, called, row, now)
        hold_name(db, row["id"], name, "decision", "decided")
        _queue(db, "SELECT version_id FROM joining WHERE key = ?", (called["key"],))
        return _begun(db, number)


def _means_always(db: Database, key: str, other_key: str) -> bool:
    sql = (
        "SELECT other_key FROM entity_decision WHERE kind IN ('alias', 'split') AND key = ?"
        " AND article_id IS NULL AND undone_at IS NULL ORDER BY id DESC LIMIT 1"
    )
    return bool(db.value(sql, (key,)) == other_key)


def decide_split(
    db: Database,
    entity_id: int,
    name: str,
    now: datetime,
    *,
    called: str | None = None,
    articles: Sequence[int] = (),
) -> tuple[Decision, ...]:
    """Decide that a name does not mean an entity, in some articles or in all: it is another one.

    That one is called by the name, or as `called` says. Raises ConfigError where no text means
    the entity by it.
    """
    with db.writing():
        row = get_entity(db, find_root(db, entity_id))
        key = name_key(name)
        texts = _texts_that_mean(db, row["id"], key, articles)
        if not texts:
            _refuse_split(db, row, name, articles)
        other = _other_one(db, row, called or name)
        parted = {"key": key, "name": well_formed(name)}
        numbers = [
            _note(db, DecisionKind.SPLIT, parted, other, now, was=row["name"], article=article)
            for article in articles or (None,)
        ]
        hold_name(db, other["id"], other["name"], "decision", "decided")
        _stale(db, texts)
        return tuple(_begun(db, number) for number in reversed(numbers))[::-1]


def _texts_that_mean(db: Database, entity_id: int, key: str, articles: Sequence[int]) -> list[int]:
    where = f" AND v.article_id IN ({marks(articles)})" if articles else ""
    sql = (
        "SELECT j.version_id FROM joining j JOIN version v ON v.id = j.version_id"  # noqa: S608
        f" WHERE j.key = ? AND j.entity_id = ?{where}"
    )
    return [row["version_id"] for row in db.rows(sql, (key, entity_id, *articles))]


def _refuse_split(db: Database, row: Row, name: str, articles: Sequence[int]) -> None:
    where = f" in article {', '.join(map(str, articles))}" if articles else ""
    names = [one["name"] for one in db.rows(
        "SELECT name FROM entity_name WHERE entity_id = ? ORDER BY name LIMIT 5", (row["id"],)
    )]  # fmt: skip
    known = ", ".join(repr(one) for one in names)
    raise ConfigError(f"no text means {row['name']!r} by {name!r}{where}; its names are {known}")


def _other_one(db: Database, row: Row, called: str) -> Row:
    """Return the entity that a name means now: one that is called so, or a new one."""
    key = name_key(called)
    held = db.rows(
        "SELECT * FROM entity WHERE (key = ? OR key GLOB ?) AND id <> ? ORDER BY id",
        (key, f"{key} [0-9]*", row["id"]),
    )
    for one in list(held):
        if name_key(one["own_name"]) == key and find_root(db, one["id"]) != row["id"]:
            return get_entity(db, find_root(db, one["id"]))
    handle, number = key, 1
    while db.value("SELECT 1 FROM entity WHERE key = ?", (handle,)) is not None:
        number += 1
        handle = f"{key} {number}"
    return get_entity(db, add_entity(db, handle, called, row["kind"]))


def decide_rename(db: Database, entity_id: int, name: str, now: datetime) -> Decision:
    """Decide by which name an entity is shown; it goes by the old one as well."""
    with db.writing():
        row = get_entity(db, find_root(db, entity_id))
        shown = well_formed(name)
        if row["name"] == shown:
            raise ConfigError(f"{name!r} is its name already")
        number = _note(db, DecisionKind.RENAME, row, row | {"name": shown}, now)
        _rename(db, row, shown)
        return _begun(db, number)


def _rename(db: Database, row: Row, name: str) -> None:
    hold_name(db, row["id"], row["name"], "text", "same name")
    hold_name(db, row["id"], name, "decision", "decided")
    db.execute("UPDATE entity SET name = ? WHERE id = ?", (name, row["id"]))
    stale_events(db, row["id"])


def undo(db: Database, number: int | None, now: datetime) -> Decision:
    """Undo a decision, the last one that stands unless told; raises MissingError."""
    with db.writing():
        row = _standing(db, number)
        db.execute(
            "UPDATE entity_decision SET undone_at = ? WHERE id = ?", (to_text(now), row["id"])
        )
        _UNDOING[DecisionKind(row["kind"])](db, row)
        return _begun(db, row["id"])


def _standing(db: Database, number: int | None) -> Row:
    if number is None:
        found = db.find_row(
            "SELECT * FROM entity_decision WHERE undone_at IS NULL ORDER BY id DESC LIMIT 1"
        )
        if found is None:
            raise MissingError("no decision stands: there is nothing to undo")
        return found
    found = db.find_row("SELECT * FROM entity_decision WHERE id = ?", (number,))
    if found is None:
        raise MissingError(f"there is no decision {number}: `vigie entities decisions` lists them")
    if found["undone_at"] is not None:
        raise ConfigError(f"decision {number} is undone already")
    return found


def _undo_merge(db: Database, row: Row) -> None:
    below = [one for entity in _ids(db, row["key"]) for one in with_those_merged(db, entity)]
    db.execute("UPDATE entity SET into_id = NULL WHERE key = ?", (row["key"],))
    _queue(db, f"SELECT version_id FROM joining WHERE own_id IN ({marks(below)})", below)  # noqa: S608
    _queue(
        db,
        "SELECT j.version_id FROM entity_decision d JOIN joining j ON j.key = d.key"  # noqa: S608
        " WHERE d.undone_at IS NULL AND d.kind IN ('alias', 'split') AND d.other_key IN"
        f" (SELECT key FROM entity WHERE id IN ({marks(below)}))",
        below,
    )


def _undo_alias(db: Database, row: Row) -> None:
    for entity_id in _ids(db, row["other_key"]):
        _tag_again(db, entity_id, row["name"])
        _drop_name(db, row["key"], entity_id)
    _queue(db, "SELECT version_id FROM joining WHERE key = ?", (row["key"],))


def _undo_split(db: Database, row: Row) -> None:
    for entity_id in _ids(db, row["other_key"]):
        _drop_name(db, name_key(row["other"]), entity_id)
    _queue(db, "SELECT version_id FROM joining WHERE key = ?", (row["key"],))


def _undo_rename(db: Database, row: Row) -> None:
    standing = db.value(
        "SELECT other FROM entity_decision WHERE kind = 'rename' AND key = ?"
        " AND undone_at IS NULL ORDER BY id DESC LIMIT 1",
        (row["key"],),
    )
    for entity_id in _ids(db, row["key"]):
        name = standing or get_entity(db, entity_id)["own_name"]
        db.execute("UPDATE entity SET name = ? WHERE id = ?", (name, entity_id))
        if name_key(name) != name_key(row["other"]):
            _tag_again(db, entity_id, row["other"])
            _drop_name(db, name_key(row["other"]), entity_id)
        stale_events(db, entity_id)


def _tag_again(db: Database, entity_id: int, name: str) -> None:
    """Have the next pass tag the texts again that the rules joined by a name alone."""
    db.execute(
        "UPDATE article SET tagged_by = '' WHERE current_id IN"
        " (SELECT version_id FROM joining WHERE own_id = ? AND via = ?)",
        (entity_id, name),
    )


def _drop_name(db: Database, key: str, entity_id: int) -> None:
    """Drop a name that only a decision gave; texts that call it so give it again."""
    db.execute(
        "DELETE FROM entity_name WHERE key = ? AND entity_id = ? AND origin = 'decision'"
        " AND NOT EXISTS (SELECT 1 FROM joining j WHERE j.key = entity_name.key"
        " AND j.own_id = entity_name.entity_id)",
        (key, entity_id),
    )


_UNDOING = {
    DecisionKind.MERGE: _undo_merge,
    DecisionKind.ALIAS: _undo_alias,
    DecisionKind.SPLIT: _undo_split,
    DecisionKind.RENAME: _undo_rename,
}


def _ids(db: Database, key: str) -> list[int]:
    return [row["id"] for row in db.rows("SELECT id FROM entity WHERE key = ?", (key,))]


def _note(
    db: Database,
    kind: DecisionKind,
    on: Row,
    other: Row,
    now: datetime,
    *,
    was: str = "",
    article: int | None = None,
) -> int:
    row = {
        "kind": kind,
        "key": on["key"],
        "name": on["name"],
        "other_key": other["key"],
        "other": other["name"],
        "was": was,
        "entity_kind": other["kind"],
        "article_id": article,
        "made_at": to_text(now),
    }
    return db.insert("entity_decision", row)


def _queue(db: Database, sql: str, values: Sequence[object]) -> None:
    db.execute(f"INSERT OR IGNORE INTO stale_joining {sql}", tuple(values))


def _stale(db: Database, versions: Sequence[int]) -> None:
    ids = [(one,) for one in versions]
    db.execute_many("INSERT OR IGNORE INTO stale_joining (version_id) VALUES (?)", ids)


def _begun(db: Database, number: int) -> Decision:
    """Settle a first batch at once: most decisions are on fewer texts."""
    texts = count_stale(db)
    settle_within(db, BATCH)
    row = next(db.rows("SELECT * FROM entity_decision WHERE id = ?", (number,)))
    return msgspec.structs.replace(_to_decision(row), texts=texts, waiting=count_stale(db))


def _to_decision(row: Row) -> Decision:
    return Decision(
        id=row["id"],
        kind=DecisionKind(row["kind"]),
        name=row["name"],
        other=row["other"],
        was=row["was"],
        article=row["article_id"],
        made_at=to_time(row["made_at"]),
        undone_at=to_time_or_none(row["undone_at"]),
    )


def list_decisions(db: Database, limit: int) -> tuple[Decision, ...]:
    """Return decisions, the last one first, those that were undone as well."""
    rows = db.rows("SELECT * FROM entity_decision ORDER BY id DESC LIMIT ?", (limit,))
    return tuple(map(_to_decision, rows))


def decisions_on(db: Database, keys: Sequence[str], limit: int) -> tuple[Decision, ...]:
    """Return the standing decisions on entities, by their keys, the last one first."""
    rows = db.rows(
        "SELECT * FROM entity_decision WHERE undone_at IS NULL"  # noqa: S608
        f" AND (other_key IN ({marks(keys)}) OR (key IN ({marks(keys)})"
        " AND kind IN ('merge', 'rename'))) ORDER BY id DESC LIMIT ?",
        (*keys, *keys, limit),
    )
    return tuple(map(_to_decision, rows))


def seed_decided(db: Database) -> None:
    """Hold the entities that decisions name, as they say, within `writing`.

    Whoever drops what is derived, or its tables, drops no decision.
    """
    rows = db.rows("SELECT * FROM entity_decision WHERE undone_at IS NULL ORDER BY id")
    for row in list(rows):
        kind = DecisionKind(row["kind"])
        named = row["name"] if kind is DecisionKind.RENAME else row["other"]
        other = hold_entity(db, row["other_key"], named, row["entity_kind"])
        hold_name(db, other, row["other"], "decision", "decided")
        if kind is DecisionKind.MERGE:
            one = hold_entity(db, row["key"], row["name"], row["entity_kind"])
            hold_name(db, one, row["name"], "decision", "decided")
            db.execute("UPDATE entity SET into_id = ? WHERE id = ?", (other, one))
        elif kind is DecisionKind.ALIAS:
            hold_name(db, other, row["name"], "decision", "decided")
        elif kind is DecisionKind.RENAME:
            hold_name(db, other, row["name"], "decision", "decided")
            db.execute("UPDATE entity SET name = ? WHERE id = ?", (row["other"], other))
