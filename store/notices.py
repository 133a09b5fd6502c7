"""What a person should look at about a source, and what settling it lets go on.

It never decides what is worth a notice.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from model.source import Notice, NoticeKind
from store.database import Database, Row
from store.values import to_text, to_time, to_time_or_none, well_formed

LASTING = frozenset({NoticeKind.SHARED_GUID})
"""What each poll finds again as long as it lasts."""

_COLUMNS = "what, detail, noticed_at, settled_at"


def open_notices(db: Database, url: str) -> tuple[Notice, ...]:
    """Return what is noticed about a source and not settled, the oldest first."""
    rows = db.rows(
        f"SELECT {_COLUMNS} FROM source_notice WHERE settled_at IS NULL"  # noqa: S608 - ours
        " AND source_id = (SELECT id FROM source WHERE url = ?) ORDER BY id",
        (url,),
    )
    return tuple(map(_notice, rows))


def all_open_notices(db: Database) -> dict[int, tuple[Notice, ...]]:
    """Return the open notices of every source, by its id, the oldest first."""
    rows = db.rows(
        f"SELECT source_id, {_COLUMNS} FROM source_notice"  # noqa: S608 - ours
        " WHERE settled_at IS NULL ORDER BY id"
    )
    found: dict[int, tuple[Notice, ...]] = {}
    for row in rows:
        source_id = row.pop("source_id")
        found[source_id] = (*found.get(source_id, ()), _notice(row))
    return found


def save_notices(db: Database, source_id: int, noticed: Iterable[Notice]) -> None:
    """Open notices within a transaction.

    One kind is open once, and what lasts is not told again once a person put it away.
    """
    for notice in noticed:
        last = db.find_row(
            "SELECT detail, settled_at FROM source_notice WHERE source_id = ? AND what = ?"
            " ORDER BY id DESC LIMIT 1",
            (source_id, notice.what),
        )
        detail = well_formed(notice.detail)
        if last is not None and (
            last["settled_at"] is None or (notice.what in LASTING and last["detail"] == detail)
        ):
            continue
        row = {
            "source_id": source_id,
            "what": notice.what,
            "detail": detail,
            "noticed_at": to_text(notice.noticed_at),
        }
        db.insert("source_notice", row)


def close_notices(
    db: Database, source_id: int, settled: Iterable[NoticeKind], now: datetime
) -> None:
    """Say within a transaction that notices are over; what waited for them stays as it is."""
    for what in settled:
        db.execute(
            "UPDATE source_notice SET settled_at = ?"
            " WHERE source_id = ? AND what = ? AND settled_at IS NULL",
            (to_text(now), source_id, what),
        )


def settle_notices(
    db: Database, url: str, what: NoticeKind | None, now: datetime
) -> tuple[Notice, ...]:
    """Settle what a person looked at and return it; held entries are read from now on.

    A source that was taken over is then known by what it says next.
    """
    with db.writing():
        source_id = db.value("SELECT id FROM source WHERE url = ?", (url,))
        found = [one for one in open_notices(db, url) if what in (None, one.what)]
        close_notices(db, source_id or 0, [one.what for one in found], now)
        if any(one.what is NoticeKind.TAKEOVER for one in found):
            _release(db, source_id, now)
    return tuple(msgspec.structs.replace(one, settled_at=now) for one in found)


def _release(db: Database, source_id: int, now: datetime) -> None:
    db.execute(
        "UPDATE entry SET state = 'pending', next_try_at = ?"
        " WHERE source_id = ? AND state = 'held'",
        (to_text(now), source_id),
    )
    db.execute(
        "UPDATE source SET title = '', listed_lang = NULL, answered_by = NULL WHERE id = ?",
        (source_id,),
    )


def _notice(row: Row) -> Notice:
    return Notice(
        what=NoticeKind(row["what"]),
        detail=row["detail"],
        noticed_at=to_time(row["noticed_at"]),
        settled_at=to_time_or_none(row["settled_at"]),
    )
