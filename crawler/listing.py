"""What a source lists, whichever its kind.

Nothing here fetches: the parts of a sitemap index come back as addresses to ask for.
"""

import hashlib
from collections.abc import Callable

from crawler.feeds import parse_feed
from crawler.sitemaps import parse_sitemap
from crawler.watched import parse_watched
from model.capture import Response
from model.errors import CrawlError
from model.source import Entry, Listing, Source, SourceKind

__all__ = ["Listing", "list_entries"]


def list_entries(source: Source, response: Response) -> Listing:
    """Return what a source's answer lists.

    Raises CrawlError: `not_a_feed` when it lists nothing of its kind, `http_error` when the
    status is no success.
    """
    if not 200 <= response.status < 300:
        raise CrawlError(response.url, "http_error", f"it answers {response.status}")
    return _READERS[source.kind](source, response)


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
