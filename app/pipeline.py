"""One pass over the affair: poll, read, judge, read again, tag, date.

It reads like the picture in docs/architecture.md. Expected failures were recorded by the steps;
anything else ends the pass loudly.
"""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from functools import partial

import msgspec

from app.steps.judging import judge_again
from app.steps.origin_memory import StoredOrigins
from app.steps.page_reader import PageReader
from app.steps.pages import read_entries
from app.steps.parts import Fault, Notify, Parts, Progress, Tally
from app.steps.polling import poll_sources
from app.steps.processing import process_kept
from app.steps.reaching_back import reach_back
from app.steps.relevance import Rule
from app.steps.rereading import read_again
from app.steps.stamping import stamp_captures
from app.steps.together import BUG, do_side_by_side
from crawler.bounded import Bounded
from crawler.captures import CaptureWriter
from crawler.fetch import Fetcher
from model.config import Config
from nlp.tagging import Tagger
from store import Store
from store.retention import Ages


class RunSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What one pass did; `faults` are its expected failures."""

    started_at: datetime
    ended_at: datetime
    counts: dict[str, int]
    faults: tuple[Fault, ...]

    @property
    def is_partial(self) -> bool:
        """Return whether a source or a page failed."""
        return bool(self.faults)

    @property
    def has_bug(self) -> bool:
        """Return whether something failed that nobody expected."""
        return any(fault.state == BUG for fault in self.faults)


async def make_pass(
    config: Config, store: Store, tagger: Tagger, clock: Callable[[], datetime], notify: Notify
) -> RunSummary:
    """Make one pass and return what it did."""
    started_at = clock()
    run_id = store.start_run(now=started_at)
    store.save_sources(config.sources, now=started_at)
    tally = Tally()
    async with AsyncExitStack() as stack:
        parts = Parts(
            config=config,
            store=store,
            fetcher=await stack.enter_async_context(
                Fetcher(config.crawler, clock, memory=StoredOrigins(store, clock))
            ),
            bounded=await stack.enter_async_context(Bounded()),
            captures=CaptureWriter(store.data, f"{started_at:%Y%m%dT%H%M%SZ}-{run_id}"),
            rule=Rule(config, tagger, store.saved_queries()),
            clock=clock,
            notify=notify,
        )
        judge_again(parts, tally)
        reach_back(parts)
        reader, polling = PageReader(parts), asyncio.Event()
        poll = partial(poll_sources, parts, tally, begun=polling)
        await do_side_by_side(
            read_entries(parts, tally, reader, poll),
            read_again(parts, tally, reader, polling),
        )
        await stamp_captures(parts, tally)
    _process(store, tagger, clock, notify, tally)
    _let_go(store, config.crawler.keep_unkept_days, clock(), tally)
    return _finish(store, run_id, started_at, clock(), tally)


def _process(
    store: Store, tagger: Tagger, clock: Callable[[], datetime], notify: Notify, tally: Tally
) -> None:
    processed = process_kept(
        store, tagger, clock, lambda step, done, total: notify(Progress(step, done, total))
    )
    tally.add("articles_tagged", processed.tagged)
    tally.add("copies_found", processed.copies)
    tally.add("events_built", processed.events)


def _let_go(store: Store, days: int, now: datetime, tally: Tally) -> None:
    """Let go of the texts outside the affair that are older than the configuration allows."""
    texts, _ = store.let_go(Ages(before=now - timedelta(days=days)))
    tally.add("texts_let_go", texts)


def _finish(
    store: Store, run_id: int, started_at: datetime, ended_at: datetime, tally: Tally
) -> RunSummary:
    status = "partial" if tally.faults else "done"
    store.finish_run(run_id, status, tally.counts, now=ended_at)
    return RunSummary(
        started_at=started_at,
        ended_at=ended_at,
        counts=tally.counts,
        faults=tuple(tally.faults),
    )
