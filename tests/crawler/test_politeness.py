"""When to ask again: tables of waits."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.politeness import (
    Answer,
    Failure,
    next_reading_at,
    next_state,
    next_strain,
    next_try_at,
    parse_retry_after,
    put_off,
    retry_wait,
    validators,
)
from model.source import SourceState

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WEEK = 7 * DAY
FEED = SourceState(url="https://press.example/feed")


def test_an_answer_clears_failures_and_keeps_what_makes_the_next_poll_cheap() -> None:
    failed = next_state(FEED, Failure(state="timeout", reason="slow"), NOON)
    answer = Answer(changed=True, new_entries=9, etag='"2"', last_modified="x", body_sha256="ab")
    state = next_state(failed, answer, NOON)
    assert (state.state, state.reason, state.failures) == ("ok", "", 0)
    assert (state.etag, state.last_modified, state.body_sha256) == ('"2"', "x", "ab")
    assert state.last_polled_at == state.last_success_at == NOON
    assert (state.last_new_at, state.full_read_at) == (NOON, NOON)
    assert state.next_poll_at == NOON + 72 * MINUTE


def test_a_source_is_asked_four_times_in_its_rhythm() -> None:
    listed = Answer(changed=True, new_entries=30, rhythm_s=24 * 3600, newest_at=NOON - HOUR)
    first = next_state(FEED, listed, NOON)
    assert (first.rhythm_s, first.last_new_at) == (24 * 3600, NOON - HOUR)
    assert first.next_poll_at == NOON + 6 * HOUR
    nothing = next_state(first, Answer(changed=False), NOON + 6 * HOUR)
    assert nothing.next_poll_at == NOON + 12 * HOUR
    assert (nothing.rhythm_s, nothing.last_new_at) == (first.rhythm_s, first.last_new_at)


def test_a_source_whose_whole_list_is_new_is_asked_at_once_again() -> None:
    known = next_state(FEED, Answer(changed=True, new_entries=3, rhythm_s=24 * 3600), NOON)
    full = Answer(changed=True, new_entries=20, has_overflowed=True)
    assert next_state(known, full, NOON + DAY).next_poll_at == NOON + DAY + 10 * MINUTE


def test_validators_are_sent_but_once_a_week() -> None:
    known = next_state(FEED, Answer(changed=True, etag='"1"', last_modified="x"), NOON)
    for day in range(1, 7):
        now = NOON + day * DAY
        assert validators(known, now) == ('"1"', "x")
        known = next_state(known, Answer(changed=False, is_full=False), now)
    assert validators(known, NOON + WEEK) == (None, None)
    whole = next_state(known, Answer(changed=False), NOON + WEEK)
    assert validators(whole, NOON + WEEK + DAY) == ('"1"', "x")


def test_a_source_put_off_is_no_failure() -> None:
    known = next_state(FEED, Answer(changed=True, new_entries=1), NOON)
    state = put_off(known, "its site asks to wait", NOON + 2 * HOUR)
    assert (state.state, state.reason, state.failures) == ("busy", "its site asks to wait", 0)
    assert (state.next_poll_at, state.interval_s) == (NOON + 2 * HOUR, known.interval_s)


@pytest.mark.parametrize(
    ("strain", "took_s", "is_trouble", "expected"),
    [
        (1.0, 0.1, False, 1.0),
        (1.0, 0.1, True, 2.0),
        (1.0, 5.0, False, 1.25),
        (20.0, 0.1, True, 30.0),
        (10.0, 0.1, False, 9.0),
    ],
    ids=["well", "trouble", "slow", "not above thirty", "slowly back"],
)
def test_a_host_in_trouble_is_given_more_rest(
    strain: float, took_s: float, is_trouble: bool, expected: float
) -> None:
    assert next_strain(strain, took_s, is_trouble=is_trouble) == pytest.approx(expected)


def test_an_unchanged_source_keeps_its_validators_unless_given_new_ones() -> None:
    known = next_state(FEED, Answer(changed=True, etag='"1"', body_sha256="ab"), NOON)
    same = next_state(known, Answer(changed=False), NOON)
    fresh = next_state(known, Answer(changed=False, etag='"2"'), NOON)
    assert (same.etag, same.body_sha256) == ('"1"', "ab")
    assert (fresh.etag, fresh.body_sha256) == ('"2"', "ab")


def test_a_changed_answer_without_validators_forgets_the_old_ones() -> None:
    known = next_state(FEED, Answer(changed=True, etag='"1"', body_sha256="ab"), NOON)
    state = next_state(known, Answer(changed=True), NOON)
    assert (state.etag, state.body_sha256) == (None, None)


@pytest.mark.parametrize(
    ("failures", "wait"),
    [(1, 2 * HOUR), (2, 4 * HOUR), (3, 8 * HOUR), (8, WEEK), (99, WEEK), (10**9, WEEK)],
    ids=["one", "two", "three", "eight", "ninety-nine", "a billion"],
)
def test_failing_sources_are_asked_less_often_and_never_dropped(
    failures: int, wait: timedelta
) -> None:
    assert retry_wait(HOUR, failures) == wait


def test_a_failure_touches_neither_validators_nor_rhythm() -> None:
    known = next_state(FEED, Answer(changed=True, etag='"1"', body_sha256="ab"), NOON)
    later = NOON + HOUR
    failure = Failure(state="http_error", reason="it answers 500", status=500)
    state = next_state(known, failure, later)
    assert (state.etag, state.body_sha256, state.interval_s) == ('"1"', "ab", known.interval_s)
    assert (state.state, state.reason, state.failures) == ("http_error", "it answers 500", 1)
    assert (state.last_polled_at, state.last_success_at) == (later, NOON)


def test_a_source_that_is_gone_is_asked_weekly() -> None:
    gone = Failure(state="http_error", reason="it answers 410", status=410, retry_after="1")
    state = next_state(FEED, gone, NOON)
    assert (state.state, state.next_poll_at) == ("gone", NOON + WEEK)
    back = next_state(state, Answer(changed=True, new_entries=1), NOON + WEEK)
    assert back.state == "ok"


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", 120 * timedelta(seconds=1)),
        (" 7200 ", 2 * HOUR),
        ("0", timedelta(0)),
        ("315360000", DAY),
        ("99999999999999999999", None),
        ("Sun, 22 Nov 2026 13:00:00 GMT", HOUR),
        ("Sun, 22 Nov 2026 13:00:00", HOUR),
        ("Sun, 22 Nov 2026 11:00:00 GMT", timedelta(0)),
        ("Sat, 22 Nov 2036 12:00:00 GMT", DAY),
        ("abc", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_honoured_up_to_a_day(value: str | None, wait: timedelta | None) -> None:
    assert parse_retry_after(value, NOON) == wait


@given(st.text(max_size=40))
def test_any_retry_after_is_read_or_left_aside(value: str) -> None:
    wait = parse_retry_after(value, NOON)
    assert wait is None or timedelta(0) <= wait <= DAY


@pytest.mark.parametrize(
    ("failures", "retry_after", "wait"),
    [
        (0, "120", 10 * MINUTE),
        (0, "18000", 5 * HOUR),
        (0, "abc", 2 * HOUR),
        (0, None, 2 * HOUR),
        (5, "1", 64 * HOUR),
    ],
    ids=["soon", "later", "garbage", "absent", "asked too often in vain"],
)
def test_a_busy_site_says_when_to_come_back(
    failures: int, retry_after: str | None, wait: timedelta
) -> None:
    state = SourceState(url=FEED.url, failures=failures)
    busy = Failure(state="http_error", reason="429", status=429, retry_after=retry_after)
    assert next_state(state, busy, NOON).next_poll_at == NOON + wait


@pytest.mark.parametrize(
    ("tries", "retry_after", "wait"),
    [
        (0, None, 10 * MINUTE),
        (1, None, 10 * MINUTE),
        (2, None, HOUR),
        (3, None, 6 * HOUR),
        (6, None, WEEK),
        (60, None, WEEK),
        (1, "3600", HOUR),
        (3, "60", 6 * HOUR),
    ],
)
def test_a_page_that_failed_is_asked_again_later_and_later(
    tries: int, retry_after: str | None, wait: timedelta
) -> None:
    assert next_try_at(tries, NOON, retry_after) == NOON + wait


@pytest.mark.parametrize(
    ("read_after", "again_after"),
    [
        (timedelta(0), 15 * MINUTE),
        (15 * MINUTE, HOUR),
        (20 * MINUTE, HOUR),
        (HOUR, 3 * HOUR),
        (3 * HOUR, DAY),
        (DAY, 3 * DAY),
        (2 * DAY, 3 * DAY),
        (3 * DAY, 30 * DAY),
        (30 * DAY, 395 * DAY),
        (395 * DAY, 760 * DAY),
    ],
)
def test_kept_articles_are_read_again_on_a_ladder(
    read_after: timedelta, again_after: timedelta
) -> None:
    assert next_reading_at(NOON, NOON + read_after) == NOON + again_after
