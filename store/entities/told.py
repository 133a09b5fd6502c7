"""What is told of entities: who is named most, by which names and why, and what they said.

Of whoever is named in very many texts, the newest of them answer: no page reads all that is held.
"""

from collections.abc import Sequence
from datetime import date

import msgspec

from store.buckets import STANDING
from store.database import Database, Row
from store.entities.decided import Decision, decisions_on
from store.entities.joined import SAME_NAME
from store.entities.names import find_named, find_root, get_entity, name_key, with_those_merged
from store.records import EntityReport
from store.values import marks, names, to_day

NEWEST = 2_000
"""So many texts that name an entity, the newest, tell by which names."""
MOST_NAMES, MOST_DECISIONS = 40, 20


class NameReport(msgspec.Struct, frozen=True, kw_only=True):
    """A name by which texts mean an entity, in how many, and why.

    `why` is a reason of the rules, `decided` where a person said so, or `watch list`; `via` is
    the known name that led there, `could_be` who else was not ruled out.
    """

    name: str
    articles: int
    why: str
    doubt: str = ""
    via: str = ""
    could_be: tuple[str, ...] = ()
    decision: int | None = None


class JoiningReport(msgspec.Struct, frozen=True, kw_only=True):
    """Whom one text means by a name that is not the entity's own, or left open, and why."""

    called: str
    entity: str
    why: str
    doubt: str = ""
    via: str = ""
    could_be: tuple[str, ...] = ()
    decision: int | None = None


class QuoteReport(msgspec.Struct, frozen=True, kw_only=True):
    """Words that an entity is said to have spoken, and where."""

    words: str
    verb: str
    article: int
    title: str
    site: str
    lang: str
    on: date
    start: int
    end: int


class EntityTold(msgspec.Struct, frozen=True, kw_only=True):
    """One entity: its names, what people decided of it, what it is quoted with."""

    id: int
    name: str
    kind: str
    is_watched: bool
    articles: int
    names: tuple[NameReport, ...]
    decisions: tuple[Decision, ...]
    quotes: tuple[QuoteReport, ...]


