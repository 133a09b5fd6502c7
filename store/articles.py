"""Keeping readings: new articles, new versions, for ever.

It never deletes or rewrites a version, and never decides what is relevant.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from model.article import Reading, Version
from model.capture import Capture
from model.matching import local_day, primary_language
from model.source import DateSource
from model.words import words
from store.arrivals import Arrivals, find_known
from store.changes import note_change
from store.database import Database, Row
from store.edits import Edit, find_edit
from store.events.keeping import mark_stale
from store.evidence.captures import save_captures
from store.evidence.ledger import save_entered
from store.identity import (
    PLACES_PER_SECOND,
    addresses,
    hash_text,
    hash_words,
    is_in_future,
    place_at,
)
from store.moving import spell_steady, steady_words
from store.records import Kept, Outcome
from store.search.indexing import Indexer, relabel
from store.search.labels import fixed_labels, moving_labels, new_labels
from store.search.terms import Text, read_text
from store.values import (
    is_well_formed,
    names,
    to_json,
    to_text,
    to_text_or_none,
    to_time,
    well_formed,
)
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


def keep(db: Database, keepings: Sequence[Keeping], zone: ZoneInfo) -> tuple[Kept, ...]:
    """Save each reading as a new article, a new version, or nothing when it is known.

    All of them in one transaction, or none. What looks new is read before that: others may write
    meanwhile.
    """
    cleaned = [_cleaned(keeping) for keeping in keepings]
    urls = {url for keeping in cleaned for url in addresses(keeping.reading)}
    texts = _read_new(db, cleaned, urls)
    with db.writing():
        capture_ids = _save_captures(db, cleaned)
        entry_ids = [k.entry_id for k in cleaned if k.entry_id is not None]
        places = {place_at(k.reading.published_at, k.now) for k in cleaned}
        arrivals = Arrivals(db, urls, entry_ids, places)
        kept = tuple(
            _keep(db, _Arriving(*each), zone, arrivals)
            for each in zip(cleaned, capture_ids, texts, strict=True)
        )
        arrivals.close()
    return kept


class _Arriving(msgspec.Struct, frozen=True):
    """What is being kept, the number of its capture, and its words where it looked new."""

    keeping: Keeping
    capture_id: int | None
    text: Text | None


def _read_new(db: Database, keepings: Sequence[Keeping], urls: set[str]) -> list[Text | None]:
    """Return the words of the readings that have no address of an article, where there are many."""
    if len(keepings) == 1:  # to ask about one costs more than others would wait
        return [None]
    known = find_known(db, urls).keys()
    return [
        read_text(keeping.reading)
        if keeping.article_id is None and known.isdisjoint(addresses(keeping.reading))
        else None
        for keeping in keepings
    ]


def _save_captures(db: Database, keepings: Sequence[Keeping]) -> list[int | None]:
    ids = iter(
        save_captures(
            db, [(k.capture, k.imported_from or "") for k in keepings if k.capture is not None]
        )
    )
    return [None if keeping.capture is None else next(ids) for keeping in keepings]


def _keep(db: Database, arriving: _Arriving, zone: ZoneInfo, arrivals: Arrivals) -> Kept:
    keeping = arriving.keeping
    known = _find_article(keeping, arrivals)
    if known is None:
        kept = _add_article(arriving, zone, arrivals)
    else:
        kept = _read_again(db, known, arriving, zone, arrivals)
    arrivals.add_addresses(kept.article_id, addresses(keeping.reading), to_text(keeping.now))
    if keeping.entry_id is not None:
        arrivals.close_entry(keeping.entry_id, kept.article_id)
    return kept


def _cleaned(keeping: Keeping) -> Keeping:
    """Return what is to be kept with texts that UTF-8 can hold."""
    reading = keeping.reading
    texts = (reading.title, reading.text, reading.summary, *reading.authors)
    if not reading.details and all(map(is_well_formed, texts)):
        return keeping
    cleaned = msgspec.structs.replace(
        reading,
        title=well_formed(reading.title),
        text=well_formed(reading.text),
        summary=well_formed(reading.summary),
        authors=tuple(map(well_formed, reading.authors)),
        details={well_formed(k): well_formed(v) for k, v in reading.details.items()},
    )
    return msgspec.structs.replace(keeping, reading=cleaned)


def _find_article(keeping: Keeping, arrivals: Arrivals) -> Row | None:
    """Return the article that has one of the reading's addresses, the canonical one's first."""
    article_id = keeping.article_id
    if article_id is None:
        article_id = arrivals.find_article_id(addresses(keeping.reading))
    return None if article_id is None else arrivals.find_row(article_id)


def _add_article(arriving: _Arriving, zone: ZoneInfo, arrivals: Arrivals) -> Kept:
    keeping = arriving.keeping
    now, reading = keeping.now, keeping.reading
    article_id, version_id = arrivals.next_article_id(), arrivals.next_version_id()
    is_read = keeping.imported_from is None
    row = {
        "id": article_id,
        "url": reading.canonical_url,
        "order_id": arrivals.free_place(place_at(reading.published_at, now)),
        "first_seen_at": to_text(now),
        "first_seen_on": local_day(now, zone).isoformat(),
        "relevant": int(keeping.relevant),
        "reasons": to_json(keeping.reasons),
        "current_id": version_id,
        "versions": 1,
        **arrivals.origin(keeping.entry_id),
        "copy_group": article_id,
        **_facts(reading, now, zone),
        "present_at": to_text(now) if is_read else None,
        "last_read_at": to_text(now) if is_read else None,
        "next_reading_at": to_text_or_none(keeping.next_reading_at) if is_read else None,
    }
    text = arriving.text or read_text(reading)
    version = _version_row(article_id, 1, arriving, text)
    arrivals.add(row, {"id": version_id, **version})
    labels = [*fixed_labels(row, reading.access, zone), *new_labels(row)]
    arrivals.indexer.add(row["order_id"], text, labels)
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


def _version_row(article_id: int, number: int, arriving: _Arriving, text: Text) -> Row:
    keeping = arriving.keeping
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
    return {
        "article_id": article_id,
        "number": number,
        "seen_at": to_text(keeping.now),
        "capture_id": arriving.capture_id,
        "words_sha256": hash_words(text.title, spell_steady(reading.text, text.text)),
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


def _add_version(db: Database, known: Row, arriving: _Arriving) -> int:
    """Save a known article's next version."""
    number = known["versions"] + 1
    row = _version_row(known["id"], number, arriving, read_text(arriving.keeping.reading))
    version_id = save_entered(db, "version", row)
    db.execute(
        "UPDATE article SET current_id = ?, versions = ?, tagged_by = '', signed_by = ''"
        " WHERE id = ?",
        (version_id, number, known["id"]),
    )
    return version_id


