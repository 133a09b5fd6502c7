"""`python -m bench`: one table a stage, ours beside the floor and a peer, measured in one run.

It never writes to the corpora, and no stage is imported that was not asked for.
"""

import os
import time
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path

import click
import msgspec

from app.output import note, print_json
from bench.rows import Row
from bench.side_by_side import print_side_by_side
from bench.table import print_stage

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vigie-bench"
QUICK_SIZE, SIZE = 1_000, 10_000
SHARED = Path(__file__).resolve().parents[1].parent / "shared"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """How a stage is to be measured.

    `shared` holds the corpora, `cache` the invented one, which has `size` articles.
    """

    shared: Path
    quick: bool
    cache: Path
    size: int


class Stage(msgspec.Struct, frozen=True):
    """A part of the program to measure, and the folders of the corpora it needs.

    `show` prints its rows in the place of the usual table.
    """

    measure: Callable[[Wanted], Sequence[Row]]
    sets: tuple[str, ...] = ()
    show: Callable[[Sequence[Row]], None] | None = None


def _extraction(wanted: Wanted) -> Sequence[Row]:
    from bench.extraction import bench_extraction

    return bench_extraction(wanted.shared)


def _crawler(wanted: Wanted) -> Sequence[Row]:
    from bench.crawling import FULL, QUICK, bench_crawling

    return bench_crawling(wanted.shared, QUICK if wanted.quick else FULL)


def _pipeline(wanted: Wanted) -> Sequence[Row]:
    from bench.end_to_end import bench_end_to_end

    return bench_end_to_end(wanted.shared, quick=wanted.quick)


def _timelines(wanted: Wanted) -> Sequence[Row]:
    from bench.timelines import bench_timelines

    return bench_timelines(wanted.shared)


def _names(wanted: Wanted) -> Sequence[Row]:
    from bench.names import bench_names

    return bench_names(wanted.shared, quick=wanted.quick)


def _dates(wanted: Wanted) -> Sequence[Row]:
    from bench.dates import bench_dates

    return bench_dates(wanted.shared, quick=wanted.quick)


def _quotes(wanted: Wanted) -> Sequence[Row]:
    from bench.quotes import bench_quotes

    return bench_quotes(wanted.shared, quick=wanted.quick)


def _nlp_speed(wanted: Wanted) -> Sequence[Row]:
    from bench.nlp_speed import bench_nlp_speed

    return bench_nlp_speed(wanted.shared, quick=wanted.quick)


def _memory(wanted: Wanted) -> Sequence[Row]:
    from bench.memory import bench_memory

    return bench_memory(wanted.shared, quick=wanted.quick)


def _startup(wanted: Wanted) -> Sequence[Row]:
    from bench.startup import bench_startup

    return bench_startup(quick=wanted.quick)


def _corpus(wanted: Wanted) -> Sequence[Row]:
    from bench.invented import bench_corpus

    return bench_corpus(wanted.shared, wanted.cache, wanted.size)


def _ingest(wanted: Wanted) -> Sequence[Row]:
    from bench.ingest import bench_ingest

    return bench_ingest(wanted.cache, wanted.size, quick=wanted.quick)


def _search(wanted: Wanted) -> Sequence[Row]:
    from bench.searching import bench_search

    return bench_search(wanted.cache, wanted.size, quick=wanted.quick)


def _copies(wanted: Wanted) -> Sequence[Row]:
    from bench.copies import bench_copies

    return bench_copies(wanted.shared, quick=wanted.quick)


def _growth(wanted: Wanted) -> Sequence[Row]:
    from bench.copies_growth import bench_growth

    return bench_growth(quick=wanted.quick)


def _stories(wanted: Wanted) -> Sequence[Row]:
    from bench.stories import bench_stories

    return bench_stories(wanted.shared)


def _entities(wanted: Wanted) -> Sequence[Row]:
    from bench.entities import bench_entities

    return bench_entities(quick=wanted.quick)


TOPICS = ("fr-syria", "fr-libya", "en-syria", "en-libya", "en-mj", "en-finan")

