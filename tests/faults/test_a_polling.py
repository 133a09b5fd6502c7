"""Faults 7 and 12 to 15: what polling owes to the sites it asks, over whole passes."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest

from app.commands.run_command import summary_sentence
from model.source import NoticeKind, Source
from tests.crawler.misbehaving import NOON, SITE, ask, http
from tests.faults.watching import FEED, Watched, feed, item, page

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NEW = f"http://{SITE}/new"
PAGES = {f"/a{n}": page(n) for n in range(9)}
ROBOTS = b"User-agent: *\nDisallow: /a2\n"


def notices(watched: Watched, url: str = FEED) -> list[NoticeKind]:
    """Return what is noticed about a source and not settled."""
    with watched.store() as store:
        return [notice.what for notice in store.open_notices(url)]


def sources(watched: Watched) -> list[str]:
    """Return the addresses of all sources, active or not."""
    with watched.store() as store:
        return [report.source.url for report in store.source_states()]


@pytest.mark.parametrize("name", ["HTTP_PROXY", "ALL_PROXY", "http_proxy"])
def test_fault_07_neither_a_proxy_nor_a_netrc_of_the_environment_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text(f"machine {SITE} login me password s3cret\ndefault login me password s3cret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv(name, "http://127.0.0.1:9/")
    response, web = ask({"/": http(b"x")})
    assert response.status == 200
    assert all("Authorization" not in headers for _, _, headers in web.requests)


@pytest.mark.parametrize("status", [429, 503])
def test_fault_12_one_busy_answer_holds_a_whole_host_and_nothing_is_lost(
    tmp_path: Path, status: int
) -> None:
    busy = http(status=status, Retry_After="7200")
    elsewhere = "http://other.example/feed2"
    answers = {
        "/feed": feed(*(item(n) for n in range(1, 6))),
        **{f"/a{n}": busy for n in range(1, 6)},
        "/feed2": feed(item(7, link="http://other.example/a7")),
        "/a7": page(7),
    }
    watched = Watched(tmp_path, answers, FEED, elsewhere)
    watched.make_pass()
    assert sorted(watched.asked) == ["/a1", "/a7", "/feed", "/feed2"]
    watched.answers |= PAGES
    watched.make_pass(NOON + HOUR)
    assert {host for host, _, _ in watched.requests} <= {"other.example"}
    assert watched.state().failures == 0
    watched.make_pass(NOON + 2 * HOUR + MINUTE)
    assert sorted(watched.articles()) == [
        "http://other.example/a7", *(f"http://{SITE}/a{n}" for n in range(1, 6))
    ]  # fmt: skip


def test_fault_12_a_source_on_a_busy_host_is_put_off_and_not_blamed(tmp_path: Path) -> None:
    second = f"http://{SITE}/second"
    answers = {"/feed": http(status=429, Retry_After="18000"), "/second": feed(item(1)), **PAGES}
    watched = Watched(tmp_path, answers, FEED, second)
    told = summary_sentence(watched.make_pass())
    assert told.endswith(" Left for later, to give their sites a rest: 1 source.")
    assert watched.asked == ["/feed"]
    state = watched.state(second)
    assert (state.state, state.failures, state.next_poll_at) == ("busy", 0, NOON + 5 * HOUR)
    assert "asks to wait" in state.reason
    watched.make_pass(NOON + 5 * HOUR)
    assert watched.asked[0] == "/second"
    assert watched.state(second).state == "ok"


def moving(tmp_path: Path, status: int, *days: int) -> Watched:
    """Return a feed that has answered so on these days, seen beside one article from before."""
    listed = feed(item(1, guid="g1"), item(2, guid="g2"))
    watched = Watched(tmp_path, {"/feed": listed, "/new": listed, **PAGES})
    watched.make_pass()
    watched.answers["/feed"] = http(status=status, Location="/new")
    for day in days:
        watched.make_pass(NOON + day * DAY)
    return watched


@pytest.mark.parametrize("status", [301, 308])
def test_fault_13_an_address_that_moved_for_good_is_asked_after_a_week_of_agreement(
    tmp_path: Path, status: int
) -> None:
    watched = moving(tmp_path, status, 2, 4, 6, 8)
    assert watched.asked == ["/feed", "/new"]
    assert (watched.state().address, notices(watched)) == (None, [])
    watched.make_pass(NOON + 10 * DAY)
    assert (watched.state().address, notices(watched)) == (NEW, [NoticeKind.MOVED])
    with watched.store() as store:
        store.settle_notices(FEED, now=NOON + 11 * DAY)
    watched.make_pass(NOON + 12 * DAY)
    assert watched.asked == ["/new"]
    assert (sources(watched), notices(watched)) == ([FEED], [])
    assert len(watched.articles()) == 2


@pytest.mark.parametrize("status", [302, 303, 307])
def test_fault_13_a_passing_redirect_never_moves_a_source(tmp_path: Path, status: int) -> None:
    watched = moving(tmp_path, status, 2, 4, 6, 8, 10, 20)
    assert (watched.state().moved_to, watched.state().address) == (None, None)
    assert watched.asked == ["/feed", "/new"]


@pytest.mark.parametrize("answer", [feed(item(1)), http(status=500), http(status=404)])
def test_fault_13_any_other_answer_begins_the_week_again(tmp_path: Path, answer: bytes) -> None:
    watched = moving(tmp_path, 301, 2, 4)
    watched.answers["/feed"] = answer
    watched.make_pass(NOON + 6 * DAY)
    watched.answers["/feed"] = http(status=301, Location="/new")
    for day in (9, 12, 15):
        watched.make_pass(NOON + day * DAY)
    assert (watched.state().address, watched.state().moved_since) == (None, NOON + 9 * DAY)


def test_fault_13_the_new_address_in_the_configuration_is_the_same_source(tmp_path: Path) -> None:
    watched = moving(tmp_path, 301, 2, 10)
    watched.sources = [Source(url=NEW, name="Le port")]
    counts = watched.make_pass(NOON + 12 * DAY).counts
    assert (counts["entries_new"], counts["pages_read"]) == (0, 0)
    assert sources(watched) == [NEW]
    assert notices(watched, NEW) == []
    watched.answers["/new"] = feed(item(1, guid="g1"), item(2, guid="g2"), item(3, guid="g3"))
    assert watched.make_pass(NOON + 14 * DAY).counts["entries_new"] == 1
    assert len(watched.articles()) == 3


def test_fault_13_a_new_address_that_fails_is_left_for_the_old_one(tmp_path: Path) -> None:
    watched = moving(tmp_path, 301, 2, 10)
    watched.answers |= {"/feed": feed(item(1, guid="g1")), "/new": http(status=404)}
    for day in (12, 20, 30):
        watched.make_pass(NOON + day * DAY)
        assert watched.asked[0] == "/new"
    watched.make_pass(NOON + 40 * DAY)
    assert watched.asked[0] == "/feed"
    assert (watched.state().state, notices(watched)) == ("ok", [])


@pytest.mark.parametrize("target", ["http://other.example/new", "http://127.0.0.1:9/new"])
def test_fault_13_no_source_is_moved_to_another_site_or_inside(tmp_path: Path, target: str) -> None:
    watched = moving(tmp_path, 301)
    watched.answers["/feed"] = http(status=301, Location=target)
    for day in (2, 4, 10, 20):
        watched.make_pass(NOON + day * DAY)
    assert watched.state().address is None
    assert sources(watched) == [FEED]


def test_fault_13_a_source_that_is_gone_is_told_and_keeps_everything(tmp_path: Path) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), **PAGES})
    watched.make_pass()
    watched.answers["/feed"] = http(status=410)
    watched.make_pass(NOON + DAY)
    assert (watched.state().state, notices(watched)) == ("gone", [NoticeKind.GONE])
    with watched.store() as store:
        store.settle_notices(FEED, now=NOON + DAY)
    watched.make_pass(NOON + 8 * DAY)
    assert (watched.state().state, notices(watched)) == ("gone", [])
    assert list(watched.articles()) == [f"http://{SITE}/a1"]
    watched.answers["/feed"] = feed(item(1), item(2))
    watched.make_pass(NOON + 16 * DAY)
    assert (watched.state().state, notices(watched)) == ("ok", [])


def test_fault_13_a_failing_source_is_slowed_and_never_dropped(tmp_path: Path) -> None:
    watched = Watched(tmp_path, {"/feed": http(status=500)})
    now, waits = NOON, []
    for _ in range(12):
        watched.make_pass(now)
        due = watched.state().next_poll_at
        assert due is not None
        waits.append(due - now)
        now = due
    assert waits == sorted(waits)
    assert waits[-1] == 7 * DAY


def asked_robots(watched: Watched) -> int:
    """Return how often the last pass asked for robots.txt."""
    return sum(path == "/robots.txt" for _, path, _ in watched.requests)


def test_fault_14_robots_txt_is_asked_once_a_day_whatever_the_passes(tmp_path: Path) -> None:
    answers = {"/robots.txt": http(ROBOTS), "/feed": feed(item(1), item(2)), **PAGES}
    watched = Watched(tmp_path, answers)
    watched.make_pass()
    assert asked_robots(watched) == 1
    assert sorted(watched.articles()) == [f"http://{SITE}/a1"]
    for hours in (2, 5, 10, 23):
        watched.make_pass(NOON + hours * HOUR)
        assert asked_robots(watched) == 0
        assert "/a2" not in watched.asked
    watched.make_pass(NOON + 25 * HOUR)
    assert asked_robots(watched) == 1


def test_fault_14_rules_known_hold_while_robots_txt_cannot_be_had(tmp_path: Path) -> None:
    answers = {"/robots.txt": http(ROBOTS), "/feed": feed(item(1), item(2)), **PAGES}
    watched = Watched(tmp_path, answers)
    watched.make_pass()
    watched.answers["/robots.txt"] = http(status=503)
    watched.make_pass(NOON + 25 * HOUR)
    assert watched.state().state == "ok"
    assert "/a2" not in watched.asked
    watched.answers["/robots.txt"] = http(status=404)
    watched.make_pass(NOON + 50 * HOUR)
    assert f"http://{SITE}/a2" in watched.articles()


def test_fault_14_a_robots_txt_never_had_forbids_all_for_a_month_and_no_longer(
    tmp_path: Path,
) -> None:
    answers = {"/robots.txt": http(status=500), "/feed": feed(item(1)), **PAGES}
    watched = Watched(tmp_path, answers)
    for day in range(0, 29, 7):
        watched.make_pass(NOON + day * DAY)
        assert asked_robots(watched) == 1
        assert watched.asked == []
    watched.make_pass(NOON + 31 * DAY)
    watched.make_pass(NOON + 39 * DAY)
    assert list(watched.articles()) == [f"http://{SITE}/a1"]


def test_fault_14_a_page_in_the_place_of_rules_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    answers = {"/robots.txt": http(b"<!doctype html><p>Perdu"), "/feed": feed(item(1)), **PAGES}
    with caplog.at_level(logging.WARNING):
        Watched(tmp_path, answers).make_pass()
    assert "is a web page, not rules" in caplog.text
