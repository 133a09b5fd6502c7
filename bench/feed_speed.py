"""Feeds parsed, one after the other on one core: the same bytes for each reader.

Each reader works in a process of its own: Vigie gives feedparser a faster reader of XML, which
feedparser alone must not have. Nothing here fetches.
"""

import io
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import msgspec


class Read(msgspec.Struct, frozen=True):
    """What reading feeds cost in CPU seconds, and how many gave items."""

    feeds: int
    cpu_s: float
    with_items: int

    @property
    def feeds_per_s(self) -> float:
        """Return the feeds per CPU second."""
        return self.feeds / self.cpu_s


Count = Callable[[bytes], int]
"""Reads a feed and returns how many items it found."""


def measure_feeds(reader: str, folder: Path) -> Read:
    """Return what one of `READERS` needs for the feeds of a folder."""
    count = READERS[reader]()
    bodies = [file.read_bytes() for file in sorted(folder.glob("*.xml"))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        count(bodies[0])
        started = time.process_time()
        with_items = sum(count(body) > 0 for body in bodies)
    return Read(len(bodies), time.process_time() - started, with_items)


def _vigie() -> Count:
    from bench.feed_truth import FEED_URL, respond
    from crawler.listing import list_entries
    from model.source import Source

    source = Source(url=FEED_URL)
    return lambda body: len(list_entries(source, respond(body)).entries)


def _feedparser() -> Count:
    import feedparser

    return lambda body: len(feedparser.parse(io.BytesIO(body)).entries)


def _feedparser_bare() -> Count:
    import feedparser

    return lambda body: len(
        feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False).entries
    )


def _fastfeedparser() -> Count:
    import fastfeedparser

    def count(body: bytes) -> int:
        try:
            return len(fastfeedparser.parse(body).entries)
        except ValueError:  # what it says of every feed that it cannot read
            return 0

    return count


READERS: dict[str, Callable[[], Count]] = {
    "vigie": _vigie,
    "feedparser": _feedparser,
    "feedparser, not sanitised": _feedparser_bare,
    "fastfeedparser": _fastfeedparser,
}