STAGES = {
    "extraction": Stage(_extraction, ("articles", "extraction-benchmark", "trafilatura-fr")),
    "crawler": Stage(_crawler, ("articles", "feeds")),
    "pipeline": Stage(_pipeline, ("articles",)),
    "timelines": Stage(_timelines, tuple(f"timelines/{topic}" for topic in TOPICS)),
    "names": Stage(_names, ("articles", *(f"timelines/{topic}" for topic in TOPICS))),
    "dates": Stage(_dates, ("articles", *(f"timelines/{topic}" for topic in TOPICS))),
    "quotes": Stage(_quotes, ("articles", "timelines/fr-syria", "timelines/fr-libya")),
    "nlp-speed": Stage(_nlp_speed, ("timelines/fr-libya", "timelines/en-libya")),
    "memory": Stage(_memory, ("timelines/fr-libya", "timelines/en-libya")),
    "copies": Stage(_copies, ("articles", "parallel", *(f"timelines/{topic}" for topic in TOPICS))),
    "copies-growth": Stage(_growth),
    "stories": Stage(_stories),
    "entities": Stage(_entities),
    "startup": Stage(_startup),
    "corpus": Stage(_corpus, tuple(f"timelines/{topic}" for topic in TOPICS)),
    "ingest": Stage(_ingest),
    "search": Stage(_search, show=print_side_by_side),
}


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What `--json` prints; `absent` are folders of the corpora, by stage."""

    cpus: int
    quick: bool
    rows: dict[str, Sequence[Row]]
    absent: dict[str, Sequence[str]]


@click.command()
@click.argument("stages", nargs=-1, metavar="[STAGE]...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--quick", is_flag=True, help="Few pages and repeats where time is measured.")
@click.option(
    "--size",
    type=click.IntRange(min=1_000),
    help="Articles of the invented corpus (corpus, ingest, search; default: 10000).",
)
@click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    default=CACHE,
    help="The folder that keeps the invented corpus (default: vigie-bench in the user's cache).",
)
@click.option(
    "--shared",
    type=click.Path(path_type=Path, file_okay=False),
    default=SHARED,
    help="The folder that holds corpora/ (default: shared, beside the project's folder).",
)
def bench(
    stages: tuple[str, ...],
    *,
    as_json: bool,
    quick: bool,
    size: int | None,
    cache: Path,
    shared: Path,
) -> None:
    """Measure quality and speed beside the floor and a peer.

    The stages are extraction, crawler, pipeline, timelines, names, dates, quotes, copies,
    copies-growth, stories, entities, nlp-speed, memory, startup, corpus, ingest and search; all
    without one.

    \b
    Examples:
      ./run bench
      ./run bench pipeline --quick
      ./run bench extraction timelines --json
      ./run bench search ingest --size 100000
    """
    chosen = tuple(dict.fromkeys(stages)) or tuple(STAGES)
    for name in chosen:
        _require_stage(name)
    articles = size or (QUICK_SIZE if quick else SIZE)
    wanted = Wanted(shared=shared, quick=quick, cache=cache.resolve(), size=articles)
    report = Report(cpus=_cpus(), quick=quick, rows={}, absent={})
    for name in chosen:
        _measure(name, wanted, report)
        if not as_json:
            _show(name, wanted, report)
    if as_json:
        print_json(report)


def _require_stage(name: str) -> None:
    """Raise a usage error that names the nearest stage when there is none of this name."""
    if name not in STAGES:
        near = get_close_matches(name, STAGES, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(STAGES)}."
        raise click.UsageError(f"there is no stage `{name}`; {hint}")


def _show(name: str, wanted: Wanted, report: Report) -> None:
    show, rows = STAGES[name].show, report.rows[name]
    if show is not None:
        show(rows)
    else:
        print_stage(name, rows, report.absent[name], str(wanted.shared / "corpora"))


def _measure(name: str, wanted: Wanted, report: Report) -> None:
    """Put what one stage measures, and what it lacks, into the report."""
    stage, started = STAGES[name], time.monotonic()
    absent = [each for each in stage.sets if not (wanted.shared / "corpora" / each).is_dir()]
    note(f"{name}: measuring …")
    report.rows[name] = stage.measure(wanted)
    report.absent[name] = absent
    note(f"{name}: {time.monotonic() - started:.0f} s")


def _cpus() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


if __name__ == "__main__":
    bench(prog_name="./run bench")
