"""How much stands on each day of the timeline, by publication, by first sight or by event.

An article without a date, or dated in the future, stands where it was first seen. It reads only,
and never decides what an event is.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

import msgspec

from model.period import Period
from model.query import And, Day, Query, Within
from store.database import Database
from store.identity import first_place
from store.search.compiling import compile_query
from store.search.label_queries import PLACES
from store.search.walking import from_where
from store.values import marks, to_day

Days = tuple[date, date]
EVER: Days = (date.min, date.max)


class Basis(StrEnum):
    """Why an article stands on its day: its own date, or none that could be believed."""

    PUBLISHED = "published"
    UNDATED = "undated"
    FUTURE = "future"
    SEEN = "seen"


class DayCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many articles stand on a day; of these the undated ones and those dated later."""

    on: date
    articles: int
    undated: int = 0
    future: int = 0


STANDING = (
    "CASE WHEN a.published_on IS NULL OR a.dated_in_future THEN a.first_seen_on"
    " ELSE a.published_on END"
)
"""The day that an article `a` stands on: of first sight where its own is unknown or to come."""

_BASIS = (
    f"CASE WHEN a.published_on IS NULL THEN '{Basis.UNDATED}'"
    f" WHEN a.dated_in_future THEN '{Basis.FUTURE}' ELSE '{Basis.PUBLISHED}' END"
)
# no calendar is further from UTC; and a date may be a little ahead of its first sight
_SLACK = timedelta(days=2)


def count_published(db: Database, query: Query, days: Days, today: date) -> tuple[DayCount, ...]:
    """Return how many articles that answer stand on each of these days that has any."""
    compiled = compile_query(query, db, today)
    if days != EVER:
        asked = widened(days)
        places = (
            max(compiled.places[0], _place(asked[0])),
            min(compiled.places[1], _place(asked[1])),
        )
        compiled = msgspec.structs.replace(compiled, places=places, known=None)
    source, values = from_where(compiled)
    rows = db.rows(
        f"SELECT {STANDING} AS day, count(*) AS articles,"  # noqa: S608
        " sum(a.published_on IS NULL) AS undated,"
        " sum(a.published_on IS NOT NULL AND a.dated_in_future) AS future"
        f" FROM (SELECT s.rowid AS place {source}) CROSS JOIN article a ON a.order_id = place"
        " WHERE day BETWEEN ? AND ? GROUP BY day ORDER BY day",
        (*values, days[0].isoformat(), days[1].isoformat()),
    )
    return tuple(
        DayCount(
            on=to_day(row["day"]),
            articles=row["articles"],
            undated=row["undated"],
            future=row["future"],
        )
        for row in rows
    )


def seen_within(query: Query, days: Days) -> Query:
    """Return the query that also asks for these days of first sight."""
    if days == EVER:
        return query
    period = Period(from_on=days[0], to_on=days[1])
    return And((query, Within(typed="", day=Day.SEEN, period=period)))


def find_standing(db: Database, articles: Sequence[int]) -> dict[int, tuple[date, Basis]]:
    """Return the day each article stands on by publication, and why there."""
    rows = db.rows(
        f"SELECT a.id, {STANDING} AS day, {_BASIS} AS basis FROM article a"  # noqa: S608
        f" WHERE a.id IN ({marks(articles)})",
        tuple(articles),
    )
    return {row["id"]: (to_day(row["day"]), Basis(row["basis"])) for row in rows}


def widened(days: Days) -> Days:
    """Return the days between whose places in time all stand that belong to `days`."""
    first = days[0] - _SLACK if days[0] - date.min > _SLACK else date.min
    last = days[1] + _SLACK if date.max - days[1] > _SLACK else date.max
    return first, last


def _place(day: date) -> int:
    if day == date.min:
        return PLACES[0]
    return PLACES[1] if day == date.max else first_place(datetime.combine(day, time(), UTC))
