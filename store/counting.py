"""How many of the articles that answer stand on each day.

It never reads an article but the few whose day is not the day of their place.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

from model.query import Day, Everything, Flag, Is, Query
from store.compiling import Compiled, compile_query
from store.database import Database
from store.identity import PLACES_PER_SECOND, first_place, time_of
from store.labels import Kind, to_code
from store.walking import ALL, from_where

_LAST_PLACE = first_place(datetime(9999, 12, 30, tzinfo=UTC))
_DAY_PLACES = 86_400 * PLACES_PER_SECOND
_FIRST_DAY, _DIGITS = 1_000_000, 7
"""What is added to days since the year one, so that all have as many digits."""


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
    if by is not Day.DATE or compiled.table != "stem_index":
        return _by_label(db, compiled, _kind(by))
    astray = {
        row["id"]: row["value"]
        for row in db.rows(
            "SELECT id, value FROM label WHERE facet = ? AND articles > 0", (Kind.ASTRAY,)
        )
    }
    undated = db.value(
        "SELECT id FROM label WHERE facet = ? AND value = '' AND articles > 0", (Kind.DAY,)
    )
    if len(astray) > _MANY:
        return _by_label(db, compiled, Kind.DAY)
    elsewhere = [*astray, *([undated] if undated else [])]
    counts: Counter[int] = Counter()
    for label, day in [*astray.items(), *([(undated, "")] if undated else [])]:
        source, values = from_where(_narrowed(compiled, f'{compiled.match} AND "={label}"'))
        counts[_day(day)] += db.value(f"SELECT count(*) {source}", values)
    there = " OR ".join(f'"={label}"' for label in elsewhere)
    rest = f"({compiled.match}) NOT ({there})" if elsewhere else compiled.match
    counts.update(_by_place(db, _narrowed(compiled, rest), zone))
    return dict(counts)


_MANY = 50
"""Beyond so many days of articles that stand elsewhere, each article's own day is read."""


def _narrowed(compiled: Compiled, match: str) -> Compiled:
    return msgspec.structs.replace(compiled, match=match, known=None)


def _by_label(db: Database, compiled: Compiled, kind: Kind) -> dict[int, int]:
    counts, _ = count_codes(db, compiled, "others")
    days = db.rows("SELECT id, value FROM label WHERE facet = ?", (kind,))
    return {_day(row["value"]): counts[to_code(row["id"])] for row in days}


def count_codes(
    db: Database, compiled: Compiled, column: str, limit: int = ALL
) -> tuple[Counter[int], int]:
    """Return how many of the newest `limit` that answer have each label, and how many these are.

    A label is told by its character's code.
    """
    source, values = from_where(compiled)
    sql = (
        f"SELECT group_concat(n.{column}, '') AS joined, count(*) AS articles FROM"  # noqa: S608
        f" (SELECT s.rowid AS place {source} ORDER BY s.rowid DESC LIMIT ?)"
        " CROSS JOIN article_label n ON n.order_id = place"
    )
    row = db.find_row(sql, (*values, limit)) or {}
    codes = memoryview((row["joined"] or "").encode("utf-32-le")).cast("I")
    return Counter(codes), row["articles"]


Stretch = tuple[int, int, int]


def _by_place(db: Database, compiled: Compiled, zone: ZoneInfo) -> Counter[int]:
    """Count days by places alone, in one statement: each asking of the index costs by itself."""
    stretches = list(_stretches(db, compiled, zone))
    if not stretches:
        return Counter()
    source, values = from_where(compiled)
    sql = (
        f"SELECT json_group_array((s.rowid + {_offset_at(stretches)}) / {_DAY_PLACES}"
        f" + {_FIRST_DAY}) {source}"
    )
    days = db.value(sql, values)
    few = len(days) < _MANY_DAYS * (_DIGITS + 1)
    runs = Counter(msgspec.json.decode(days, type=list[int])).items() if few else _runs(days)
    counts: Counter[int] = Counter()
    for day, count in runs:
        counts[day - _FIRST_DAY + 1] += count
    return counts


_MANY_DAYS = 50_000
"""Fewer are counted one by one more quickly than by leaps."""


def _offset_at(stretches: Sequence[Stretch]) -> str:
    """Return SQL that halves the stretches until it has the one a place is in."""
    if len(stretches) == 1:
        return str(stretches[0][2])
    half = len(stretches) // 2
    earlier, later = _offset_at(stretches[:half]), _offset_at(stretches[half:])
    return f"iif(s.rowid < {stretches[half][0]}, {earlier}, {later})"


def _stretches(db: Database, compiled: Compiled, zone: ZoneInfo) -> Iterator[Stretch]:
    """Yield places from, up to before, and how far the calendar is from UTC there, in places."""
    ends = db.find_row(
        "SELECT (SELECT min(order_id) FROM article_label) AS first,"
        " (SELECT max(order_id) FROM article_label) AS last"
    )
    if ends is None or ends["first"] is None:
        return
    first = max(compiled.places[0], ends["first"])
    last = min(compiled.places[1], ends["last"] + 1)
    while first < last:
        offset = _offset(first, zone)
        end = min(last, _end_of_offset(first, offset, zone))
        yield first, end, offset * PLACES_PER_SECOND
        first = end


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


def _runs(days: str) -> Iterator[tuple[int, int]]:
    """Yield each day of a sorted JSON list and how often it stands there, by leaps."""
    width = _DIGITS + 1
    size, at, leap = (len(days) - 1) // width, 0, 1
    while at < size:
        start = 1 + width * at
        day = days[start : start + _DIGITS]
        low, high = at, at + leap
        while high < size and days[1 + width * high : width * (high + 1)] == day:
            low, leap = high, leap * 2
            high = at + leap
        high = min(high, size)
        while high - low > 1:
            middle = (low + high) // 2
            if days[1 + width * middle : width * (middle + 1)] == day:
                low = middle
            else:
                high = middle
        yield int(day), high - at
        at, leap = high, max(1, high - at)
