"""What days and moments cost grows with what is asked, not with what is held."""

from datetime import date, datetime, timedelta

import pytest

from model.query import Flag, Is, parse_query
from tests.store.makers import NOON, keep, make_event, make_reading
from tests.store.test_cost import costs

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RELEVANT = Is(typed="", flag=Flag.RELEVANT)


def hold(store, start, articles):
    """Keep articles an hour apart from `start` on, each told of by an event."""
    for number in range(articles):
        at = start + number * HOUR
        url = f"https://a.example/{at:%Y%m%d%H}"
        kept = keep(store, make_reading(url, published_at=at), now=at)
        day = at.date()
        store.replace_events([(day, day)], [make_event(kept.article_id, day)])


@pytest.mark.parametrize(
    "ask",
    [
        lambda store, day, at: store.published_days(RELEVANT, now=at, days=(day, day)),
        lambda store, day, at: store.news(None, at - HOUR, at + DAY, now=at),
        lambda store, day, at: store.news(parse_query("titre"), at - HOUR, at + DAY, now=at),
        lambda store, day, at: store.standing([1, 2]),
        lambda store, day, at: store.ended_runs(limit=2),
        lambda store, day, at: store.events(now=at, entity="Nobody"),
        lambda store, day, at: store.events(parse_query("entity:nobody titre"), now=at),
    ],
    ids=[
        "a day by publication",
        "news",
        "news of a query",
        "where two stand",
        "passes",
        "events that name somebody",
        "events of a query that names somebody",
    ],
)
def test_a_day_costs_the_same_whatever_else_is_held(store, ask):
    hold(store, NOON, 12)
    day: date = NOON.date()
    at: datetime = NOON
    young = costs(store, lambda: ask(store, day, at))
    hold(store, NOON - 300 * DAY, 240)
    hold(store, NOON + 30 * DAY, 240)
    old = costs(store, lambda: ask(store, day, at))
    assert old <= young * 1.3 + 200
