"""Entities and the names they go by: who may be meant by a name, and whose name it is.

What a person decided stands above what the rules found; it reads no text, and decides nothing of
its own.
"""

import re
from collections.abc import Iterable, Sequence, Set
from itertools import count

import msgspec

from model.mention import EntityKind
from model.query import And, Facet, Has, Not, Or, Query
from model.words import words
from store.database import Database, Row
from store.values import names, to_json, well_formed

MOST_CANDIDATES = 20
"""So many entities are looked at for one look-up key: a name that more of them share tells none
apart."""
MOST_NAMES = 50
"""So many names of one entity are compared and told."""

TEXTS_BESIDE = 6
"""So many texts, the last before, tell what an entity is named together with."""
MOST_COUNTED = 50
"""Texts that name an entity are counted up to so many: beyond, it is known widely enough."""
LAST = 1 << 62
"""After all versions."""

SURNAME = "surname of the only one"
"""A reason that holds in one text alone: such a name is no alias, and is not looked up."""

_NUMBERED = re.compile(r"#(\d{1,18})")


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """An entity as the joining of names asks for it; its `key` stays.

    `aliases` were given by the configuration or a person, `learned` by texts; `beside` are the
    names in the last texts that name it, left out where a text names it by its own name.
    """

    key: str
    name: str
    kind: EntityKind
    aliases: tuple[str, ...] = ()
    learned: tuple[str, ...] = ()
    articles: int = 0
    beside: frozenset[str] = frozenset()


class Unlooked(msgspec.Struct, frozen=True, kw_only=True):
    """A name of an entity under which nobody looks for it yet."""

    entity: int
    key: str
    name: str
    kind: EntityKind


def name_key(name: str) -> str:
    """Return what spellings of one name have in common: no accents, case or marks."""
    return " ".join(words(name)) or well_formed(name)


def get_entity(db: Database, entity_id: int) -> Row:
    """Return an entity's row."""
    return next(db.rows("SELECT * FROM entity WHERE id = ?", (entity_id,)))


def find_root(db: Database, entity_id: int) -> int:
    """Return whom a person says that an entity is: itself, unless it was merged."""
    # merging joins two that stand for themselves, so that no chain of them comes back
    while (into := db.value("SELECT into_id FROM entity WHERE id = ?", (entity_id,))) is not None:
        entity_id = int(into)
    return entity_id


def find_own(db: Database, name: str, kind: EntityKind) -> int:
    """Return the entity that bears a name by itself, a new one where there is none.

    Its key is the name in folded words, with a number where somebody has that whose name grew
    fuller since.
    """
    key = name_key(name)
    for number in count(1):
        handle = key if number == 1 else f"{key} {number}"
        row = db.find_row("SELECT * FROM entity WHERE key = ?", (handle,))
        if row is None:
            return add_entity(db, handle, name, kind)
        if name_key(row["own_name"]) == key:
            return int(row["id"])
    raise AssertionError


def add_entity(db: Database, key: str, name: str, kind: str) -> int:
    """Add an entity with its own name, and return its id."""
    shown = well_formed(name)
    return db.insert("entity", {"key": key, "name": shown, "own_name": shown, "kind": kind})


def hold_entity(db: Database, key: str, name: str, kind: str) -> int:
    """Return the entity with a key, added where it is not there."""
    found = db.value("SELECT id FROM entity WHERE key = ?", (key,))
    return add_entity(db, key, name, kind) if found is None else int(found)


def hold_name(
    db: Database, entity_id: int, name: str, origin: str, reason: str, *, looked: bool = False
) -> bool:
    """Note that an entity goes by a name; tell whether that is new.

    What was found in texts gives way to what is configured or decided, and a surname that was
    told from its text alone to any better reason.
    """
    key = name_key(name)
    held = db.find_row(
        "SELECT origin, reason FROM entity_name WHERE key = ? AND entity_id = ?", (key, entity_id)
    )
    is_better = held is not None and (
        held["origin"] == "older"
        or (held["origin"] == "text" and origin != "text")
        or (held["reason"] == SURNAME and reason != SURNAME)
    )
    if held is not None and not is_better:
        return False
    db.execute(
        "INSERT OR REPLACE INTO entity_name (key, entity_id, name, origin, reason, looked)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (key, entity_id, well_formed(name), origin, reason, int(looked or reason == SURNAME)),
    )
    return True


