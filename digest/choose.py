"""What goes into a digest, and in which order.

Pure: facts in, a `Digest` out.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from model.config import DigestList
from model.digest import Digest, DigestChange, DigestHealth, DigestItem
from model.event import Event

MAX_ITEMS = 40
"""More would pass the 80 kB at which mail readers start to clip."""

MAX_EVENTS = 8
MAX_CHANGES = 20


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """All that the store holds for one digest."""

    items: tuple[DigestItem, ...]
    events: tuple[Event, ...]
    changes: tuple[DigestChange, ...]
    health: DigestHealth


def day_bounds(on: date, timezone: str) -> tuple[datetime, datetime]:
    """Return the UTC moments at which a local date begins and ends (23 to 25 hours apart)."""
    zone = ZoneInfo(timezone)
    start = datetime.combine(on, time.min, tzinfo=zone)
    end = datetime.combine(on + timedelta(days=1), time.min, tzinfo=zone)
    return start.astimezone(UTC), end.astimezone(UTC)


def choose_digest(findings: Findings, wanted: DigestList, *, affair: str, on: date) -> Digest:
    """Return the digest of one local date: the newest first, what has no room counted.

    Its changes are the weightiest first; its events the weightiest of those that one of its
    articles tells, in date order.
    """
    changes = _weightiest_changes(findings.changes)
    items = sorted(findings.items, key=_by_interest)
    return Digest(
        list_name=wanted.name,
        affair=affair,
        on=on,
        language=wanted.language,
        items=tuple(items[:MAX_ITEMS]),
        events=_weightiest(findings.events, {item.article for item in items}),
        changes=tuple(changes[:MAX_CHANGES]),
        health=findings.health,
        left_out=max(0, len(items) - MAX_ITEMS),
        changes_left_out=max(0, len(changes) - MAX_CHANGES),
    )


def leave_out_last(digest: Digest) -> Digest:
    """Return the digest with one item, or else one change, less and counted as such."""
    if digest.items:
        return msgspec.structs.replace(
            digest, items=digest.items[:-1], left_out=digest.left_out + 1
        )
    return msgspec.structs.replace(
        digest, changes=digest.changes[:-1], changes_left_out=digest.changes_left_out + 1
    )


def _by_interest(item: DigestItem) -> tuple[bool, float, int]:
    """Return the order of items: those dated in the future last, else the newest first."""
    at = item.published_at or item.first_seen_at
    return item.dated_in_future, -at.timestamp(), item.article


_ORDER = ("absent", "shrunk", "replaced", "back", "edited", "completed", "moved", "furniture")
"""What is told of first: what is gone or may be, what came back, what was edited, the rest."""

_PARTS = ("title", "text", "authors", "date")
"""Of edits, the one that touches the headline first, then the body, then byline and date."""


def _weightiest_changes(changes: Sequence[DigestChange]) -> list[DigestChange]:
    """Return changes, the weightiest first; an absence that has ended stands with its return."""
    back = {change.article: change.seen_at for change in changes if change.what == "back"}

    def weight(change: DigestChange) -> tuple[int, int, int, float]:
        returned_at = back.get(change.article)
        is_over = returned_at is not None and change.seen_at <= returned_at
        return _weight(change, "back" if change.what == "absent" and is_over else change.what)

    return sorted(changes, key=weight)


def _weight(change: DigestChange, what: str) -> tuple[int, int, int, float]:
    """Return the place of a change: of two alike, the larger and then the newer first."""
    place = _ORDER.index(what) if what in _ORDER else len(_ORDER)
    parts = change.detail.split(", ") if change.what == "edited" else []
    part = next((n for n, one in enumerate(_PARTS) if one in parts), len(_PARTS))
    return place, part, -change.changed_words, -change.seen_at.timestamp()


def _weightiest(events: Sequence[Event], articles: set[int]) -> tuple[Event, ...]:
    told = [told for event in events if (told := _as_told_by(event, articles)) is not None]
    chosen = sorted(told, key=lambda event: -event.score)[:MAX_EVENTS]
    return tuple(sorted(chosen, key=lambda event: (event.date, event.to)))


def _as_told_by(event: Event, articles: set[int]) -> Event | None:
    """Return an event in the words of one of these articles, None when none tells it."""
    citation = next((each for each in event.citations if each.article in articles), None)
    if citation is None:
        return None
    return msgspec.structs.replace(event, text=citation.sentence, citations=(citation,))
