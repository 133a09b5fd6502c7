"""First step of a pass: ask the sources that are due what is new.

It reads no article page.
"""

import asyncio
import hashlib
from collections.abc import Callable
from functools import partial

import msgspec

from app.steps.arrivals import Arrived, Polled, judge_arrival, watch_state
from app.steps.index_parts import Gathered, gather_parts
from app.steps.parts import Fault, Parts, Progress, Tally
from app.steps.together import BUG, Job, do_together
from crawler.addresses import canonical_or_same
from crawler.listing import list_entries
from crawler.moves import permanent_target
from crawler.politeness import Answer, Failure, next_state, put_off, validators
from model.capture import Response
from model.errors import CrawlError, PutOffError
from model.secrets import hide_secrets
from model.source import Entry, NoticeKind, Source, SourceState
from store.records import Outcomes, Sifted

BATCH = 500
"""So many entries are saved in one transaction: nobody waits long for the database."""


async def poll_sources(
    parts: Parts,
    tally: Tally,
    say_more: Callable[[], None] = lambda: None,
    *,
    begun: asyncio.Event | None = None,
) -> None:
    """Poll every source that is due; one that fails is recorded and holds up no other.

    `say_more` is called whenever one is done that may have brought pages to read, and `begun` is
    set when all of them stand in line.
    """
    due = parts.store.due_sources(now=parts.clock())
    done = 0

    async def poll(source: Source, state: SourceState) -> None:
        nonlocal done
        if await _poll(parts, tally, source, state):
            say_more()
        done += 1
        parts.notify(Progress("poll", done, len(due), source.name or hide_secrets(source.url)))

    await do_together(
        (
            Job(
                hide_secrets(source.url),
                poll(source, state),
                partial(_record_failure, parts, state, BUG),
            )
            for source, state in due
        ),
        tally,
        begun,
    )


def _record_failure(parts: Parts, state: SourceState, name: str, reason: str) -> None:
    """Save that a source could not be read, so that it is asked again later."""
    now = parts.clock()
    failed = next_state(state, Failure(state=name, reason=reason), now)
    parts.store.record_poll(failed, (), now=now)


async def _poll(parts: Parts, tally: Tally, source: Source, state: SourceState) -> bool:
    """Poll one source and tell whether it answered with a list that was not known."""
    response = None
    try:
        response = await _ask(parts, source, state)
        if _is_unchanged(response, state):
            tally.add("sources_polled")
            tally.add("sources_unchanged")
            _save_unchanged(parts, state, response)
            return False
        listing = await parts.bounded.run(list_entries, source, response)
        gathered = await gather_parts(parts, source, listing, now=parts.clock())
    except PutOffError as error:
        _put_off(parts, tally, state, error)
        return False
    except CrawlError as error:
        _save_failure(parts, tally, state, response, error)
        return False
    tally.add("sources_polled")
    tally.faults.extend(_fault(error) for error in gathered.failed)
    arrived = await _sift(parts, source, state, response, gathered)
    tally.add("entries_new", await _save_listing(parts, state, response, gathered, arrived))
    return True


async def _ask(parts: Parts, source: Source, state: SourceState) -> Response:
    """Return what a source answers; one that moved for good is asked where it is now."""
    etag, last_modified = validators(state, parts.clock())
    return await parts.fetcher.fetch(
        state.address or source.url, etag=etag, last_modified=last_modified
    )


def _is_unchanged(response: Response, state: SourceState) -> bool:
    if response.status == 304:
        return any(name.startswith("If-") for name, _ in response.request_headers)
    return response.status == 200 and _hash(response.body) == state.body_sha256


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _save_unchanged(parts: Parts, state: SourceState, response: Response) -> None:
    answer = Answer(
        # what was lacking when the same list was read is lacking still
        reason=state.reason if state.state == "ok" else "",
        changed=False,
        is_full=response.status != 304,
        etag=response.header("ETag"),
        last_modified=response.header("Last-Modified"),
        target=permanent_target(response),
    )
    _record(parts, next_state(state, answer, parts.clock()), state)


