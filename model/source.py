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


class Watch(StrEnum):
    """What a watched page is watched for."""

    LINKS = "links"
    TEXT = "text"


class Fetch(StrEnum):
    """Which entries' pages are read: all, or those whose title or summary the rule matches."""

    ALL = "all"
    MATCHING = "matching"


class Selectors(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """CSS selectors for the pages of one source; an empty one leaves the choice to `crawler`.

    `remove` names what is no part of the article, wherever it stands.
    """

    title: str = ""
    body: str = ""
    authors: str = ""
    published: str = ""
    remove: str = ""


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One address that is polled; `checked` is false until a person saw it answer.

    `selector` chooses by CSS the part of a watched page that is looked at, `watch` what for;
    `article` are selectors for the pages of its entries.
    """

    url: str
    name: str = ""
    kind: SourceKind = SourceKind.FEED
    lang: str | None = None
    checked: bool = True
    watch: Watch = Watch.LINKS
    selector: str = ""
    fetch: Fetch = Fetch.ALL
    article: Selectors = Selectors()


class SourceState(msgspec.Struct, frozen=True, kw_only=True):
    """What the last polls of a source left behind.

    `etag` and `last_modified` are the validators of the body whose SHA-256 is `body_sha256`.
    `reason` says in plain words why the source is in `state` (a CrawlError state, `ok`, `new`).
    `address` is asked in the place of `url` once permanent redirects agreed on it for a week;
    `moved_to` is where they lead since `moved_since`. `full_read_at` is when a body last came
    whole. `rhythm_s` is the usual time between two polls that brought something new, None until
    it is known. `title`, `listed_lang` and `answered_by` (a site) are of the last whole listing.
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
    address: str | None = None
    moved_to: str | None = None
    moved_since: datetime | None = None
    full_read_at: datetime | None = None
    last_new_at: datetime | None = None
    rhythm_s: int | None = None
    title: str = ""
    listed_lang: str | None = None
    answered_by: str | None = None


class NoticeKind(StrEnum):
    """What a person should look at about a source."""

    TAKEOVER = "takeover"
    VOLUME = "volume"
    SHARED_GUID = "shared-guid"
    MOVED = "moved"
    GONE = "gone"


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Something about a source that a person should look at, open until `settled_at`."""

    what: NoticeKind
    detail: str
    noticed_at: datetime
    settled_at: datetime | None = None


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
    repeats is not enough). `html` is the content the feed itself carries. `canonical_url` is the
    form under which its address is compared, empty where that is `url` itself.
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
    canonical_url: str = ""


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """What one answer of a source lists.

    `more` are further listings to fetch (the parts of a sitemap index, the latest changed first),
    `more_changed` what the index says of when each changed, empty where it says nothing.
    `is_whole` is false when the document stops before its end: its entries count, its validators
    must not be kept. `left_out` counts the last entries of a list that is too long to be handed
    over.
    """

    title: str = ""
    lang: str | None = None
    entries: tuple[Entry, ...] = ()
    left_out: int = 0
    more: tuple[str, ...] = ()
    more_changed: tuple[str, ...] = ()
    is_whole: bool = True


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a sitemap index as it was last read; `changed` is what the index says of when."""

    url: str
    changed: str = ""
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    read_at: datetime | None = None


class Lead(msgspec.Struct, frozen=True, kw_only=True):
    """A known address that is not captured yet, and who named it."""

    url: str
    title: str = ""
    excerpt: str = ""
    published_at: datetime | None = None
    site: str = ""
    named_by: str = ""
