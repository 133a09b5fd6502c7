"""What goes into a digest, and in which order."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from digest.choose import (
    MAX_CHANGES,
    MAX_EVENTS,
    MAX_ITEMS,
    Findings,
    choose_digest,
    day_bounds,
    leave_out_last,
)
from model.config import DigestList
from model.digest import DigestChange, DigestHealth, DigestItem
from tests.held_affair import make_event

DAY = date(2023, 11, 21)
NOON = datetime(2023, 11, 21, 12, tzinfo=UTC)
LIST = DigestList(name="quotidien")


def make_item(number, **fields):
    usual: dict[str, Any] = {
        "url": f"https://gazette.example/{number}", "title": f"Titre {number}",
        "site": "gazette.example", "lang": "fr", "published_at": NOON, "first_seen_at": NOON,
        "summary": "Un résumé.",
    }  # fmt: skip
    return DigestItem(article=number, **(usual | fields))


def make_change(number, what="edited", detail="title, text", seen_at=NOON, **fields):
    return DigestChange(
        article=number, url=f"https://gazette.example/{number}", title=f"Titre {number}",
        site="gazette.example", what=what, detail=detail, seen_at=seen_at, **fields,
    )  # fmt: skip


def choose(items=(), events=(), changes=()):
    health = DigestHealth(sources=3, failing=(), last_run_at=NOON)
    findings = Findings(
        items=tuple(items), events=tuple(events), changes=tuple(changes), health=health
    )
    return choose_digest(findings, LIST, affair="Le port", on=DAY)


@pytest.mark.parametrize(
    ("on", "start", "hours"),
    [
        (date(2023, 11, 21), "2023-11-20T23:00:00+00:00", 24),
        (date(2026, 10, 25), "2026-10-24T22:00:00+00:00", 25),
        (date(2027, 3, 28), "2027-03-27T23:00:00+00:00", 23),
    ],
    ids=["an ordinary day", "the clock goes back", "the clock goes forward"],
)
def test_a_day_is_the_local_one(on, start, hours):
    first, last = day_bounds(on, "Europe/Paris")
    assert first == datetime.fromisoformat(start)
    assert last - first == timedelta(hours=hours)


@pytest.mark.parametrize("on", [date(2026, 10, 25), date(2027, 3, 28)])
def test_days_touch_without_a_gap(on):
    assert (
        day_bounds(on, "Europe/Paris")[1] == day_bounds(on + timedelta(days=1), "Europe/Paris")[0]
    )


def test_the_newest_comes_first_and_the_future_last():
    items = [
        make_item(1, published_at=NOON - timedelta(days=2)),
        make_item(2, published_at=NOON + timedelta(days=900), dated_in_future=True),
        make_item(3),
        make_item(4, published_at=None, first_seen_at=NOON - timedelta(days=1)),
    ]
    assert [item.article for item in choose(items).items] == [3, 4, 1, 2]


def test_what_has_no_room_is_counted_exactly():
    digest = choose(
        [make_item(n) for n in range(1000)], changes=[make_change(n) for n in range(50)]
    )
    assert len(digest.items) + digest.left_out == 1000
    assert len(digest.changes) + digest.changes_left_out == 50
    assert (len(digest.items), len(digest.changes)) == (MAX_ITEMS, MAX_CHANGES)


def test_leaving_out_keeps_the_sum():
    digest = choose([make_item(1)], changes=[make_change(2)])
    shorter = leave_out_last(digest)
    assert (shorter.items, shorter.left_out) == ((), 1)
    assert leave_out_last(shorter).changes_left_out == 1


def test_events_are_the_weightiest_that_its_articles_tell_in_date_order():
    told = [make_event(1, date(2023, 1, 28 - n), f"Fait {n}.", float(n)) for n in range(20)]
    other = make_event(9, date(2023, 1, 1), "Ailleurs.", 99.0)
    events = choose([make_item(1)], [*told, other]).events
    assert sorted(event.score for event in events) == [float(n) for n in range(20 - MAX_EVENTS, 20)]
    assert [event.date for event in events] == sorted(event.date for event in events)


def test_an_event_told_by_an_article_without_room_still_counts():
    items = [make_item(n) for n in range(100)]
    event = make_event(99, date(2023, 1, 1), "Un fait.", 1.0)
    assert choose(items, [event]).events == (event,)


def test_an_event_is_told_in_the_words_of_an_article_of_the_digest():
    elsewhere = make_event(9, date(2023, 1, 1), "Dit ailleurs.", 1.0)
    here = make_event(1, date(2023, 1, 1), "Dit ici.", 1.0).citations
    event = msgspec.structs.replace(elsewhere, citations=elsewhere.citations + here)
    (told,) = choose([make_item(1)], [event]).events
    assert (told.text, told.citations) == ("Dit ici.", here)


EARLIER = NOON - timedelta(hours=1)
BY_WEIGHT = [
    make_change(1, "absent", "404"),
    make_change(2, "shrunk", "text", changed_words=900),
    make_change(3, "replaced", "title, text"),
    make_change(4, "back", ""),
    make_change(5, "edited", "title, text", changed_words=9),
    make_change(6, "edited", "title", seen_at=NOON),
    make_change(7, "edited", "title", seen_at=EARLIER),
    make_change(8, "edited", "text, date", changed_words=80),
    make_change(9, "edited", "text", changed_words=8),
    make_change(10, "edited", "authors"),
    make_change(11, "edited", "date"),
    make_change(12, "completed", "text", changed_words=500),
    make_change(13, "moved", "https://a.example/ https://b.example/"),
    make_change(14, "furniture", "text"),
    make_change(15, "another that a newer Vigie knows", ""),
]


@pytest.mark.parametrize("turned", [1, -1, 5])
def test_changes_are_told_by_weight_what_is_gone_first(turned):
    mixed = [*BY_WEIGHT[turned:], *BY_WEIGHT[:turned]][::-1]
    assert [one.article for one in choose(changes=mixed).changes] == list(range(1, 16))


def test_what_has_no_room_is_what_weighs_least():
    changes = [make_change(n, "edited", "date") for n in range(MAX_CHANGES)]
    assert choose(changes=[*changes, make_change(99, "absent")]).changes[0].article == 99


def test_an_absence_that_has_ended_stands_with_its_return():
    changes = [
        make_change(1, "back", "", seen_at=NOON),
        make_change(1, "absent", "404", seen_at=EARLIER),
        make_change(2, "shrunk", "text"),
        make_change(3, "absent", "404", seen_at=NOON),
        make_change(3, "back", "", seen_at=EARLIER),
    ]
    told = [(one.article, one.what) for one in choose(changes=changes).changes]
    assert told == [(3, "absent"), (2, "shrunk"), (1, "back"), (1, "absent"), (3, "back")]


def test_a_digest_survives_its_storage():
    digest = choose([make_item(1)], [make_event(1, DAY, "Un fait.", 1.0)], [make_change(2)])
    assert msgspec.json.decode(msgspec.json.encode(digest), type=type(digest)) == digest
