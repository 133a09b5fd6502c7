"""What looking up one article's copies costs, at two sizes of what is held.

Invented prints: of each article a hundred, one in ten of them common to many, as news have
them. Some articles stand within the days around, so that their vectors are weighed as well.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import numpy as np
from numpy.typing import NDArray

from bench.rows import Row
from model.article import Reading
from nlp.vectors import pack, unpack
from store import Store, open_store

PRINTS, COMMON = 100, 10
CHUNK = 20_000
NOON = datetime(2023, 11, 21, 12, tzinfo=UTC)
DAYS = timedelta(days=10)
ASKED = 50


def bench_growth(*, quick: bool) -> list[Row]:
    """Return CPU milliseconds an article and bytes an article, at a few held and at many."""
    few, many = (1_000, 5_000) if quick else (1_000, 100_000)
    near = 1_000 if quick else 10_000
    rows = []
    with TemporaryDirectory() as folder, open_store(Path(folder)) as store:
        _keep_near(store, near)
        costs = []
        for first, last in ((0, few), (few, many)):
            _hold(store, first, last)
            costs.append(min(_cost_ms(store, seed) for seed in range(5)))
        rows.append(_row(f"{many:,} held", "copies looked up, CPU ms an article", costs[1],
                         f"{few:,} held", costs[0]))  # fmt: skip
        rows.append(_row(f"{near:,} within the days", "neighbours weighed, CPU ms",
                         min(_vectors_ms(store, NOON) for _ in range(5)), "none within the days",
                         min(_vectors_ms(store, NOON + 9 * DAYS) for _ in range(5))))  # fmt: skip
        held = _bytes(store) / many
        rows.append(
            _row(f"{many:,} held", "bytes of prints an article", held, "4 each", 4 * PRINTS)
        )
    return rows


def _row(name: str, measure: str, value: float, peer: str, other: float) -> Row:
    return Row(stage="copies", set=name, measure=measure, vigie=value, peer=peer,
               peer_value=other, ratio=value / other)  # fmt: skip


def _keep_near(store: Store, count: int) -> None:
    """Keep so many articles within ten days of noon, with a vector each."""
    random = np.random.default_rng(1)
    for number in range(count):
        url = f"https://a.example/{number}"
        at = NOON - DAYS * (number / count)
        store.keep(Reading(url=url, canonical_url=url, title="", text="x", published_at=at),
                   relevant=True, reasons=("x",), now=NOON)  # fmt: skip
        vector = pack(random.standard_normal(512).astype(np.float32))
        store.save_prints(number + 1, [], vector, signer="s")


def _prints(first: int, articles: int) -> NDArray[np.int64]:
    """Return the prints of so many articles, one row each."""
    random = np.random.default_rng(first)
    own = random.integers(-(2**31), 2**31, (articles, PRINTS - COMMON))
    return np.concatenate([own, random.integers(0, 2_000, (articles, COMMON))], axis=1)


def _hold(store: Store, first: int, last: int) -> None:
    """Hold the prints of so many articles; in the order of the table, which only saves time."""
    for start in range(first, last, CHUNK):
        prints = _prints(start, min(CHUNK, last - start))
        numbers = np.repeat(np.arange(start, start + len(prints)), PRINTS)
        order = np.argsort(prints.ravel(), kind="stable")
        rows = zip(prints.ravel()[order].tolist(), numbers[order].tolist(), strict=True)
        with store.database.writing():
            store.database.execute_many(
                "INSERT OR IGNORE INTO print (value, article_id) VALUES (?, ?)", list(rows)
            )


def _cost_ms(store: Store, seed: int) -> float:
    asked = [tuple(row) for row in _prints(10**6 + seed, ASKED).tolist()]
    started = process_time()
    for prints in asked:
        store.candidates(prints)
    return (process_time() - started) * 1_000 / ASKED


def _vectors_ms(store: Store, at: datetime) -> float:
    vector = np.ones(512, dtype=np.float32)
    started = process_time()
    found = store.recent_vectors(at - DAYS, at, at + DAYS)
    unpack([each.numbers for each in found]) @ vector
    return (process_time() - started) * 1_000


def _bytes(store: Store) -> int:
    used: int = store.database.value(
        "SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM"
        " pragma_page_size)"
    )
    with store.database.writing():
        store.database.execute("DELETE FROM print")
    free: int = store.database.value(
        "SELECT (SELECT freelist_count FROM pragma_freelist_count) * (SELECT page_size FROM"
        " pragma_page_size)"
    )
    return min(used, free)
