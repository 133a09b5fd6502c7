"""When to ask again: a source, an entry's page, a kept article. Pure decisions.

Nothing here sleeps or reads a clock, and no failure ever ends in never asking again.
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import msgspec

from crawler.moves import follow_move
from crawler.rhythm import SHORTEST, next_interval, next_rhythm
from model.source import SourceState

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

LIGHTEST, HEAVIEST = 1.0, 30.0
"""How many times the configured rest a host is given, at the least and at the most."""

_SLOW_S = 3.0
_PATIENT_FAILURES = 3
_SECONDS = re.compile(r"[0-9]{1,12}")


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A source answered: with `new_entries` not seen before, 0 when nothing changed.

    `changed` is false after a 304 or a body known by its hash; the validators then stay what they
    were unless the answer carries new ones. A cut document gives no validators. `is_full` is false
    after a 304 alone. `target` is where permanent redirects alone led. `rhythm_s` and `newest_at`
    are what the dates of a first listing say. `has_overflowed` when nothing listed was known any
    more: some may have scrolled by unseen. `reason` says what was left out, if anything.
    """

    changed: bool
    is_full: bool = True
    new_entries: int = 0
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    target: str | None = None
    rhythm_s: int | None = None
    newest_at: datetime | None = None
    has_overflowed: bool = False
    reason: str = ""


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A source could not be read: `state` and `reason` of a CrawlError, and what it answered.

    `target` is where permanent redirects alone led to that answer, where one came.
    """

    state: str
    reason: str
    status: int | None = None
    retry_after: str | None = None
    target: str | None = None


Outcome = Answer | Failure


def validators(state: SourceState, now: datetime) -> tuple[str | None, str | None]:
    """Return the ETag and the Last-Modified to ask with; none once a week, for a whole answer."""
    if state.full_read_at is None or now - state.full_read_at >= WEEK:
        return None, None
    return state.etag, state.last_modified


def next_state(state: SourceState, outcome: Outcome, now: datetime) -> SourceState:
    """Return the state of a source after one poll, with the time of the next."""
    if isinstance(outcome, Answer):
        return _after_answer(state, outcome, now)
    return _after_failure(state, outcome, now)


def _after_answer(state: SourceState, answer: Answer, now: datetime) -> SourceState:
    known = _after_news(state, answer, now) if answer.new_entries else state
    interval = next_interval(
        timedelta(seconds=state.interval_s), known.rhythm_s, known.last_new_at, now
    )
    if answer.has_overflowed:
        interval = SHORTEST
    kept = msgspec.structs.replace(
        follow_move(known, answer.target, now),
        state="ok",
        reason=answer.reason,
        last_polled_at=now,
        last_success_at=now,
        next_poll_at=now + interval,
        failures=0,
        interval_s=int(interval.total_seconds()),
        full_read_at=now if answer.is_full else state.full_read_at,
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


def _after_news(state: SourceState, answer: Answer, now: datetime) -> SourceState:
    """Return the state with its rhythm; what it listed first has only its dates to tell."""
    if state.last_new_at is None:
        newest_at = min(answer.newest_at or now, now)
        return msgspec.structs.replace(state, rhythm_s=answer.rhythm_s, last_new_at=newest_at)
    rhythm_s = next_rhythm(state.rhythm_s, state.last_new_at, now)
    return msgspec.structs.replace(state, rhythm_s=rhythm_s, last_new_at=now)


def _after_failure(state: SourceState, failure: Failure, now: datetime) -> SourceState:
    failures = state.failures + 1
    is_gone = failure.status == 410
    asked = parse_retry_after(failure.retry_after, now)
    slowed = retry_wait(timedelta(seconds=state.interval_s), failures)
    wait = WEEK if is_gone else _wait_as_asked(asked, slowed, failures)
    return msgspec.structs.replace(
        _after_lost_way(state, failure, failures),
        state="gone" if is_gone else failure.state,
        reason=failure.reason,
        last_polled_at=now,
        next_poll_at=now + wait,
        failures=failures,
    )


def _after_lost_way(state: SourceState, failure: Failure, failures: int) -> SourceState:
    """Return the state with what is left of a move: an answer that does not agree ends it.

    An address taken over that fails again and again is left for the one that was configured.
    """
    if failure.status is not None and failure.target != state.moved_to:
        state = msgspec.structs.replace(state, moved_to=None, moved_since=None)
    if failures >= _PATIENT_FAILURES:
        state = msgspec.structs.replace(state, address=None)
    return state


def put_off(state: SourceState, reason: str, until: datetime) -> SourceState:
    """Return the state of a source that was not asked, as its host is left in peace."""
    return msgspec.structs.replace(state, state="busy", reason=reason, next_poll_at=until)


def _wait_as_asked(asked: timedelta | None, slowed: timedelta, failures: int) -> timedelta:
    """Return what the site asks to wait, until it has failed too often to be believed."""
    if asked is None:
        return slowed
    return max(asked, SHORTEST if failures <= _PATIENT_FAILURES else slowed)


def retry_wait(interval: timedelta, failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row: doubling, a week at the most."""
    doublings: int = 2 ** min(failures, 16)
    return min(max(interval, SHORTEST) * doublings, WEEK)


def next_strain(strain: float, took_s: float, *, is_trouble: bool) -> float:
    """Return by how much the rest of a host is lengthened after one request.

    Trouble (429, 5xx, no whole answer) doubles it, a slow answer adds a quarter, a good one takes
    a tenth back.
    """
    factor = 2.0 if is_trouble else 1.25 if took_s > _SLOW_S else 0.9
    return min(max(strain * factor, LIGHTEST), HEAVIEST)


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