def unlooked(db: Database, limit: int) -> tuple[Unlooked, ...]:
    """Return names under which nobody looks for their entities yet."""
    rows = db.rows(
        "SELECT n.entity_id, n.key, n.name, e.kind FROM entity_name n"
        " JOIN entity e ON e.id = n.entity_id WHERE n.looked = 0 LIMIT ?",
        (limit,),
    )
    return tuple(
        Unlooked(
            entity=row["entity_id"], key=row["key"], name=row["name"], kind=EntityKind(row["kind"])
        )
        for row in rows
    )


def hold_lookups(db: Database, looked: Sequence[tuple[Unlooked, Iterable[str]]]) -> None:
    """Save under what names are looked for."""
    with db.writing():
        for one, lookups in looked:
            save_lookups(db, one.entity, lookups)
            db.execute(
                "UPDATE entity_name SET looked = 1 WHERE key = ? AND entity_id = ?",
                (one.key, one.entity),
            )


def save_lookups(db: Database, entity_id: int, lookups: Iterable[str]) -> None:
    """Save under what an entity is looked for, beside what it is already, within `writing`."""
    db.execute_many(
        "INSERT OR IGNORE INTO entity_lookup (lookup, entity_id) VALUES (?, ?)",
        [(well_formed(lookup), entity_id) for lookup in sorted(lookups)],
    )


_LOOKED_UP = (
    "SELECT DISTINCT f.value AS id FROM json_each(?) j, json_each("
    "(SELECT json_group_array(entity_id) FROM"
    " (SELECT entity_id FROM entity_lookup WHERE lookup = j.value LIMIT ?))) f"
)
_ENTITIES = (
    "SELECT e.*, (SELECT count(*) FROM (SELECT 1 FROM joining WHERE entity_id = e.id"
    " AND version_id < ? LIMIT ?)) AS articles, (SELECT json_group_array(json_array("
    "key, name, origin)) FROM (SELECT key, name, origin FROM entity_name"
    " WHERE entity_id = e.id AND reason <> ? AND origin <> 'older' LIMIT ?)) AS names"
    " FROM json_each(?) j CROSS JOIN entity e ON e.id = j.value"
)
_BESIDE = (
    "SELECT f.value AS id, (SELECT json_group_array(DISTINCT b.called) FROM"
    " (SELECT version_id FROM joining WHERE entity_id = f.value AND version_id < ?"
    " ORDER BY version_id DESC LIMIT ?) few"
    " CROSS JOIN joining b ON b.version_id = few.version_id) AS beside FROM json_each(?) f"
)


def candidates(
    db: Database, lookups: Iterable[str], called: Iterable[str] = (), before: int = LAST
) -> tuple[Known, ...]:
    """Return the entities that share a look-up key: those that a person merged as one.

    `called` are the names that are sought. What texts tell of them is of the versions `before`
    the one that names them, so that the same is found when all is made again.
    """
    asked = to_json([well_formed(lookup) for lookup in sorted(lookups)])
    met = [row["id"] for row in db.rows(_LOOKED_UP, (asked, MOST_CANDIDATES))]
    rows = _entities(db, met, before)
    members: dict[int, list[Row]] = {}
    for row in sorted(rows.values(), key=lambda row: row["id"]):
        root = row["id"] if row["into_id"] is None else find_root(db, row["id"])
        members.setdefault(root, []).append(row)
    rows |= _entities(db, [root for root in members if root not in rows], before)
    sought = {name_key(name) for name in called}
    near = [root for root in members if name_key(rows[root]["name"]) not in sought]
    beside = _beside(db, near, before)
    return tuple(
        _known(rows[root], merged, sought, beside.get(root, frozenset()))
        for root, merged in sorted(members.items())
    )


def _entities(db: Database, ids: Sequence[int], before: int) -> dict[int, Row]:
    if not ids:
        return {}
    asked = (before, MOST_COUNTED, SURNAME, MOST_NAMES, to_json(ids))
    found = db.rows(_ENTITIES, asked)
    return {row["id"]: row for row in found}


