"""A text's words with their places, and the few numbers by which texts that share a run meet.

Every run of three words is hashed; one in four by its hash alone is a print, so that a shared
passage leaves the same prints wherever it stands. Nothing here compares two texts.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

import msgspec
import numpy as np
from numpy.typing import NDArray

from model.fold import fold
from nlp.remembering import MOST_CHARACTERS, remember

RUN_WORDS = 3
"""Of a text with two words in five changed, one run of three in five stays whole; of five, one in
thirteen."""
ONE_IN = 4
"""A passage of 45 words leaves 11 prints, so that one in 60,000 such passages leaves none."""
MAX_PRINTS = 2_000
"""Some 8,000 words; of a longer text the lowest are kept, which are the lowest of its copy too."""
MAX_WORDS = 20_000

Hashes = NDArray[np.uint64]

_WORD = re.compile(r"[\w\u0300-\u036f\u00ad\u200b-\u200d\ufeff]+")
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
_LAST = np.uint64(0xFF51AFD7ED558CCD)


class Words(msgspec.Struct, frozen=True, cache_hash=True):
    """The folded words of a text, and where each starts and ends in it, in code points."""

    folded: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        return len(self.folded)


@remember(MOST_CHARACTERS)
def words_of(text: str) -> Words:
    """Return the words of a text, the first 20,000."""
    folded: list[str] = []
    spans: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        word = _fold(match[0])
        if word:
            folded.append(word)
            spans.append(match.span())
        if len(folded) == MAX_WORDS:
            break
    return Words(tuple(folded), tuple(spans))


@lru_cache(maxsize=50_000)
def _fold(word: str) -> str:
    return fold(word).strip()


@lru_cache(maxsize=50_000)
def _hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def run_hashes(words: Sequence[str]) -> Hashes:
    """Return a number of 64 bits for each run of three words, in order."""
    if len(words) < RUN_WORDS:
        return np.zeros(0, dtype=np.uint64)
    hashed = np.fromiter(map(_hash, words), dtype=np.uint64, count=len(words))
    count = len(words) - RUN_WORDS + 1
    runs = np.zeros(count, dtype=np.uint64)
    for place, factor in enumerate(_FACTORS):
        runs = (runs ^ hashed[place : place + count]) * factor
        runs ^= runs >> np.uint64(29)
    runs *= _LAST
    mixed: Hashes = runs ^ (runs >> np.uint64(32))
    return mixed


def prints_of(text: str) -> tuple[int, ...]:
    """Return the prints of a text: distinct numbers of 32 bits with a sign, in order."""
    runs = run_hashes(words_of(text).folded)
    chosen = np.unique(runs[runs % np.uint64(ONE_IN) == 0])[:MAX_PRINTS]
    short = (chosen >> np.uint64(32)).astype(np.uint32).view(np.int32)
    return tuple(sorted(set(short.tolist())))
