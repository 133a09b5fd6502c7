"""Who is named, which dates are named and who is quoted in each version.

It never reads a text to find them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from model.article import Version
from model.event import DatedSentence
from model.mention import DateMention, Entity, EntityKind, Mention, Precision, Quote, Tags
from store.database import Database
from store.entities.joined import Joined, meant, save_joinings
from store.entities.names import hold_entity, hold_name, name_key
from store.events.keeping import mark_stale
from store.search.indexing import relabel
from store.values import to_day, to_json, to_text, well_formed
from store.versions import to_version


def untagged(db: Database, tagger: str, limit: int) -> tuple[Version, ...]:
    """Return current versions of relevant articles that `tagger` has not read yet."""
    # two ranges of one index: `<>` would read all articles
    rows = db.rows(
        "SELECT version.* FROM article JOIN version ON version.id = article.current_id"
        " WHERE (article.relevant = 1 AND article.tagged_by < :tagger)"
        " OR (article.relevant = 1 AND article.tagged_by > :tagger) LIMIT :limit",
        {"tagger": tagger, "limit": limit},
    )
    return tuple(map(to_version, rows))


def save_tags(
    db: Database,
    version_id: int,
    tags: Tags,
    sentences: Sequence[DatedSentence],
    tagger: str,
    now: datetime,
    joined: Sequence[Joined] = (),
) -> None:
    """Replace what is known of a version, and its article's dated sentences.

    `joined` says whom it means by each name; without, by each the entity that bears it.
    """
    with db.writing():
        for table in ("mention", "date_mention", "quote", "tagging"):
            db.execute(f"DELETE FROM {table} WHERE version_id = ?", (version_id,))  # noqa: S608
        own_article = db.value("SELECT article_id FROM version WHERE id = ?", (version_id,))
        entities = save_joinings(db, version_id, own_article, tags, joined)
        _save_mentions(db, version_id, tags.mentions, entities)
        _save_dates(db, version_id, tags.dates)
        _save_quotes(db, version_id, tags.quotes)
        db.insert(
            "tagging",
            {"version_id": version_id, "tagger": tagger, "lang": tags.lang,
             "tagged_at": to_text(now)},
        )  # fmt: skip
        article_id = db.value("SELECT id FROM article WHERE current_id = ?", (version_id,))
        if article_id is not None:
            db.execute("UPDATE article SET tagged_by = ? WHERE id = ?", (tagger, article_id))
            _save_sentences(db, article_id, sentences)
            relabel(db, [article_id])


def save_watched(db: Database, entities: Sequence[Entity]) -> None:
    """Note what the configuration names and by which names, where that is new."""
    wanted = {
        (name_key(one.name), well_formed(alias)): (well_formed(one.name), one.kind)
        for one in reversed(entities)  # the first keeps what two of them share
        for alias in (*one.aliases, one.name)
    }
    held = {
        (row["key"], row["alias"]): (row["name"], row["kind"])
        for row in db.rows("SELECT * FROM watched")
    }
    if wanted == held:
        return
    with db.writing():
        db.execute("DELETE FROM watched")
        db.execute_many(
            "INSERT INTO watched (key, alias, name, kind) VALUES (?, ?, ?, ?)",
            [(*names, *told) for names, told in wanted.items()],
        )
        hold_watched(db)


def hold_watched(db: Database) -> None:
    """Hold the entities that the configuration names, with the names it gives, within `writing`."""
    db.execute("DELETE FROM entity_name WHERE origin = 'configuration'")
    for row in list(db.rows("SELECT * FROM watched ORDER BY key, alias")):
        entity_id = hold_entity(db, row["key"], row["name"], row["kind"])
        db.execute(
            "UPDATE entity SET kind = :kind, own_name = :name,"
            " name = iif(name = own_name, :name, name) WHERE id = :id",
            {"kind": row["kind"], "name": row["name"], "id": entity_id},
        )
        hold_name(db, entity_id, row["name"], "configuration", "watch list")
        hold_name(db, entity_id, row["alias"], "configuration", "watch list")


def _save_mentions(
    db: Database, version_id: int, mentions: Sequence[Mention], entities: Mapping[str, int]
) -> None:
    db.execute_many(
        'INSERT INTO mention (version_id, entity_id, start, "end", text, kind, by, called)'
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (version_id, entities[called], m.start, m.end, well_formed(m.text), m.kind, m.by,
             called)
            for m in mentions
            for called in (well_formed(m.entity),)
        ],
    )  # fmt: skip


def _save_dates(db: Database, version_id: int, dates: Sequence[DateMention]) -> None:
    db.execute_many(
        'INSERT INTO date_mention (version_id, start, "end", text, from_on, to_on, precision,'
        " inferred, basis) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (version_id, d.start, d.end, well_formed(d.text), d.from_on.isoformat(),
             d.to_on.isoformat(), d.precision, int(d.inferred), well_formed(d.basis))
            for d in dates
        ],
    )  # fmt: skip


def _save_quotes(db: Database, version_id: int, quotes: Sequence[Quote]) -> None:
    db.execute_many(
        'INSERT INTO quote (version_id, start, "end", text, speaker, verb)'
        " VALUES (?, ?, ?, ?, ?, ?)",
        [(version_id, q.start, q.end, well_formed(q.text), q.speaker, q.verb) for q in quotes],
    )


def _save_sentences(db: Database, article_id: int, sentences: Sequence[DatedSentence]) -> None:
    """Replace an article's dated sentences; the days of both are stale."""
    mark_stale(db, article_id)
    db.execute("DELETE FROM dated_sentence WHERE article_id = ?", (article_id,))
    db.execute_many(
        'INSERT INTO dated_sentence (article_id, sentence, start, "end", position, from_on,'
        " to_on, precision, inferred, entities) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (article_id, well_formed(s.sentence), s.start, s.end, s.position,
             s.from_on.isoformat(), s.to_on.isoformat(), s.precision, int(s.inferred),
             to_json(s.entities))
            for s in sentences
        ],
    )  # fmt: skip
    mark_stale(db, article_id)


