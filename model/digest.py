"""What one list is sent on one local date.

Nothing here renders or sends.
"""

from datetime import date, datetime

import msgspec

from model.event import Event


class DigestItem(msgspec.Struct, frozen=True, kw_only=True):
    """One article as a digest shows it; `copies` is how many other sites carry its text."""

    article: int
    url: str
    title: str
    site: str
    lang: str
    published_at: datetime | None
    first_seen_at: datetime
    summary: str
    entities: tuple[str, ...] = ()
    copies: int = 0
    dated_in_future: bool = False


class DigestChange(msgspec.Struct, frozen=True, kw_only=True):
    """One change seen in an article already known.

    `what` is `edited`, `shrunk`, `replaced`, `completed`, `moved`, `absent`, `back` or
    `furniture` (no edit after all); an absent one was last seen at `present_at`. `changed_words`
    counts the words of its text that came or went.
    """

    article: int
    url: str
    title: str
    site: str
    what: str
    detail: str
    seen_at: datetime
    present_at: datetime | None = None
    changed_words: int = 0


class DigestHealth(msgspec.Struct, frozen=True, kw_only=True):
    """How the watch itself is doing; `noticed` is what a person should look at about a source."""

    sources: int
    failing: tuple[str, ...]
    last_run_at: datetime | None
    noticed: tuple[str, ...] = ()


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """All that one list would be told about one local date.

    `left_out` and `changes_left_out` count what there was no room for.
    """

    list_name: str
    affair: str
    on: date
    language: str
    items: tuple[DigestItem, ...]
    events: tuple[Event, ...]
    changes: tuple[DigestChange, ...]
    health: DigestHealth
    left_out: int = 0
    changes_left_out: int = 0