class NamedEntity(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody or something that goes by a name."""

    id: int
    name: str
    kind: str
    articles: int


def who_is(db: Database, name: str) -> tuple[NamedEntity, ...]:
    """Return who goes by a name: the one that is shown by it, where that is one alone."""
    found = [get_entity(db, one) for one in find_named(db, name)]
    shown = [row for row in found if name_key(row["name"]) == name_key(name)]
    rows = shown if len(shown) == 1 else found
    sql = "SELECT relevant FROM label WHERE facet = 'entity' AND value = ?"
    return tuple(
        NamedEntity(
            id=row["id"],
            name=row["name"],
            kind=row["kind"],
            articles=db.value(sql, (row["key"],)) or 0,
        )
        for row in rows
    )


def list_entities(db: Database, limit: int, kind: str | None = None) -> tuple[EntityReport, ...]:
    """Return who and what relevant articles name, the most widely named first."""
    rows = db.rows(
        "SELECT e.id FROM label l CROSS JOIN entity e ON e.key = l.value"
        " WHERE l.facet = 'entity' AND l.relevant > 0 AND (? IS NULL OR e.kind = ?)"
        " ORDER BY l.relevant DESC, e.name LIMIT ?",
        (kind, kind, limit),
    )
    told = [_report(db, row["id"]) for row in rows]
    return tuple(sorted(told, key=lambda one: (-one.articles, -one.mentions, one.name)))


def _report(db: Database, entity_id: int) -> EntityReport:
    row = next(
        db.rows(
            "SELECT e.name, e.kind, count(DISTINCT j.version_id) AS articles,"  # noqa: S608
            " coalesce(sum(j.mentions), 0) AS mentions,"
            f" min({STANDING}) AS first_on, max({STANDING}) AS last_on"
            " FROM joining j JOIN entity e ON e.id = j.entity_id"
            " JOIN article a ON a.current_id = j.version_id"
            " WHERE j.entity_id = ? AND a.relevant = 1",
            (entity_id,),
        )
    )
    days = {name: row[name] and to_day(row[name]) for name in ("first_on", "last_on")}
    return EntityReport(**(row | days))


def most_named(db: Database, limit: int) -> tuple[NamedEntity, ...]:
    """Return those whom most relevant articles name, with how many do.

    It costs the same however much is held.
    """
    rows = db.rows(
        "SELECT e.id, e.name, e.kind, l.relevant AS articles"
        " FROM label l CROSS JOIN entity e ON e.key = l.value"
        " WHERE l.facet = 'entity' AND l.relevant > 0 ORDER BY l.relevant DESC LIMIT ?",
        (limit,),
    )
    return tuple(NamedEntity(**row) for row in rows)


def tell_entity(db: Database, entity_id: int, quotes: int) -> EntityTold:
    """Return what is told of one entity, with its newest quotes."""
    row = get_entity(db, find_root(db, entity_id))
    keys = [get_entity(db, one)["key"] for one in with_those_merged(db, row["id"])]
    sql = "SELECT relevant FROM label WHERE facet = 'entity' AND value = ?"
    return EntityTold(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        is_watched=db.value("SELECT 1 FROM watched WHERE key = ?", (row["key"],)) is not None,
        articles=db.value(sql, (row["key"],)) or 0,
        names=_names(db, row, keys),
        decisions=decisions_on(db, keys, MOST_DECISIONS),
        quotes=_quotes(db, row["id"], quotes),
    )


_MEANT = (
    "SELECT few.called AS name, count(DISTINCT few.version_id) AS articles, n.reason AS learned,"
    " min(few.reason) AS reason, max(few.doubt) AS doubt, max(few.via) AS via,"
    " max(iif(few.could_be = '[]', '', few.could_be)) AS could_be, few.decision_id"
    " FROM (SELECT j.* FROM joining j JOIN article a ON a.current_id = j.version_id"
    " WHERE j.entity_id = ? ORDER BY j.version_id DESC LIMIT ?) few"
    " LEFT JOIN entity_name n ON n.key = few.key AND n.entity_id = few.own_id"
    " GROUP BY few.key, few.decision_id ORDER BY articles DESC, few.called LIMIT ?"
)


def _names(db: Database, row: Row, keys: Sequence[str]) -> tuple[NameReport, ...]:
    """Return the names that texts give, then those that none gives yet."""
    met = list(db.rows(_MEANT, (row["id"], NEWEST, MOST_NAMES)))
    others = db.rows(
        "SELECT n.name, n.reason FROM entity e JOIN entity_name n ON n.entity_id = e.id"  # noqa: S608
        f" WHERE e.key IN ({marks(keys)}) AND n.origin <> 'text' ORDER BY n.name LIMIT ?",
        (*keys, MOST_NAMES),
    )
    told = tuple(map(_met_name, met))
    known = {name_key(one.name) for one in told}
    return told + tuple(
        NameReport(name=one["name"], articles=0, why=one["reason"])
        for one in others
        if name_key(one["name"]) not in known
    )


def _met_name(row: Row) -> NameReport:
    """Return a name with why it was first known; later texts only know it from there."""
    if row["decision_id"] is not None:
        decision: int = row["decision_id"]
        return NameReport(
            name=row["name"], articles=row["articles"], why="decided", decision=decision
        )
    return NameReport(
        name=row["name"],
        articles=row["articles"],
        why=_plainly(row["learned"] or row["reason"]),
        doubt="" if row["doubt"] == "none" else row["doubt"],
        via=row["via"],
        could_be=names(row["could_be"]) if row["could_be"] else (),
    )


def list_joinings(db: Database, version_id: int) -> tuple[JoiningReport, ...]:
    """Return whom a version means by names that are not the entities' own, and what is open."""
    rows = db.rows(
        "SELECT j.called AS name, j.key, e.name AS entity, 1 AS articles, n.reason AS learned,"
        " j.reason, j.doubt, j.via, iif(j.could_be = '[]', '', j.could_be) AS could_be,"
        " j.decision_id FROM joining j JOIN entity e ON e.id = j.entity_id"
        " LEFT JOIN entity_name n ON n.key = j.key AND n.entity_id = j.own_id"
        " WHERE j.version_id = ? ORDER BY e.name, j.called",
        (version_id,),
    )
    told = ((row, _met_name(row)) for row in rows)
    return tuple(
        JoiningReport(
            called=one.name,
            entity=row["entity"],
            why=one.why,
            doubt=one.doubt,
            via=one.via,
            could_be=one.could_be,
            decision=one.decision,
        )
        for row, one in told
        if row["key"] != name_key(row["entity"]) or one.doubt
    )


def _plainly(reason: str) -> str:
    """Return the reason of a name; one that was new once is the entity's own."""
    return SAME_NAME if reason == "not known yet" else reason


def _quotes(db: Database, entity_id: int, limit: int) -> tuple[QuoteReport, ...]:
    rows = db.rows(
        'SELECT q.text, q.verb, q.start, q."end", a.id, a.site, a.lang, v.title,'  # noqa: S608
        f" {STANDING} AS said_on"
        " FROM (SELECT version_id, called FROM joining WHERE entity_id = ? AND quotes > 0"
        " ORDER BY version_id DESC LIMIT ?) few"
        " CROSS JOIN article a ON a.current_id = few.version_id"
        " CROSS JOIN version v ON v.id = few.version_id"
        " CROSS JOIN quote q ON q.version_id = few.version_id AND q.speaker = few.called"
        " WHERE a.relevant = 1 ORDER BY said_on DESC, a.id DESC, q.start LIMIT ?",
        (entity_id, 4 * limit, limit),
    )
    return tuple(
        QuoteReport(
            words=row["text"],
            verb=row["verb"] or "",
            article=row["id"],
            title=row["title"],
            site=row["site"],
            lang=row["lang"],
            on=to_day(row["said_on"]),
            start=row["start"],
            end=row["end"],
        )
        for row in rows
    )