def find_tags(db: Database, version_id: int) -> Tags | None:
    """Return all that was found in a version, None while it is untagged."""
    lang = db.value("SELECT lang FROM tagging WHERE version_id = ?", (version_id,))
    if lang is None:
        return None
    return Tags(
        lang=lang,
        mentions=_mentions(db, version_id),
        dates=_dates(db, version_id),
        quotes=_quotes(db, version_id, meant(db, version_id)),
    )


def _mentions(db: Database, version_id: int) -> tuple[Mention, ...]:
    rows = db.rows(
        "SELECT mention.*, entity.name, entity.kind AS is_a FROM mention"
        " JOIN entity ON entity.id = mention.entity_id WHERE version_id = ? ORDER BY start",
        (version_id,),
    )
    return tuple(
        Mention(
            start=row["start"],
            end=row["end"],
            text=row["text"],
            entity=row["name"],
            kind=EntityKind(row["is_a"]),
            by=row["by"],
        )
        for row in rows
    )


def _dates(db: Database, version_id: int) -> tuple[DateMention, ...]:
    rows = db.rows("SELECT * FROM date_mention WHERE version_id = ? ORDER BY start", (version_id,))
    return tuple(
        DateMention(
            start=row["start"],
            end=row["end"],
            text=row["text"],
            from_on=to_day(row["from_on"]),
            to_on=to_day(row["to_on"]),
            precision=Precision(row["precision"]),
            inferred=bool(row["inferred"]),
            basis=row["basis"],
        )
        for row in rows
    )


def _quotes(db: Database, version_id: int, named: Mapping[str, str]) -> tuple[Quote, ...]:
    rows = db.rows("SELECT * FROM quote WHERE version_id = ? ORDER BY start", (version_id,))
    return tuple(
        Quote(
            start=row["start"],
            end=row["end"],
            text=row["text"],
            speaker=named.get(row["speaker"], row["speaker"]),
            verb=row["verb"],
        )
        for row in rows
    )
