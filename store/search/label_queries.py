"""Which labels a part of a query asks for.

It runs nothing but small look-ups of names and labels.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from model.matching import (
    holds_run,
    holds_site,
    names_story,
    primary_language,
    resolve_days,
    same_name,
)
from model.query import IMPORTED, Day, Facet, Flag, Has, Is, Query, Within
from model.stems import ASKED_LANGS
from store.database import Database
from store.entities.names import label_values
from store.identity import first_place
from store.search.labels import Kind, Mark
from store.values import marks

PLACES = (0, 1 << 62)
"""All places in time: from, up to before."""

_SLACK = timedelta(days=2)
"""No calendar is further from UTC; with a day for dates a little ahead of their first sight."""


_KINDS_OF_DAY = {
    Day.DATE: (Kind.DAY, Kind.MONTH, Kind.YEAR),
    Day.SEEN: (Kind.SEEN, Kind.SEEN_MONTH, Kind.SEEN_YEAR),
}

_MARKS: dict[Flag, Mark] = {
    Flag.RELEVANT: Mark.RELEVANT,
    Flag.STARRED: Mark.STARRED,
    Flag.UNREAD: Mark.READ,
    Flag.CHANGED: Mark.CHANGED,
    Flag.REMOVED: Mark.REMOVED,
    Flag.COPY: Mark.COPY,
    Flag.ORIGINAL: Mark.COPY,
}
"""The mark that each flag asks for; UNREAD and ORIGINAL are the absence of theirs."""


def label_numbers(db: Database, query: Query, today: date) -> list[int] | None:
    """Return the labels one of which a leaf asks for, or forbids; None when it asks more."""
    match query:
        case Is(flag=flag):
            return _held_labels(db, Kind.MARK, _MARKS[flag].__eq__)
        case Has(facet=(Facet.SOURCE | Facet.STORY | Facet.KIND) as facet, value=value):
            return _named(db, facet, value)
        case Has(facet=facet, value=value):
            return _valued(db, facet, value)
        case Within(day=(Day.DATE | Day.SEEN) as day):
            first, last = resolve_days(query, today)
            return _dated(db, _KINDS_OF_DAY[day], first, last)
        case _:
            return None


def _held_labels(db: Database, kind: Kind, holds: Callable[[str], bool]) -> list[int]:
    rows = db.rows("SELECT id, value FROM label WHERE facet = ? AND articles > 0", (kind,))
    return [row["id"] for row in rows if holds(row["value"])]


def _one(db: Database, kind: Kind, value: str) -> list[int]:
    sql = "SELECT id FROM label WHERE facet = ? AND value = ? AND articles > 0"
    return [row["id"] for row in db.rows(sql, (kind, value))]


def _valued(db: Database, facet: Facet, value: str) -> list[int]:
    match facet:
        case Facet.ENTITY:
            named = label_values(db, value)
            return [number for one in named for number in _one(db, Kind.ENTITY, one)]
        case Facet.LANG:
            return _one(db, Kind.LANG, primary_language(value))
        case Facet.ACCESS:
            return _one(db, Kind.ACCESS, value)
        case Facet.SITE:
            return _held_labels(db, Kind.SITE, lambda site: holds_site(value, site))
        case _:
            return _held_labels(db, Kind.TAG, lambda tag: same_name(value, tag))


def _named(db: Database, facet: Facet, value: str) -> list[int]:
    """Return the labels whose names other tables hold."""
    if facet is Facet.STORY:
        rows = db.rows("SELECT id, title FROM story")
        ids = {
            str(row["id"]) for row in rows
            if names_story(value, str(row["id"])) or names_story(value, row["title"])
        }  # fmt: skip
        return _held_labels(db, Kind.STORY, ids.__contains__)
    rows = db.rows("SELECT id, kind, name || ' ' || url AS label FROM source")
    if facet is Facet.KIND:
        ids = {str(row["id"]) for row in rows if row["kind"] == value}
        ids |= {""} if value == IMPORTED else set()
    else:
        ids = {str(row["id"]) for row in rows if holds_run(value, row["label"])}
    return _held_labels(db, Kind.SOURCE, ids.__contains__)


def _dated(db: Database, kinds: tuple[Kind, Kind, Kind], first: date, last: date) -> list[int]:
    """Return the labels of the years, months and days that make up a period."""
    by_day, by_month, by_year = kinds
    found: list[int] = []
    for kind, low, high in _pieces(first, last):
        named = (by_day, by_month, by_year)[kind]
        sql = "SELECT id FROM label WHERE facet = ? AND value BETWEEN ? AND ? AND articles > 0"
        found += [row["id"] for row in db.rows(sql, (named, low, high))]
    return found


def _pieces(first: date, last: date) -> list[tuple[int, str, str]]:
    """Return a period as intervals of days (0), months (1) and years (2), both ends included."""
    begin, end = first.isoformat(), last.isoformat()
    if first > last or first.year == date.max.year:
        return [(0, begin, end)]
    after = _month_after(last)
    months = (
        begin[:7] if first.day == 1 else _month_after(first),
        end[:7] if after != _month_after(last, days=1) else _month_before(last),
    )
    if months[0] > months[1]:
        return [(0, begin, end)]
    pieces = []
    if first.day > 1:
        pieces.append((0, begin, f"{begin[:7]}-31"))
    if end[:7] != months[1]:
        pieces.append((0, f"{end[:7]}-01", end))
    return [*pieces, *_months(*months)]


def _months(first: str, last: str) -> list[tuple[int, str, str]]:
    years = (
        first[:4] if first.endswith("-01") else f"{int(first[:4]) + 1:04}",
        last[:4] if last.endswith("-12") else f"{int(last[:4]) - 1:04}",
    )
    if years[0] > years[1]:
        return [(1, first, last)]
    pieces = [(2, *years)]
    if first[:4] < years[0]:
        pieces.append((1, first, f"{first[:4]}-12"))
    if last[:4] > years[1]:
        pieces.append((1, f"{last[:4]}-01", last))
    return pieces


def _month_after(day: date, *, days: int = 0) -> str:
    """Return the month after the one of a day, or of some days later."""
    ordinal = min(day.toordinal() + days, date.max.toordinal())
    at = date.fromordinal(ordinal)
    year, month = (at.year, at.month + 1) if at.month < 12 else (at.year + 1, 1)
    return f"{year:04}-{month:02}"


def _month_before(day: date) -> str:
    year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
    return f"{year:04}-{month:02}"


def place_before(day: date) -> int:
    """Return a place before all of a day, on any calendar."""
    if day - date.min < _SLACK:
        return PLACES[0]
    return first_place(datetime.combine(day - _SLACK, time(), UTC))


def place_after(day: date) -> int:
    """Return a place after all of a day, on any calendar."""
    if date.max - day < _SLACK + timedelta(days=1):
        return PLACES[1]
    return first_place(datetime.combine(day + _SLACK + timedelta(days=1), time(), UTC))


def has_other_languages(db: Database) -> bool:
    """Tell whether any article is in a language that no query is stemmed in."""
    sql = (
        "SELECT 1 FROM label WHERE facet = ? AND articles > 0"  # noqa: S608
        f" AND value NOT IN ({marks(ASKED_LANGS)}) LIMIT 1"
    )
    return db.value(sql, (Kind.LANG, *ASKED_LANGS)) is not None


def stands_elsewhere(db: Database, first: date, last: date) -> bool:
    """Tell whether the place of an article published on one of some days is on another day."""
    sql = "SELECT 1 FROM label WHERE facet = ? AND value BETWEEN ? AND ? AND articles > 0"
    values = (Kind.ASTRAY, first.isoformat(), last.isoformat())
    return db.value(f"{sql} LIMIT 1", values) is not None
