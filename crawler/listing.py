"""What a source lists, whichever its kind.

Nothing here fetches: the parts of a sitemap index come back as addresses to ask for.
"""

import hashlib
from collections.abc import Callable, Sequence

import msgspec

from crawler.answers import ANSWER_BYTES, encode_value
from crawler.feeds import parse_feed
from crawler.sitemaps import parse_sitemap
from crawler.watched import parse_watched
from model.capture import Response
from model.errors import CrawlError
from model.source import Entry, Listing, Source, SourceKind

__all__ = ["Listing", "list_entries"]

ENTRIES_BYTES = ANSWER_BYTES - 1024 * 1024
"""So much the entries of one listing may be, written as an answer; the rest is for its head."""

SHORT_LIST, SHORT_BYTES = 1_000, 4 * 1024 * 1024
"""A list that goes into one answer for certain, unless it is made to overrun it."""


def list_entries(source: Source, response: Response) -> Listing:
    """Return what a source's answer lists.

    Of a list that is too long for one answer, the first entries are returned and the others
    counted. Raises CrawlError: `not_a_feed` when it lists nothing of its kind, `http_error` when
    the status is no success.
    """
    if not 200 <= response.status < 300:
        raise CrawlError(response.url, "http_error", f"it answers {response.status}")
    listing = _READERS[source.kind](source, response)
    if len(listing.entries) <= SHORT_LIST and len(response.body) <= SHORT_BYTES:
        return listing
    fitting = _count_fitting(listing.entries)
    return msgspec.structs.replace(
        listing, entries=listing.entries[:fitting], left_out=len(listing.entries) - fitting
    )


def _count_fitting(entries: Sequence[Entry]) -> int:
    """Return how many of the first entries go into one answer."""
    left = ENTRIES_BYTES
    for number, entry in enumerate(entries):
        left -= len(encode_value(entry)) + 1
        if left < 0:
            return number
    return len(entries)


def _list_itself(source: Source, response: Response) -> Listing:
    """Return a document as its own one entry, which says something new when its bytes change."""
    entry = Entry(
        source_url=source.url,
        key=source.url,
        url=response.final_url,
        guid=f"sha256:{hashlib.sha256(response.body).hexdigest()}",
        title=source.name,
        lang=source.lang,
    )
    return Listing(title=source.name, lang=source.lang, entries=(entry,))


_READERS: dict[SourceKind, Callable[[Source, Response], Listing]] = {
    SourceKind.FEED: parse_feed,
    SourceKind.SITEMAP: parse_sitemap,
    SourceKind.PAGE: parse_watched,
    SourceKind.DOCUMENT: _list_itself,
}
