"""Dated sentences and the events built from them.

It never decides that two sentences tell of one event.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache

from model.event import Citation, DatedSentence, Event
from model.matching import Subject, matches
from model.mention import Precision
from model.query import And, Everything, Facet, Has, Query
from model.words import words
from store.database import Database, Row
from store.entities.names import other_names, with_all_names
from store.events.others import other_dates
from store.values import marks, names, to_day, to_json, to_text, to_time_or_none, well_formed

Days = tuple[date, date]

MOST_ON_A_DATE = 200
"""Of so many sentences of one date, those that name it first, events are told."""

_SENTENCE = (
    "SELECT s.*, article.url, article.site, article.lang, article.published_at,"
    " article.copy_group, version.title, iif(s.entities = '[]', '[]', (SELECT"
    " json_group_array(DISTINCT coalesce(e.name, named.value)) FROM json_each(s.entities) named"
    " LEFT JOIN joining j ON j.version_id = article.current_id AND j.called = named.value"
    " LEFT JOIN entity e ON e.id = j.entity_id)) AS named FROM dated_sentence s"
    " JOIN article ON article.id = s.article_id"
    " JOIN version ON version.id = article.current_id"
)


def mark_stale(db: Database, article_id: int) -> None:
    """Note within a transaction that the events on an article's dated days are to be rebuilt.

    The article itself is to be counted anew.
    """
    db.execute(
        "INSERT OR IGNORE INTO stale_days"
        " SELECT DISTINCT from_on, to_on FROM dated_sentence WHERE article_id = ?",
        (article_id,),
    )
    db.execute("INSERT OR IGNORE INTO uncounted (article_id) VALUES (?)", (article_id,))


def mark_all_stale(db: Database) -> None:
    """Note within a transaction that all events are to be built again, and whom nobody cites."""
    for table in ("dated_sentence", "event"):
        db.execute(
            f"INSERT OR IGNORE INTO stale_days SELECT DISTINCT from_on, to_on FROM {table}"  # noqa: S608
        )
    for table in ("citation", "event_entity"):  # whoever deletes an event by hand may leave them
        db.execute(f"DELETE FROM {table} WHERE event_id NOT IN (SELECT id FROM event)")  # noqa: S608


def stale_days(db: Database, limit: int | None) -> tuple[Days, ...]:
    """Return the dates, each from a first day to a last, whose events are to be rebuilt.

    A date's events are told by the sentences of that very date alone.
    """
    rows = db.rows(
        "SELECT from_on, to_on FROM stale_days ORDER BY from_on, to_on LIMIT ?",
        (-1 if limit is None else limit,),
    )
    return tuple((to_day(row["from_on"]), to_day(row["to_on"])) for row in rows)


def dated_days(db: Database) -> tuple[Days, ...]:
    """Return all dates that sentences name."""
    rows = db.rows("SELECT DISTINCT from_on, to_on FROM dated_sentence")
    return tuple((to_day(row["from_on"]), to_day(row["to_on"])) for row in rows)


def dated_sentences(db: Database, days: Sequence[Days] | None) -> tuple[DatedSentence, ...]:
    """Return the dated sentences of relevant articles, or those of some dates.

    Of one date, so many as events are told of, those that name it first.
    """
    if days is None:
        rows = list(db.rows(f"{_SENTENCE} WHERE article.relevant = 1"))
    else:
        rows = [row for one in dict.fromkeys(days) for row in _on_date(db, one)]
    rows.sort(key=lambda row: (row["from_on"], row["to_on"], row["article_id"], row["start"]))
    return tuple(map(_dated_sentence, rows))


def _on_date(db: Database, days: Days) -> Iterator[Row]:
    return db.rows(
        f"{_SENTENCE} WHERE article.relevant = 1 AND s.from_on = ? AND s.to_on = ?"
        " ORDER BY s.inferred, s.article_id LIMIT ?",
        (days[0].isoformat(), days[1].isoformat(), MOST_ON_A_DATE),
    )


def article_sentences(db: Database, article_id: int) -> tuple[DatedSentence, ...]:
    """Return the dated sentences of one article, none where it is no longer of the affair."""
    rows = db.rows(
        f"{_SENTENCE} WHERE article.relevant = 1 AND s.article_id = ? ORDER BY s.start, s.id",
        (article_id,),
    )
    return tuple(map(_dated_sentence, rows))


def _dated_sentence(row: Row) -> DatedSentence:
    return DatedSentence(
        article=row["article_id"],
        url=row["url"],
        title=row["title"],
        site=row["site"],
        lang=row["lang"],
        published_at=to_time_or_none(row["published_at"]),
        copy_group=row["copy_group"],
        sentence=row["sentence"],
        start=row["start"],
        end=row["end"],
        position=row["position"],
        from_on=to_day(row["from_on"]),
        to_on=to_day(row["to_on"]),
        precision=Precision(row["precision"]),
        inferred=bool(row["inferred"]),
        entities=names(row["named"]),
    )


def replace_events(db: Database, days: Sequence[Days] | None, events: Sequence[Event]) -> None:
    """Put `events` in the place of those of some dates, or of all of them."""
    with db.writing():
        if days is None:
            for table in ("citation", "event_entity", "event_other", "event", "stale_days"):
                db.execute(f"DELETE FROM {table}")  # noqa: S608
        dates = [(first.isoformat(), last.isoformat()) for first, last in days or ()]
        for table in ("event", "stale_days"):
            db.execute_many(f"DELETE FROM {table} WHERE from_on = ? AND to_on = ?", dates)  # noqa: S608
        for event in events:
            _save_event(db, event)


def _save_event(db: Database, event: Event) -> None:
    event_id = db.insert(
        "event",
        {
            "from_on": event.date.isoformat(),
            "to_on": event.to.isoformat(),
            "precision": event.precision,
            "text": well_formed(event.text),
            "lang": event.lang,
            "independent_sources": event.independent_sources,
            "score": event.score,
            "inferred": int(event.inferred),
            "entities": to_json(event.entities),
        },
    )
    _save_names(db, event_id, event.entities)
    db.execute_many(
        'INSERT INTO citation (event_id, place, article_id, sentence, start, "end")'
        " VALUES (?, ?, ?, ?, ?, ?)",
        [
            (event_id, place, c.article, well_formed(c.sentence), c.start, c.end)
            for place, c in enumerate(event.citations)
        ],
    )


def _save_names(db: Database, event_id: int, named: Sequence[str]) -> None:
    keys = dict.fromkeys(_key(name) for name in named)
    db.execute_many(
        "INSERT INTO event_entity (key, event_id) VALUES (?, ?)", [(key, event_id) for key in keys]
    )


def take_in_names(db: Database) -> None:
    """Note whom the events name that are older than the table of it, within its migration."""
    for row in list(db.rows("SELECT id, entities FROM event WHERE entities <> '[]'")):
        _save_names(db, row["id"], names(row["entities"]))


def list_events(
    db: Database,
    *,
    query: Query,
    days: Days,
    entity: str | None,
    limit: int | None,
    today: date,
    story: int | None = None,
) -> tuple[Event, ...]:
    """Return the events on `days` that a query, an entity and a story ask for, in date order.

    With a limit, the most important ones. A query is asked of each cited passage, with its
    article's title, labels and flags. An event is a story's where one of its articles tells it.
    """
    chosen: list[Event] = []
    named = [*_named_by_all(query), *([] if entity is None else [entity])]
    keys = [{_key(one) for one in (name, *other_names(db, name))} for name in named]
    query = with_all_names(db, query)
    for row in _rows(db, days, story, keys):
        if limit is not None and len(chosen) >= limit:
            break
        passages = _citations(db, row["id"])
        if _answers(row, passages, query, today):
            chosen.append(_event(db, row, passages))
    return tuple(sorted(chosen, key=lambda event: (event.date, event.to, -event.score)))


def list_new_events(
    db: Database, articles: Sequence[int], seen_until: datetime
) -> tuple[Event, ...]:
    """Return the events that one of `articles` tells and nothing first seen until then, by date."""
    rows = db.rows(
        "SELECT * FROM event WHERE id IN"
        " (SELECT c.event_id FROM json_each(?) j JOIN citation c ON c.article_id = j.value)"
        " AND NOT EXISTS (SELECT 1 FROM citation c JOIN article a ON a.id = c.article_id"
        " WHERE c.event_id = event.id AND a.first_seen_at <= ?)"
        " ORDER BY from_on, to_on, score DESC",
        (to_json(articles), to_text(seen_until)),
    )
    return tuple(_event(db, row, _citations(db, row["id"])) for row in rows)


def _named_by_all(query: Query) -> list[str]:
    """Return who must be named in all that answers a query: the rest of it is asked of each."""
    match query:
        case Has(facet=Facet.ENTITY, value=value):
            return [value]
        case And(parts):
            return [name for part in parts for name in _named_by_all(part)]
        case _:
            return []


def _rows(db: Database, days: Days, story: int | None, keys: Sequence[set[str]]) -> Iterator[Row]:
    """Yield the events that touch `days` and name one of each of some, the weightiest first."""
    asked = "from_on <= ? AND to_on >= ?"
    values: list[object] = [days[1].isoformat(), days[0].isoformat()]
    for one in keys:
        asked += f" AND id IN (SELECT event_id FROM event_entity WHERE key IN ({marks(one)}))"  # noqa: S608
        values += sorted(one)
    if story is not None:
        asked += (
            " AND id IN (SELECT c.event_id FROM story_article s"
            " JOIN citation c ON c.article_id = s.article_id WHERE s.story_id = ?)"
        )
        values.append(story)
    return db.rows(f"SELECT * FROM event WHERE {asked} ORDER BY score DESC, id", values)  # noqa: S608


@lru_cache(10_000)
def _key(name: str) -> str:
    """Return what all spellings of a name have in common: the same few stand in most events."""
    return " ".join(words(name))


def _citations(db: Database, event_id: int) -> list[Row]:
    return list(
        db.rows(
            "SELECT c.*, article.url, article.site, article.lang, article.published_at,"
            " article.published_on, article.first_seen_on, article.relevant, article.versions,"
            " article.absent_since, version.title, version.authors, version.access,"
            " source.kind AS source_kind, source.name || ' ' || source.url AS source,"
            " EXISTS (SELECT 1 FROM copy WHERE copy.article_id = article.id) AS is_copy,"
            " (SELECT json_group_array(iif(kind = 'star', 'starred', kind)) FROM annotation"
            " WHERE article_id = article.id AND kind <> 'tag') AS marks,"
            " (SELECT json_group_array(value) FROM annotation"
            " WHERE article_id = article.id AND kind = 'tag') AS tags,"
            " (SELECT json_group_array(CAST(story_id AS TEXT)) FROM story_article"
            " WHERE article_id = article.id) AS story_ids,"
            " (SELECT json_group_array(s.title) FROM story_article b JOIN story s"
            " ON s.id = b.story_id WHERE b.article_id = article.id) AS stories FROM citation c"
            " JOIN article ON article.id = c.article_id"
            " JOIN version ON version.id = article.current_id"
            " LEFT JOIN source ON source.id = article.source_id"
            " WHERE c.event_id = ? ORDER BY c.place",
            (event_id,),
        )
    )


def _answers(row: Row, passages: Sequence[Row], query: Query, today: date) -> bool:
    if isinstance(query, Everything):
        return True
    days = to_day(row["from_on"]), to_day(row["to_on"])
    entities = frozenset(names(row["entities"]))
    return any(
        matches(query, _subject(passage, days, entities), today=today) for passage in passages
    )


def _subject(passage: Row, days: Days, entities: frozenset[str]) -> Subject:
    flags = {
        "relevant": passage["relevant"],
        "changed": passage["versions"] > 1,
        "removed": passage["absent_since"] is not None,
        "copy": passage["is_copy"],
    }
    published_on = passage["published_on"]
    return Subject(
        title=passage["title"],
        text=passage["sentence"],
        authors=names(passage["authors"]),
        site=passage["site"],
        source=passage["source"] or "",
        lang=passage["lang"],
        published_on=None if published_on is None else to_day(published_on),
        seen_on=to_day(passage["first_seen_on"]),
        entities=entities,
        flags=frozenset(flag for flag, is_set in flags.items() if is_set)
        | frozenset(names(passage["marks"])),
        stories=frozenset(names(passage["stories"]) + names(passage["story_ids"])),
        tags=frozenset(names(passage["tags"])),
        event_days=(days,),
        access=passage["access"],
        kind=passage["source_kind"] or "",
    )


def _event(db: Database, row: Row, passages: Sequence[Row]) -> Event:
    return Event(
        date=to_day(row["from_on"]),
        to=to_day(row["to_on"]),
        precision=Precision(row["precision"]),
        text=row["text"],
        lang=row["lang"],
        independent_sources=row["independent_sources"],
        score=row["score"],
        inferred=bool(row["inferred"]),
        entities=names(row["entities"]),
        citations=tuple(map(_citation, passages)),
        others=other_dates(db, row["id"]),
    )


def _citation(row: Row) -> Citation:
    return Citation(
        article=row["article_id"],
        url=row["url"],
        title=row["title"],
        site=row["site"],
        published_at=to_time_or_none(row["published_at"]),
        sentence=row["sentence"],
        start=row["start"],
        end=row["end"],
    )
