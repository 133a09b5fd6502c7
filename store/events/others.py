"""Which events may be one, told of other days: what is compared, and what was found.

It never decides that two events are one.
"""

from collections.abc import Mapping
from datetime import date

import msgspec

from model.event import Day, OtherDate
from model.mention import Precision
from store.database import Database, Row
from store.values import names, to_day

AROUND_DAYS = 31
"""So far apart are the days that sources give one event, at most."""

MOST_COMPARED = 3
"""Of so many events of one date, the weightiest, each is compared."""

MOST_SHOWN = 5

Others = Mapping[tuple[int, int], bool]
"""Pairs of events that may be one, and whether their days conflict."""


class HeldEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What of an event is compared with others."""

    id: int
    date: date
    to: Day
    text: str
    entities: tuple[str, ...]
    articles: frozenset[int]


_HELD = (
    "SELECT e.id, e.from_on, e.to_on, e.text, e.entities,"
    " (SELECT group_concat(DISTINCT c.article_id) FROM citation c WHERE c.event_id = e.id)"
    " AS articles FROM event e"
)


def held_events(db: Database, days: tuple[date, date]) -> tuple[HeldEvent, ...]:
    """Return the weightiest events of one date."""
    rows = db.rows(
        f"{_HELD} WHERE e.from_on = ? AND e.to_on = ? ORDER BY e.score DESC LIMIT ?",
        (days[0].isoformat(), days[1].isoformat(), MOST_COMPARED),
    )
    return tuple(map(_held, rows))


def events_beside(db: Database, days: tuple[date, date]) -> tuple[HeldEvent, ...]:
    """Return the weightiest events that begin on each of the days around a date."""
    first = max(date.min.toordinal(), days[0].toordinal() - AROUND_DAYS)
    last = min(date.max.toordinal(), days[0].toordinal() + AROUND_DAYS)
    sql = f"{_HELD} WHERE e.from_on = ? ORDER BY e.score DESC LIMIT ?"
    return tuple(
        _held(row)
        for day in map(date.fromordinal, range(first, last + 1))
        for row in db.rows(sql, (day.isoformat(), MOST_COMPARED))
        if (row["from_on"], row["to_on"]) != (days[0].isoformat(), days[1].isoformat())
    )


def _held(row: Row) -> HeldEvent:
    return HeldEvent(
        id=row["id"],
        date=to_day(row["from_on"]),
        to=to_day(row["to_on"]),
        text=row["text"],
        entities=names(row["entities"]),
        articles=frozenset(map(int, filter(None, (row["articles"] or "").split(",")))),
    )


def save_others(db: Database, found: Others) -> None:
    """Note which events may be one, each beside the other."""
    rows = [(*pair, int(conflicting)) for pair, conflicting in found.items()]
    rows += [(other, one, conflicting) for one, other, conflicting in rows]
    with db.writing():
        db.execute_many(
            "INSERT OR REPLACE INTO event_other (event_id, other_id, conflicting) VALUES (?, ?, ?)",
            rows,
        )


def other_dates(db: Database, event_id: int) -> tuple[OtherDate, ...]:
    """Return the other dates that sources give what may be the same event, a few of many."""
    rows = db.rows(
        "SELECT e.from_on, e.to_on, e.precision, e.text, e.independent_sources, o.conflicting"
        " FROM event_other o JOIN event e ON e.id = o.other_id WHERE o.event_id = ?"
        " ORDER BY e.score DESC, e.id LIMIT ?",
        (event_id, MOST_SHOWN),
    )
    return tuple(
        OtherDate(
            date=to_day(row["from_on"]),
            to=to_day(row["to_on"]),
            precision=Precision(row["precision"]),
            text=row["text"],
            independent_sources=row["independent_sources"],
            conflicting=bool(row["conflicting"]),
        )
        for row in rows
    )
