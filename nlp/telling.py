"""Which sentences of one date tell one event: those that share enough words, names or facts.

Nothing here says what an event is worth or which sentence stands for it.
"""

from collections import defaultdict
from collections.abc import Sequence

from model.event import DatedSentence
from model.fold import fold
from nlp.centre import Centre, names_of, stems_of
from nlp.clarity import features

JOIN = 0.2
"""Two sentences on one day tell of one event when so much of the shorter is shared."""

NAMES_WEIGH = 0.4
"""Half of what one names is enough to join it, which is all two languages can share."""

LEAST_FACTS = 2
"""So many watched entities and numbers, all of them the same, join two languages."""

_Facts = tuple[tuple[str, ...], frozenset[str]]


def tell_apart(sentences: Sequence[DatedSentence], centre: Centre) -> list[list[DatedSentence]]:
    """Return the sentences of one date by the event they tell, each joined to those before it.

    A wording is in one event only. Sentences of two languages also join when they name the same
    entities and numbers.
    """
    clusters = _Clusters(centre)
    for one in sentences:
        clusters.add(one)
    return clusters.told


def wording(one: DatedSentence) -> str:
    """Return what two sentences share that differ in nothing a reader would notice."""
    return fold(one.sentence).strip(" .")


class _Clusters:
    """The events of one date while its sentences are read one by one."""

    def __init__(self, centre: Centre) -> None:
        self.told: list[list[DatedSentence]] = []
        self._centre = centre
        self._by_feature: defaultdict[str, set[int]] = defaultdict(set)
        self._by_wording: dict[str, int] = {}
        self._by_facts: dict[_Facts, tuple[int, str]] = {}

    def add(self, one: DatedSentence) -> None:
        """Put a sentence where it belongs, or open a new event with it."""
        said, words = features(one), wording(one)
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
            shares[number] = max(shares[number], NAMES_WEIGH * share)
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
    return frozenset(stem for stem in stems_of(one.sentence) if stem[0].isdigit())


def _facts(one: DatedSentence) -> _Facts:
    """Return the entities and the numbers of a sentence, without those that write its date."""
    ends = (one.from_on, one.to_on)
    written = {str(part) for on in ends for part in (on.year, on.month, on.day)}
    return tuple(sorted(one.entities)), _numbers(one) - written
