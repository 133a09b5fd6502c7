"""What a listing brought, judged before it is saved: new, odd, held, moved. Pure decisions.

Nothing here fetches or saves, and no entry is ever dropped.
"""

from datetime import datetime

import msgspec

from app.rhythms import estimate_rhythm
from app.steps.index_parts import Gathered
from crawler.moves import move_notice, permanent_target
from crawler.notices import (
    Identity,
    find_shared_guid,
    find_takeover,
    find_unusual_volume,
    is_elsewhere,
    main_site,
)
from crawler.politeness import Answer
from model.capture import Response
from model.matching import primary_language
from model.plurals import count
from model.source import Entry, Listing, Notice, NoticeKind, Source, SourceKind, SourceState, Watch
from nlp.language import UNKNOWN, detect_language
from store.records import Arrival, Outcomes, Sifted

TITLES_READ = 50


class Polled(msgspec.Struct, frozen=True, kw_only=True):
    """A source that answered with a listing."""

    source: Source
    state: SourceState
    response: Response
    gathered: Gathered


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """What a poll brought and how it is to be taken; `state` has what the listing calls itself."""

    entries: tuple[Entry, ...]
    arrival: Arrival
    answer: Answer
    outcomes: Outcomes
    state: SourceState


def judge_arrival(
    polled: Polled,
    entries: tuple[Entry, ...],
    sifted: Sifted,
    now: datetime,
    *,
    is_taken_over: bool,
) -> Arrived:
    """Return how a listing is to be taken; while a takeover is open its new site's entries wait."""
    state, gathered = polled.state, polled.gathered
    identity = _identify(polled, entries)
    takeover = None if is_taken_over else find_takeover(state, identity)
    held = frozenset[str]()
    if takeover or is_taken_over:
        held = frozenset(one.key for one in _fresh(entries, sifted) if is_elsewhere(one, state))
    else:
        state = _named(state, identity, gathered.listing)
    # what a part that was never read brings is its first listing, however old and much it is
    judged = [one for one in _fresh(entries, sifted) if one.key not in gathered.first]
    volume = find_unusual_volume(polled.state, judged, sifted.listed, now)
    shared = find_shared_guid(entries)
    return Arrived(
        entries=entries,
        arrival=Arrival(quiet=volume is not None, held=held),
        answer=_answer(polled, entries, sifted),
        outcomes=Outcomes(
            listed=_whole_list(polled, entries),
            noticed=_notices(now, takeover=takeover, volume=volume, shared=shared),
            settled=() if shared or not gathered.listing.is_whole else (NoticeKind.SHARED_GUID,),
            parts=gathered.read,
        ),
        state=state,
    )


def _fresh(entries: tuple[Entry, ...], sifted: Sifted) -> list[Entry]:
    return [entry for entry in entries if entry.key in sifted.fresh]


def _identify(polled: Polled, entries: tuple[Entry, ...]) -> Identity:
    listing = polled.gathered.listing
    declared = listing.lang or polled.source.lang
    titles = "\n".join(entry.title for entry in entries[:TITLES_READ])
    lang = detect_language(titles, declared)
    site = main_site(entries, polled.response.final_url)
    return Identity(
        title=listing.title, lang=None if lang == UNKNOWN else primary_language(lang), site=site
    )


def _named(state: SourceState, identity: Identity, listing: Listing) -> SourceState:
    if not listing.is_whole or not listing.entries:
        return state
    return msgspec.structs.replace(
        state, title=identity.title, listed_lang=identity.lang, answered_by=identity.site
    )


def _answer(polled: Polled, entries: tuple[Entry, ...], sifted: Sifted) -> Answer:
    new = len(sifted.unknown)
    if _says_itself(polled.source):
        new += len(sifted.changed)
    dates = [entry.published_at for entry in entries if entry.published_at]
    return Answer(
        changed=True,
        new_entries=new,
        target=permanent_target(polled.response),
        rhythm_s=estimate_rhythm(dates),
        newest_at=max(dates, default=None),
        has_overflowed=_has_overflowed(polled, entries, sifted),
        reason=_lacks(polled.gathered),
    )


def _lacks(gathered: Gathered) -> str:
    """Return in plain words what is listed and was not taken."""
    failed, left_out = len(gathered.failed), gathered.listing.left_out
    lacks = [f"{failed} of its parts could not be read"] if failed else []
    if left_out:
        entries = count(left_out, "entry is left out", "entries are left out")
        lacks.append(f"its list is too long: {entries} at its end")
    return "; ".join(lacks)


def _says_itself(source: Source) -> bool:
    """Say whether a source is its own one entry, so that a change is all it ever brings."""
    return source.kind is SourceKind.DOCUMENT or source.watch is Watch.TEXT


def _has_overflowed(polled: Polled, entries: tuple[Entry, ...], sifted: Sifted) -> bool:
    is_known = polled.state.last_new_at is not None and sifted.listed > 1
    return is_known and len(entries) > 1 and len(sifted.fresh) == len(entries)


def _whole_list(polled: Polled, entries: tuple[Entry, ...]) -> frozenset[str] | None:
    if not polled.gathered.is_all or _says_itself(polled.source):
        return None
    return frozenset(entry.key for entry in entries)


def _notices(
    now: datetime, *, takeover: str | None, volume: str | None, shared: str | None
) -> tuple[Notice, ...]:
    found = {
        NoticeKind.TAKEOVER: takeover,
        NoticeKind.VOLUME: volume,
        NoticeKind.SHARED_GUID: shared,
    }
    return tuple(
        Notice(what=what, detail=detail, noticed_at=now) for what, detail in found.items() if detail
    )


def watch_state(
    before: SourceState, after: SourceState, now: datetime
) -> tuple[tuple[Notice, ...], tuple[NoticeKind, ...]]:
    """Return what to notice and what is settled as a source goes from one state to the next."""
    noticed, settled = [], []
    moved = move_notice(after, now)
    if moved and (after.address != before.address or not _was_told(before)):
        noticed.append(moved)
    if moved is None or after.address != before.address:
        settled.append(NoticeKind.MOVED)
    if after.state == "gone" and before.state != "gone":
        detail = "it says that it is gone for good (410): all it brought is kept"
        noticed.append(Notice(what=NoticeKind.GONE, detail=detail, noticed_at=now))
    elif after.state == "ok":
        settled.append(NoticeKind.GONE)
    return tuple(noticed), tuple(settled)


def _was_told(state: SourceState) -> bool:
    """Say whether the last poll found a move agreed on already."""
    last = state.last_polled_at
    return last is not None and move_notice(state, last) is not None
