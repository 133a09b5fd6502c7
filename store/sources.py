"""Sources and what their polls left behind.

It never fetches and never decides when to poll.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from model.capture import Capture
from model.errors import StoreError
from model.source import Entry, Notice, NoticeKind, Part, Source, SourceState
from store.database import Database, Row
from store.entries import mark_unlisted, save_entry
from store.evidence.captures import save_capture
from store.notices import all_open_notices, close_notices, save_notices
from store.records import AS_USUAL, NO_MORE, Arrival, Outcomes, SourceReport
from store.values import to_json, to_text, to_text_or_none, to_time_or_none

_TIMES = (
    "last_polled_at",
    "last_success_at",
    "next_poll_at",
    "moved_since",
    "full_read_at",
    "last_new_at",
)
_COLUMNS = ("url", "name", "kind", "lang", "checked")
_STATE = tuple(name for name in SourceState.__struct_fields__ if name != "url")
SILENT_RHYTHMS = 4
SHORTEST_SILENCE = timedelta(days=1)

_SETTINGS = ("watch", "selector", "fetch", "article")


def save_sources(db: Database, sources: Sequence[Source], now: datetime) -> None:
    """Make the configured sources the active ones; the others stay, inactive.

    An address to which a source moved for good is that source, with all it listed.
    """
    with db.writing():
        _follow_moves(db, [source.url for source in sources], now)
        db.execute("UPDATE source SET active = 0 WHERE active = 1")
        db.execute_many(
            "INSERT INTO source (url, name, kind, lang, checked, settings, active, added_at)"
            " VALUES (:url, :name, :kind, :lang, :checked, :settings, 1, :added_at)"
            " ON CONFLICT (url) DO UPDATE SET name = excluded.name, kind = excluded.kind,"
            " lang = excluded.lang, checked = excluded.checked, settings = excluded.settings,"
            " active = 1",
            [{**_row(source), "added_at": to_text(now)} for source in sources],
        )


def _follow_moves(db: Database, configured: Sequence[str], now: datetime) -> None:
    """Give a source the new address that a person wrote for it in the configuration."""
    moved = [
        row
        for row in db.rows("SELECT id, url, address, moved_to FROM source")
        if (row["address"] or row["moved_to"]) and row["url"] not in configured
    ]
    for row in moved:
        new = next((url for url in configured if url in (row["address"], row["moved_to"])), None)
        if new is None or db.value("SELECT 1 FROM source WHERE url = ?", (new,)):
            continue
        db.execute(
            "UPDATE source SET url = ?, address = NULL, moved_to = NULL, moved_since = NULL"
            " WHERE id = ?",
            (new, row["id"]),
        )
        close_notices(db, row["id"], [NoticeKind.MOVED], now)


def due_sources(db: Database, now: datetime) -> tuple[tuple[Source, SourceState], ...]:
    """Return the active sources to poll, the longest overdue first.

    One that was put off goes before the one that its host was too busy for.
    """
    rows = db.rows(
        "SELECT * FROM source WHERE active = 1 AND (next_poll_at IS NULL OR next_poll_at <= ?)"
        " ORDER BY next_poll_at, state <> 'busy', id",
        (to_text(now),),
    )
    return tuple((_source(row), _state(row)) for row in rows)


def source_states(db: Database) -> tuple[SourceReport, ...]:
    """Return every source with its state and yield, the active ones first."""
    rows = db.rows(
        "SELECT source.*, count(entry.id) AS entries,"
        " count(entry.article_id) AS kept, count(entry.next_try_at) AS pending,"
        " count(iif(entry.state = 'held', 1, NULL)) AS held"
        " FROM source LEFT JOIN entry ON entry.source_id = source.id"
        " GROUP BY source.id ORDER BY source.active DESC, source.name, source.url"
    )
    notices = all_open_notices(db)
    return tuple(_report(row, notices.get(row["id"], ())) for row in rows)


def _report(row: Row, notices: tuple[Notice, ...]) -> SourceReport:
    state = _state(row)
    return SourceReport(
        source=_source(row),
        state=state,
        active=bool(row["active"]),
        entries=row["entries"],
        kept=row["kept"],
        pending=row["pending"],
        silent_since=silent_since(state),
        notices=notices,
        held=row["held"],
    )


def silent_since(state: SourceState) -> datetime | None:
    """Return when a source last brought something, where it has been silent for too long.

    Too long is four times its own rhythm, and at least a day, until it last answered: what
    cannot be asked is failing, not silent.
    """
    if state.rhythm_s is None or state.last_new_at is None or state.last_success_at is None:
        return None
    usual = max(timedelta(seconds=SILENT_RHYTHMS * state.rhythm_s), SHORTEST_SILENCE)
    return state.last_new_at if state.last_success_at - state.last_new_at > usual else None


def save_entries(
    db: Database, url: str, entries: Sequence[Entry], arrival: Arrival, now: datetime
) -> int:
    """Save some of what a poll brought, before the poll itself; return how many are new."""
    with db.writing():
        source_id = _get_id(db, url)
        return sum([save_entry(db, source_id, entry, now, arrival) for entry in entries])


def record_poll(
    db: Database,
    state: SourceState,
    entries: Sequence[Entry],
    capture: Capture | None,
    now: datetime,
    *,
    arrival: Arrival = AS_USUAL,
    outcomes: Outcomes = NO_MORE,
) -> int:
    """Save what one poll brought together with its validators; return how many are new."""
    with db.writing():
        source_id = _get_id(db, state.url)
        if capture is not None:
            save_capture(db, capture)
        new = sum([save_entry(db, source_id, entry, now, arrival) for entry in entries])
        if outcomes.listed is not None:
            mark_unlisted(db, source_id, outcomes.listed, now)
        close_notices(db, source_id, outcomes.settled, now)
        save_notices(db, source_id, outcomes.noticed)
        _save_parts(db, source_id, outcomes.parts, now)
        sets = ", ".join(f"{name} = :{name}" for name in _STATE)
        db.execute(
            f"UPDATE source SET {sets} WHERE id = :id",  # noqa: S608 - names are ours
            msgspec.structs.asdict(state)
            | {name: to_text_or_none(getattr(state, name)) for name in _TIMES}
            | {"id": source_id},
        )
    return new


def _get_id(db: Database, url: str) -> int:
    source_id = db.value("SELECT id FROM source WHERE url = ?", (url,))
    if source_id is None:
        raise StoreError(f"{url} is no source: save it before its polls")
    return int(source_id)


def _save_parts(db: Database, source_id: int, parts: Sequence[Part], now: datetime) -> None:
    db.execute_many(
        "INSERT OR REPLACE INTO source_part"
        " (source_id, url, changed, etag, last_modified, body_sha256, read_at)"
        " VALUES (:source_id, :url, :changed, :etag, :last_modified, :body_sha256, :read_at)",
        [
            msgspec.structs.asdict(part)
            | {"source_id": source_id, "read_at": to_text(part.read_at or now)}
            for part in parts
        ],
    )


def read_parts(db: Database, url: str) -> dict[str, Part]:
    """Return the parts of a source's index as they were last read, by their addresses."""
    rows = db.rows(
        "SELECT source_part.url, changed, source_part.etag, source_part.last_modified,"
        " source_part.body_sha256, read_at FROM source_part"
        " JOIN source ON source.id = source_part.source_id WHERE source.url = ?",
        (url,),
    )
    parts = (Part(**row | {"read_at": to_time_or_none(row["read_at"])}) for row in rows)
    return {part.url: part for part in parts}


def _row(source: Source) -> Row:
    settings = {name: getattr(source, name) for name in _SETTINGS}
    return {name: getattr(source, name) for name in _COLUMNS} | {"settings": to_json(settings)}


def _source(row: Row) -> Source:
    fields = {name: row[name] for name in _COLUMNS} | msgspec.json.decode(row["settings"])
    return msgspec.convert(fields, Source, strict=False)


def _state(row: Row) -> SourceState:
    fields = {name: row[name] for name in SourceState.__struct_fields__}
    times = {name: to_time_or_none(row[name]) for name in _TIMES}
    return msgspec.convert(fields | times, SourceState)
