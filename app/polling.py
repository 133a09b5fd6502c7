"""First step of a pass: ask the sources that are due what is new.

It reads no article page.
"""

import hashlib
from functools import partial

import msgspec

from app.parts import Fault, Parts, Progress, Tally
from app.together import BUG, Job, do_together
from crawler.listing import list_entries
from crawler.politeness import Answer, Failure, next_state
from model.capture import Response
from model.errors import CrawlError
from model.secrets import hide_secrets
from model.source import Entry, Listing, Source, SourceState

MAX_PARTS = 50
"""How many parts of a sitemap index are read in one poll, the first listed first."""


async def poll_sources(parts: Parts, tally: Tally) -> None:
    """Poll every source that is due; one that fails is recorded and holds up no other."""
    due = parts.store.due_sources(now=parts.clock())
    done = 0

    async def poll(source: Source, state: SourceState) -> None:
        nonlocal done
        await _poll(parts, tally, source, state)
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
    )


def _record_failure(parts: Parts, state: SourceState, name: str, reason: str) -> None:
    """Save that a source could not be read, so that it is asked again later."""
    now = parts.clock()
    failed = next_state(state, Failure(state=name, reason=reason), now)
    parts.store.record_poll(failed, (), now=now)


async def _poll(parts: Parts, tally: Tally, source: Source, state: SourceState) -> None:
    response = None
    try:
        response = await parts.fetcher.fetch(
            source.url, etag=state.etag, last_modified=state.last_modified
        )
        if _is_unchanged(response, state):
            tally.add("sources_polled")
            tally.add("sources_unchanged")
            _save_unchanged(parts, state, response)
            return
        listing = await _list(parts, source, response)
    except CrawlError as error:
        _save_failure(parts, tally, state, response, error)
        return
    tally.add("sources_polled")
    tally.add("entries_new", _save_listing(parts, state, response, listing))


def _is_unchanged(response: Response, state: SourceState) -> bool:
    return response.status == 304 or (
        response.status == 200 and _hash(response.body) == state.body_sha256
    )


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


async def _list(parts: Parts, source: Source, response: Response) -> Listing:
    """Return what a source lists, the parts of a sitemap index included."""
    listing = list_entries(source, response)
    entries = list(listing.entries)
    for url in listing.more[:MAX_PARTS]:
        entries.extend(list_entries(source, await parts.fetcher.fetch(url)).entries)
    named = tuple(_with_language(entry, source) for entry in entries)
    return msgspec.structs.replace(listing, entries=named)


def _with_language(entry: Entry, source: Source) -> Entry:
    if entry.lang or not source.lang:
        return entry
    return msgspec.structs.replace(entry, lang=source.lang)


def _save_unchanged(parts: Parts, state: SourceState, response: Response) -> None:
    now = parts.clock()
    answer = Answer(
        changed=False,
        etag=response.header("ETag"),
        last_modified=response.header("Last-Modified"),
    )
    parts.store.record_poll(next_state(state, answer, now), (), now=now)


def _save_listing(parts: Parts, state: SourceState, response: Response, listing: Listing) -> int:
    """Save what is listed; a list cut short gives no validators, so that it is read again."""
    now = parts.clock()
    answer = Answer(changed=True)
    if listing.is_whole:
        answer = Answer(
            changed=True,
            etag=response.header("ETag"),
            last_modified=response.header("Last-Modified"),
            body_sha256=_hash(response.body),
        )
    return parts.store.record_poll(next_state(state, answer, now), listing.entries, now=now)


def _save_failure(
    parts: Parts, tally: Tally, state: SourceState, response: Response | None, error: CrawlError
) -> None:
    now = parts.clock()
    failure = Failure(
        state=error.state,
        reason=error.reason,
        status=response.status if response else None,
        retry_after=response.header("Retry-After") if response else None,
    )
    parts.store.record_poll(next_state(state, failure, now), (), now=now)
    tally.add("sources_failed")
    tally.faults.append(Fault(hide_secrets(state.url), error.state, error.reason))
