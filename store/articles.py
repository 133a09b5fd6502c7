"""Keeping readings: new articles, new versions, for ever.

It never deletes or rewrites a version, and never decides what is relevant.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from model.article import Reading
from model.capture import Capture
from model.matching import local_day, primary_language
from model.source import DateSource
from model.words import words
from store.captures import save_capture
from store.changes import note_change
from store.database import Database, Row
from store.edits import Edit, find_edit
from store.entries import close_entry, link_entries
from store.events import mark_stale
from store.identity import (
    PLACES_PER_SECOND,
    addresses,
    hash_text,
    hash_words,
    is_in_future,
    place_at,
)
from store.indexing import index_words, unindex_words
from store.ledger import save_entered
from store.moving import steady_words
from store.records import Kept, Outcome
from store.values import names, to_json, to_text, to_text_or_none, to_time, well_formed
from store.versions import get_version, to_version


class Keeping(msgspec.Struct, frozen=True, kw_only=True):
    """A reading to keep and all that is known about it.

    `imported_from` is the path of the file it came from; None when it came from the web.
    `article_id` is the article that was read again, None to find it by the reading's addresses.
    `basis` is what the capture of its current version says when it is read like the page was:
    changes are looked for between the two, so that a better reader is no edit.
    """

    reading: Reading
    relevant: bool
    reasons: tuple[str, ...]
    capture: Capture | None
    entry_id: int | None
    imported_from: str | None
    next_reading_at: datetime | None
    now: datetime
    article_id: int | None = None
    basis: Reading | None = None


def keep(db: Database, keeping: Keeping, zone: ZoneInfo) -> Kept:
    """Save a reading as a new article, a new version, or nothing when it is known."""
    keeping = msgspec.structs.replace(keeping, reading=_cleaned(keeping.reading))
    with db.writing():
        known = _find_article(db, keeping)
        capture_id = None
        if keeping.capture is not None:
            capture_id = save_capture(db, keeping.capture, keeping.imported_from or "")
        if known is None:
            kept = _add_article(db, keeping, capture_id, zone)
        else:
            kept = _read_again(db, known, keeping, capture_id, zone)
        _save_addresses(db, kept.article_id, keeping)
        if keeping.entry_id is not None:
            close_entry(db, keeping.entry_id, "kept", kept.article_id)
            db.execute("DELETE FROM unkept WHERE entry_id = ?", (keeping.entry_id,))
    return kept


def _cleaned(reading: Reading) -> Reading:
    """Return a reading whose texts UTF-8 can hold."""
    return msgspec.structs.replace(
        reading,
        title=well_formed(reading.title),
        text=well_formed(reading.text),
        summary=well_formed(reading.summary),
        authors=tuple(map(well_formed, reading.authors)),
        details={well_formed(k): well_formed(v) for k, v in reading.details.items()},
    )


def _find_article(db: Database, keeping: Keeping) -> Row | None:
    """Return the article that has one of the reading's addresses, the canonical one's first."""
    if keeping.article_id is not None:
        return db.find_row("SELECT * FROM article WHERE id = ?", (keeping.article_id,))
    for url in addresses(keeping.reading):
        row = db.find_row(
            "SELECT article.* FROM address JOIN article ON article.id = address.article_id"
            " WHERE address.url = ?",
            (url,),
        )
        if row is not None:
            return row
    return None


def _save_addresses(db: Database, article_id: int, keeping: Keeping) -> None:
    db.execute_many(
        "INSERT INTO address (url, article_id, added_at) VALUES (?, ?, ?)"
        " ON CONFLICT (url) DO NOTHING",
        [(url, article_id, to_text(keeping.now)) for url in addresses(keeping.reading)],
    )
    for url in addresses(keeping.reading):
        link_entries(db, url, article_id)


def _add_article(db: Database, keeping: Keeping, capture_id: int | None, zone: ZoneInfo) -> Kept:
    now, reading = keeping.now, keeping.reading
    article_id = _next_id(db, "article")
    row = {
        "id": article_id,
        "url": reading.canonical_url,
        "order_id": _free_place(db, place_at(reading.published_at, now)),
        "first_seen_at": to_text(now),
        "first_seen_on": local_day(now, zone).isoformat(),
        "relevant": int(keeping.relevant),
        "reasons": to_json(keeping.reasons),
        "versions": 0,
        **_origin(db, keeping.entry_id),
        "copy_group": article_id,
        **_facts(reading, now, zone),
    }
    if keeping.imported_from is None:
        row |= {"present_at": to_text(now), "last_read_at": to_text(now)}
        row |= {"next_reading_at": to_text_or_none(keeping.next_reading_at)}
    db.insert("article", row)
    version_id = _add_version(db, article_id, 1, keeping, capture_id)
    index_words(db, row["order_id"], reading)
    return Kept(article_id=article_id, version_id=version_id, outcome=Outcome.NEW)


def _facts(reading: Reading, first_seen_at: datetime, zone: ZoneInfo) -> Row:
    """Return the columns of an article that follow from its current version."""
    at, precision = reading.published_at, reading.published_precision
    first_seen = DateSource.FIRST_SEEN if at is None else DateSource.GUESS
    return {
        "site": reading.site.lower(),
        "lang": primary_language(reading.lang or ""),
        "published_at": to_text_or_none(at),
        "published_on": None if at is None else local_day(at, zone, precision).isoformat(),
        "date_source": (reading.date_source if at else None) or first_seen,
        "dated_in_future": int(is_in_future(at, first_seen_at)),
    }


def _next_id(db: Database, table: str) -> int:
    return int(db.value(f"SELECT coalesce(max(id), 0) + 1 FROM {table}"))  # noqa: S608


def _origin(db: Database, entry_id: int | None) -> Row:
    """Return which source brought an article, and whether it did so quietly."""
    row = db.find_row("SELECT source_id, quiet FROM entry WHERE id = ?", (entry_id,))
    return {} if row is None else row


def _free_place(db: Database, first: int) -> int:
    """Return the first free place from `first` on; a full second gives way to the next."""
    while True:
        last = db.value(
            "SELECT max(order_id) FROM article WHERE order_id >= ? AND order_id < ?",
            (first, first + PLACES_PER_SECOND),
        )
        if last is None:
            return first
        if last + 1 < first + PLACES_PER_SECOND:
            return int(last) + 1
        first += PLACES_PER_SECOND


def _add_version(
    db: Database, article_id: int, number: int, keeping: Keeping, capture_id: int | None
) -> int:
    reading = keeping.reading
    rest = {
        "url": reading.url,
        "canonical_url": reading.canonical_url,
        "other_urls": reading.other_urls,
        "site": reading.site,
        "images": reading.images,
        "details": reading.details,
        "published_precision": reading.published_precision,
        "date_source": reading.date_source,
    }
    authors = to_json(reading.authors)
    row = {
        "article_id": article_id,
        "number": number,
        "seen_at": to_text(keeping.now),
        "capture_id": capture_id,
        "words_sha256": hash_words(reading.title, reading.text),
        "text_sha256": hash_text(reading.title, reading.text, reading.summary, authors),
        "title": reading.title,
        "text": reading.text,
        "authors": authors,
        "summary": reading.summary,
        "published_at": to_text_or_none(reading.published_at),
        "modified_at": to_text_or_none(reading.modified_at),
        "lang": reading.lang,
        "access": reading.access,
        "rest": to_json(rest),
    }
    version_id = save_entered(db, "version", row)
    db.execute(
        "UPDATE article SET current_id = ?, versions = ?, tagged_by = '', signed_by = ''"
        " WHERE id = ?",
        (version_id, number, article_id),
    )
    return version_id


def _read_again(
    db: Database, known: Row, keeping: Keeping, capture_id: int | None, zone: ZoneInfo
) -> Kept:
    """Compare a reading with the article it belongs to and save what is new."""
    current = get_version(db, known["current_id"])
    _note_relevance(db, known, keeping)
    if keeping.imported_from is None:
        _note_presence(db, known, keeping)
    edit = _find_edit(db, known, current.reading, keeping)
    if edit is None:
        kept_id = known["current_id"]
        return Kept(article_id=known["id"], version_id=kept_id, outcome=Outcome.SAME)
    version_id = _add_version(db, known["id"], known["versions"] + 1, keeping, capture_id)
    reading = _with_known_date(keeping.reading, current.reading)
    facts = _facts(reading, to_time(known["first_seen_at"]), zone)
    _move(db, known, current.reading, reading, facts)
    note_change(
        db, known["id"], edit.what, edit.detail, keeping.now,
        version_id=version_id, capture_id=capture_id,
    )  # fmt: skip
    return Kept(article_id=known["id"], version_id=version_id, outcome=Outcome.CHANGED)


def _find_edit(db: Database, known: Row, current: Reading, keeping: Keeping) -> Edit | None:
    """Return what a reading changes; an imported file may hold an older text."""
    edit = find_edit(current, keeping.reading)
    if edit is None:
        return None
    if keeping.imported_from is not None:
        return None if _is_older_text(db, known, keeping.reading) else edit
    return edit if keeping.basis is None else find_edit(keeping.basis, keeping.reading)


def _is_older_text(db: Database, known: Row, reading: Reading) -> bool:
    sought = words(reading.title), steady_words(reading.text)
    rows = db.rows("SELECT * FROM version WHERE article_id = ?", (known["id"],))
    texts = (to_version(row).reading for row in rows)
    return any((words(text.title), steady_words(text.text)) == sought for text in texts)


def _with_known_date(reading: Reading, before: Reading) -> Reading:
    """Return a reading that keeps the date known before when it has none itself."""
    if reading.published_at is not None or before.published_at is None:
        return reading
    return msgspec.structs.replace(
        reading,
        published_at=before.published_at,
        published_precision=before.published_precision,
        date_source=before.date_source,
    )


def _move(db: Database, known: Row, before: Reading, reading: Reading, facts: Row) -> None:
    """Put an article where its new version stands in time, its words with it."""
    order_id = known["order_id"]
    first = place_at(reading.published_at, to_time(known["first_seen_at"]))
    unindex_words(db, order_id, before)
    if order_id // PLACES_PER_SECOND != first // PLACES_PER_SECOND:
        order_id = _free_place(db, first)
    sets = ", ".join(f"{name} = :{name}" for name in facts)
    db.execute(
        f"UPDATE article SET order_id = :order_id, {sets} WHERE id = :id",  # noqa: S608
        {**facts, "order_id": order_id, "id": known["id"]},
    )
    index_words(db, order_id, reading)


def _note_relevance(db: Database, known: Row, keeping: Keeping) -> None:
    if (bool(known["relevant"]), names(known["reasons"])) != (keeping.relevant, keeping.reasons):
        set_relevance(db, known["id"], keeping.reasons, relevant=keeping.relevant)


def set_relevance(
    db: Database, article_id: int, reasons: tuple[str, ...], *, relevant: bool
) -> None:
    """Save what the rule answers now, within a transaction."""
    db.execute(
        "UPDATE article SET relevant = ?, reasons = ? WHERE id = ?",
        (int(relevant), to_json(reasons), article_id),
    )
    mark_stale(db, article_id)


def _note_presence(db: Database, known: Row, keeping: Keeping) -> None:
    if known["absent_since"] is not None:
        note_change(db, known["id"], "back", f"absent since {known['absent_since']}", keeping.now)
    db.execute(
        "UPDATE article SET present_at = :now, last_read_at = :now, absent_since = NULL,"
        " reading_state = '', reading_reason = '',"
        " next_reading_at = coalesce(:next, next_reading_at) WHERE id = :id",
        {
            "now": to_text(keeping.now),
            "next": to_text_or_none(keeping.next_reading_at),
            "id": known["id"],
        },
    )
