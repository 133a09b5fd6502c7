"""Who is named, which dates are named and who is quoted in each version.

It never reads a text to find them.
"""

from collections.abc import Sequence
from datetime import datetime

from model.article import Version
from model.event import DatedSentence
from model.mention import DateMention, Entity, EntityKind, Mention, Precision, Quote, Tags
from model.words import words
from store.database import Database
from store.events import mark_stale
from store.records import EntityReport
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
) -> None:
    """Replace what is known of a version, and its article's dated sentences."""
    with db.writing():
        for table in ("mention", "date_mention", "quote", "tagging"):
            db.execute(f"DELETE FROM {table} WHERE version_id = ?", (version_id,))  # noqa: S608
        _save_mentions(db, version_id, tags.mentions)
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
        (_key(one.name), well_formed(alias)): (well_formed(one.name), one.kind)
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


def _key(name: str) -> str:
    """Return what names of one entity have in common: no accents, case or marks."""
    return " ".join(words(name)) or well_formed(name)


def _save_mentions(db: Database, version_id: int, mentions: Sequence[Mention]) -> None:
    ids = {
        (mention.entity, mention.kind): _entity_id(db, mention.entity, mention.kind)
        for mention in mentions
    }
    db.execute_many(
        'INSERT INTO mention (version_id, entity_id, start, "end", text, kind, by)'
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (version_id, ids[m.entity, m.kind], m.start, m.end, well_formed(m.text), m.kind, m.by)
            for m in mentions
        ],
    )


def _entity_id(db: Database, name: str, kind: EntityKind) -> int:
    """Return the id of an entity."""
    key = _key(name)
    known = db.value("SELECT id FROM entity WHERE key = ?", (key,))
    if known is not None:
        return int(known)
    return db.insert("entity", {"key": key, "name": well_formed(name), "kind": kind})


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
        quotes=_quotes(db, version_id),
    )


def _mentions(db: Database, version_id: int) -> tuple[Mention, ...]:
    rows = db.rows(
        "SELECT mention.*, entity.name FROM mention JOIN entity ON entity.id = mention.entity_id"
        " WHERE version_id = ? ORDER BY start",
        (version_id,),
    )
    return tuple(
        Mention(
            start=row["start"],
            end=row["end"],
            text=row["text"],
            entity=row["name"],
            kind=EntityKind(row["kind"]),
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


def _quotes(db: Database, version_id: int) -> tuple[Quote, ...]:
    rows = db.rows("SELECT * FROM quote WHERE version_id = ? ORDER BY start", (version_id,))
    return tuple(
        Quote(
            start=row["start"],
            end=row["end"],
            text=row["text"],
            speaker=row["speaker"],
            verb=row["verb"],
        )
        for row in rows
    )


def list_entities(db: Database, limit: int) -> tuple[EntityReport, ...]:
    """Return who and what relevant articles name, the most widely named first."""
    rows = db.rows(
        "SELECT entity.name, entity.kind, count(DISTINCT article.id) AS articles,"
        " count(*) AS mentions,"
        " min(coalesce(article.published_on, article.first_seen_on)) AS first_on,"
        " max(coalesce(article.published_on, article.first_seen_on)) AS last_on"
        " FROM mention JOIN entity ON entity.id = mention.entity_id"
        " JOIN article ON article.current_id = mention.version_id"
        " WHERE article.relevant = 1"
        " GROUP BY entity.id ORDER BY articles DESC, mentions DESC, entity.name LIMIT ?",
        (limit,),
    )
    return tuple(
        EntityReport(
            name=row["name"],
            kind=row["kind"],
            articles=row["articles"],
            mentions=row["mentions"],
            first_on=to_day(row["first_on"]),
            last_on=to_day(row["last_on"]),
        )
        for row in rows
    )
