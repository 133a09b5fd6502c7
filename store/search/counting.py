"""How many of the articles that answer stand on each day.

It never reads an article but the few whose day is not the day of their place.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

from model.query import Day, Everything, Flag, Is, Query
from store.database import Database
from store.identity import PLACES_PER_SECOND, first_place, time_of
from store.search.compiling import STEMS, Compiled, compile_query
from store.search.conditions import EVERY
from store.search.labels import Kind, count_codes, to_code
from store.search.terms import LABEL
from store.search.walking import all_places, from_where, narrowed

_LAST_PLACE = first_place(datetime(9999, 12, 30, tzinfo=UTC))
_DAY_PLACES = 86_400 * PLACES_PER_SECOND


class DayCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many articles stand on each day, and how many on none."""

    days: dict[date, int]
    undated: int = 0


def count_days(
    db: Database,
    query: Query,
    today: date,
    zone: ZoneInfo,
    by: Day,
    days: tuple[date, date],
) -> DayCounts:
    """Return how many articles answer on each day of publication, or of first sight."""
    with db.reading():
        kept = _kept(db, query, by)
        found = kept if kept is not None else _counted(db, query, today, zone, by)
    undated = found.pop(0, 0)
    first, last = days[0].toordinal(), days[1].toordinal()
    shown = (day for day in sorted(found) if found[day] and first <= day <= last)
    return DayCounts(days={date.fromordinal(day): found[day] for day in shown}, undated=undated)


def _day(value: str) -> int:
    """Return a day by its number, 0 for none."""
    return date.fromisoformat(value).toordinal() if value else 0


def _kind(by: Day) -> Kind:
    return Kind.DAY if by is Day.DATE else Kind.SEEN


def _kept(db: Database, query: Query, by: Day) -> dict[int, int] | None:
    """Return the counts that are kept: of everything, and of what is relevant."""
    is_relevant = isinstance(query, Is) and query.flag is Flag.RELEVANT
    if not is_relevant and not isinstance(query, Everything):
        return None
    column = "relevant" if is_relevant else "articles"
    rows = db.rows(f"SELECT value, {column} AS n FROM label WHERE facet = ?", (_kind(by),))  # noqa: S608
    return {_day(row["value"]): row["n"] for row in rows}


def _counted(db: Database, query: Query, today: date, zone: ZoneInfo, by: Day) -> dict[int, int]:
    compiled = compile_query(query, db, today)
    elsewhere = _elsewhere(db) if by is Day.DATE else {}
    if by is not Day.DATE or len(elsewhere) > _MANY:
        return _by_label(db, compiled, _kind(by))
    places = all_places(db, compiled)
    counts = _days_of(places, zone)
    for label, day in elsewhere.items():
        there = _labelled(db, compiled, places, label)
        counts.subtract(_days_of(there, zone))
        counts[day] += len(there)
    return dict(counts)


_MANY = 50
"""Beyond so many days of articles that stand elsewhere, each article's own day is read."""


def _elsewhere(db: Database) -> dict[int, int]:
    """Return the labels of articles whose day is not the one of their place, and that day."""
    sql = (
        "SELECT id, value FROM label WHERE articles > 0"
        " AND (facet = ? OR (facet = ? AND value = ''))"
    )
    return {row["id"]: _day(row["value"]) for row in db.rows(sql, (Kind.ASTRAY, Kind.DAY))}


def _labelled(db: Database, compiled: Compiled, places: list[int], label: int) -> list[int]:
    """Return those of the places that answer where the article has a label, in order."""
    match = f'"{LABEL}{label}"'
    if compiled.table == STEMS and compiled.condition == EVERY:
        return all_places(db, narrowed(compiled, f"{compiled.match} AND {match}"))
    having = msgspec.structs.replace(
        compiled, table=STEMS, match=match, condition=EVERY, needs_labels=False
    )
    return sorted(set(places).intersection(all_places(db, having)))


def _by_label(db: Database, compiled: Compiled, kind: Kind) -> dict[int, int]:
    source, values = from_where(compiled)
    spelt = db.value(
        f"SELECT group_concat(n.others, '') FROM (SELECT s.rowid AS place {source})"  # noqa: S608
        " CROSS JOIN article_label n ON n.order_id = place",
        values,
    )
    counts = count_codes(spelt or "")
    days = db.rows("SELECT id, value FROM label WHERE facet = ?", (kind,))
    return {_day(row["value"]): counts[to_code(row["id"])] for row in days}


def _days_of(places: Sequence[int], zone: ZoneInfo) -> Counter[int]:
    """Count how many of the places, which are in order, are on each day, by leaps."""
    counts: Counter[int] = Counter()
    at, run = 0, 0
    for end, offset in _stretches(places, zone):
        while at < len(places) and places[at] < end:
            day = (places[at] + offset) // _DAY_PLACES + 1
            midnight = min(end, day * _DAY_PLACES - offset)
            near = at + 2 * run + _LEAP
            within = near < len(places) and places[near] >= midnight
            after = bisect_left(places, midnight, at, near if within else len(places))
            run, at = after - at, after
            counts[day] += run
    return counts


_LEAP = 8
"""How much further than twice a day's articles the end of the next one is looked for first."""


def _stretches(places: Sequence[int], zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    """Yield up to before which place, one after another, the calendar is how far from UTC."""
    if not places:
        return
    first = places[0]
    while first <= places[-1]:
        offset = _offset(first, zone)
        first = _end_of_offset(first, offset, zone)
        yield first, offset * PLACES_PER_SECOND


def _offset(place: int, zone: ZoneInfo) -> int:
    if place >= _LAST_PLACE:
        return 0
    shift = time_of(place).astimezone(zone).utcoffset()
    return int(shift.total_seconds()) if shift else 0


@lru_cache(1_000)
def _end_of_offset(first: int, offset: int, zone: ZoneInfo) -> int:
    """Return the first place after `first` with another distance from UTC, or years later."""
    step, low = 14 * _DAY_PLACES, first
    for _ in range(_MOST_STEPS):
        if _offset(low + step, zone) != offset:
            break
        low += step
    else:
        return low
    high = low + step
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(middle, zone) == offset:
            low = middle
        else:
            high = middle
    return high


_MOST_STEPS = 100
