"""What goes into a digest, and in which order.

Pure: facts in, a `Digest` out.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from model.digest import Digest, DigestChange, DigestHealth, DigestItem
from model.event import Event

MAX_ITEMS = 40
"""More would pass the 80 kB at which mail readers start to clip."""

MAX_EVENTS = 8


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


def choose_digest(
    findings: Findings, *, list_name: str, affair: str, on: date, language: str
) -> Digest:
    """Return the digest of one local date: originals first, then newest, the rest counted."""
    ordered = sorted(findings.items, key=_by_interest)
    shown = tuple(ordered[:MAX_ITEMS])
    return Digest(
        list_name=list_name,
        affair=affair,
        on=on,
        language=language,
        items=shown,
        events=_by_date(findings.events),
        changes=findings.changes,
        health=findings.health,
        left_out=len(ordered) - len(shown),
    )


def _by_interest(item: DigestItem) -> tuple[bool, float, int]:
    seen = item.published_at or item.first_seen_at
    return item.dated_in_future, -seen.timestamp(), item.article


def _by_date(events: Sequence[Event]) -> tuple[Event, ...]:
    weightiest = sorted(events, key=lambda event: -event.score)[:MAX_EVENTS]
    return tuple(sorted(weightiest, key=lambda event: (event.date, event.to)))
