"""What is odd about what a source lists: shared GUIDs, unusual volume, a new owner. Pure.

It never drops an entry: it says what a person should look at, and what waits for them.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from crawler.addresses import site_of
from model.source import Entry, SourceState
from model.words import words

USUAL = 50
"""As many new entries at once are never odd; beyond, three times what was listed before is."""

_TIMES_LISTED = 3
_OLD = timedelta(days=365)
_MANY_OLD = 10
_SHARED = 3


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What a whole listing calls itself, its language, and the site that most of it lies on."""

    title: str = ""
    lang: str | None = None
    site: str | None = None


def main_site(entries: Sequence[Entry], answered: str) -> str:
    """Return the site most entries lie on, else the one that answered."""
    sites = Counter(site_of(entry.url) for entry in entries if entry.url)
    site, count = sites.most_common(1)[0] if sites else ("", 0)
    return site if count * 2 > len(entries) else site_of(answered)


def find_shared_guid(entries: Sequence[Entry]) -> str | None:
    """Return a sentence when many entries carry one GUID, which tells none of them apart."""
    guids = Counter(entry.guid for entry in entries if entry.guid)
    guid, count = guids.most_common(1)[0] if guids else ("", 0)
    if count < _SHARED:
        return None
    return f"many of its entries carry one identifier ({guid[:80]}): all are kept"


def find_unusual_volume(
    state: SourceState, fresh: Sequence[Entry], listed: int, now: datetime
) -> str | None:
    """Return a sentence when a known source brings far more, or far older, than it ever listed.

    `listed` is how many entries it listed until now. What it brings first is never unusual.
    """
    if state.last_new_at is None:
        return None
    if len(fresh) > max(USUAL, _TIMES_LISTED * listed):
        return f"{len(fresh)} new entries at once, where it listed {listed}"
    old = [one for one in fresh if one.published_at and one.published_at < now - _OLD]
    if len(old) >= _MANY_OLD and len(old) * 2 >= len(fresh):
        return f"{len(old)} of {len(fresh)} new entries are dated more than a year ago"
    return None


def find_takeover(state: SourceState, found: Identity) -> str | None:
    """Return a sentence when site, title and language are all others than they were."""
    if not (state.title and state.listed_lang and state.answered_by):
        return None
    is_same = (
        words(state.title) == words(found.title)
        or state.listed_lang == found.lang
        or state.answered_by == found.site
    )
    if is_same or found.lang is None:
        return None
    return (
        f"site, title and language changed at once, from {state.title[:80]!r} ({state.listed_lang},"
        f" {state.answered_by}) to {found.title[:80]!r} ({found.lang}, {found.site}): its new"
        " entries elsewhere wait for a person"
    )


def is_elsewhere(entry: Entry, state: SourceState) -> bool:
    """Say whether an entry lies on another site than the source did."""
    return bool(entry.url) and site_of(entry.url) != state.answered_by
