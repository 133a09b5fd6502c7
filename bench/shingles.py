"""How near a text is to the true one: shared runs of four words.

The measure of Zyte's article-extraction-benchmark: multisets of 4-grams, precision and recall a
page, averaged over pages, F1 of the averages. It reads no file.
"""

import re
from collections import Counter
from collections.abc import Iterable
from statistics import mean

_WORD = re.compile(r"\w+")
_SIZE = 4

Shingles = Counter[tuple[str, ...]]


def shingle(text: str) -> Shingles:
    """Return the runs of four words in `text`, each with its count."""
    words = _WORD.findall(text)
    return Counter(
        tuple(words[start : start + _SIZE]) for start in range(max(1, len(words) - _SIZE + 1))
    )


def compare(true: str, found: str) -> tuple[float, float]:
    """Return precision and recall of one text."""
    expected, got = shingle(true), shingle(found)
    if expected == got:
        return 1.0, 1.0
    shared = (expected & got).total()
    return shared / got.total(), shared / expected.total()


def f1(scores: Iterable[tuple[float, float]]) -> float:
    """Return F1 of the mean precision and the mean recall."""
    pairs = list(scores)
    precision, recall = mean(p for p, _ in pairs), mean(r for _, r in pairs)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
