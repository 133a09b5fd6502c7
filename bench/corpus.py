"""A corpus of invented press articles, French and English, the same for the same seed.

Words inflect, come back within an article, and stand beside names and set phrases, as in the
press. It is written once into a folder outside the project, one JSON line an article, as
`vigie import` reads them too. It never reads anything else.
"""

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from bench.corpus_words import (
    CAPITALISED,
    COMMA,
    ELIDED,
    NAMES,
    PLAIN,
    STOP,
    Language,
    cumulated,
    make_names,
)

SIZES = (10_000, 100_000, 1_000_000)
SEED = 7
BATCH = 1_000
SOURCES = 60
START = int(datetime(2016, 1, 1, tzinfo=UTC).timestamp())
SECONDS = (8 * 365 + 2) * 86_400
MEAN_WORDS = 300
FRENCH = 0.7
REPEATED = 0.35
"""How many words were already said in the article, where they are no small ones."""

RECIPE = 1
"""Changes with every change of what is made, so that an older file is not taken for it."""


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """One invented article; `entities` are the names in it, `story` what it tells of, or None."""

    number: int
    url: str
    source: str
    site: str
    lang: str
    title: str
    text: str
    authors: tuple[str, ...]
    published_at: datetime
    entities: tuple[str, ...]
    story: int | None
    access: str


def find_corpus(cache: Path, size: int, seed: int = SEED) -> Path:
    """Return the file of a corpus, made first where it is not there."""
    path = cache / f"articles-{size}-{seed}-{RECIPE}.jsonl"
    if not path.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        encoder = msgspec.json.Encoder()
        try:
            with part.open("wb") as lines:
                lines.writelines(encoder.encode(article) + b"\n" for article in Corpus(size, seed))
            part.rename(path)
        finally:
            part.unlink(missing_ok=True)
    return path


def read_corpus(path: Path) -> Iterator[Article]:
    """Yield the articles of a file, the earliest first but for those that came late."""
    decoder = msgspec.json.Decoder(Article)
    with path.open("rb") as lines:
        yield from map(decoder.decode, lines)


class Corpus:
    """`size` articles over eight years, in their order in time but for late ones."""

    def __init__(self, size: int, seed: int = SEED) -> None:
        """Make the words."""
        self.size, self.seed = size, seed
        rng = np.random.default_rng(seed)
        self.names = make_names(rng)
        self.languages = {lang: Language(lang, rng, self.names) for lang in ("fr", "en")}
        self._name_share = cumulated(NAMES, 0.95, 20)
        self._source_share = cumulated(SOURCES, 0.9, 3)

    def __iter__(self) -> Iterator[Article]:
        """Yield the articles."""
        for first in range(0, self.size, BATCH):
            yield from self._batch(first, min(BATCH, self.size - first))

    def _batch(self, first: int, size: int) -> Iterator[Article]:
        rng = np.random.default_rng((self.seed, first))
        facts = _Facts(self, rng, first, size)
        is_french = rng.random(size) < FRENCH
        made: dict[int, tuple[str, str]] = {}
        for lang, chosen in (("fr", is_french), ("en", ~is_french)):
            at = np.flatnonzero(chosen).tolist()
            texts = _write(self.languages[lang], rng, [facts.entities[i] for i in at])
            made.update(zip(at, texts, strict=True))
        for i in range(size):
            site = f"journal-{facts.source[i]}.example"
            yield Article(
                number=first + i,
                url=f"https://{site}/article/{first + i}",
                source=f"https://{site}/feed.xml",
                site=site,
                lang="fr" if is_french[i] else "en",
                title=made[i][0],
                text=made[i][1],
                authors=(self.names[facts.author[i]],),
                published_at=datetime.fromtimestamp(facts.published[i], UTC),
                entities=tuple(self.names[name] for name in facts.entities[i]),
                story=facts.story[i],
                access=("free", "subscribers", "truncated")[facts.access[i]],
            )

    def draw_names(self, drawn: Any) -> Any:
        """Return the numbers of names, each as often as it is known; `drawn` lie in 0 to 1."""
        return np.minimum(np.searchsorted(self._name_share, drawn), NAMES - 1)

    def draw_sources(self, rng: Any, size: int) -> Any:
        """Return the numbers of sources, each as often as it publishes."""
        return np.searchsorted(self._source_share, rng.random(size))


