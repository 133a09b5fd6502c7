"""Sources and what their polls left behind.

It never fetches and never decides when to poll.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from model.capture import Capture
from model.errors import StoreError
from model.source import Entry, Source, SourceState
from store.captures import save_capture
from store.database import Database, Row
from store.entries import save_entry
from store.records import SourceReport
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
_SETTINGS = ("watch", "selector", "fetch", "article")


def save_sources(db: Database, sources: Sequence[Source], now: datetime) -> None:
    """Make the configured sources the active ones; the others stay, inactive."""
    with db.writing():
        db.execute("UPDATE source SET active = 0 WHERE active = 1")
        db.execute_many(
            "INSERT INTO source (url, name, kind, lang, checked, settings, active, added_at)"
            " VALUES (:url, :name, :kind, :lang, :checked, :settings, 1, :added_at)"
            " ON CONFLICT (url) DO UPDATE SET name = excluded.name, kind = excluded.kind,"
            " lang = excluded.lang, checked = excluded.checked, settings = excluded.settings,"
            " active = 1",
            [{**_row(source), "added_at": to_text(now)} for source in sources],
        )


def due_sources(db: Database, now: datetime) -> tuple[tuple[Source, SourceState], ...]:
    """Return the active sources to poll, the longest overdue first."""
    rows = db.rows(
        "SELECT * FROM source WHERE active = 1 AND (next_poll_at IS NULL OR next_poll_at <= ?)"
        " ORDER BY next_poll_at, id",
        (to_text(now),),
    )
    return tuple((_source(row), _state(row)) for row in rows)


def source_states(db: Database) -> tuple[SourceReport, ...]:
    """Return every source with its state and yield, the active ones first."""
    rows = db.rows(
        "SELECT source.*, count(entry.id) AS entries,"
        " count(entry.article_id) AS kept, count(entry.next_try_at) AS pending"
        " FROM source LEFT JOIN entry ON entry.source_id = source.id"
        " GROUP BY source.id ORDER BY source.active DESC, source.name, source.url"
    )
    return tuple(
        SourceReport(
            source=_source(row),
            state=_state(row),
            active=bool(row["active"]),
            entries=row["entries"],
            kept=row["kept"],
            pending=row["pending"],
        )
        for row in rows
    )


def record_poll(
    db: Database,
    state: SourceState,
    entries: Sequence[Entry],
    capture: Capture | None,
    now: datetime,
) -> int:
    """Save what one poll brought together with its validators; return how many are new."""
    with db.writing():
        source_id = db.value("SELECT id FROM source WHERE url = ?", (state.url,))
        if source_id is None:
            raise StoreError(f"{state.url} is no source: save it before its polls")
        if capture is not None:
            save_capture(db, capture)
        new = sum([save_entry(db, source_id, entry, now) for entry in entries])
        sets = ", ".join(f"{name} = :{name}" for name in _STATE)
        db.execute(
            f"UPDATE source SET {sets} WHERE url = :url",  # noqa: S608 - names are ours
            msgspec.structs.asdict(state)
            | {name: to_text_or_none(getattr(state, name)) for name in _TIMES},
        )
    return new


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
