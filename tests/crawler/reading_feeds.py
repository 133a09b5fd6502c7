"""What the tests of listings share: a response around a body, and its listing."""

from datetime import UTC, datetime

import pytest

from crawler.listing import list_entries
from model.capture import Response
from model.errors import CrawlError
from model.source import Entry, Listing, Source, SourceKind

FEED_URL = "https://press.example/feed"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def respond(
    body: str | bytes, content_type: str | None = None, *, url: str = FEED_URL, status: int = 200
) -> Response:
    """Return the answer of a server that sent `body`."""
    return Response(
        url=url,
        final_url=url,
        status=status,
        headers=(("Content-Type", content_type),) if content_type else (),
        request_headers=(),
        body=body.encode() if isinstance(body, str) else body,
        fetched_at=NOON,
    )


def listing_of(
    body: str | bytes,
    content_type: str | None = None,
    *,
    kind: SourceKind = SourceKind.FEED,
    url: str = FEED_URL,
) -> Listing:
    """Return what a source of this kind lists with `body`."""
    return list_entries(Source(url=url, kind=kind), respond(body, content_type, url=url))


def rss(items: str, head: str = "") -> str:
    """Return an RSS 2.0 feed around its items."""
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>La presse</title><language>fr-FR</language>{head}{items}</channel></rss>"
    )


ITEM = "<item><title>{0}</title><link>https://press.example/{0}</link></item>"


def only_entry(body: str | bytes, content_type: str | None = None) -> Entry:
    """Return the one entry that a feed lists."""
    entries = listing_of(body, content_type).entries
    assert len(entries) == 1
    return entries[0]


def not_a_feed(body: str | bytes) -> str:
    """Return why a body is said to be no feed."""
    with pytest.raises(CrawlError) as caught:
        listing_of(body)
    assert caught.value.state == "not_a_feed"
    return caught.value.reason