class _Facts:
    """What is known of each article of a batch beside its text."""

    def __init__(self, corpus: Corpus, rng: Any, first: int, size: int) -> None:
        number = np.arange(first, first + size)
        late = np.where(rng.random(size) < 0.03, rng.exponential(3 * 86_400, size), 0)
        at = START + number / corpus.size * SECONDS - late + rng.random(size) * 600
        self.published = np.maximum(START, at).astype(np.int64).tolist()
        story = np.maximum(0, number - rng.exponential(150, size)).astype(np.int64) // 4
        told = rng.random(size) < 0.6
        self.story = [int(s) if t else None for s, t in zip(story, told, strict=True)]
        source = corpus.draw_sources(rng, size)
        self.source: list[int] = source.tolist()
        self.author: list[int] = (NAMES - 1 - source * 12 - rng.integers(0, 12, size)).tolist()
        self.access: list[int] = np.searchsorted((0.75, 0.97), rng.random(size)).tolist()
        self.entities = _named(corpus, rng, size, np.where(told, story, -1))


def _named(corpus: Corpus, rng: Any, size: int, story: Any) -> list[tuple[int, ...]]:
    """Return who is named in each: two of the story's, the others as often as they are known."""
    drawn = rng.random((size, 6))
    for place in range(2):
        shared = np.sin(story * 12.9898 + place * 78.233) * 43758.5453 % 1
        drawn[:, place] = np.where(story >= 0, shared, drawn[:, place])
    counts = rng.integers(1, 7, size).tolist()
    rows = zip(corpus.draw_names(drawn).tolist(), counts, strict=True)
    return [tuple(dict.fromkeys(row[:count])) for row, count in rows]


def _write(
    language: Language, rng: Any, entities: Sequence[tuple[int, ...]]
) -> Iterator[tuple[str, str]]:
    """Yield a title and a text for each list of names."""
    lengths = np.clip(rng.lognormal(np.log(MEAN_WORDS) - 0.14, 0.53, len(entities)), 50, 2_500)
    lengths = lengths.astype(np.int64)
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    tokens = _draw_tokens(language, rng, starts, lengths)
    _set_phrases(language, rng, tokens, starts, lengths)
    _set_names(language, rng, tokens, starts, lengths, entities)
    pieces = language.spell(tokens, _punctuate(rng, len(tokens), starts))
    plain = np.full(10, PLAIN)
    picked = rng.random((len(entities), 10))
    spans = zip(starts.tolist(), lengths.tolist(), strict=True)
    for number, (start, length) in enumerate(spans):
        places = start + np.sort((picked[number] * min(length, 120)).astype(np.int64))
        title = "".join(language.spell(tokens[places], plain)).strip()
        text = "".join(pieces[start : start + length]).strip().rstrip(",")
        yield f"{title[:1].upper()}{title[1:]}", text


def _draw_tokens(language: Language, rng: Any, starts: Any, lengths: Any) -> Any:
    """Return forms in which some lemmas were said before in the same text."""
    size = int(lengths.sum())
    lemmas = language.draw_lemmas(rng, size)
    start = np.repeat(starts, lengths)
    said = start + (rng.random(size) * (np.arange(size) - start)).astype(np.int64)
    again = (rng.random(size) < REPEATED) & (lemmas >= 20) & (lemmas[said] >= language.smalls)
    return language.inflect(rng, np.where(again, lemmas[said], lemmas))


def _set_phrases(language: Language, rng: Any, tokens: Any, starts: Any, lengths: Any) -> None:
    counts = rng.poisson(lengths / 60)
    places = rng.random(counts.sum()) * np.repeat(lengths - 3, counts)
    at = np.repeat(starts, counts) + places.astype(np.int64)
    phrases = language.draw_phrases(rng, len(at))
    for place in range(3):
        tokens[at + place] = phrases[:, place]


def _set_names(
    language: Language,
    rng: Any,
    tokens: Any,
    starts: Any,
    lengths: Any,
    entities: Sequence[tuple[int, ...]],
) -> None:
    times = rng.integers(1, 4, sum(map(len, entities)))
    owner = np.repeat(np.arange(len(entities)), [len(listed) for listed in entities])
    owner = np.repeat(owner, times)
    names = np.repeat(np.array([each for listed in entities for each in listed]), times)
    at = starts[owner] + (rng.random(len(names)) * (lengths[owner] - 2)).astype(np.int64)
    tokens[at] = language.words + 2 * names
    tokens[at + 1] = language.words + 2 * names + 1


def _punctuate(rng: Any, size: int, starts: Any) -> Any:
    """Return the style of each word: sentences of about twenty, commas, elided articles."""
    drawn = rng.random(size)
    stops = drawn < 0.045
    stops[starts[1:] - 1] = True
    stops[-1] = True
    style = np.where(stops, STOP, np.where(drawn > 0.94, COMMA, np.where(drawn > 0.84, ELIDED, 0)))
    after = np.concatenate(([True], stops[:-1]))
    return np.where(after & ~stops, CAPITALISED, style)
