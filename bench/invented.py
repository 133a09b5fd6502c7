"""The invented corpus beside real press: how words are spread in as many texts of one length.

It reads the real texts where they are, and copies nothing of them.
"""

import gzip
import random
from collections.abc import Iterator
from itertools import islice
from math import nan
from pathlib import Path

import msgspec

from bench.corpus import FRENCH, MEAN_WORDS, find_corpus, read_corpus
from bench.rows import Row
from bench.word_statistics import Spread, spread
from model.words import words

STAGE = "corpus"
LANGS = {"fr": "French", "en": "English"}
MEASURES = ("zipf", "heaps", "burstiness")
MOST = 2_000


class _Text(msgspec.Struct):
    text: str


def bench_corpus(shared: Path, cache: Path, size: int) -> list[Row]:
    """Return a row for each measure and language; the corpus is made where it is not there."""
    path = find_corpus(cache, size)
    rows: list[Row] = []
    for lang, name in LANGS.items():
        real = list(_real_texts(shared / "corpora" / "timelines", lang))
        random.Random(len(real)).shuffle(real)  # noqa: S311 - the same order each time
        # as many texts of the same length: growth and slope depend on how much there is
        made = list(islice(_texts(path, lang), len(real) or MOST))
        ours = spread(made)
        theirs = spread(real[: len(made)]) if real else None
        rows += [_row(name, measure, ours, theirs) for measure in MEASURES]
    langs = [each.lang for each in islice(read_corpus(path), 10_000)]
    rows.append(
        Row(
            stage=STAGE,
            set="all",
            measure="share in French",
            vigie=langs.count("fr") / len(langs),
            peer="as asked for",
            peer_value=FRENCH,
            ratio=langs.count("fr") / len(langs) / FRENCH,
        )
    )
    return rows


def _texts(path: Path, lang: str) -> Iterator[list[str]]:
    return (words(each.text)[:MEAN_WORDS] for each in read_corpus(path) if each.lang == lang)


def _real_texts(folder: Path, lang: str) -> Iterator[list[str]]:
    for file in sorted(folder.glob(f"{lang}-*/articles.jsonl.gz")):
        with gzip.open(file, "rb") as lines:
            for line in lines:
                yield words(msgspec.json.decode(line, type=_Text).text)[:MEAN_WORDS]


def _row(name: str, measure: str, ours: Spread, theirs: Spread | None) -> Row:
    value = getattr(ours, measure)
    other = nan if theirs is None else getattr(theirs, measure)
    return Row(
        stage=STAGE,
        set=f"{ours.articles:,} articles, {name}",
        measure=measure,
        vigie=value,
        peer="timelines",
        peer_value=other,
        ratio=value / other,
    )
