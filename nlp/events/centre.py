"""What the whole of an affair's coverage is about: how many articles name each word and each day.

The counts only ever grow or shrink by one article, so that keeping them costs nothing as history
grows. Nothing here judges a sentence; `events` asks it.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from math import log

import msgspec

from model.event import DatedSentence
from model.fold import fold

STEM_CHARS = 5
"""Words are compared by their first letters: it joins inflections, and much of French and English
(reconnaissance and recognition differ, ministre and minister, police and police do not)."""

OPENING_SHARE = 50
"""An affair has opened when one in so many of its articles was published."""

_WORD = re.compile(r"[^\W_]{2,}")

_IDLE = frozenset(
    fold(
        "alors après aucun aussi autre autres avait avant avec avoir beaucoup bien cela celle"
        " celui cent ces cet cette ceux chaque chez comme comment contre dans deja depuis deux"
        " dire dit dont donc elle elles encore entre est etait etaient etant ete etre eux fait"
        " faire fois font hier ici ils jour jours jusque leur leurs les lors lui mais mardi meme"
        " mercredi lundi jeudi vendredi samedi dimanche moins mois non notamment notre nos nous"
        " ont ou par parce pas pendant peu peut plus plusieurs pour pourrait precise puis quand"
        " que quel quelle qui quoi sans selon sera serait ses seulement sont sous son sur tandis"
        " tant toujours tous tout toute toutes tres trois trop une un vers vient voir vos votre"
        " vous ans annee semaine janvier fevrier mars avril mai juin juillet aout septembre"
        " octobre novembre decembre matin soir declare annonce affirme ajoute estime des aux ainsi"
        " cependant deuxieme premier premiere dernier derniere prochain du de la le en et au ce il"
        " on se ne sa si ni or car about above according added after again against all also"
        " although among and another any are around because been before being between both but"
        " came can could day days did does down during each even every few first for from further"
        " get had has have her here him his how however into its just last late later like made"
        " make many may might more most much must near never new news next not now off once one"
        " only other our out over own part people per said same say says second see she should"
        " since some still such take than that the their them then there these they this those"
        " three through time told too took two under until upon very was week well were what when"
        " where which while who whom whose why will with within without would year years yesterday"
        " yet you your monday tuesday wednesday thursday friday saturday sunday january february"
        " march april june july august september october november december today tomorrow month"
        " months morning evening night is it in of to at by as an or on be he we so no if me my us"
        " am pm do go gmt edt"
    ).split()
)
"""Words, folded, that say nothing of what a sentence is about, of both languages."""


@lru_cache(maxsize=20_000)
def stems_of(sentence: str) -> frozenset[str]:
    """Return the words of a sentence that mean something, and its numbers, by their beginnings."""
    words = _WORD.findall(fold(sentence))
    return frozenset(word[:STEM_CHARS] for word in words if word not in _IDLE)


_CAPITAL = re.compile(r"(?<=[^\W_][ ,’'-])[A-ZÀ-Þ][^\W\d_]+")


@lru_cache(maxsize=20_000)
def names_of(sentence: str) -> frozenset[str]:
    """Return the words written with a capital inside a sentence, by their first letters."""
    words = (fold(word).strip() for word in _CAPITAL.findall(sentence))
    return frozenset(word[:STEM_CHARS] for word in words if len(word) > 2 and word not in _IDLE)


class Centre(msgspec.Struct):
    """Counts of articles: in all, by word, capitalised name, entity, day named, day published.

    Days are written as ISO dates. `opened` is the affair's opening where that is known already.
    """

    articles: int = 0
    words: dict[str, int] = {}
    names: dict[str, int] = {}
    entities: dict[str, int] = {}
    named: dict[str, int] = {}
    published: dict[str, int] = {}
    opened: date | None = None

    def add(self, sentences: Sequence[DatedSentence]) -> None:
        """Count one article by all its dated sentences."""
        self._count(sentences, 1)

    def remove(self, sentences: Sequence[DatedSentence]) -> None:
        """Forget an article that was counted with these sentences."""
        self._count(sentences, -1)

    def _count(self, sentences: Sequence[DatedSentence], sign: int) -> None:
        if not sentences:
            return
        self.articles += sign
        for what, keys in held_by(sentences).items():
            _tally(getattr(self, what), keys, sign)

    def rarity(self, stem: str) -> float:
        """Return how much sharing a word says: the logarithm of one in how many articles has it."""
        return log(1 + self.articles / (1 + self.words.get(stem, 0)))

    def centrality(self, sentence: DatedSentence) -> float:
        """Return how far a sentence names what the affair is about, 0 to 1."""
        if not self.articles:
            return 0.0
        shares = [self.names.get(name, 0) / self.articles for name in names_of(sentence.sentence)]
        shares += [self.entities.get(name, 0) / self.articles for name in sentence.entities]
        apart = 1.0
        for share in shares:
            apart *= 1 - min(1.0, share)
        return 1 - apart

    def beside(self, on: date) -> int:
        """Return how many articles name the day before `on` or the day after, the more of both."""
        return max(self.named.get(day, 0) for day in _around(on, (-1, 1)))

    def published_by(self, on: date) -> int:
        """Return how many articles appeared on that day and the next."""
        return sum(self.published.get(day, 0) for day in _around(on, (0, 1)))

    def opening(self) -> date | None:
        """Return the day by which one in fifty of the articles had been published."""
        if self.opened is not None or not self.published:
            return self.opened
        reached = 0
        for day in sorted(self.published):
            reached += self.published[day]
            if reached >= self.articles / OPENING_SHARE:
                break
        return date.fromisoformat(day)


def _around(on: date, shifts: Iterable[int]) -> list[str]:
    """Return days around one, those left out that no calendar has."""
    numbers = (on.toordinal() + shift for shift in shifts)
    return [
        date.fromordinal(number).isoformat()
        for number in numbers
        if 1 <= number <= date.max.toordinal()
    ] or [on.isoformat()]


def held_by(sentences: Sequence[DatedSentence]) -> dict[str, set[str]]:
    """Return what one article adds to the counts, by the count it adds to."""
    if not sentences:
        return {}
    every = [one.sentence for one in sentences]
    days = (one for one in sentences if one.from_on == one.to_on and not one.inferred)
    return {
        "words": set().union(*map(stems_of, every)),
        "names": set().union(*map(names_of, every)),
        "entities": {name for one in sentences for name in one.entities},
        "named": {one.from_on.isoformat() for one in days},
        "published": {at.date().isoformat() for one in sentences if (at := one.published_at)},
    }


def asked_of(sentences: Sequence[DatedSentence]) -> dict[str, set[str]]:
    """Return which counts are needed to build the events that sentences tell."""
    if not sentences:
        return {}
    days = {one.from_on for one in sentences}
    return held_by(sentences) | {
        "named": {day for on in days for day in _around(on, (-1, 1))},
        "published": {day for on in days for day in _around(on, (0, 1))},
    }


def _tally(counts: dict[str, int], keys: Iterable[str], sign: int) -> None:
    for key in keys:
        count = counts.get(key, 0) + sign
        if count > 0:
            counts[key] = count
        else:
            counts.pop(key, None)


def gather_centre(articles: Iterable[Sequence[DatedSentence]]) -> Centre:
    """Return the counts over articles, each given by its dated sentences."""
    centre = Centre()
    for sentences in articles:
        centre.add(sentences)
    return centre


def count_by_article(sentences: Iterable[DatedSentence]) -> Centre:
    """Return the counts over sentences in any order."""
    by_article: dict[int, list[DatedSentence]] = {}
    for one in sentences:
        by_article.setdefault(one.article, []).append(one)
    return gather_centre(by_article.values())
