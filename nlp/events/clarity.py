"""Which of the sentences that tell an event can stand for it, and how alike two of them are.

Nothing here writes: an event's words are a source's own.
"""

import re
from collections.abc import Mapping, Sequence

from model.event import DatedSentence
from model.phrases import MONTHS
from nlp.events.centre import Centre, names_of, stems_of

MIN_CHARS, MAX_CHARS = 40, 600

MOST_NEAR = 20
"""With so many of an event's sentences each is compared, the first in their order."""


def is_whole(text: str, span: tuple[int, int]) -> bool:
    """Say whether a span is a sentence a reader can use: not a heading, not a scrap."""
    sentence = text[span[0] : span[1]].rstrip("»”\")' \u00a0")
    return MIN_CHARS <= span[1] - span[0] <= MAX_CHARS and sentence.endswith((".", "!", "?", "…"))


LEAST_SAID = 3


def says(one: DatedSentence) -> bool:
    """Say whether a sentence tells anything beside its date: not "14 et 15 novembre"."""
    return sum(not stem.isdigit() for stem in stems_of(one.sentence)) >= LEAST_SAID


def features(one: DatedSentence) -> frozenset[str]:
    """Return what a sentence can share with another: its words, its numbers, its entities."""
    return stems_of(one.sentence) | frozenset(f"={name}" for name in one.entities)


def alike(one: frozenset[str], other: frozenset[str], centre: Centre) -> float:
    """Return the cosine of what two sentences share, each feature weighing by its rarity."""
    return _cosine(one, other, {feature: centre.rarity(feature) ** 2 for feature in one | other})


def _cosine(one: frozenset[str], other: frozenset[str], weights: Mapping[str, float]) -> float:
    shared = sum(weights[feature] for feature in sorted(one & other))
    if not shared:
        return 0.0
    first, second = (sum(map(weights.__getitem__, sorted(each))) for each in (one, other))
    return float(shared / (first * second) ** 0.5)


class Likeness:
    """How alike the sentences of one event are, the rarity of each word looked up once."""

    def __init__(self, sentences: Sequence[DatedSentence], centre: Centre) -> None:
        self._said = [features(one) for one in sentences]
        words = frozenset[str]().union(*self._said)
        self._weights = {feature: centre.rarity(feature) ** 2 for feature in words}
        self._lengths = [
            sum(map(self._weights.__getitem__, sorted(each))) ** 0.5 for each in self._said
        ]

    def between(self, one: int, other: int) -> float:
        """Return the cosine of two sentences' words, each weighing by its rarity."""
        shared = sorted(self._said[one] & self._said[other])
        if not shared:
            return 0.0
        total = sum(map(self._weights.__getitem__, shared))
        return float(total / (self._lengths[one] * self._lengths[other]))


def lag(one: DatedSentence) -> int:
    """Return how many days after the fact an article was published."""
    return max(0, (one.published_at.date() - one.to_on).days) if one.published_at else 1


_MONTHS = "|".join((*MONTHS["fr"], *MONTHS["en"]))
_WRITTEN_DAY = re.compile(
    rf"\b(\d{{1,2}})(?:er|st|nd|rd|th)? (?:of )?(?:{_MONTHS})\b|\b(?:{_MONTHS}) (\d{{1,2}})\b"
)


def _written_days(one: DatedSentence) -> float:
    """Return 1 where a sentence writes its own day, less where it writes another it may tell of."""
    days = {int(match[1] or match[2]) for match in _WRITTEN_DAY.finditer(one.sentence)}
    own = {one.from_on.day, one.to_on.day}
    return 0.8 * bool(days & own) - 1.0 * bool(days - own)


_ASIDE = re.compile(
    rf"\b(?:depuis|après|à la suite|à propos|since|after|following|prior to|avant)\b[^.;:]{{0,70}}?"
    rf"(?:{_WRITTEN_DAY.pattern})"
)


def _is_aside(one: DatedSentence) -> bool:
    """Say whether a sentence only counts from its day: "… depuis l'enquête du 14 novembre"."""
    return _ASIDE.search(one.sentence) is not None


_HANGING = re.compile(
    r"\s*(?:et|mais|or|il|elle|ils|elles|le même jour|le lendemain|la veille|and|but|he|she|they|it"
    r"|the same day|that day|the (?:next|following) day)\b",
    re.IGNORECASE,
)


def clearest(
    cluster: Sequence[DatedSentence], centre: Centre, first_language: str
) -> DatedSentence:
    """Return the sentence that can best stand alone for its event."""
    alike = Likeness(cluster, centre)
    compared = range(min(len(cluster), MOST_NEAR))

    def clear(number: int) -> float:
        near = [alike.between(number, other) for other in compared if other != number]
        return _clarity(cluster[number], first_language) + (sum(near) / len(near) if near else 0)

    return cluster[max(range(len(cluster)), key=clear)]


def _clarity(one: DatedSentence, first_language: str) -> float:
    length = len(one.sentence)
    clear = 2.0 * is_whole(one.sentence, (0, length)) - 1.0 * one.inferred
    clear -= 0.5 * (_HANGING.match(one.sentence) is not None)
    clear -= abs(length - 180) / 400 + 0.6 * min(1.0, lag(one) / 10)
    clear += 0.6 * (one.lang == first_language) + _written_days(one) - 0.6 * _is_aside(one)
    return clear + 0.3 * min(3, len(one.entities) + len(names_of(one.sentence)) / 2)
