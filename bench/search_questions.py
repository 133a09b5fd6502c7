"""Ten kinds of queries, one of them in two ways, on the invented corpus, the same for all engines.

Words are drawn from bands of how many articles hold them. It never asks an engine.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TypeVar

import msgspec

from bench.corpus import Article, read_corpus
from bench.corpus_words import SMALL
from model.words import words

QUESTIONS = 50
QUICK_QUESTIONS = 5
SAMPLED = 20_000
RARE = (0.0, 0.0005)
MEDIUM = (0.003, 0.03)
COMMON = (0.05, 1.0)
"""The share of articles that hold a word; the small words of a language are not asked for."""

LEAST_COMMON = 60
"""At least so many words are common, were they in fewer articles than that."""

Item = TypeVar("Item")


class Kind(StrEnum):
    """What is asked for, as the table names it."""

    RARE = "rare word"
    TWO = "two words"
    NEWEST = "common word, newest"
    RELEVANCE = "common word, relevance"
    PHRASE = "phrase"
    PREFIX = "prefix"
    MONTH = "word, month"
    ENTITY = "word, entity, month"
    DAYS = "histogram by day"
    FACETS = "facets"
    ALL_FACETS = "facets, all counted"


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Words, all of which are sought; one after another, or the start of one, as the kind says.

    `month` is `2019-03`, `entity` a name.
    """

    kind: Kind
    words: tuple[str, ...]
    month: str = ""
    entity: str = ""


def draw_questions(path: Path, count: int = QUESTIONS) -> list[Question]:
    """Return `count` different questions of each kind, the same for the same corpus."""
    rng = random.Random(path.name)  # noqa: S311 - a draw that can be repeated is the point
    sample = list(_sampled(path))
    drawn = _Drawn(sample, rng, count)
    return [question for kind in Kind for question in drawn.questions(kind)]


def _sampled(path: Path) -> Iterator[Article]:
    """Yield articles from all over the file."""
    size = int(path.name.split("-")[1])
    yield from islice(read_corpus(path), 0, None, max(1, size // SAMPLED))


class _Drawn:
    """Words, names and months of a sample, and the questions made of them."""

    def __init__(self, sample: Sequence[Article], rng: random.Random, count: int) -> None:
        self._sample, self._rng, self._count = sample, rng, count
        held = Counter(word for each in sample for word in set(words(each.text)))
        small = {word for listed in SMALL.values() for each in listed for word in words(each)}
        self._held = {word: n for word, n in held.items() if word not in small and len(word) > 3}
        most = sorted(self._held, key=lambda word: (-self._held[word], word))
        self._rare, self._medium = self._band(RARE), self._band(MEDIUM)
        self._common = sorted({*self._band(COMMON), *most[:LEAST_COMMON]})
        self._asked = {*self._common, *self._medium}

    def _band(self, band: tuple[float, float]) -> list[str]:
        low, high = (share * len(self._sample) for share in band)
        return sorted(word for word, n in self._held.items() if low <= n <= max(high, 1))

    def questions(self, kind: Kind) -> list[Question]:
        """Return different questions of a kind."""
        found: dict[Question, None] = {}
        for made in self._make(kind):
            found[made] = None
            if len(found) == self._count:
                break
        return list(found)

    def _make(self, kind: Kind) -> Iterator[Question]:
        match kind:
            case Kind.RARE:
                yield from self._of_one(kind, self._rare)
            case Kind.NEWEST | Kind.RELEVANCE:
                yield from self._of_one(kind, self._common)
            case Kind.DAYS | Kind.FACETS | Kind.ALL_FACETS:
                both = zip(self._shuffled(self._common), self._shuffled(self._medium), strict=False)
                yield from (Question(kind=kind, words=(each,)) for pair in both for each in pair)
            case Kind.TWO:
                both = zip(self._shuffled(self._common), self._shuffled(self._medium), strict=False)
                yield from (Question(kind=kind, words=pair) for pair in both)
            case Kind.PREFIX:
                yield from self._prefixes()
            case _:
                yield from self._of_articles(kind)

    def _of_one(self, kind: Kind, band: Sequence[str]) -> Iterator[Question]:
        yield from (Question(kind=kind, words=(word,)) for word in self._shuffled(band))

    def _prefixes(self) -> Iterator[Question]:
        longer = (word for word in self._shuffled(self._medium) if len(word) > 6)
        for number, word in enumerate(longer):
            yield Question(kind=Kind.PREFIX, words=(word[: 4 + number % 3],))

    def _of_articles(self, kind: Kind) -> Iterator[Question]:
        """Yield what a reader of one article would ask: some of it is always found."""
        for article in self._shuffled(self._sample):
            found = words(article.text)
            month = article.published_at.isoformat()[:7]
            asked = [word for word in found if word in self._asked]
            if kind is Kind.PHRASE:
                yield from self._phrase(found)
            elif asked and (kind is Kind.MONTH or article.entities):
                word = (self._rng.choice(asked),)
                name = self._rng.choice(article.entities) if kind is Kind.ENTITY else ""
                yield Question(kind=kind, words=word, month=month, entity=name)

    def _phrase(self, found: Sequence[str]) -> Iterator[Question]:
        """Yield two or three words that follow one another, the first of them no small one."""
        at = self._rng.randrange(max(1, len(found) - 3))
        phrase = tuple(found[at : at + self._rng.choice((2, 3))])
        if len(phrase) > 1 and phrase[0] in self._held:
            yield Question(kind=Kind.PHRASE, words=phrase)

    def _shuffled(self, items: Sequence[Item]) -> list[Item]:
        listed = list(items)
        self._rng.shuffle(listed)
        return listed
