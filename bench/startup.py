"""What `vigie --help` costs beside Python itself and beside importing spaCy.

Each is started afresh, in turn; a child's CPU seconds are told by the system.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import msgspec

from bench.interleaving import best_interleaved
from bench.rows import Row

ROOT = Path(__file__).resolve().parents[1]
REPEATS, QUICK_REPEATS = 10, 2

STARTS = {
    "vigie --help": ("-m", "app", "--help"),
    "python -c pass": ("-c", "pass"),
    "import spacy": ("-c", "import spacy"),
}


class Started(msgspec.Struct, frozen=True):
    """What one start cost in CPU seconds, its own and the system's for it."""

    cpu_s: float


def bench_startup(*, quick: bool = False) -> list[Row]:
    """Return the cost of a start beside the floor and beside a heavy import."""
    starts = {name: partial(start, words) for name, words in STARTS.items()}
    best = best_interleaved(starts, QUICK_REPEATS if quick else REPEATS)
    ours, *peers = STARTS
    return [_row(ours, best[ours].cpu_s, peer, best[peer].cpu_s) for peer in peers]


def start(words: Sequence[str]) -> Started:
    """Run Python with these arguments and return what it cost."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    before = _children_s()
    subprocess.run(
        [sys.executable, "-P", *words], check=True, env=environment, stdout=subprocess.DEVNULL
    )
    return Started(_children_s() - before)


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _row(ours: str, cpu_s: float, peer: str, peer_s: float) -> Row:
    return Row(
        stage="startup",
        set=ours,
        measure="CPU s",
        vigie=cpu_s,
        peer=peer,
        peer_value=peer_s,
        ratio=cpu_s / peer_s,
    )
