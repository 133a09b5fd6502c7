"""What is polled and what it lists: sources, entries, leads.

Nothing here fetches.
"""

from datetime import datetime
from enum import StrEnum

import msgspec


class SourceKind(StrEnum):
    """How a source is read."""

    FEED = "feed"
    SITEMAP = "sitemap"
    PAGE = "page"
    DOCUMENT = "document"


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One address that is polled; `checked` is false until a person saw it answer."""

    url: str
    name: str = ""
    kind: SourceKind = SourceKind.FEED
    lang: str | None = None
    checked: bool = True


class SourceState(msgspec.Struct, frozen=True, kw_only=True):
    """What the last polls of a source left behind.

    `etag` and `last_modified` are the validators of the body whose SHA-256 is `body_sha256`.
    `reason` says in plain words why the source is in `state` (a CrawlError state, `ok`, `new`).
    """

    url: str
    state: str = "new"
    reason: str = ""
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    last_polled_at: datetime | None = None
    last_success_at: datetime | None = None
    next_poll_at: datetime | None = None
    failures: int = 0
    interval_s: int = 3600


class DateSource(StrEnum):
    """Where a date came from, the most trusted first."""

    JSON_LD = "json-ld"
    META = "meta"
    FEED = "feed"
    RECORD = "record"
    TEXT = "text"
    INFERRED = "inferred"
    GUESS = "guess"
    FIRST_SEEN = "first-seen"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One item a source lists.

    `key` tells items of one source apart (guid, link or a hash of both: a GUID that a source
    repeats is not enough). `html` is the content the feed itself carries.
    """

    source_url: str
    key: str
    url: str
    guid: str | None = None
    title: str = ""
    authors: tuple[str, ...] = ()
    summary: str = ""
    html: str = ""
    published_at: datetime | None = None
    modified_at: datetime | None = None
    lang: str | None = None


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """What one answer of a source lists.

    `more` are further listings to fetch (the parts of a sitemap index). `is_whole` is false when
    the document stops before its end: its entries count, its validators must not be kept.
    """

    title: str = ""
    lang: str | None = None
    entries: tuple[Entry, ...] = ()
    more: tuple[str, ...] = ()
    is_whole: bool = True


class Lead(msgspec.Struct, frozen=True, kw_only=True):
    """A known address that is not captured yet, and who named it."""

    url: str
    title: str = ""
    excerpt: str = ""
    published_at: datetime | None = None
    site: str = ""
    named_by: str = ""
