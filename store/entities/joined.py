"""Whom each text means by a name: what the rules said, and what a person decided stands above it.

What a decision may change waits in `stale_joining` and is settled a batch a transaction, from what
the rules said when the text was tagged: no text is read again.
"""

from collections.abc import Mapping, Sequence

import msgspec

from model.mention import EntityKind, Tags
from store.database import Database, Row
from store.entities.names import (
    SURNAME,
    find_own,
    find_root,
    get_entity,
    hold_name,
    name_key,
    save_lookups,
)
from store.events.keeping import mark_stale
from store.search.indexing import relabel
from store.values import marks, to_json, well_formed

BATCH = 300
"""So many versions are settled in one transaction: about a quarter of a second."""

VOTERS = 21
"""So many texts, the first ones, say what an entity is."""

SAME_NAME = "same name"
"""Why a name is the entity that bears it, where nobody looked further."""


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules say of one name of a text: `key` is a known entity's, None for a new one.

    `via` is the known name that led there, `could_be` are the keys of others that it fits as
    well. `names` go with it from now on, each with the look-up keys under which it is sought;
    where `is_fuller`, the entity is called by it.
    """

    called: str
    kind: EntityKind
    key: str | None
    reason: str
    doubt: str = "none"
    via: str = ""
    could_be: tuple[str, ...] = ()
    lookups: tuple[str, ...] = ()
    is_fuller: bool = False


def save_joinings(
    db: Database, version_id: int, article_id: int, tags: Tags, joined: Sequence[Joined]
) -> dict[str, int]:
    """Save whom a version means by each name, within `writing`; return it by the name."""
    db.execute("DELETE FROM joining WHERE version_id = ?", (version_id,))
    said = {well_formed(one.called): one for one in joined}
    kinds = {well_formed(mention.entity): mention.kind for mention in reversed(tags.mentions)}
    rows = [
        _row(db, version_id, tags, said.get(called) or _plain(called, kind))
        for called, kind in sorted(kinds.items())
    ]
    for row, (entity, decision) in zip(rows, _settled(db, article_id, rows), strict=True):
        row |= {"entity_id": entity, "decision_id": decision}
    if rows:
        db.insert_many("joining", rows)
    for row in rows:
        _vote(db, row)
    return {row["called"]: row["entity_id"] for row in rows}


def _plain(called: str, kind: EntityKind) -> Joined:
    return Joined(called=called, kind=kind, key=None, reason=SAME_NAME)


def _row(db: Database, version_id: int, tags: Tags, one: Joined) -> Row:
    called = well_formed(one.called)
    return {
        "version_id": version_id,
        "called": called,
        "key": name_key(one.called),
        "kind": one.kind,
        "own_id": _own(db, one),
        "reason": one.reason,
        "doubt": one.doubt,
        "via": well_formed(one.via),
        "could_be": to_json(_names_of(db, one.could_be)),
        "mentions": sum(well_formed(mention.entity) == called for mention in tags.mentions),
        "quotes": sum(well_formed(quote.speaker or "") == called for quote in tags.quotes),
    }


_USUAL = (
    "SELECT kind FROM (SELECT kind FROM joining WHERE own_id = ? AND version_id <= ?"
    " ORDER BY version_id LIMIT ?) GROUP BY kind ORDER BY count(*) DESC, kind <> ? LIMIT 1"
)


def _vote(db: Database, row: Row) -> None:
    """Take an entity for what most of the first texts that name it do: models take some for all.

    What the configuration names is what it says.
    """
    held = get_entity(db, row["own_id"])
    if held["kind"] == row["kind"]:
        return
    usual = db.value(_USUAL, (held["id"], row["version_id"], VOTERS, held["kind"]))
    is_watched = db.value("SELECT 1 FROM watched WHERE key = ?", (held["key"],)) is not None
    if usual == held["kind"] or is_watched:
        return
    db.execute("UPDATE entity SET kind = ? WHERE id = ?", (usual, held["id"]))
    # names of people are looked for otherwise than those of places
    db.execute(
        "UPDATE entity_name SET looked = 0 WHERE entity_id = ? AND reason <> ?",
        (held["id"], SURNAME),
    )


def _names_of(db: Database, keys: Sequence[str]) -> tuple[str, ...]:
    sql = "SELECT name FROM entity WHERE key = ?"
    return tuple(str(db.value(sql, (key,)) or key) for key in keys)


def _own(db: Database, one: Joined) -> int:
    """Return the entity that the rules mean, which goes by that name from now on."""
    known = None if one.key is None else db.value("SELECT id FROM entity WHERE key = ?", (one.key,))
    if known is None:
        own = find_own(db, one.called, one.kind)
    else:
        own = _bearer(db, known, (one.called, one.via))
    if hold_name(db, own, one.called, "text", one.reason, looked=bool(one.lookups)):
        save_lookups(db, own, one.lookups)
    if one.is_fuller:
        _call(db, own, one.called)
    return own


def _bearer(db: Database, known: int, names: Sequence[str]) -> int:
    """Return whom of those that a person merged a name is, so that they can come apart again."""
    root = find_root(db, known)
    sql = "SELECT entity_id FROM entity_name WHERE key = ? AND origin <> 'decision'"
    for name in names:
        for row in list(db.rows(sql, (name_key(name),))):
            if find_root(db, row["entity_id"]) == root:
                return int(row["entity_id"])
    return known


def _call(db: Database, entity_id: int, name: str) -> None:
    """Call an entity by a fuller name, unless a person or the configuration named it."""
    row = get_entity(db, entity_id)
    if db.value("SELECT 1 FROM watched WHERE key = ?", (row["key"],)) is not None:
        return
    shown = well_formed(name)
    is_own = row["name"] == row["own_name"]
    db.execute(
        "UPDATE entity SET own_name = ?, name = ? WHERE id = ?",
        (shown, shown if is_own else row["name"], entity_id),
    )
    if is_own and row["name"] != shown:
        stale_events(db, entity_id)


def stale_events(db: Database, entity_id: int) -> None:
    """Note that the events on the days of who names an entity are to be built again."""
    db.execute(
        "INSERT OR IGNORE INTO stale_days SELECT DISTINCT s.from_on, s.to_on FROM joining j"
        " JOIN article a ON a.current_id = j.version_id"
        " JOIN dated_sentence s ON s.article_id = a.id WHERE j.entity_id = ?",
        (entity_id,),
    )
    db.execute(
        "INSERT OR IGNORE INTO uncounted SELECT a.id FROM joining j"
        " JOIN article a ON a.current_id = j.version_id WHERE j.entity_id = ?",
        (entity_id,),
    )


_DECIDED = (
    "SELECT id, kind, key, other_key, article_id FROM entity_decision"
    " WHERE kind IN ('alias', 'split') AND undone_at IS NULL"
    " AND (article_id IS NULL OR article_id = ?) AND key IN ({})"
    " ORDER BY article_id IS NOT NULL, id"
)


def _settled(db: Database, article_id: int, rows: Sequence[Row]) -> list[tuple[int, int | None]]:
    """Return whom each name is after all, and the decision that says so where one does.

    Of decisions on one name, one for this article alone counts before one for all, a later one
    before an earlier.
    """
    keys = sorted({row["key"] for row in rows})
    decided = {
        found["key"]: found
        for found in (db.rows(_DECIDED.format(marks(keys)), (article_id, *keys)) if keys else ())
    }
    return [_settle(db, row, decided.get(row["key"])) for row in rows]


def _settle(db: Database, row: Row, decided: Row | None) -> tuple[int, int | None]:
    if decided is not None:
        meant = db.value("SELECT id FROM entity WHERE key = ?", (decided["other_key"],))
        return find_root(db, meant), decided["id"]
    root = find_root(db, row["own_id"])
    if root == row["own_id"]:
        return root, None
    sql = (
        "SELECT d.id FROM entity_decision d JOIN entity e ON e.key = d.key"
        " WHERE e.id = ? AND d.kind = 'merge' AND d.undone_at IS NULL"
    )
    return root, db.value(sql, (row["own_id"],))


def count_stale(db: Database) -> int:
    """Return of how many versions a decision is yet to be settled."""
    return int(db.value("SELECT count(*) FROM stale_joining"))


def settle_some(db: Database, limit: int = BATCH) -> int:
    """Settle what decisions changed in some versions, in one transaction; return how many."""
    with db.writing():
        return settle_within(db, limit)


def settle_within(db: Database, limit: int) -> int:
    """Do so within `writing`."""
    rows = db.rows(
        "SELECT v.id, v.article_id, v.id = a.current_id AS is_current"
        " FROM stale_joining JOIN version v ON v.id = stale_joining.version_id"
        " JOIN article a ON a.id = v.article_id ORDER BY stale_joining.version_id LIMIT ?",
        (limit,),
    )
    versions = list(rows)
    changed = [one for one in versions if _settle_version(db, one["id"], one["article_id"])]
    current = [one["article_id"] for one in changed if one["is_current"]]
    relabel(db, current)
    for article_id in current:
        mark_stale(db, article_id)
    ids = [(one["id"],) for one in versions]
    db.execute_many("DELETE FROM stale_joining WHERE version_id = ?", ids)
    return len(versions)


def _settle_version(db: Database, version_id: int, article_id: int) -> bool:
    """Bring a version's joinings to what holds now; tell whether any means another than before."""
    rows = list(db.rows("SELECT * FROM joining WHERE version_id = ?", (version_id,)))
    moved = False
    for row, (entity, decision) in zip(rows, _settled(db, article_id, rows), strict=True):
        if (entity, decision) == (row["entity_id"], row["decision_id"]):
            continue
        at = (version_id, row["called"])
        db.execute(
            "UPDATE joining SET entity_id = ?, decision_id = ? WHERE version_id = ? AND called = ?",
            (entity, decision, *at),
        )
        if entity != row["entity_id"]:
            db.execute(
                "UPDATE mention SET entity_id = ? WHERE version_id = ? AND called = ?",
                (entity, *at),
            )
            moved = True
    return moved


def meant(db: Database, version_id: int) -> Mapping[str, str]:
    """Return whom a version means, by what it calls them."""
    rows = db.rows(
        "SELECT j.called, e.name FROM joining j JOIN entity e ON e.id = j.entity_id"
        " WHERE j.version_id = ?",
        (version_id,),
    )
    return {row["called"]: row["name"] for row in rows}
