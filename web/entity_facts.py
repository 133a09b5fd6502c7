"""All that is held about one entity, gathered for its page or for `vigie entities show`.

It never writes, and knows nothing of HTML. What it costs grows with the articles that name the
entity, of which it reads the few it shows.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec

from model.mention import Entity
from model.query import And, Facet, Flag, Has, Is, Query, expand_entities
from store.entities.told import EntityTold, NamedEntity
from store.reader import Reader
from store.records import Bucket, Hit

RELEVANT = Is(typed="is:relevant", flag=Flag.RELEVANT)
FEW_HITS, FEW_BESIDE, FEW_QUOTES = 10, 20, 20


A_DAY = timedelta(days=1)
"""A date so far ahead is still one: it may be a morning elsewhere."""


class Week(msgspec.Struct, frozen=True, kw_only=True):
    """How many articles of one week, which starts on a Monday, name an entity."""

    starts_on: date
    articles: int


class EntityFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One entity, and the articles that name it.

    `first` and `last` are the earliest and the latest of those with a date; `weeks` are the weeks
    that have any, in order; `beside` is who else they name. A date to come counts as none.
    """

    told: EntityTold
    first_on: date | None
    last_on: date | None
    first: Hit | None
    last: Hit | None
    weeks: tuple[Week, ...]
    undated: int
    beside: tuple[Bucket, ...]
    newest: tuple[Hit, ...]


def find_meant(store: Reader, watched: Sequence[Entity], name: str) -> tuple[NamedEntity, ...]:
    """Return who goes by a name, or by that of the watched entity of which it is an alias."""
    return store.who_is(name) or store.who_is(_configured(watched, name))


def _configured(watched: Sequence[Entity], name: str) -> str:
    asked = Has(typed=name, facet=Facet.ENTITY, value=name)
    meant = expand_entities(asked, watched)
    return meant.value if isinstance(meant, Has) else name


def naming_entity(entity_id: int) -> Query:
    """Return the query for the relevant articles that name one entity."""
    named = Has(typed=f"entity:#{entity_id}", facet=Facet.ENTITY, value=f"#{entity_id}")
    return And((RELEVANT, named))


def gather_entity(store: Reader, entity_id: int, *, now: datetime) -> EntityFacts:
    """Return what is held about one entity."""
    told = store.tell_entity(entity_id, quotes=FEW_QUOTES)
    query = naming_entity(told.id)
    counted = store.count_days(query, now=now)
    dated = {day: n for day, n in counted.days.items() if day <= now.date() + A_DAY}
    days = sorted(dated)
    first_on, last_on = (days[0], days[-1]) if days else (None, None)
    together = store.facets(query, now=now, limit=FEW_BESIDE + 1).entity
    return EntityFacts(
        told=told,
        first_on=first_on,
        last_on=last_on,
        first=_one_on(store, query, first_on, now),
        last=_one_on(store, query, last_on, now),
        weeks=_weeks(dated),
        undated=counted.undated + sum(counted.days.values()) - sum(dated.values()),
        beside=tuple(one for one in together if one.label != told.name)[:FEW_BESIDE],
        newest=store.timeline(query, now=now, limit=FEW_HITS).hits,
    )


def _one_on(store: Reader, query: Query, on: date | None, now: datetime) -> Hit | None:
    if on is None:
        return None
    hits = store.timeline(query, now=now, from_on=on, to_on=on, limit=1).hits
    return hits[0] if hits else None


def _weeks(days: dict[date, int]) -> tuple[Week, ...]:
    weeks: Counter[date] = Counter()
    for day, articles in days.items():
        weeks[day - timedelta(days=day.weekday())] += articles
    return tuple(Week(starts_on=monday, articles=weeks[monday]) for monday in sorted(weeks))
