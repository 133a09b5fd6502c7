"""What the tests of listings share: a response around a body, and its listing."""

from datetime import UTC, datetime

from crawler.listing import list_entries
from model.capture import Response
from model.source import Listing, Source, SourceKind

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
