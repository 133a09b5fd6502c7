"""The timeline by event, publication and first sight, in buckets, and what changed since."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from app.cli import main
from model.event import Event
from model.mention import Precision
from model.story import Copy, CopyKind, Story
from store import open_store
from store.records import Seen
from store.versions import Move
from tests.held_affair import make_event, make_reading
from tests.store.makers import keep, make_capture

CONFIG = """
[affair]
name = "Le port"
match = "caméras"
timezone = "Europe/Paris"

[[entities]]
name = "CNIL"
kind = "organisation"
"""

MONDAY = datetime(2023, 11, 20, 9, tzinfo=UTC)
DAY = timedelta(days=1)
EVENTS = (
    make_event(1, date(2023, 11, 15), "Un contrôle.", 3.0, entities=("CNIL",)),
    make_event(2, date(2023, 1, 1), "Cette année-là.", 2.0, to=date(2023, 12, 31),
               precision=Precision.YEAR),
    make_event(3, date(2023, 10, 30), "Du 30 au 3.", 1.0, to=date(2023, 11, 3),
               precision=Precision.INTERVAL),
)  # fmt: skip


def reading(number, **fields):
    return make_reading(number, f"Titre {number}", f"caméras {number}", **fields)


def fill(data):
    """Six articles: dated, at the turn of a day, undated, of 2038; two are of the last day."""
    with open_store(data, timezone="Europe/Paris") as store:
        keep(store, reading(1, published_at=MONDAY), now=MONDAY)
        late = datetime(2023, 11, 19, 23, 30, tzinfo=UTC)
        keep(store, reading(2, published_at=late), now=MONDAY)
        keep(store, reading(3), now=MONDAY)
        keep(store, reading(4, published_at=datetime(2038, 1, 1, tzinfo=UTC)), now=MONDAY)
        bare = datetime(2021, 3, 28, tzinfo=UTC)
        keep(store, reading(5, published_at=bare, published_precision="day"), now=MONDAY + DAY)
        keep(store, reading(6, published_at=MONDAY + DAY), now=MONDAY + DAY)
        keep(store, reading(7), now=MONDAY + DAY, relevant=False, reasons=())
        for moment in (MONDAY, MONDAY + DAY):
            store.finish_run(store.start_run(now=moment), "done", {}, now=moment)
        keep(store, reading(1, summary="", published_at=MONDAY, authors=("A. Roy",)),
             now=MONDAY + DAY)  # fmt: skip
        store.record_reading(2, Seen.ABSENT, "404", now=MONDAY + DAY)
        move = Move(article_id=3, from_url="https://a.example/1", to_url="https://a.example/2",
                    capture=make_capture(data), now=MONDAY + DAY)  # fmt: skip
        store.record_move(move)
        store.save_copies(6, [Copy(article=6, of=1, kind=CopyKind.VERBATIM, score=1, evidence="")])
        for articles in ((1, 6), (5,)):
            store.save_story(Story(
                id=0, title=f"Récit {articles}", first_at=MONDAY, last_at=MONDAY + DAY,
                articles=articles, independent_sources=1, origin=None,
            ))  # fmt: skip
        store.replace_events(None, (*EVENTS, only_new(), shared()))


def only_new() -> Event:
    return make_event(6, date(2023, 11, 21), "Seul le nouveau le dit.", 1.0, inferred=True)


def shared() -> Event:
    event = make_event(6, date(2023, 11, 20), "Les deux le disent.", 1.0)
    other = make_event(1, date(2023, 11, 20), "Les deux le disent.", 1.0).citations
    return Event(**{name: getattr(event, name) for name in event.__struct_fields__
                    if name != "citations"}, citations=(*event.citations, *other))  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("timelines")
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    fill(folder / "data")
    return folder


@pytest.fixture
def vigie(capsys, folder):
    def run(line):
        with pytest.raises(SystemExit) as left:
            main(args=["--config", f"{folder / 'config.toml'}", *line.split()])
        told = capsys.readouterr()
        return left.value.code, told.out, told.err

    return run


@pytest.fixture
def asked(vigie):
    def ask(line):
        status, out, err = vigie(f"{line} --json")
        assert status == 0, err
        return json.loads(out)

    return ask


def test_by_publication_each_stands_on_its_day_of_the_affairs_calendar(asked):
    found = {row["article"]: (row["on"], row["basis"]) for row in asked("timeline --by published")}
    assert found == {
        1: ("2023-11-20", "published"),
        2: ("2023-11-20", "published"),
        3: ("2023-11-20", "undated"),
        4: ("2023-11-20", "future"),
        5: ("2021-03-28", "published"),
        6: ("2023-11-21", "published"),
    }


def test_by_first_sight_the_last_one_seen_comes_first(asked):
    rows = asked("timeline --by seen")
    assert [row["article"] for row in rows] == [6, 5, 4, 3, 2, 1]
    assert [row["article"] for row in asked("timeline --by seen --limit 3")] == [6, 5, 4]
    assert [row["article"] for row in asked("timeline --by seen --to 2023-11-20")] == [4, 3, 2, 1]


def test_why_an_article_stands_on_its_day_is_told(vigie):
    out = vigie("timeline --by published")[1]
    assert "[undated: stands where it was first seen]" in out
    assert "[dated in the future, 2038-01-01: stands where it was first seen]" in out


@pytest.mark.parametrize("by", ["published", "seen"])
@pytest.mark.parametrize("size", ["day", "week", "month", "year"])
def test_a_bucket_counts_what_is_listed_between_its_ends(asked, by, size):
    counted = asked(f"timeline --by {by} --bucket {size}")
    assert counted["total"] == sum(bucket["count"] for bucket in counted["buckets"]) == 6
    for bucket in counted["buckets"]:
        if bucket["count"]:
            ends = f"--from {bucket['from']} --to {bucket['to']}"
            assert len(asked(f"timeline --by {by} {ends}")) == bucket["count"]
            named = f"--from {bucket['label']} --to {bucket['label']}"
            assert len(asked(f"timeline --by {by} {named}")) == bucket["count"]


def test_empty_buckets_are_zeros_in_json_and_one_line_on_a_screen(asked, vigie):
    buckets = asked("timeline --by published --bucket month")["buckets"]
    assert [bucket["count"] for bucket in buckets] == [1, *[0] * 31, 5]
    assert (buckets[-1]["undated"], buckets[-1]["future"]) == (1, 1)
    out = vigie("timeline --by published --bucket month")[1]
    assert "… 31 months without an article …" in out
    assert "(1 undated, 1 dated in the future)" in out


def test_an_event_of_a_whole_year_is_in_no_month(asked, vigie):
    counted = asked("timeline --bucket month --from 2023-11")
    assert (counted["total"], counted["inexact"], counted["earlier"]) == (5, 1, 1)
    assert [bucket["count"] for bucket in counted["buckets"]] == [3]
    assert len(asked("timeline --from 2023-11")) == counted["total"]
    assert "1 event dated less exactly than a month" in vigie("timeline --bucket month")[1]
    assert asked("timeline --bucket year")["buckets"][0]["count"] == 5


def test_a_story_has_its_timeline(asked, vigie):
    assert [row["article"] for row in asked("timeline --by published --story 1")] == [6, 1]
    days = ["2023-11-15", "2023-11-20", "2023-11-21"]
    assert [event["date"] for event in asked("timeline --story 1")] == days
    assert asked("timeline --by seen --story 2 --bucket day")["total"] == 1
    status, _, err = vigie("timeline --story 99")
    assert (status, err) == (
        2,
        "vigie: --story 99: there is no such story; `vigie stories` lists them\n",
    )


def test_an_entity_has_its_timeline(asked):
    assert [event["date"] for event in asked("timeline --entity cnil")] == ["2023-11-15"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("timeline --bucket day --limit 3", "leave out --limit"),
        ("timeline --by published --bucket day --from 0001 --to 9999 --json", "longer --bucket"),
        ("timeline --from 2023-W60", "not in the calendar"),
        ("changes --since demain", "a moment is written"),
        ("changes --since 2024 --until 2023", "is after"),
        ("changes --query (", "A word is missing"),
    ],
)
def test_what_cannot_be_shown_is_one_sentence(vigie, line, said):
    status, out, err = vigie(line)
    assert (status, out) == (2, "")
    assert said in err


# --- what changed since


def test_what_came_and_changed_since_a_moment_is_counted_as_it_is_listed(asked):
    news = asked("changes --since 2023-11-21")
    assert [new["article"] for new in news["articles"]] == [6, 5]
    assert {(c["article"], c["what"]) for c in news["changes"]} == {
        (1, "edited"), (2, "absent"), (3, "moved"),
    }  # fmt: skip
    assert [(copy["article"], copy["of"]) for copy in news["copies"]] == [(6, 1)]
    stories = {(s["story"], s["is_new"], tuple(s["articles"])) for s in news["stories"]}
    assert stories == {(1, False, (6,)), (2, True, (5,))}
    assert [event["text"] for event in news["events"]] == ["Seul le nouveau le dit."]
    counts = news["counts"]
    for name in ("articles", "copies", "stories", "events"):
        assert counts.pop(name) == len(news[name])
    assert sum(counts.values()) == len(news["changes"])
    assert (news["since"], news["timezone"]) == ("2023-11-20T23:00:00Z", "Europe/Paris")


@pytest.mark.parametrize(
    ("span", "articles", "changes"),
    [
        ("", [6, 5], 3),
        ("--since last-pass", [], 0),
        ("--since avant-dernier-passage", [6, 5], 3),
        ("--since 2023 --until 2023-11-20", [4, 3, 2, 1], 0),
        ("--since 2023-11-21T10:00 --until 2023-11-21T10:00", [6, 5], 3),
        ("--since 2023-11-21T10:01", [], 0),
        ("--since 2023-11-21 --query title:6", [6], 0),
        ("--since 2023-11-21 --query is:removed", [], 1),
    ],
)
def test_moments_are_whole_seconds_and_both_ends_are_included(asked, span, articles, changes):
    news = asked(f"changes {span}")
    assert [new["article"] for new in news["articles"]] == articles
    assert len(news["changes"]) == changes


def test_a_limit_lists_less_and_counts_all(asked, vigie):
    news = asked("changes --since 2023 --limit 1")
    assert (news["counts"]["articles"], len(news["articles"])) == (6, 1)
    out = vigie("changes --since 2023 --limit 1")[1]
    assert "6 new articles" in out
    assert "New articles: 1 of 6" in out


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("timeline --entity CNLI", "--entity CNIL"),
        ("timeline --by seen --bucket day --entity CNLI", "--entity CNIL"),
        ("timeline --by published --query entity:CNLI", "--query entity:CNIL"),
    ],
)
def test_a_misspelt_name_is_told_with_what_may_be_meant(vigie, line, meant):
    status, _, err = vigie(line)
    assert (status, err.strip()) == (0, f"Did you mean: {meant}")


def test_a_name_spelt_right_of_whom_nothing_stands_there_is_left_alone(vigie):
    assert "Did you mean" not in vigie("timeline --entity CNIL --to 1990")[2]
