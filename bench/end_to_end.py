"""From stored pages to timeline, beside programs that only extract, on the same pages.

Each program works in a process of its own, in turn with the others: its CPU seconds and its
memory are its own. Loading is told apart. Nothing here writes to the corpora.
"""

import re
import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bench.interleaving import best_interleaved
from bench.ledger import Ledger
from bench.pages import load_pages
from bench.rows import Row

if TYPE_CHECKING:
    from bench.whole_pass import Program

STAGE = "pipeline"
SET = "articles"
RULES = {
    "everything": "({match}) OR -zxqvkjw",
    "one in ten": "({match}) OR police",
}
"""The shipped rule costs what a newsroom's does, and keeps none of these pages; a word is added."""

PEERS = ("trafilatura", "newspaper4k", "lxml parse alone")
REPEATS = 3
QUICK_PAGES = 25


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What one program needed for the pages, in CPU seconds, after `loading_s` to be ready."""

    pages: int
    parts: dict[str, float]
    loading_s: float
    peak_mb: float
    kept: int = 0

    @property
    def cpu_s(self) -> float:
        """Return the CPU seconds of all parts."""
        return sum(self.parts.values())

    @property
    def pages_per_s(self) -> float:
        """Return the pages per CPU second."""
        return self.pages / self.cpu_s


def bench_end_to_end(shared: Path, *, quick: bool = False) -> list[Row]:
    """Return the speed of the whole way beside extraction alone, and where its time goes."""
    folder = shared / "corpora" / SET
    if not folder.is_dir():
        return []
    limit, repeats = (QUICK_PAGES, 1) if quick else (None, REPEATS)
    with ExitStack() as stack:
        contenders = _contenders(stack, folder, limit)
        return list(_rows(best_interleaved(contenders, repeats)))


def _contenders(
    stack: ExitStack, folder: Path, limit: int | None
) -> dict[str, Callable[[], Measured]]:
    ours, *theirs = (stack.enter_context(_own_process()) for _ in ("vigie", *PEERS))
    vigie = {keeps: partial(_ask, ours, measure_vigie, keeps, folder, limit) for keeps in RULES}
    peers = {
        name: partial(_ask, process, measure_peer, name, folder, limit)
        for name, process in zip(PEERS, theirs, strict=True)
    }
    return {**vigie, **peers}


def _own_process() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))


def _ask(
    process: ProcessPoolExecutor,
    measure: Callable[[str, Path, int | None], Measured],
    name: str,
    folder: Path,
    limit: int | None,
) -> Measured:
    return process.submit(measure, name, folder, limit).result()


# What is asked of the processes


def measure_vigie(keeps: str, folder: Path, limit: int | None) -> Measured:
    """Return what one pass over the pages needs when the rule keeps so much."""
    program, loading_s = _vigie()
    from bench.whole_pass import make_pass

    pages = load_pages(folder, limit)
    match = RULES[keeps].format(match=program.config.affair.match)
    with tempfile.TemporaryDirectory() as data:
        passed = make_pass(program, pages, match, Path(data), Ledger())
    return Measured(
        pages=len(pages),
        parts=passed.parts,
        loading_s=loading_s,
        peak_mb=peak_mb(),
        kept=passed.kept,
    )


def measure_peer(name: str, folder: Path, limit: int | None) -> Measured:
    """Return what one peer needs for its part of the work on the pages."""
    extract, loading_s = _peer(name)
    pages = load_pages(folder, limit)
    ledger = Ledger()
    for page in pages:
        html = page.html()
        with ledger.part("extraction"):
            extract(html, page.url)
    return Measured(pages=len(pages), parts=ledger.seconds, loading_s=loading_s, peak_mb=peak_mb())


@cache
def _vigie() -> "tuple[Program, float]":
    """Return the program and the CPU seconds this process needed until it was ready."""
    from app.workplace import SHIPPED_CONFIG
    from bench.whole_pass import load_program
    from model.config import load_config

    program = load_program(load_config(SHIPPED_CONFIG))
    return program, time.process_time()


Extract = Callable[[bytes, str], object]


@cache
def _peer(name: str) -> tuple[Extract, float]:
    extract = _LOADERS[name]()
    return extract, time.process_time()


def _load_trafilatura() -> Extract:
    import trafilatura

    return lambda html, url: trafilatura.extract(html, url=url)


def _load_newspaper() -> Extract:
    warnings.simplefilter("ignore")  # it tells of its optional parts, in a process of its own
    import newspaper

    failures = (
        newspaper.exceptions.ArticleException,
        *(AttributeError, ImportError, TypeError, ValueError),  # ImportError: Hindi, Japanese
    )

    def extract(html: bytes, url: str) -> object:
        article = newspaper.Article(url, fetch_images=False)
        try:
            article.download(input_html=html.decode("utf-8", "replace"))
            article.parse()
        except failures as error:
            return error  # what it stumbles over costs it less, to its advantage
        return article.text

    return extract


def _load_lxml() -> Extract:
    from lxml.html import document_fromstring

    return lambda html, url: document_fromstring(html)


_LOADERS: Mapping[str, Callable[[], Extract]] = dict(
    zip(PEERS, (_load_trafilatura, _load_newspaper, _load_lxml), strict=True)
)


def peak_mb() -> float:
    """Return the most memory this process has held, in MB.

    Linux's `ru_maxrss` starts at the parent's: the process's own high-water mark is read there.
    """
    status = Path("/proc/self/status")
    if status.exists() and (found := re.search(r"VmHWM:\s+(\d+) kB", status.read_text())):
        return int(found[1]) / 1024
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / (1024 * 1024 if sys.platform == "darwin" else 1024)


# What is told of it


def _rows(best: Mapping[str, Measured]) -> Iterator[Row]:
    for keeps in RULES:
        ours = best[keeps]
        name = f"{SET}, {ours.kept} of {ours.pages} kept"
        for peer in PEERS:
            yield _row(name, "pages/CPU s", ours.pages_per_s, peer, best[peer].pages_per_s)
        yield from _shares(name, ours)
    yield from _needs(best)


def _shares(name: str, ours: Measured) -> Iterator[Row]:
    whole = 1000 * ours.cpu_s / ours.pages
    for part, seconds in sorted(ours.parts.items(), key=lambda each: -each[1]):
        spent = 1000 * seconds / ours.pages
        yield _row(name, f"CPU ms/page: {part}", spent, "all our parts", whole)


def _needs(best: Mapping[str, Measured]) -> Iterator[Row]:
    ours = best["everything"]
    for peer in PEERS:
        yield _row(SET, "CPU s to load", ours.loading_s, peer, best[peer].loading_s)
    for peer in PEERS:
        yield _row(SET, "peak MB", ours.peak_mb, peer, best[peer].peak_mb)


def _row(name: str, measure: str, ours: float, peer: str, theirs: float) -> Row:
    return Row(
        stage=STAGE,
        set=name,
        measure=measure,
        vigie=ours,
        peer=peer,
        peer_value=theirs,
        ratio=ours / theirs,
    )
