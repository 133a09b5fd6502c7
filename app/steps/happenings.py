"""What happened when: the counts of the affair kept up, and the events of touched dates built.

The work of a pass follows the dates that its articles name. What is counted and built is noted
in the store, a batch a transaction: a killed pass goes on where it stopped.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from itertools import product

from model.event import DatedSentence, Event
from nlp.events.building import build_events
from nlp.events.centre import OPENING_SHARE, Centre, asked_of, count_by_article, held_by, stems_of
from nlp.events.other_dates import conflict, may_be_one
from nlp.vectors import embed
from store import Store
from store.derived import Part
from store.events.keeping import Days
from store.events.others import HeldEvent

EVENT_RULES = "2"
"""Raised by hand whenever a rule of events changes: all of them are then built anew."""

COUNTED_AT_ONCE = 100
DATES_AT_ONCE = 50


def bring_events_up(store: Store, clock: Callable[[], datetime]) -> int:
    """Count what is uncounted and build the events of stale dates; return how many were built."""
    if store.made_by(Part.EVENTS) != EVENT_RULES:
        store.begin_events()
        store.note_made((Part.EVENTS,), EVENT_RULES, now=clock())
    _count(store)
    built = 0
    while days := store.stale_days(limit=DATES_AT_ONCE):
        events = build_on(store, days)
        store.replace_events(days, events)
        _compare_dates(store, days)
        built += len(events)
    return built


def _count(store: Store) -> None:
    while waiting := store.uncounted(limit=COUNTED_AT_ONCE):
        store.save_counted({one: held_by(store.article_sentences(one)) for one in waiting})


def build_on(store: Store, days: Sequence[Days]) -> tuple[Event, ...]:
    """Return the events of some dates as the kept counts weigh them."""
    sentences = store.dated_sentences(days)
    return build_events(sentences, _kept_centre(store, asked_of(sentences)), meaning=embed)


def _kept_centre(store: Store, asked: Mapping[str, Collection[str]]) -> Centre:
    """Return the kept counts that are asked for, and how many articles there are."""
    articles = store.count_whole()
    opened = store.find_nth("published", articles / OPENING_SHARE) if articles else None
    return Centre(
        articles=articles,
        opened=date.fromisoformat(opened) if opened else None,
        **{what: store.count_holders(what, keys) for what, keys in asked.items()},
    )


def _compare_dates(store: Store, days: Sequence[Days]) -> None:
    """Note which events of these dates may be told elsewhere with another date."""
    found: dict[tuple[int, int], bool] = {}
    for date_ in days:
        events, beside = store.held_events(date_), store.events_beside(date_)
        words = {stem for one in (*events, *beside) for stem in stems_of(one.text)}
        centre = _kept_centre(store, {"words": words}) if events and beside else Centre()
        for event, other in product(events, beside):
            if _may_be_one(event, other, centre):
                found[event.id, other.id] = conflict((event.date, event.to), (other.date, other.to))
    store.save_others(found)


def _may_be_one(one: HeldEvent, other: HeldEvent, centre: Centre) -> bool:
    return may_be_one(
        (one.text, other.text),
        (one.entities, other.entities),
        (one.articles, other.articles),
        centre,
    )


def build_all_events(store: Store) -> tuple[Event, ...]:
    """Return the events of all dates as they would be built now, everything counted anew."""
    sentences: Sequence[DatedSentence] = store.dated_sentences(store.dated_days())
    return build_events(sentences, count_by_article(store.dated_sentences()), meaning=embed)
