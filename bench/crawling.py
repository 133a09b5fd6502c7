"""The crawler's costs: polls that bring nothing, pages with their proof, feeds, memory, drips.

It says which rows there are; the measures are taken in processes of their own, against a server
on loopback in another.
"""

import math
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench.feed_speed import READERS, measure_feeds
from bench.feed_truth import compare_readers, count_right, load_feedparser_set, load_gofeed_set
from bench.fetches import CLIENTS, measure_fetches
from bench.interleaving import best_interleaved
from bench.loopback import loopback
from bench.polls import Apart, Sites, Spent, measure_bare, measure_polls, prepare_store
from bench.rows import Row

STAGE = "crawler"
FLOORS = ("aiohttp", "streams")


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """How much is measured, and how often."""

    polls: int
    few: int
    many: int
    hosts: int
    dripping: int
    drips_s: float
    pages: int
    repeats: int


FULL = Size(
    polls=1000, few=1_000, many=100_000, hosts=500, dripping=40, drips_s=4.0, pages=600, repeats=2
)
QUICK = Size(polls=40, few=40, many=4_000, hosts=20, dripping=3, drips_s=2.0, pages=40, repeats=1)


def bench_crawling(shared: Path, size: Size = FULL) -> list[Row]:
    """Return what the crawler costs beside the floor and its peers."""
    corpora = shared / "corpora"
    pages, feeds = corpora / "articles", corpora / "feeds"
    rows: list[Row] = []
    with loopback(pages if pages.is_dir() else None) as port, Apart() as apart:
        rows += _poll_rows(size, port, apart)
        rows += _drip_rows(size, port, apart)
        rows += _page_rows(size, port, apart) if pages.is_dir() else []
    return rows + (list(_feed_rows(feeds, size)) if feeds.is_dir() else [])


def _poll_rows(size: Size, port: int, apart: Apart) -> Iterator[Row]:
    """Yield what a poll costs that brings nothing, and what grows with what is known."""
    for kind, name in (("feed", "304"), ("same", "same body")):
        best = _polls(Sites(kind=kind, number=size.polls, port=port), size, apart)
        few, many = best["few"], best["many"]
        measure, known = f"CPU ms/poll: {name}", f"{size.many:,} entries known"
        for client in FLOORS:
            peer = f"{client}, the request alone"
            yield _row(known, measure, many.ms_each, peer, best[client].ms_each)
        yield _row(known, measure, many.ms_each, f"{size.few:,} known", few.ms_each)
        yield _row(known, f"peak MB: {name}", many.peak_mb, f"{size.few:,} known", few.peak_mb)


def _polls(sites: Sites, size: Size, apart: Apart) -> dict[str, Spent]:
    """Return the cheapest pass with few and with many entries known, and the floors."""
    with ExitStack() as stack:
        contenders = {
            client: partial(apart.call, measure_bare, client, sites.kind, sites.number, sites.port)
            for client in FLOORS
        }
        for name, known in (("few", size.few), ("many", size.many)):
            folder = Path(stack.enter_context(TemporaryDirectory()))
            apart.call(prepare_store, folder, sites, known)
            fresh = stack.enter_context(Apart())
            contenders[name] = partial(fresh.call, measure_polls, folder, sites)
        return best_interleaved(contenders, size.repeats)


def _drip_rows(size: Size, port: int, apart: Apart) -> Iterator[Row]:
    """Yield how long hosts wait for those among them that drip: a wall clock, for once."""
    calm = Sites(kind="feed", number=size.hosts, port=port, drips_s=size.drips_s)
    cases = {
        "none drips": (0, 1),
        "one drips": (1, 1),
        f"{size.dripping} drip": (size.dripping, 1),
        f"{size.dripping} drip, as in the pass before": (size.dripping, 2),
    }
    best = dict.fromkeys(cases, math.inf)
    for _ in range(size.repeats):
        for name, (dripping, passes) in cases.items():
            sites = msgspec.structs.replace(calm, dripping=dripping)
            with TemporaryDirectory() as folder:
                apart.call(prepare_store, Path(folder), calm, 0)
                spent = apart.call(measure_polls, Path(folder), sites, passes)
            best[name] = min(best[name], spent.others_s)
    without = best.pop("none drips")
    for name, others_s in best.items():
        measure = "wall s until all others are polled"
        yield _row(f"{size.hosts} hosts, {name}", measure, others_s, "none drips", without)


def _page_rows(size: Size, port: int, apart: Apart) -> Iterator[Row]:
    clients = {
        name: partial(apart.call, measure_fetches, name, size.pages, port) for name in CLIENTS
    }
    best = best_interleaved(clients, size.repeats)
    ours, *peers = clients
    for peer in peers:
        yield _row(
            "articles, guarded and captured",
            "pages/CPU s",
            best[ours].pages_per_s,
            peer,
            best[peer].pages_per_s,
        )


def _feed_rows(folder: Path, size: Size) -> Iterator[Row]:
    with ExitStack() as stack:
        readers = {
            name: partial(stack.enter_context(Apart()).call, measure_feeds, name, folder / "real")
            for name in READERS
        }
        best = best_interleaved(readers, size.repeats + 2)
    ours, *peers = readers
    for peer in peers:
        yield _row(
            "feeds/real", "feeds/CPU s", best[ours].feeds_per_s, peer, best[peer].feeds_per_s
        )
    read = f"read of {best[ours].feeds} feeds"
    yield _row("feeds/real", read, best[ours].with_items, peers[-1], best[peers[-1]].with_items)
    yield from _truth_rows(folder)


def _truth_rows(folder: Path) -> Iterator[Row]:
    for name, load in (("feedparser", load_feedparser_set), ("gofeed", load_gofeed_set)):
        answers = tuple(compare_readers(load(folder / name)))
        for field, score in count_right(answers).items():
            aside = f", {score.set_aside} set aside" if score.set_aside else ""
            measure = f"{field} right of {score.known}{aside}"
            yield _row(f"feeds/{name}", measure, score.ours, "feedparser", score.theirs)


def _row(name: str, measure: str, ours: float, peer: str, theirs: float) -> Row:
    return Row(
        stage=STAGE,
        set=name,
        measure=measure,
        vigie=ours,
        peer=peer,
        peer_value=theirs,
        ratio=ours / theirs if theirs else 0.0,
    )
