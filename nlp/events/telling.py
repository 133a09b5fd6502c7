"""Which sentences of one date tell one event: those that share enough words, names or facts.

Nothing here says what an event is worth or which sentence stands for it.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from model.event import DatedSentence
from model.fold import fold
from nlp.events.centre import Centre, names_of, stems_of
from nlp.events.clarity import features

JOIN = 0.2
"""Two sentences on one day tell of one event when so much of the shorter is shared."""

NAMES_WEIGH = 0.4
"""Half of what one names is enough to join it, which is all two languages can share."""

LEAST_FACTS = 2
"""So many watched entities and numbers, all of them the same, join two languages."""

MEANT = 0.6
"""Sentences of two languages that are so near in meaning, and share a name, tell of one event."""

MOST_MEANT = 12
"""So many events of a date are compared by meaning, the most told."""

SPOKEN_FOR_BY = 2
"""By so many of its sentences each is compared."""

Meaning = Callable[[Sequence[str]], NDArray[np.float32]]
"""Returns the unit vectors of sentences, which are near where two languages say the same."""

_Facts = tuple[tuple[str, ...], frozenset[str]]


def tell_apart(
    sentences: Sequence[DatedSentence], centre: Centre, *, by_names: bool = True
) -> list[list[DatedSentence]]:
    """Return the sentences of one date by the event they tell, each joined to those before it.

    A wording is in one event only. Sentences of two languages also join when they name the same
    entities and numbers, and `by_names` those that share half of their names: it is for want of
    a model of what they mean.
    """
    clusters = _Clusters(centre, NAMES_WEIGH if by_names else 0.0)
    for one in sentences:
        clusters.add(one)
    return clusters.told


def join_languages(
    told: list[list[DatedSentence]], meaning: Meaning | None
) -> list[list[DatedSentence]]:
    """Return the events of one date, joined where another language tells the same.

    Only the most told are compared: what they mean must be near, and they share a name, an entity
    or a number.
    """
    if meaning is None or len({one.lang for each in told for one in each}) < 2:
        return told
    order = sorted(range(len(told)), key=lambda index: -len(told[index]))[:MOST_MEANT]
    spoken = [one for index in order for one in told[index][:SPOKEN_FOR_BY]]
    places = [index for index in order for _ in told[index][:SPOKEN_FOR_BY]]
    vectors = meaning([one.sentence for one in spoken])
    into = list(range(len(told)))
    for first, second in _near_pairs(vectors):
        one, other = (into[places[number]] for number in (first, second))
        if one != other and _share_across(spoken[first], spoken[second]):
            into = [min(one, other) if at in (one, other) else at for at in into]
    return _merged(told, into)


def _near_pairs(vectors: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Return pairs of sentences near in meaning, the nearest first."""
    near = np.triu(vectors @ vectors.T, 1)
    firsts, seconds = np.nonzero(near >= MEANT)
    pairs = [(int(one), int(other)) for one, other in zip(firsts, seconds, strict=True)]
    return sorted(pairs, key=lambda pair: (-float(near[pair]), pair))


def _share_across(one: DatedSentence, other: DatedSentence) -> bool:
    return one.lang != other.lang and bool(_names(one) & _names(other))


def _merged(told: list[list[DatedSentence]], into: Sequence[int]) -> list[list[DatedSentence]]:
    merged: dict[int, list[DatedSentence]] = {}
    for number, sentences in zip(into, told, strict=True):
        merged.setdefault(number, []).extend(sentences)
    return [merged[number] for number in sorted(merged)]


def wording(one: DatedSentence) -> str:
    """Return what two sentences share that differ in nothing a reader would notice."""
    return fold(one.sentence).strip(" .")


class _Clusters:
    """The events of one date while its sentences are read one by one."""

    def __init__(self, centre: Centre, names_weigh: float) -> None:
        self.told: list[list[DatedSentence]] = []
        self._centre = centre
        self._names_weigh = names_weigh
        self._by_feature: defaultdict[str, set[int]] = defaultdict(set)
        self._by_wording: dict[str, int] = {}
        self._by_facts: dict[_Facts, tuple[int, str]] = {}

    def add(self, one: DatedSentence) -> None:
        """Put a sentence where it belongs, or open a new event with it."""
        said, words = features(one) - _written(one), wording(one)
        number = self._by_wording.get(words)
        if number is None:
            number = self._nearest(one, said)
        if number is None:
            number = self._with_same_facts(one)
        if number is None:
            number = len(self.told)
            self.told.append([])
        self.told[number].append(one)
        self._by_wording[words] = number
        self._by_facts.setdefault(_facts(one), (number, one.lang))
        for feature in said:
            self._by_feature[feature].add(number)

    def _nearest(self, one: DatedSentence, said: frozenset[str]) -> int | None:
        shares = self._shares(said)
        for number, share in self._shares(_names(one)).items():
            shares[number] = max(shares[number], self._names_weigh * share)
        best = max(shares, key=lambda number: (shares[number], -number), default=None)
        return best if best is not None and shares[best] >= JOIN else None

    def _shares(self, said: frozenset[str]) -> defaultdict[int, float]:
        """Return how much of what is said each event told before, rare words counting more."""
        shares: defaultdict[int, float] = defaultdict(float)
        weights = {feature: self._centre.rarity(feature) for feature in said}
        whole = sum(weights.values())
        for feature, weight in sorted(weights.items()):
            for number in self._by_feature.get(feature, ()):
                shares[number] += weight / whole
        return shares

    def _with_same_facts(self, one: DatedSentence) -> int | None:
        """Return the event that another language tells with the same entities and numbers."""
        entities, numbers = facts = _facts(one)
        if not entities or len(entities) + len(numbers) < LEAST_FACTS:
            return None
        number, lang = self._by_facts.get(facts, (None, one.lang))
        return number if lang != one.lang else None


def _names(one: DatedSentence) -> frozenset[str]:
    """Return what a sentence names in either language: capitalised words, entities, numbers."""
    return names_of(one.sentence).union(_numbers(one), (f"={name}" for name in one.entities))


def _numbers(one: DatedSentence) -> frozenset[str]:
    """Return the numbers of a sentence, without those that write its date."""
    return frozenset(stem for stem in stems_of(one.sentence) if stem[0].isdigit()) - _written(one)


def _written(one: DatedSentence) -> frozenset[str]:
    """Return the numbers that write a date, which tell nothing of what happened on it."""
    ends = (one.from_on, one.to_on)
    return frozenset(str(part) for on in ends for part in (on.year, on.month, on.day))


def _facts(one: DatedSentence) -> _Facts:
    return tuple(sorted(one.entities)), _numbers(one)
