"""What keeping an article costs, beside bare `executemany` into the same tables and indexes.

The floor writes the very rows that the store wrote, statement by statement, a thousand articles
a transaction: it decides nothing, reads nothing, and does not even cut a text into words.
"""

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from app.output import note
from bench.corpus import Article, find_corpus, read_corpus
from bench.rows import Row
from bench.search_engines import ZONE
from bench.search_fts5 import RawFts5
from bench.search_vigie import keeping_of
from store import Store, open_store
from store.search.terms import cut_words, exact_columns, terms

STAGE = "ingest"
ROOT = Path(__file__).resolve().parents[1]
BATCH = 1_000
MOST_IMPORTED = 10_000

FLOOR = "executemany, the same rows ready"
WITH_WORDS = "executemany, and words and stems made"
FTS5 = "executemany, raw FTS5"
MANY, ONE = "kept by the thousand", "kept one by one"
CONFIG = '[affair]\nname = "bench"\nmatch = "zxqvkjw"\n'
"""A rule that keeps none: an import stores all of it whole, and tags only what is kept."""

_WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


class Clock:
    """Seconds of this process and of the wall, added up, for so many articles."""

    def __init__(self) -> None:
        """Begin at nought."""
        self.cpu_s = self.wall_s = 0.0
        self.articles = 0

    def add(self, work: Callable[[], object]) -> None:
        """Do some work and count it."""
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        self.cpu_s += time.process_time() - cpu
        self.wall_s += time.perf_counter() - wall


class Writes:
    """The statements that a store writes with, caught as they pass."""

    def __init__(self, store: Store) -> None:
        """Listen to an open store."""
        self.made: dict[str, list[Any]] = {}
        db = store.database
        self._execute, self._many, self._insert = db.execute, db.execute_many, db.insert
        # the object's own methods give way, for this one store
        db.__dict__.update(
            execute=self._catch, execute_many=self._catch_many, insert=self._catch_row
        )

    def _catch(self, sql: str, parameters: Any = ()) -> Any:
        if _WRITES.match(sql):
            self.made.setdefault(sql, []).append(parameters)
        return self._execute(sql, parameters)

    def _catch_many(self, sql: str, parameters: Sequence[Any]) -> None:
        self.made.setdefault(sql, []).extend(parameters)
        self._many(sql, parameters)

    def _catch_row(self, table: str, row: dict[str, Any]) -> int:
        columns = ", ".join(f'"{name}"' for name in row)
        places = ", ".join(f":{name}" for name in row)
        sql = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608
        self.made.setdefault(sql, []).append(row)
        return self._insert(table, row)

    def take(self) -> dict[str, list[Any]]:
        """Return what was written since the last time."""
        made, self.made = dict(self.made), {}
        return made


class Taken(msgspec.Struct, kw_only=True):
    """The stores that take the same articles in, and what was written into the first one."""

    many: Store
    one: Store
    floor: Store
    raw: RawFts5
    writes: Writes


def bench_ingest(cache: Path, size: int, *, quick: bool = False) -> list[Row]:
    """Return articles a second, ours and the floors', and what an import brings."""
    path = find_corpus(cache, size)
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as work:
        clocks = _keep_all(path, Path(work))
        imported = _import(path, Path(work), BATCH if quick else min(size, MOST_IMPORTED))
    return list(_rows(clocks, imported, size))


def _keep_all(path: Path, work: Path) -> dict[str, Clock]:
    """Keep the corpus and write the same again, batch by batch in turn."""
    clocks = {name: Clock() for name in (MANY, ONE, FLOOR, WITH_WORDS, FTS5)}
    (work / "raw").mkdir()
    with ExitStack() as stack:
        many, one, floor = (
            stack.enter_context(open_store(work / name, timezone=ZONE.key))
            for name in ("many", "one", "floor")
        )
        raw = RawFts5(work / "raw")
        raw.make()
        stack.enter_context(closing(raw))
        taken = Taken(many=many, one=one, floor=floor, raw=raw, writes=Writes(many))
        for number, batch in enumerate(_batches(path)):
            if number % 10 == 0:
                note(f"ingest: {number * BATCH:,} articles …")
            _take_in(taken, batch, clocks, cut_first=number % 2 == 1)
    return clocks


def _batches(path: Path) -> Iterator[list[Article]]:
    remaining = read_corpus(path)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _take_in(
    taken: Taken, batch: list[Article], clocks: dict[str, Clock], *, cut_first: bool
) -> None:
    """Have all take a batch in; who meets a word first has to stem it, so that they take turns."""
    keepings = [keeping_of(each) for each in batch]

    def keep() -> None:
        for each in keepings:
            taken.one.keep(each.reading, relevant=each.relevant, reasons=each.reasons, now=each.now)

    def cut() -> None:
        for each in keepings:
            found = cut_words(each.reading)
            exact_columns(found)
            terms(found)

    if cut_first:
        clocks[WITH_WORDS].add(cut)
    clocks[MANY].add(lambda: taken.many.keep_all(keepings))
    made = taken.writes.take()
    clocks[FLOOR].add(lambda: _write(taken.floor, made))
    if not cut_first:
        clocks[WITH_WORDS].add(cut)
    clocks[FTS5].add(lambda: taken.raw.insert(batch))
    clocks[ONE].add(keep)


def _write(store: Store, made: dict[str, list[Any]]) -> None:
    with store.database.writing():
        for sql, parameters in made.items():
            store.database.execute_many(sql, parameters)


def _import(path: Path, work: Path, count: int) -> Clock:
    """Run `vigie import` on the first articles in a process of its own."""
    note(f"ingest: vigie import, {count:,} articles …")
    config, lines = work / "config.toml", work / "articles.jsonl"
    config.write_text(CONFIG, encoding="utf-8")
    with path.open("rb") as read, lines.open("wb") as written:
        written.writelines(islice(read, count))
    clock = Clock()
    words = ["--config", str(config), "--data", str(work / "imported"), "import", str(lines)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    clock.add(
        lambda: subprocess.run(
            [sys.executable, "-P", "-m", "app", *words],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=True,
            stdout=subprocess.DEVNULL,
        )
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    clock.cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    clock.articles = count
    return clock


def _rows(clocks: dict[str, Clock], imported: Clock, size: int) -> Iterator[Row]:
    floor = clocks[FLOOR]
    clocks[WITH_WORDS].cpu_s += floor.cpu_s
    clocks[WITH_WORDS].wall_s += floor.wall_s
    for unit in ("cpu_s", "wall_s"):
        rates = {name: size / getattr(clock, unit) for name, clock in clocks.items()}
        for ours in (MANY, ONE):
            for peer in (FLOOR, WITH_WORDS, FTS5):
                yield _row(size, f"{ours}/{unit}", rates[ours], peer, rates[peer])
        brought = imported.articles / getattr(imported, unit)
        yield _row(imported.articles, f"imported/{unit}", brought, f"vigie, {MANY}", rates[MANY])


def _row(size: int, measure: str, ours: float, peer: str, theirs: float) -> Row:
    units = {"cpu_s": "CPU s", "wall_s": "s"}
    what, _, unit = measure.partition("/")
    return Row(
        stage=STAGE,
        set=f"{size:,} articles",
        measure=f"{what}/{units[unit]}",
        vigie=ours,
        peer=peer,
        peer_value=theirs,
        ratio=ours / theirs,
        loses=ours < theirs,
    )
