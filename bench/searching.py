"""Search beside raw FTS5, tantivy and PostgreSQL: the same rows and questions, in one run.

Times are of the wall clock on warm files: each question is asked once unmeasured, then of all
engines in turn, several times, and each engine's quickest answer counts. All files go at the end.
"""

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from importlib import import_module
from math import inf, nan
from pathlib import Path
from typing import cast

import msgspec

from app.output import note
from bench.corpus import Article, find_corpus, read_corpus
from bench.postgres_server import INSTALL, NoPostgresError, running_postgres
from bench.rows import Row
from bench.search_engines import Answer, Engine
from bench.search_questions import QUESTIONS, QUICK_QUESTIONS, Kind, Question, draw_questions

STAGE = "search"
REPEATS = 3
TOLD_EVERY = 50_000
QUANTILES = {"p50": 0.5, "p95": 0.95, "max": 1.0}
POSTGRES = "PostgreSQL"
ENGINES = {
    "vigie": ("bench.search_vigie", "Vigie"),
    "raw FTS5": ("bench.search_fts5", "RawFts5"),
    "tantivy": ("bench.search_tantivy", "Tantivy"),
}


class Asked(msgspec.Struct, kw_only=True):
    """One engine's answers: milliseconds and what it said, by question."""

    articles: int
    build_s: float
    size_bytes: int
    answers: list[Answer]
    ms: list[float]


def bench_search(cache: Path, size: int, *, quick: bool = False) -> list[Row]:
    """Return what each kind of query costs every engine, and what it cost to be ready."""
    path = find_corpus(cache, size)
    questions = draw_questions(path, QUICK_QUESTIONS if quick else QUESTIONS)
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vigie-bench-")))
        asked: dict[str, Asked] = {}
        engines, absent = _open_engines(stack, work)
        for engine in engines:
            asked[engine.name] = _build(engine, path, size)
        _ask_all(engines, questions, asked)
    return list(_rows(asked, questions, f"{size:,} articles", absent))


def _open_engines(stack: ExitStack, work: Path) -> tuple[list[Engine], str]:
    """Return the engines, and PostgreSQL's line where it is absent."""
    engines: list[Engine] = []
    for name, (module, cls) in ENGINES.items():
        folder = work / name.replace(" ", "-")
        folder.mkdir()
        make = cast("Callable[[Path], Engine]", getattr(import_module(module), cls))
        engines.append(stack.enter_context(closing(make(folder))))
    try:
        socket = stack.enter_context(running_postgres())
    except NoPostgresError as error:
        note(f"search: PostgreSQL: {error} (Debian, Ubuntu: {INSTALL})")
        return engines, f"{POSTGRES}: {error}; {INSTALL}"
    from bench.search_postgres import Postgres

    return [*engines, stack.enter_context(closing(Postgres(socket)))], ""


def _build(engine: Engine, path: Path, size: int) -> Asked:
    note(f"search: {engine.name} takes {size:,} articles in …")
    started = time.perf_counter()
    engine.build(_told(engine.name, read_corpus(path)))
    seconds = time.perf_counter() - started
    return Asked(articles=size, build_s=seconds, size_bytes=engine.size_bytes(), answers=[], ms=[])


def _told(name: str, articles: Iterable[Article]) -> Iterator[Article]:
    """Yield articles, saying from time to time how many that were."""
    for number, article in enumerate(articles):
        if number and number % TOLD_EVERY == 0:
            note(f"search: {name}: {number:,}")
        yield article


def _ask_all(
    engines: Sequence[Engine], questions: Sequence[Question], asked: Mapping[str, Asked]
) -> None:
    for kind in Kind:
        ours = [question for question in questions if question.kind is kind]
        note(f"search: {kind} …")
        for question in ours:
            for engine in engines:
                asked[engine.name].answers.append(engine.ask(question))
        for question in ours:
            best = dict.fromkeys(asked, inf)
            for _ in range(REPEATS):
                for engine in engines:
                    best[engine.name] = min(best[engine.name], _ms(engine, question))
            for name, ms in best.items():
                asked[name].ms.append(ms)


def _ms(engine: Engine, question: Question) -> float:
    started = time.perf_counter()
    engine.ask(question)
    return 1000 * (time.perf_counter() - started)


def quantile(values: Sequence[float], part: float) -> float:
    """Return the least value that is not below this part of all values."""
    ordered = sorted(values)
    return ordered[max(0, -int(-part * len(ordered) // 1) - 1)]


def _rows(
    asked: Mapping[str, Asked], questions: Sequence[Question], name: str, absent: str
) -> Iterator[Row]:
    (_, ours), *peers = asked.items()
    for kind in Kind:
        at = [number for number, question in enumerate(questions) if question.kind is kind]
        for label, part in QUANTILES.items():
            value = quantile([ours.ms[i] for i in at], part)
            for peer, theirs in peers:
                other = quantile([theirs.ms[i] for i in at], part)
                yield _row(name, f"{kind}, ms {label}", value, peer, other)
            if absent:
                yield _row(name, f"{kind}, ms {label}", value, absent, nan)
    for peer, theirs in peers:
        yield _row(name, "articles/s built", _rate(ours), peer, _rate(theirs))
        yield _row(name, "bytes/article", _bytes(ours), peer, _bytes(theirs))
        for kind in Kind:
            at = [number for number, question in enumerate(questions) if question.kind is kind]
            same = sum(ours.answers[i] == theirs.answers[i] for i in at)
            yield _row(name, f"{kind}, same answer of {len(at)}", len(at), peer, same)


def _rate(asked: Asked) -> float:
    return asked.articles / asked.build_s


def _bytes(asked: Asked) -> float:
    return asked.size_bytes / asked.articles


def _row(name: str, measure: str, ours: float, peer: str, theirs: float) -> Row:
    return Row(
        stage=STAGE,
        set=name,
        measure=measure,
        vigie=ours,
        peer=peer,
        peer_value=theirs,
        ratio=ours / theirs if theirs else nan,
        loses=_loses(measure, ours, theirs),
    )


def _loses(measure: str, ours: float, theirs: float) -> bool:
    if "same answer" in measure:
        return False
    return ours < theirs if measure == "articles/s built" else ours > theirs
