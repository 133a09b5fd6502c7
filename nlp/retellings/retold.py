"""Whether two texts tell the same in other words or in the other language.

Vectors of their passages propose, and shared names, dates and numbers confirm: the likeness of
vectors alone, which are weak on numbers and negation, never makes a copy.
"""

import re
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from model.fold import fold
from model.story import CopyKind
from nlp.events.centre import STEM_CHARS, stems_of
from nlp.remembering import MOST_CHARACTERS, remember
from nlp.retellings.copy_texts import LEAST_WORDS, MAX_FACTS, Embed, Found, Text
from nlp.retellings.prints import words_of
from nlp.vectors import Vectors, alignment

RETOLD = 0.48
TRANSLATED = 0.6
SURELY_TRANSLATED = 0.7
"""Passages alike in order, with a fact or words in order that both share; more where neither is.
Of 713 pairs of French and English articles of two affairs within four days none passed .17,
translations of 26 to 141 words reach .48 to .86, independent chronologies of one affair .44."""
LEAST_FIGURES = 3
IN_ORDER = 0.75
LEAST_SHARED_FACTS = 5
LEAST_SHARED_WORDS = 0.3
"""Passages alike in order, shared words in order, and facts: on the invented press the rewrite
reaches .53, two independent chronologies of the same affair .44."""
RETOLD_DAYS = 4

MAX_PASSAGES = 60


def find_retold(later: Text, earlier: Text, embed: Embed) -> Found | None:
    """Say whether passages tell the same in the same order, and the same facts confirm it."""
    if not _are_near(later, earlier) or _contradict(later.text, earlier.text):
        return None
    translated = bool(later.lang and earlier.lang and later.lang[:2] != earlier.lang[:2])
    new_text, old_text = _without_standfirst(later.text), _without_standfirst(earlier.text)
    if not translated:
        new_text, old_text = _without_boxes(new_text, old_text)
    new, old = words_of(new_text).folded, words_of(old_text).folded
    facts = facts_of(new_text) & facts_of(old_text)
    least = _least_alike(new, old, len(facts), translated=translated)
    if least is None or min(len(new), len(old)) < LEAST_WORDS:
        return None
    alike = alignment(*_passage_vectors(new_text, old_text, embed))
    if alike < least:
        return None
    kind = CopyKind.TRANSLATION if translated else CopyKind.REWRITE
    return Found(kind=kind, score=alike, share=alike, evidence=", ".join(sorted(facts)[:MAX_FACTS]))


def _without_boxes(new: str, old: str) -> tuple[str, str]:
    """Return two texts without the lines that both hold: links, notices, boxes of a site."""
    lines = set(new.split("\n")) & set(old.split("\n"))
    kept = ["\n".join(one for one in t.split("\n") if one not in lines) for t in (new, old)]
    return kept[0], kept[1]


def _least_alike(
    new: tuple[str, ...], old: tuple[str, ...], facts: int, *, translated: bool
) -> float | None:
    """Return how alike the passages must be, given what else agrees; None when nothing would do."""
    in_order, words, share = _order(new, old)
    if translated:
        return TRANSLATED if facts or (in_order >= IN_ORDER and words) else SURELY_TRANSLATED
    confirmed = in_order >= IN_ORDER and facts >= LEAST_SHARED_FACTS
    return RETOLD if confirmed and share >= LEAST_SHARED_WORDS else None


def _contradict(one: str, other: str) -> bool:
    """Say whether two texts give other figures: the same headline, different facts."""
    first, second = _figures(one), _figures(other)
    least = min(len(first), len(second))
    return least >= LEAST_FIGURES and len(first & second) * 3 < least


@remember(MOST_CHARACTERS)
def _figures(text: str) -> frozenset[str]:
    return frozenset(fact for fact in facts_of(text) if fact[:1].isdigit() and len(fact) > 1)


STANDFIRST_CHARS = 250


def _without_standfirst(text: str) -> str:
    """Return the text behind the sentence that sums it up, which tells all its facts at once."""
    first, _, rest = text.partition("\n")
    return rest if len(first) <= STANDFIRST_CHARS and rest.count("\n") >= 3 else text


def _are_near(later: Text, earlier: Text) -> bool:
    if later.published_at is None or earlier.published_at is None:
        return True
    return (later.published_at - earlier.published_at).days <= RETOLD_DAYS


def _passage_vectors(new: str, old: str, embed: Embed) -> tuple[Vectors, Vectors]:
    """Return the vectors of both texts' paragraphs, or of their sentences where these are few."""
    split = _paragraphs
    if min(len(_paragraphs(new)), len(_paragraphs(old))) < 3:
        split = _sentences
    return _vectors(new, split, embed), _vectors(old, split, embed)


@lru_cache(maxsize=256)
def _vectors(text: str, split: Callable[[str], list[str]], embed: Embed) -> Vectors:
    return embed(split(text))


def _paragraphs(text: str) -> list[str]:
    return [each[:2000] for each in text.split("\n") if len(each) > 60][:MAX_PASSAGES]


def _sentences(text: str) -> list[str]:
    parts = re.split(r"(?<=[.!?…])\s+|\n", text)
    return [each[:2000] for each in parts if len(each) > 25][:MAX_PASSAGES]


def _order(new: tuple[str, ...], old: tuple[str, ...]) -> tuple[float, int, float]:
    """Return how alike the order of shared words is, how many they are, and what share."""
    first, second = _first_places(new), _first_places(old)
    shared = [stem for stem in first if stem in second]
    if len(shared) < 5:
        return 0.0, len(shared), 0.0
    places = np.array([[first[stem], second[stem]] for stem in shared])
    if not places.std(axis=0).all():
        return 0.0, len(shared), 0.0
    order = float(np.corrcoef(places[:, 0], places[:, 1])[0, 1])
    return order, len(shared), len(shared) / min(len(first), len(second))


@lru_cache(maxsize=256)
def _first_places(words: tuple[str, ...]) -> dict[str, float]:
    meaning = stems_of(" ".join(words))
    places: dict[str, float] = {}
    for index, word in enumerate(words):
        stem = word[:STEM_CHARS]
        if stem in meaning:
            places.setdefault(stem, index / len(words))
    return places


_FACT = re.compile(r"\b(?:\d[\d.,\u202f\u00a0]*\d|\d)|(?<=[^\W_][ ,’'-])[A-ZÀ-Þ][^\W_]+")


@remember(MOST_CHARACTERS)
def facts_of(text: str) -> frozenset[str]:
    """Return the names, numbers and days of months a text states, folded."""
    found = (fold(match[0]).strip() for match in _FACT.finditer(text[:100_000]))
    return frozenset(re.sub(r"[.,\s]", "", fact) for fact in found if fact)