def _beside(db: Database, ids: Sequence[int], before: int) -> dict[int, frozenset[str]]:
    """Return the names in the last texts before one that mean each entity."""
    if not ids:
        return {}
    found = db.rows(_BESIDE, (before, TEXTS_BESIDE, to_json(ids)))
    return {row["id"]: frozenset(names(row["beside"])) for row in found}


def _known(row: Row, members: Sequence[Row], sought: Set[str], beside: frozenset[str]) -> Known:
    listed = [named for one in (*members, row) for named in _Names.decode(one["names"])]
    # what a person decided of a name stands above the rules, and is not what they say of it
    learned = {
        name: origin == "text"
        for key, name, origin in listed
        if name != row["name"] and (origin != "decision" or key not in sought)
    }
    learned.setdefault(row["own_name"], True)
    return Known(
        key=row["key"],
        name=row["name"],
        kind=EntityKind(row["kind"]),
        aliases=tuple(name for name, is_learned in learned.items() if not is_learned),
        learned=tuple(name for name, is_learned in learned.items() if is_learned),
        articles=row["articles"],
        beside=beside,
    )


_Names = msgspec.json.Decoder(tuple[tuple[str, str, str], ...])


def find_named(db: Database, name: str) -> tuple[int, ...]:
    """Return the entities that go by a name, or the one of a number as `#12`, as what they are.

    Those that bear it as the name they are shown by come first.
    """
    if numbered := _NUMBERED.fullmatch(name.strip()):
        found = db.value("SELECT id FROM entity WHERE id = ?", (int(numbered[1]),))
        return () if found is None else (find_root(db, found),)
    roots = dict.fromkeys(find_root(db, one) for one in _going_by(db, name))
    key = name_key(name)
    return tuple(sorted(roots, key=lambda one: name_key(get_entity(db, one)["name"]) != key))


def _going_by(db: Database, name: str) -> list[int]:
    sql = "SELECT entity_id AS id FROM entity_name WHERE key = ? ORDER BY id"
    return [row["id"] for row in db.rows(sql, (name_key(name),))]


def label_values(db: Database, name: str) -> tuple[str, ...]:
    """Return the values of the labels that a name asks for: of whoever goes by it."""
    going = () if _NUMBERED.fullmatch(name.strip()) else _going_by(db, name)
    ids = dict.fromkeys((*find_named(db, name), *going))
    return tuple(get_entity(db, one)["key"] for one in ids)


def other_names(db: Database, name: str) -> tuple[str, ...]:
    """Return the names of whoever goes by a name: what they are shown by, and the others."""
    found: dict[str, None] = {}
    for root in find_named(db, name):
        for one in (root, *_merged_into(db, root)):
            found[get_entity(db, one)["name"]] = None
            sql = "SELECT name FROM entity_name WHERE entity_id = ? LIMIT ?"
            found |= {row["name"]: None for row in db.rows(sql, (one, MOST_NAMES))}
    return tuple(found)


def _merged_into(db: Database, entity_id: int) -> list[int]:
    """Return the entities that a person merged into one, those merged into them as well."""
    rows = db.rows(
        "WITH RECURSIVE below (id) AS (SELECT id FROM entity WHERE into_id = ?"
        " UNION SELECT e.id FROM entity e JOIN below b ON e.into_id = b.id) SELECT id FROM below",
        (entity_id,),
    )
    return [row["id"] for row in rows]


def with_those_merged(db: Database, entity_id: int) -> list[int]:
    """Return an entity and those that a person merged into it."""
    return [entity_id, *_merged_into(db, entity_id)]


def with_all_names(db: Database, query: Query) -> Query:
    """Return a query in which an entity's name also asks for its other names.

    For what keeps names as they stood when it was made, as events do.
    """
    match query:
        case And(parts):
            return And(tuple(with_all_names(db, part) for part in parts))
        case Or(parts):
            return Or(tuple(with_all_names(db, part) for part in parts))
        case Not(part):
            return Not(with_all_names(db, part))
        case Has(facet=Facet.ENTITY, value=value):
            others = [msgspec.structs.replace(query, value=one) for one in other_names(db, value)]
            return Or((query, *others)) if others else query
        case _:
            return query
