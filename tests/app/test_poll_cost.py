"""A poll that brings nothing costs the same however much is known: counted, not timed."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast

import msgspec

from app.steps.parts import Parts, Tally
from app.steps.polling import poll_sources
from model.capture import Response
from model.config import parse_config
from model.source import Entry, Source
from store import open_store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FEED = """<rss version="2.0"><channel><item><title>Un</title><link>https://a.example/1</link>
</item></channel></rss>"""
SOURCES = [Source(url=f"https://site{n}.example/feed") for n in range(5)]
CONFIG = '[affair]\nname = "port"\nmatch = "port"\n[nlp]\nmodels = {}\n'


class Unchanging:
    """Answers every source with one feed, and 304 to who has it."""

    async def fetch(self, url, *, etag=None, last_modified=None, robots=True):
        return Response(
            url=url,
            final_url=url,
            status=304 if etag else 200,
            headers=(("ETag", '"1"'),),
            request_headers=(("If-None-Match", etag),) if etag else (),
            body=b"" if etag else FEED.encode(),
            fetched_at=NOON,
        )


class AtOnce:
    """Reads documents where it is called."""

    async def run(self, function, *args, **kwargs):
        return function(*args, **kwargs)


def poll(store, now):
    tally = Tally()
    parts = SimpleNamespace(
        store=store,
        fetcher=Unchanging(),
        bounded=AtOnce(),
        config=msgspec.structs.replace(parse_config(CONFIG), sources=tuple(SOURCES)),
        clock=lambda: now,
        notify=lambda progress: None,
        rule=None,
    )
    asyncio.run(poll_sources(cast(Parts, parts), tally))
    assert tally.faults == []
    return tally.counts


def steps_of_a_poll(folder, known):
    """Return how many steps SQLite takes for the unchanged polls of sources so well known."""
    with open_store(folder, timezone="UTC") as store:
        store.save_sources(SOURCES, now=NOON)
        assert poll(store, NOON)["sources_polled"] == len(SOURCES)
        for report in store.source_states():
            url = report.source.url
            older = [Entry(source_url=url, key=f"{n}", url=f"{url}/{n}") for n in range(known)]
            store.record_poll(report.state, older, now=NOON)
        steps = 0

        def count():
            nonlocal steps
            steps += 1
            return 0

        connection = store.database.tables.conn
        connection.set_progress_handler(count, 1)
        assert poll(store, NOON + timedelta(hours=30))["sources_unchanged"] == len(SOURCES)
        connection.set_progress_handler(None, 1)
        return steps


def test_an_unchanged_poll_takes_no_more_steps_when_much_is_known(tmp_path):
    few, many = (steps_of_a_poll(tmp_path / str(known), known) for known in (10, 2000))
    assert few > 100
    assert many == few
