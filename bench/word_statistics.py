"""How words are spread over texts: their ranks, their growth, how they gather in a text.

It never looks at what a word means, and keeps no text.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

ZIPF_RANKS = (10, 2_000)
"""Between these ranks the curve is straight: flatter before, in steps behind."""

MEDIUM = (0.003, 0.05)
"""In how large a share of texts a word stands whose gathering is told."""


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of some texts.

    `zipf` is the slope of log frequency on log rank, `heaps` that of log different words on log
    words. `burstiness` is how often a medium word stands in a text that has it.
    """

    articles: int
    words: float
    zipf: float
    heaps: float
    burstiness: float


def spread(texts: Iterable[Sequence[str]]) -> Spread:
    """Return how the words of some texts are spread."""
    counts, presence, growth = Counter[str](), Counter[str](), list[tuple[int, int]]()
    articles = words = 0
    for text in texts:
        articles, words = articles + 1, words + len(text)
        counts.update(text)
        presence.update(set(text))
        growth.append((words, len(counts)))
    return Spread(
        articles=articles,
        words=words / articles,
        zipf=_zipf(counts),
        heaps=_heaps(growth),
        burstiness=_burstiness(counts, presence, articles),
    )


def _zipf(counts: Counter[str]) -> float:
    first, last = ZIPF_RANKS
    ranked = sorted(counts.values(), reverse=True)[first - 1 : last]
    # ranks that are equally far apart in their logarithm count alike
    chosen = sorted({int(first * (last / first) ** (step / 60)) - first for step in range(61)})
    points = [(at + first, ranked[at]) for at in chosen if at < len(ranked)]
    return _slope(points)


def _heaps(growth: Sequence[tuple[int, int]]) -> float:
    """Return the slope over the last nine tenths of the words."""
    steps = [growth[len(growth) * step // 20] for step in range(2, 20)]
    return _slope([*steps, growth[-1]])


def _slope(points: Sequence[tuple[int, int]]) -> float:
    """Return the slope of the line nearest to the logarithms of points."""
    if not points:
        return 0.0
    logs = [(math.log(x), math.log(y)) for x, y in points]
    mean_x = sum(x for x, _ in logs) / len(logs)
    mean_y = sum(y for _, y in logs) / len(logs)
    across = sum((x - mean_x) ** 2 for x, _ in logs)
    return sum((x - mean_x) * (y - mean_y) for x, y in logs) / across if across else 0.0


def _burstiness(counts: Counter[str], presence: Counter[str], articles: int) -> float:
    low, high = (share * articles for share in MEDIUM)
    medium = [word for word, held in presence.items() if low <= held <= high]
    held = sum(presence[word] for word in medium)
    return sum(counts[word] for word in medium) / held if held else 0.0
