"""The rows of a timeline: events, or articles by publication or by first sight.

It prints nothing.
"""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum

import msgspec

from app.asking import PAGE, RELEVANT, Between, Held, both, entity_name, naming
from app.bucketing import Counted
from model.errors import ConfigError
from model.event import Event
from model.mention import Precision
from model.query import Day, Facet, Has, Query
from store.buckets import EVER, Basis, Days, seen_within, widened
from store.records import Found, Hit


class By(StrEnum):
    """What a timeline is ordered by."""

    EVENT = "event"
    PUBLISHED = "published"
    SEEN = "seen"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One question to the timeline."""

    by: By
    query: str
    entity: str | None
    story: int | None
    days: Between
    limit: int | None

    @property
    def interval(self) -> Days:
        """Return the days asked for, to the calendar's ends where they are open."""
        return self.days.from_on or EVER[0], self.days.to_on or EVER[1]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """An article, the day it stands on and why there."""

    on: date
    basis: Basis
    hit: Hit


def article_query(held: Held, asked: Asked) -> Query:
    """Return the query for the articles of a question; raises ConfigError for no story."""
    query = both(RELEVANT, held.query(asked.query))
    if asked.entity:
        query = both(query, naming(asked.entity, held.config))
    if asked.story is not None:
        _check_story(held, asked.story)
        query = both(query, Has(typed="", facet=Facet.STORY, value=str(asked.story)))
    return query


def _check_story(held: Held, story: int) -> None:
    if not held.store.database.value("SELECT 1 FROM story WHERE id = ?", (story,)):
        raise ConfigError(f"--story {story}: there is no such story; `vigie stories` lists them")


def find_events(held: Held, asked: Asked, *, now: datetime) -> tuple[Event, ...]:
    """Return the events of a question, in date order."""
    if asked.story is not None:
        _check_story(held, asked.story)
    return held.store.events(
        held.query(asked.query),
        now=now,
        from_on=asked.days.from_on,
        to_on=asked.days.to_on,
        entity=entity_name(asked.entity, held.config) if asked.entity else None,
        story=asked.story,
        limit=asked.limit,
    )


def find_articles(held: Held, asked: Asked, *, now: datetime) -> Iterator[Standing]:
    """Yield the articles of a question, the newest first, as many as are asked for."""
    query = article_query(held, asked)
    found = _by_sight if asked.by is By.SEEN else _by_publication
    for number, standing in enumerate(found(held, query, asked.interval, now), 1):
        yield standing
        if number == asked.limit:
            return


def _by_publication(held: Held, query: Query, days: Days, now: datetime) -> Iterator[Standing]:
    first, last = widened(days)
    before = None
    while True:
        found = held.store.timeline(
            query, now=now, from_on=first, to_on=last, limit=PAGE, before=before
        )
        standing = held.store.standing([hit.article for hit in found.hits])
        for hit in found.hits:
            on, basis = standing[hit.article]
            if days[0] <= on <= days[1]:
                yield Standing(on=on, basis=basis, hit=hit)
        before = found.before
        if before is None:
            return


def _by_sight(held: Held, query: Query, days: Days, now: datetime) -> Iterator[Standing]:
    """Yield articles day by day: within a day, those seen last come first."""
    for day in reversed(_seen_days(held, query, days, now)):
        hits = _all_hits(held, seen_within(query, (day, day)), now)
        for hit in sorted(hits, key=lambda hit: (hit.first_seen_at, hit.article), reverse=True):
            yield Standing(on=day, basis=Basis.SEEN, hit=hit)


def _seen_days(held: Held, query: Query, days: Days, now: datetime) -> dict[date, int]:
    """Return how many articles were first seen on each day that has any, the first day first."""
    return held.store.count_days(seen_within(query, days), now=now, by=Day.SEEN).days


def _all_hits(held: Held, query: Query, now: datetime) -> Iterator[Hit]:
    found = Found(hits=(), total=0, before=None)
    while True:
        found = held.store.search(query, now=now, limit=PAGE, before=found.before)
        yield from found.hits
        if found.before is None:
            return


def count_articles(held: Held, asked: Asked, *, now: datetime) -> Counted:
    """Return how many articles of a question stand on each day."""
    query = article_query(held, asked)
    if asked.by is By.SEEN:
        seen = _seen_days(held, query, asked.interval, now)
        return [(day, number, {}) for day, number in seen.items()]
    return [
        (day.on, day.articles, {"undated": day.undated, "future": day.future})
        for day in held.store.published_days(query, now=now, days=asked.interval)
    ]


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """How many begin on each day, and how many have no such day.

    `earlier` ones began before the days asked for and touch them; `inexact` ones are dated less
    exactly than a bucket is long.
    """

    days: Counted
    earlier: int = 0
    inexact: int = 0


def count_events(events: tuple[Event, ...], asked: Asked, longest_days: int) -> Begun:
    """Return on which days events begin; a bucket has at most so many days.

    Of a month or a year that is longer than a bucket no day is known: of an interval, the first.
    """
    days: list[tuple[date, int, dict[str, int]]] = []
    earlier = inexact = 0
    for event in events:
        if event.precision is not Precision.INTERVAL and _is_long(event, longest_days):
            inexact += 1
        elif event.date < asked.interval[0]:
            earlier += 1
        else:
            days.append((event.date, 1, {"inferred": int(event.inferred)}))
    return Begun(days=days, earlier=earlier, inexact=inexact)


def _is_long(event: Event, longest_days: int) -> bool:
    return (event.to - event.date).days >= longest_days
