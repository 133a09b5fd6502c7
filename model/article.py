"""What a page says: one reading of it, and the article with its versions.

Nothing here parses; `crawler` fills these in.
"""

from datetime import datetime
from enum import StrEnum
from typing import NewType

import msgspec

from model.source import DateSource

ArticleId = NewType("ArticleId", int)
VersionId = NewType("VersionId", int)

PAGE_BREAK = "\f"
"""Stands between two pages in the text of a document."""


class Access(StrEnum):
    """How much of its text a page gives to everybody."""

    FREE = "free"
    SUBSCRIBERS = "subscribers"
    TRUNCATED = "truncated"


class Image(msgspec.Struct, frozen=True, kw_only=True):
    """The address of a picture and its size in pixels, where known."""

    url: str
    width: int | None = None
    height: int | None = None


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What one page, document or record says when it is read once.

    `text` holds paragraphs joined by a newline, without furniture. `url` is the address it was
    found at, `canonical_url` the one it declares (or `url`, cleaned of tracking). `site` is the
    host of its address without `www.`, or the one a record names; what the site calls itself is
    `details["site_name"]`. `published_precision` is `second`, `minute` or `day`. `other_urls` are
    further addresses of the same article (AMP, original). `details` keeps what a page or record
    carries beyond that (charset, site_name, quality, heat, topics, provider) as text.
    """

    url: str
    canonical_url: str
    title: str
    text: str
    authors: tuple[str, ...] = ()
    summary: str = ""
    published_at: datetime | None = None
    published_precision: str = "second"
    date_source: DateSource | None = None
    modified_at: datetime | None = None
    lang: str | None = None
    site: str = ""
    access: Access = Access.FREE
    images: tuple[Image, ...] = ()
    other_urls: tuple[str, ...] = ()
    details: dict[str, str] = {}


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One text of an article, seen first at `seen_at`; `number` counts from 1."""

    id: VersionId
    article_id: ArticleId
    number: int
    seen_at: datetime
    reading: Reading


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """One address with its history; `current` is the last good version.

    `relevant` says what the affair's rule answered, `reasons` the parts of the rule that were
    found. `dated_in_future` says that it gave itself a date after it was first seen.
    `absent_since` is set when the page answered that it is gone.
    """

    id: ArticleId
    url: str
    first_seen_at: datetime
    relevant: bool
    reasons: tuple[str, ...] = ()
    dated_in_future: bool = False
    current: Version
    versions: int = 1
    present_at: datetime | None = None
    absent_since: datetime | None = None
