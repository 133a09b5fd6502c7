"""The parts of a sitemap index: fetched, listed, and remembered as they were read.

A part that fails loses no other.
"""

import hashlib
from datetime import datetime

import msgspec

from app.steps.parts import Parts
from crawler.discovery import with_login
from crawler.index_parts import choose_parts
from crawler.listing import list_entries
from model.errors import CrawlError
from model.source import Listing, Part, Source


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    """What a source lists, with all that its parts list.

    `first` are the keys that parts never read before brought. `is_all` says that nothing listed
    was left out, `can_wait` that an unchanged index means unchanged parts.
    """

    listing: Listing
    read: tuple[Part, ...] = ()
    first: frozenset[str] = frozenset()
    failed: tuple[CrawlError, ...] = ()
    is_all: bool = True
    can_wait: bool = True


class _Reading:
    """What the parts read so far brought."""

    def __init__(self, listing: Listing) -> None:
        self.entries = {entry.key: entry for entry in listing.entries}
        self.is_whole = listing.is_whole
        self.left_out = listing.left_out
        self.read: list[Part] = []
        self.first: set[str] = set()
        self.failed: list[CrawlError] = []
        self.parsed = 0


async def gather_parts(parts: Parts, source: Source, listing: Listing, now: datetime) -> Gathered:
    """Return a listing with what its parts list; raises CrawlError when none can be read."""
    if not listing.more:
        return Gathered(listing=listing, is_all=listing.is_whole and not listing.left_out)
    known = parts.store.read_parts(source.url)
    chosen, is_left = choose_parts(listing, known)
    done = _Reading(listing)
    for part in chosen:
        try:
            listed, answered = await _read_part(parts, source, part)
        except CrawlError as error:
            done.failed.append(error)
            continue
        _note(done, listed, msgspec.structs.replace(answered, read_at=now), part)
        if part.url not in known:
            done.first.update(entry.key for entry in listed.entries)
    if done.failed and not done.read:
        raise done.failed[0]
    return _gathered(listing, done, is_left=is_left)


def _note(done: _Reading, listed: Listing, answered: Part, before: Part) -> None:
    done.read.append(answered)
    done.parsed += answered.body_sha256 != before.body_sha256
    done.is_whole = done.is_whole and listed.is_whole
    done.left_out += listed.left_out
    done.entries.update((entry.key, entry) for entry in listed.entries)


def _gathered(listing: Listing, done: _Reading, *, is_left: bool) -> Gathered:
    says_when = len(listing.more_changed) == len(listing.more) and all(listing.more_changed)
    entries = tuple(done.entries.values())
    return Gathered(
        listing=msgspec.structs.replace(
            listing, entries=entries, is_whole=done.is_whole, left_out=done.left_out
        ),
        read=tuple(done.read),
        first=frozenset(done.first),
        failed=tuple(done.failed),
        is_all=done.is_whole and not done.left_out and done.parsed == len(listing.more),
        can_wait=says_when and not is_left and not done.failed,
    )


async def _read_part(parts: Parts, source: Source, part: Part) -> tuple[Listing, Part]:
    """Return what a part lists, nothing when its bytes are known, and the part as it answered."""
    address = with_login(part.url, source.url)
    response = await parts.fetcher.fetch(address, etag=part.etag, last_modified=part.last_modified)
    if response.status == 304 and (part.etag or part.last_modified):
        return Listing(), part
    body_sha256 = hashlib.sha256(response.body).hexdigest()
    answered = msgspec.structs.replace(
        part,
        etag=response.header("ETag"),
        last_modified=response.header("Last-Modified"),
        body_sha256=body_sha256,
    )
    if response.status == 200 and body_sha256 == part.body_sha256:
        return Listing(), answered
    listing = await parts.bounded.run(list_entries, source, response)
    return listing, answered if listing.is_whole else Part(url=part.url)
