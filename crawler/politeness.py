"""When to ask again: a source, an entry's page, a kept article. Pure decisions.

Nothing here sleeps or reads a clock, and no failure ever ends in never asking again.
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import msgspec

from model.source import SourceState

SHORTEST = timedelta(minutes=10)
LONGEST = timedelta(hours=24)
WEEK = timedelta(days=7)
LONGEST_RETRY_AFTER = timedelta(hours=24)

READING_LADDER = (
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=30),
)
"""Ages at which an article is read again; after the last, once a year."""

YEAR = timedelta(days=365)

ENTRY_LADDER = (
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    WEEK,
)
"""How long after each failed try an entry's page is asked for again; the last step repeats."""

# Settles where about one poll in four brings something: three polls to an article on average
_QUICKER = 0.6
_MUCH_QUICKER = 0.4
_SLOWER = 1.2
_MANY = 5
_PATIENT_FAILURES = 3
_SECONDS = re.compile(r"[0-9]{1,12}")


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A source answered: with `new_entries` not seen before, 0 when nothing changed.

    `changed` is false after a 304 or a body known by its hash; the validators then stay what they
    were unless the answer carries new ones. A cut document gives no validators.
    """

    changed: bool
    new_entries: int = 0
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A source could not be read: `state` and `reason` of a CrawlError, and what it answered."""

    state: str
    reason: str
    status: int | None = None
    retry_after: str | None = None


Outcome = Answer | Failure


def next_state(state: SourceState, outcome: Outcome, now: datetime) -> SourceState:
    """Return the state of a source after one poll, with the time of the next."""
    if isinstance(outcome, Answer):
        return _after_answer(state, outcome, now)
    return _after_failure(state, outcome, now)


def _after_answer(state: SourceState, answer: Answer, now: datetime) -> SourceState:
    interval = next_interval(timedelta(seconds=state.interval_s), answer.new_entries)
    kept = msgspec.structs.replace(
        state,
        state="ok",
        reason="",
        last_polled_at=now,
        last_success_at=now,
        next_poll_at=now + interval,
        failures=0,
        interval_s=int(interval.total_seconds()),
    )
    if not answer.changed:
        return msgspec.structs.replace(
            kept,
            etag=answer.etag or state.etag,
            last_modified=answer.last_modified or state.last_modified,
        )
    return msgspec.structs.replace(
        kept,
        etag=answer.etag,
        last_modified=answer.last_modified,
        body_sha256=answer.body_sha256,
    )


def next_interval(interval: timedelta, new_entries: int) -> timedelta:
    """Return how long to wait after a poll that brought `new_entries`.

    A source that brings something is asked sooner, the more so when it brings much (some may
    have scrolled out of its list between two polls), one that brings nothing a little later.
    """
    factor = _SLOWER if new_entries == 0 else _QUICKER
    if new_entries >= _MANY:
        factor = _MUCH_QUICKER
    return min(max(interval * factor, SHORTEST), LONGEST)


def _after_failure(state: SourceState, failure: Failure, now: datetime) -> SourceState:
    failures = state.failures + 1
    is_gone = failure.status == 410
    asked = parse_retry_after(failure.retry_after, now)
    slowed = retry_wait(timedelta(seconds=state.interval_s), failures)
    wait = WEEK if is_gone else _wait_as_asked(asked, slowed, failures)
    return msgspec.structs.replace(
        state,
        state="gone" if is_gone else failure.state,
        reason=failure.reason,
        last_polled_at=now,
        next_poll_at=now + wait,
        failures=failures,
    )


def _wait_as_asked(asked: timedelta | None, slowed: timedelta, failures: int) -> timedelta:
    """Return what the site asks to wait, until it has failed too often to be believed."""
    if asked is None:
        return slowed
    return max(asked, SHORTEST if failures <= _PATIENT_FAILURES else slowed)


def retry_wait(interval: timedelta, failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row: doubling, a week at the most."""
    doublings: int = 2 ** min(failures, 16)
    return min(max(interval, SHORTEST) * doublings, WEEK)


def parse_retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Return how long a Retry-After header asks to wait, a day at the most (RFC 9110 10.2.3).

    None when there is none or it says nothing.
    """
    written = (value or "").strip()
    if _SECONDS.fullmatch(written):
        return min(timedelta(seconds=int(written)), LONGEST_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta(0)), LONGEST_RETRY_AFTER)


def next_try_at(tries: int, now: datetime, retry_after: str | None = None) -> datetime:
    """Return when an entry's page that failed `tries` times, at least once, is asked for again."""
    step = ENTRY_LADDER[min(max(tries, 1), len(ENTRY_LADDER)) - 1]
    return now + max(step, parse_retry_after(retry_after, now) or step)


def next_reading_at(first_seen_at: datetime, last_read_at: datetime) -> datetime:
    """Return when a kept article is read again: at the first rung of the ladder not yet reached.

    An article missed for a while is read once, not once for every rung that has passed.
    """
    age = last_read_at - first_seen_at
    rung = next((rung for rung in READING_LADDER if rung > age), None)
    return first_seen_at + rung if rung is not None else last_read_at + YEAR