def _read_again(
    db: Database, known: Row, arriving: _Arriving, zone: ZoneInfo, arrivals: Arrivals
) -> Kept:
    """Compare a reading with the article it belongs to and save what is new."""
    keeping = arriving.keeping
    current = get_version(db, known["current_id"])
    if known["absent_since"] is not None:
        arrivals.flush()
    _note_relevance(db, known, keeping)
    if keeping.imported_from is None:
        _note_presence(db, known, keeping)
    edit = _find_edit(db, known, current.reading, keeping)
    if edit is None:
        kept_id = known["current_id"]
        return Kept(article_id=known["id"], version_id=kept_id, outcome=Outcome.SAME)
    # lines of the ledger stand in the order in which things were seen
    arrivals.flush()
    arrivals.touch(known["id"])
    version_id = _add_version(db, known, arriving)
    reading = _with_known_date(keeping.reading, current.reading)
    facts = _facts(reading, to_time(known["first_seen_at"]), zone)
    _move(db, known, reading, facts, arrivals)
    _index_again(db, arrivals.indexer, known, current, zone)
    note_change(
        db, known["id"], edit.what, edit.detail, keeping.now,
        version_id=version_id, capture_id=arriving.capture_id,
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


def _index(
    db: Database, indexer: Indexer, article_id: int, reading: Reading, zone: ZoneInfo
) -> None:
    row = next(db.rows("SELECT * FROM article WHERE id = ?", (article_id,)))
    labels = [*fixed_labels(row, reading.access, zone), *moving_labels(db, row)]
    indexer.add(row["order_id"], read_text(reading), labels)


def _index_again(
    db: Database, indexer: Indexer, known: Row, before: Version, zone: ZoneInfo
) -> None:
    """Put the words of an article's new version in the place of those before, which stay old."""
    if indexer.is_held(known["order_id"]):
        text = read_text(before.reading)
        indexer.remove(known["order_id"], text)
        indexer.add_old(before.id, text)
        current_id = db.value("SELECT current_id FROM article WHERE id = ?", (known["id"],))
        _index(db, indexer, known["id"], get_version(db, current_id).reading, zone)


def _move(db: Database, known: Row, reading: Reading, facts: Row, arrivals: Arrivals) -> None:
    """Put an article where its new version stands in time."""
    order_id = known["order_id"]
    first = place_at(reading.published_at, to_time(known["first_seen_at"]))
    if order_id // PLACES_PER_SECOND != first // PLACES_PER_SECOND:
        order_id = arrivals.free_place(first)
    sets = ", ".join(f"{name} = :{name}" for name in facts)
    db.execute(
        f"UPDATE article SET order_id = :order_id, {sets} WHERE id = :id",  # noqa: S608
        {**facts, "order_id": order_id, "id": known["id"]},
    )


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
    relabel(db, [article_id])
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
    if known["absent_since"] is not None:
        relabel(db, [known["id"]])
