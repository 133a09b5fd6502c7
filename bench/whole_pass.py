"""What Vigie does with pages once they are fetched, timed by part: the product's own steps.

It never fetches: captures are said to be written already, as reading begins after them.
"""

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import _lru_cache_wrapper
from pathlib import Path
from typing import cast

import msgspec

from app.steps.processing import process_kept
from app.steps.relevance import Rule
from bench.ledger import Ledger, Timed
from bench.pages import StoredPage
from crawler.politeness import next_reading_at
from crawler.reading import read_page
from model.capture import Capture, Response
from model.config import Config
from model.errors import CrawlError
from model.source import Entry, Source, SourceState
from nlp.remembering import Remembering
from nlp.tagging import Tagger
from nlp.vectors import embed_lead
from store import Store, open_store

NOW = datetime(2024, 12, 1, 12, tzinfo=UTC)
"""When the pages are read: after the latest of them was stored."""

SOURCE = "https://bench.example/feed.xml"

PARTS = {
    "untagged": "tagging",
    "unsigned": "comparing",
    "begin_events": "events",
    "uncounted": "events",
    "stale_days": "events",
}
"""The part of processing that begins when it asks the store for this."""

SAMPLES = {
    "fr": "La ministre Claire Dubois a annoncé lundi à Lyon un accord avec la société Exemple.",
    "en": "The minister Claire Dubois announced on Monday in Lyon a deal with Example Limited.",
}


class Program(msgspec.Struct, frozen=True):
    """The opened parts of Vigie, its models loaded."""

    config: Config
    tagger: Tagger


class Passed(msgspec.Struct, frozen=True, kw_only=True):
    """What one pass cost by part, in CPU seconds, and what it did."""

    parts: dict[str, float]
    kept: int
    unreadable: int


def load_program(config: Config) -> Program:
    """Return the program with every model loaded that the pages will need."""
    tagger = Tagger(config.entities, config.nlp, config.affair.timezone)
    for lang, text in SAMPLES.items():
        tagger.tag(text, lang=lang)
        embed_lead("", text)
    return Program(config, tagger)


def make_pass(
    program: Program, pages: Sequence[StoredPage], match: str, folder: Path, ledger: Ledger
) -> Passed:
    """Read, judge, keep and process pages in a new store in `folder`."""
    forget_texts()
    affair = msgspec.structs.replace(program.config.affair, match=match)
    rule = Rule(msgspec.structs.replace(program.config, affair=affair), program.tagger)
    with open_store(folder, timezone=affair.timezone) as store:
        waiting = _list_entries(store, pages)
        timed = cast("Store", Timed(store, ledger, "store", PARTS))
        outcomes = [
            _read_entry(timed, rule, waiting[page.url], _stored(page), ledger) for page in pages
        ]
        with ledger.part("tagging"):
            process_kept(timed, program.tagger, _now, _tell_nobody)
    return Passed(
        parts=dict(ledger.seconds), kept=outcomes.count(True), unreadable=outcomes.count(None)
    )


def _now() -> datetime:
    return NOW


def _tell_nobody(step: str, done: int, total: int) -> None:
    pass


def _list_entries(store: Store, pages: Sequence[StoredPage]) -> dict[str, int]:
    """Save the pages as a poll would have listed them; return their entries' ids."""
    store.save_sources([Source(url=SOURCE)], now=NOW)
    listed = [Entry(source_url=SOURCE, key=page.url, url=page.url) for page in pages]
    store.record_poll(SourceState(url=SOURCE, state="ok"), listed, now=NOW)
    pending = store.pending_entries(now=NOW, limit=len(pages))
    return {each.entry.url: each.id for each in pending}


def _stored(page: StoredPage) -> Response:
    return Response(
        url=page.url,
        final_url=page.url,
        status=200,
        headers=(("Content-Type", "text/html"),),
        request_headers=(),
        body=page.html(),
        fetched_at=NOW,
    )


def _read_entry(
    store: Store, rule: Rule, entry_id: int, response: Response, ledger: Ledger
) -> bool | None:
    """Read and keep one page as `app.steps.pages` does; tell whether it was kept, if readable."""
    try:
        with ledger.part("extraction"):
            reading = read_page(response)
    except CrawlError as error:
        store.record_entry_failure(entry_id, error.state, error.reason, None)
        return None
    with ledger.part("rule"):
        verdict = rule.judge(reading)
    if not verdict.relevant:
        store.record_unkept(entry_id, reading, now=NOW)
        return False
    store.keep(
        reading,
        relevant=True,
        reasons=verdict.reasons,
        capture=_capture(response, entry_id),
        entry_id=entry_id,
        next_reading_at=next_reading_at(NOW, NOW),
        now=NOW,
    )
    return True


def _capture(response: Response, number: int) -> Capture:
    return Capture(
        url=response.url,
        final_url=response.final_url,
        status=response.status,
        fetched_at=response.fetched_at,
        sha256=f"{number:064x}",
        record_sha256=f"{number:064x}",
        file="captures/bench.warc.gz",
        offset=number,
        length=1,
    )


def forget_texts() -> None:
    """Empty the caches that remember texts, so that no repeat gains from the one before it.

    Those without bounds and those of one hold a model or a table, and stay.
    """
    for held in _held_by_modules():
        if isinstance(held, Remembering):
            held.forget()
        elif isinstance(held, _lru_cache_wrapper) and (held.cache_parameters()["maxsize"] or 0) > 1:
            held.cache_clear()


def _held_by_modules() -> "Iterator[object]":
    ours = ("app.", "crawler.", "model.", "nlp.", "store.")
    for name, module in list(sys.modules.items()):
        if name.startswith(ours):
            yield from list(vars(module).values())
