"""Search beside raw FTS5, tantivy and PostgreSQL: the same rows and questions, in one run.

Times are of the wall clock on warm files: each question is asked once unmeasured, then of all
engines in turn, several times, and each engine's quickest answer counts. All files go at the end.
"""

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing
from importlib import import_module
from math import inf, isnan, nan
from multiprocessing import get_context
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
AT_ONCE = 2
"""So many engines are built side by side, each in a process of its own."""

PATIENCE_S = 60
"""An engine that took so long over one kind of question is asked no more of that kind."""

SLOW_MS = 1_000
"""What took so long is not measured again."""


class Asked(msgspec.Struct, kw_only=True):
    """One engine's answers by question: what it said and milliseconds; None and NaN if unasked."""

    articles: int
    build_s: float
    size_bytes: int
    answers: list[Answer | None] = []
    ms: list[float] = []


def bench_search(cache: Path, size: int, *, quick: bool = False) -> list[Row]:
    """Return what each kind of query costs every engine, and what it cost to be ready."""
    path = find_corpus(cache, size)
    questions = draw_questions(path, QUICK_QUESTIONS if quick else QUESTIONS)
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vigie-bench-")))
        engines, absent = _find_engines(stack, work)
        asked = _build_all(engines, path, size)
        for engine in engines:
            engine.open()
            stack.enter_context(closing(engine))
        _ask_all(engines, questions, asked)
    return list(_rows(asked, questions, f"{size:,} articles", absent))


def _find_engines(stack: ExitStack, work: Path) -> tuple[list[Engine], str]:
    """Return the engines, and PostgreSQL's line where it is absent."""
    engines: list[Engine] = []
    for name, (module, cls) in ENGINES.items():
        folder = work / name.replace(" ", "-")
        folder.mkdir()
        make = cast("Callable[[Path], Engine]", getattr(import_module(module), cls))
        engines.append(make(folder))
    try:
        socket = stack.enter_context(running_postgres())
    except NoPostgresError as error:
        note(f"search: PostgreSQL: {error} (Debian, Ubuntu: {INSTALL})")
        return engines, f"{POSTGRES}: {error}; {INSTALL}"
    from bench.search_postgres import Postgres

    return [*engines, Postgres(socket)], ""


def _build_all(engines: Sequence[Engine], path: Path, size: int) -> dict[str, Asked]:
    with ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn")) as pool:
        building = {engine.name: pool.submit(build, engine, path, size) for engine in engines}
        return {name: each.result() for name, each in building.items()}


def build(engine: Engine, path: Path, size: int) -> Asked:
    """Build one engine, as another process does; return what that took, nothing asked yet."""
    note(f"search: {engine.name} takes {size:,} articles in …")
    started = time.perf_counter()
    engine.build(_told(engine.name, read_corpus(path)))
    seconds = time.perf_counter() - started
    engine.open()
    with closing(engine):
        return Asked(articles=size, build_s=seconds, size_bytes=engine.size_bytes())


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
        note(f"search: {kind} …")
        ours = [question for question in questions if question.kind is kind]
        spent_s = dict.fromkeys(asked, 0.0)
        answers = [_warm(engines, question, spent_s) for question in ours]
        for question, said in zip(ours, answers, strict=True):
            ms = _measure([engine for engine in engines if engine.name in said], question)
            for name, each in asked.items():
                each.answers.append(said.get(name))
                each.ms.append(ms.get(name, nan))


def _warm(
    engines: Sequence[Engine], question: Question, spent_s: dict[str, float]
) -> dict[str, Answer]:
    """Return what the engines say that have time left, and note what they took."""
    said: dict[str, Answer] = {}
    for engine in engines:
        if spent_s[engine.name] <= PATIENCE_S:
            started = time.perf_counter()
            said[engine.name] = engine.ask(question)
            spent_s[engine.name] += time.perf_counter() - started
    return said


def _measure(engines: Sequence[Engine], question: Question) -> dict[str, float]:
    best = {engine.name: inf for engine in engines}
    for repeat in range(REPEATS):
        for engine in engines:
            if repeat == 0 or best[engine.name] < SLOW_MS:
                best[engine.name] = min(best[engine.name], _ms(engine, question))
    return best


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
            value = _quantile_at(ours, at, part)
            for peer, theirs in peers:
                other = _quantile_at(theirs, at, part)
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
            heard = sum(answer is not None for answer in (theirs.answers[i] for i in at))
            yield _row(name, f"{kind}, asked of {len(at)}", len(at), peer, heard)


def _quantile_at(asked: Asked, at: Iterable[int], part: float) -> float:
    return quantile([asked.ms[i] for i in at if not isnan(asked.ms[i])], part)


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
    if "same answer" in measure or "asked of" in measure:
        return False
    return ours < theirs if measure == "articles/s built" else ours > theirs
