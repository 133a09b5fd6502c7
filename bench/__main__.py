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
from bench.table import print_stage

SHARED = Path(__file__).resolve().parents[1].parent / "shared"


class Stage(msgspec.Struct, frozen=True):
    """A part of the program to measure, and the folders of the corpora it needs.

    `measure` takes the folder that holds the corpora and whether to be quick.
    """

    measure: Callable[[Path, bool], Sequence[Row]]
    sets: tuple[str, ...] = ()


def _extraction(shared: Path, _: bool) -> Sequence[Row]:
    from bench.extraction import bench_extraction

    return bench_extraction(shared)


def _crawler(shared: Path, quick: bool) -> Sequence[Row]:
    from bench.crawling import FULL, QUICK, bench_crawling

    return bench_crawling(shared, QUICK if quick else FULL)


def _pipeline(shared: Path, quick: bool) -> Sequence[Row]:
    from bench.end_to_end import bench_end_to_end

    return bench_end_to_end(shared, quick=quick)


def _timelines(shared: Path, _: bool) -> Sequence[Row]:
    from bench.timelines import bench_timelines

    return bench_timelines(shared)


def _startup(_: Path, quick: bool) -> Sequence[Row]:
    from bench.startup import bench_startup

    return bench_startup(quick=quick)


TOPICS = ("fr-syria", "fr-libya", "en-syria", "en-libya", "en-mj", "en-finan")

STAGES = {
    "extraction": Stage(_extraction, ("articles", "extraction-benchmark", "trafilatura-fr")),
    "crawler": Stage(_crawler, ("articles", "feeds")),
    "pipeline": Stage(_pipeline, ("articles",)),
    "timelines": Stage(_timelines, tuple(f"timelines/{topic}" for topic in TOPICS)),
    "startup": Stage(_startup),
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
    "--shared",
    type=click.Path(path_type=Path, file_okay=False),
    default=SHARED,
    help="The folder that holds corpora/ (default: shared, beside the project's folder).",
)
def bench(stages: tuple[str, ...], *, as_json: bool, quick: bool, shared: Path) -> None:
    """Measure quality and speed beside the floor and a peer.

    The stages are extraction, crawler, pipeline, timelines and startup; all without one.

    \b
    Examples:
      ./run bench
      ./run bench pipeline --quick
      ./run bench extraction timelines --json
    """
    chosen = tuple(dict.fromkeys(stages)) or tuple(STAGES)
    for name in chosen:
        _require_stage(name)
    report = Report(cpus=_cpus(), quick=quick, rows={}, absent={})
    for name in chosen:
        _measure(name, shared, report)
        if not as_json:
            folder = str(shared / "corpora")
            print_stage(name, report.rows[name], report.absent[name], folder)
    if as_json:
        print_json(report)


def _require_stage(name: str) -> None:
    """Raise a usage error that names the nearest stage when there is none of this name."""
    if name not in STAGES:
        near = get_close_matches(name, STAGES, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(STAGES)}."
        raise click.UsageError(f"there is no stage `{name}`; {hint}")


def _measure(name: str, shared: Path, report: Report) -> None:
    """Put what one stage measures, and what it lacks, into the report."""
    stage, started = STAGES[name], time.monotonic()
    absent = [each for each in stage.sets if not (shared / "corpora" / each).is_dir()]
    note(f"{name}: measuring …")
    report.rows[name] = stage.measure(shared, report.quick)
    report.absent[name] = absent
    note(f"{name}: {time.monotonic() - started:.0f} s")


def _cpus() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


if __name__ == "__main__":
    bench(prog_name="./run bench")
