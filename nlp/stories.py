"""Which articles tell of one development, and with whom a story began.

Articles join by what they say and whom and when they name, near in time, in either language,
never by their title alone. Nothing here is final: a story is a proposal that people may undo.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import msgspec
import numpy as np

from model.story import Copy
from nlp.vectors import Vectors

NEAR_DAYS = 7
"""Nothing published for so many days ends a development."""

JOIN = 0.55
LEAST_LIKENESS = 0.3


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """An article as stories are made: its vector, whom it names, the days it names.

    `story` is the story it is in; None for one that is new or was taken out by hand.
    """

    article: int
    published_at: datetime
    vector: Vectors
    entities: frozenset[str] = frozenset()
    days: frozenset[date] = frozenset()
    story: int | None = None


def join(article: Told, candidates: Iterable[Told]) -> int | None:
    """Return the story the article goes on telling; None when it opens one.

    Give it the articles published within a week of it; a story is as near as its nearest two.
    """
    by_story: dict[int, list[float]] = {}
    for other in candidates:
        if other.story is not None and other.article != article.article:
            by_story.setdefault(other.story, []).append(nearness(article, other))
    scores = {story: _of_story(values) for story, values in by_story.items()}
    best = max(scores, key=lambda story: (scores[story], -story), default=None)
    return best if best is not None and scores[best] >= JOIN else None


def _of_story(values: Sequence[float]) -> float:
    nearest = sorted(values, reverse=True)[:2]
    return 0.7 * nearest[0] + 0.3 * sum(nearest) / len(nearest)


def nearness(first: Told, second: Told) -> float:
    """Return how surely two articles tell of one development, 0 to 1."""
    likeness = float(np.dot(first.vector, second.vector))
    apart = abs((first.published_at - second.published_at).total_seconds()) / 86_400
    if likeness < LEAST_LIKENESS or apart > NEAR_DAYS:
        return 0.0
    shared = 0.5 * _share(first.entities, second.entities) + 0.5 * _share(first.days, second.days)
    return (0.7 * likeness + 0.3 * shared) * (1 - 0.4 * apart / NEAR_DAYS)


def _share(first: frozenset[object], second: frozenset[object]) -> float:
    if not first or not second:
        return 0.0
    return len(first & second) / min(len(first), len(second))


def find_origin(
    articles: Mapping[int, datetime | None],
    copies: Iterable[Copy],
    credits: Iterable[tuple[int, int]] = (),
) -> int | None:
    """Return the article a story began with: the earliest that copies none and others rest on.

    `articles` gives each one's publication; `credits` are pairs (who credits, whom). None when
    nobody rests on anybody, or when two are as early.
    """
    pairs = [(copy.article, copy.of) for copy in copies]
    copying = {article for article, _ in pairs}
    rested_on = {of for _, of in [*pairs, *credits] if of in articles and of not in copying}
    dated = sorted((at, article) for article in rested_on if (at := articles[article]) is not None)
    if not dated or len(dated) < len(rested_on):
        return None
    if len(dated) > 1 and dated[0][0] == dated[1][0]:
        return None
    return dated[0][1]
