"""How important an event is: how many independent sources tell it, how centrally and how late.

Nothing here reads a text beyond its dated sentences, and nothing judges who is right.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from math import log1p

from model.event import DatedSentence
from model.mention import Precision
from nlp.events.centre import Centre
from nlp.events.clarity import Likeness, lag

MOST_COMPARED = 80
"""Sentences of one event that are compared each with each; the rest only join it."""

A_MONTH = 30
"""An event still told of after so many days is one that mattered."""

Sources = Mapping[int, str]
"""Which independent source each copy group stands for."""

_PRECISION_WEIGHTS = {
    Precision.DAY: 1.0,
    Precision.INTERVAL: 0.5,
    Precision.MONTH: 0.4,
    Precision.SEASON: 0.3,
    Precision.QUARTER: 0.3,
    Precision.YEAR: 0.25,
}


def independent_sources(sentences: Sequence[DatedSentence]) -> Sources:
    """Return the source of each copy group: the site of its earliest article in `sentences`.

    A site is one source whatever it publishes; a copy group without a site is one of its own.
    """
    sources: dict[int, str] = {}
    for one in sorted(sentences, key=first_published):
        sources.setdefault(one.copy_group, one.site or f"copy group {one.copy_group}")
    return sources


def first_published(one: DatedSentence) -> tuple[bool, str, int]:
    """Return what orders sentences by their articles' publication, undated ones last."""
    at = one.published_at
    return at is None, at.isoformat() if at else "", one.article


def support(cluster: Sequence[DatedSentence], centre: Centre, sources: Sources) -> float:
    """Return the most any one sentence is backed by the others, each source counted once."""
    compared = cluster[:MOST_COMPARED]
    alike = Likeness(compared, centre)
    return max(_backing(number, compared, alike, sources) for number in range(len(compared)))


def _backing(
    number: int, compared: Sequence[DatedSentence], alike: Likeness, sources: Sources
) -> float:
    by_source: dict[str, float] = {}
    for place, other in enumerate(compared):
        near = 1.0 if place == number else min(1.0, 2.5 * alike.between(number, place))
        source = sources[other.copy_group]
        by_source[source] = max(by_source.get(source, 0.0), near * _weight(other))
    return sum(by_source.values()) * (0.3**0.5 if compared[number].inferred else 1.0)


def _weight(one: DatedSentence) -> float:
    """Return what a sentence adds: more when it still tells of the day long after."""
    if one.inferred:
        return 0.3
    return 1 + log1p(max(0, lag(one) - 1))


def importance(
    told: Sequence[DatedSentence], backing: float, centre: Centre, sources: Sources, rank: int
) -> float:
    """Return the score of an event: how many independent sources tell it and how they tell it.

    `backing` is its `support`, `rank` its place among the events of its date, 0 for the most
    told, whose `told` are all the date's sentences.

    The weights are round numbers near the average of the best of 4,000 random ones on the six
    development timelines, so they flatter those: weights averaged the same way with one topic
    left out reach .43 on English and .25 on French topics, against .48 and .30 with all six.
    """
    on, precision = told[0].from_on, told[0].precision
    central = sum(_centrality_by_source(told, centre, sources).values())
    recalling = {sources[one.copy_group] for one in told if lag(one) > A_MONTH}
    leading = {sources[one.copy_group] for one in told if one.inferred}
    score = (
        log1p(backing) + log1p(central) + 0.5 * log1p(len(recalling)) + 0.5 * log1p(len(leading))
    )
    if rank == 0 and precision is Precision.DAY:
        score += 0.5 * log1p(centre.published_by(on)) - 0.4 * log1p(centre.beside(on))
    score -= 0.75 * log1p(_days_before_opening(on, centre) / 30)
    return max(0.01, score) * _PRECISION_WEIGHTS[precision] * (0.5 if rank else 1.0)


def _centrality_by_source(
    sentences: Sequence[DatedSentence], centre: Centre, sources: Sources
) -> dict[str, float]:
    values: dict[str, float] = {}
    for one in sentences:
        if not one.inferred:
            source = sources[one.copy_group]
            values[source] = max(values.get(source, 0.0), centre.centrality(one))
    return values


def _days_before_opening(on: date, centre: Centre) -> int:
    opening = centre.opening()
    return max(0, (opening - on).days) if opening else 0
