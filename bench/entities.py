"""What it costs to know whom an article names, and to decide that two of many articles are one.

The people are invented, and so are the texts: the tables that joining reads are filled directly.
It measures no quality: `bench.names` does.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from app.steps.joining import join_names
from bench.rows import Row
from model.article import Reading
from model.mention import EntityKind, Mention, Tags
from nlp.names.keys import held_keys
from store import Store, open_store
from store.articles import Keeping
from store.entities.names import name_key

NOON = datetime(2023, 11, 21, 12, tzinfo=UTC)
PERSON = EntityKind.PERSON
FIRST = [f"{chr(65 + number % 26)}lo{chr(97 + number // 26)}a" for number in range(300)]
LAST = [
    f"Vor{chr(97 + number // 676)}{chr(97 + number // 26 % 26)}{chr(97 + number % 26)}"
    for number in range(3_000)
]
SIZES, QUICK_SIZES = (1_000, 10_000, 100_000), (1_000, 10_000)
MERGED, QUICK_MERGED = 10_000, 1_000
ASKED = 40
BATCH = 500


def bench_entities(*, quick: bool) -> list[Row]:
    """Return rows of joining one article at several sizes, and of a merge beside its floor."""
    sizes = QUICK_SIZES if quick else SIZES
    merged = QUICK_MERGED if quick else MERGED
    with TemporaryDirectory(prefix="vigie-bench-") as folder:
        joined = {size: _time_joining(Path(folder) / str(size), size) for size in sizes}
        return [*_joining_rows(joined), *_merge_rows(Path(folder) / "merged", merged)]


def _joining_rows(joined: dict[int, tuple[float, float]]) -> Iterator[Row]:
    first = min(joined)
    for size, spent in joined.items():
        for measure, ms, least in zip(("joining, ms", "saving, ms"), spent, joined[first],
                                      strict=True):  # fmt: skip
            yield _row(f"{size:,} articles", measure, ms, f"at {first:,}", least)


def _row(name: str, measure: str, ours: float, peer: str, theirs: float) -> Row:
    return Row(
        stage="entities", set=name, measure=measure, vigie=ours, peer=peer, peer_value=theirs,
        ratio=ours / theirs,
    )  # fmt: skip


def _time_joining(data: Path, size: int) -> tuple[float, float]:
    """Return the median CPU milliseconds of joining an article, and of saving it."""
    people = _people(size)
    with open_store(data) as store:
        (kept,) = _keep(store, 0, 1)
        _hold(store, people, size)
        joining, saving = [], []
        for number in range(ASKED):
            tags = _article(people, number)
            started = process_time()
            joined = join_names(store, size * 2, tags)
            joining.append(process_time() - started)
            store.save_tags(kept, tags, (), tagger="b", now=NOON, joined=joined)
            saving.append(process_time() - started - joining[-1])
    return 1_000 * median(joining), 1_000 * median(saving)


def _people(size: int) -> list[str]:
    chance = random.Random(1)  # noqa: S311 - invented people, the same each time
    drawn = (f"{chance.choice(FIRST)} {chance.choice(LAST)}" for _ in range(size // 4))
    return list(dict.fromkeys(drawn))


def _article(people: Sequence[str], seed: int) -> Tags:
    """Return the names of an article: known people, unknown ones, and bare surnames."""
    chance = random.Random(seed)  # noqa: S311 - invented articles, the same each time
    names = [people[_rank(chance, people)] for _ in range(20)]
    names += [f"{chance.choice(FIRST)} {chance.choice(LAST)}" for _ in range(5)]
    names += [chance.choice(LAST) for _ in range(5)]
    return _naming(dict.fromkeys(names))


def _rank(chance: random.Random, people: Sequence[str]) -> int:
    return min(int(chance.paretovariate(0.6)), len(people)) - 1


def _naming(names: Sequence[str] | dict[str, None]) -> Tags:
    mentions = (
        Mention(start=at, end=at + 1, text="x", entity=name, kind=PERSON, by="bench")
        for at, name in enumerate(names)
    )
    return Tags(lang="fr", mentions=tuple(mentions))


def _hold(store: Store, people: Sequence[str], size: int) -> None:
    """Fill the tables that joining reads, as so many articles would."""
    db, chance = store.database, random.Random(2)  # noqa: S311
    numbered = list(enumerate(people, start=1))
    texts = (
        (version, sorted({_rank(chance, people) + 1 for _ in range(12)}))
        for version in range(2, size + 2)
    )
    db.execute("PRAGMA foreign_keys = OFF")  # the versions are invented
    with db.writing():
        db.execute_many(
            "INSERT INTO entity (id, key, name, own_name, kind) VALUES (?, ?, ?, ?, ?)",
            [(number, name_key(name), name, name, PERSON) for number, name in numbered],
        )
        db.execute_many(
            "INSERT INTO entity_name VALUES (?, ?, ?, 'text', 'same name', 1)",
            [(name_key(name), number, name) for number, name in numbered],
        )
        db.execute_many(
            "INSERT INTO entity_lookup VALUES (?, ?)",
            [(key, number) for number, name in numbered for key in held_keys(name, PERSON)],
        )
        db.execute_many(
            "INSERT INTO joining VALUES (?, ?, ?, ?, ?, ?, 'same name', 'none', '', '[]', NULL,"
            " 1, 0)",
            [
                (version, people[one - 1], name_key(people[one - 1]), PERSON, one, one)
                for version, named in texts
                for one in named
            ],
        )
    db.execute("PRAGMA foreign_keys = ON")


def _keep(store: Store, first: int, last: int) -> list[int]:
    """Keep invented articles and return their versions."""
    keepings = [
        Keeping(
            reading=Reading(
                url=f"https://a.example/{number}", canonical_url=f"https://a.example/{number}",
                title="Un titre", text=f"Le texte {number}. " * 20, site="a.example", lang="fr",
                published_at=NOON + number * timedelta(minutes=1),
            ),
            relevant=True, reasons=("x",), capture=None, entry_id=None, imported_from=None,
            next_reading_at=None, now=NOON + number * timedelta(minutes=1),
        )
        for number in range(first, last)
    ]  # fmt: skip
    return [kept.version_id for kept in store.keep_all(keepings)]


def _merge_rows(data: Path, mentions: int) -> Iterator[Row]:
    with open_store(data) as store:
        for first in range(0, 2 * mentions, BATCH):
            for version in _keep(store, first, first + BATCH):
                tags = _naming([f"Ada Vor{'ab'[version % 2]}", f"Bo Vor{version % 97}"])
                store.save_tags(version, tags, (), tagger="b", now=NOON)
        one, other = (store.who_is(name)[0].id for name in ("Ada Vora", "Ada Vorb"))
        floor_s = _time_floor(store, one, other)
        spent = _time_settling(store, one, other)
    name = f"merge of {mentions:,} articles"
    yield _row(name, "until settled, s", sum(spent), "bare UPDATE", floor_s)
    yield _row(name, "longest transaction, s", max(spent), "bare UPDATE", floor_s)


def _time_floor(store: Store, one: int, other: int) -> float:
    """Return the seconds of moving the mentions alone, there and back."""
    sql = "UPDATE mention SET entity_id = ? WHERE entity_id = ? AND called = 'Ada Vora'"
    started = perf_counter()
    with store.database.writing():
        store.database.execute(sql, (other, one))
    taken = perf_counter() - started
    with store.database.writing():
        store.database.execute(sql, (one, other))
    return taken


def _time_settling(store: Store, one: int, other: int) -> list[float]:
    """Return the seconds of each transaction of a merge."""
    started = perf_counter()
    store.merge_entities(one, other, now=NOON)
    spent = [perf_counter() - started]
    while store.count_stale_joinings():
        started = perf_counter()
        store.settle_joinings()
        spent.append(perf_counter() - started)
    return spent