def _record(parts: Parts, now_in: SourceState, was_in: SourceState) -> None:
    """Save a poll that brought no listing."""
    now = parts.clock()
    noticed, settled = watch_state(was_in, now_in, now)
    outcomes = Outcomes(noticed=noticed, settled=settled)
    parts.store.record_poll(now_in, (), now=now, outcomes=outcomes)


async def _sift(
    parts: Parts, source: Source, state: SourceState, response: Response, gathered: Gathered
) -> Arrived:
    """Return what is new of a listing, a batch at a time: others may read and write meanwhile."""
    entries: list[Entry] = []
    sifted = Sifted()
    for batch in _batches(gathered.listing.entries):
        named = tuple(_named(entry, source) for entry in batch)
        sifted = sifted.joined(parts.store.sift_entries(state.url, named))
        entries.extend(named)
        await asyncio.sleep(0)
    is_open = any(
        notice.what is NoticeKind.TAKEOVER for notice in parts.store.open_notices(state.url)
    )
    return judge_arrival(
        Polled(source=source, state=state, response=response, gathered=gathered),
        tuple(entries),
        sifted,
        parts.clock(),
        is_taken_over=is_open,
    )


def _named(entry: Entry, source: Source) -> Entry:
    """Return an entry with the address it is compared by, and its source's language."""
    canonical = canonical_or_same(entry.url) if entry.url else ""
    return msgspec.structs.replace(
        entry,
        lang=entry.lang or source.lang,
        canonical_url="" if canonical == entry.url else canonical,
    )


def _batches(entries: tuple[Entry, ...]) -> list[tuple[Entry, ...]]:
    return [entries[start : start + BATCH] for start in range(0, len(entries), BATCH)] or [()]


async def _save_listing(
    parts: Parts, state: SourceState, response: Response, gathered: Gathered, arrived: Arrived
) -> int:
    """Save what is listed, its validators with the last of it; return how many are new.

    A list cut short gives no validators, nor does an index that does not say when its parts
    change: both are read again.
    """
    now = parts.clock()
    answer = arrived.answer
    if gathered.listing.is_whole and gathered.can_wait:
        answer = msgspec.structs.replace(
            answer,
            etag=response.header("ETag"),
            last_modified=response.header("Last-Modified"),
            body_sha256=_hash(response.body),
        )
    following = next_state(arrived.state, answer, now)
    noticed, settled = watch_state(state, following, now)
    outcomes = msgspec.structs.replace(
        arrived.outcomes,
        noticed=(*arrived.outcomes.noticed, *noticed),
        settled=(*arrived.outcomes.settled, *settled),
    )
    *sooner, last = _batches(arrived.entries)
    new = 0
    for batch in sooner:
        new += parts.store.save_entries(state.url, batch, arrived.arrival, now=now)
        await asyncio.sleep(0)
    new += parts.store.record_poll(
        following, last, now=now, arrival=arrived.arrival, outcomes=outcomes
    )
    return new


def _put_off(parts: Parts, tally: Tally, state: SourceState, error: PutOffError) -> None:
    parts.store.record_poll(put_off(state, error.reason, error.until), (), now=parts.clock())
    tally.add("sources_put_off")


def _save_failure(
    parts: Parts, tally: Tally, state: SourceState, response: Response | None, error: CrawlError
) -> None:
    failure = Failure(
        state=error.state,
        reason=error.reason,
        status=response.status if response else None,
        retry_after=response.header("Retry-After") if response else None,
        target=permanent_target(response) if response else None,
    )
    _record(parts, next_state(state, failure, parts.clock()), state)
    tally.add("sources_failed")
    tally.faults.append(Fault(hide_secrets(state.url), error.state, error.reason))


def _fault(error: CrawlError) -> Fault:
    return Fault(hide_secrets(error.url), error.state, error.reason)
