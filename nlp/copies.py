"""Whether a text is already held: word for word, in part, reworded or in the other language.

Signatures find candidates, exact runs of words and shared facts decide. A copy is said to be one
only with evidence; nothing here deletes or merges anything.
"""

import re
import struct
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b

import msgspec
import numpy as np
from rensa import RMinHash

from model.fold import fold
from model.story import Copy, CopyKind
from nlp.centre import STEM_CHARS, stems_of
from nlp.vectors import Vectors, alignment, embed

BANDS, ROWS = 32, 4
SIGNED_WORDS = 3
"""Signatures take runs of three words: one word in five changed still meets in a band."""
COMPARED_WORDS = 5
LEAST_WORDS = 25
"""A shorter text repeats too little to be called a copy."""

COPIED = 0.55
"""So much of the shorter text in runs of five words makes a copy."""
REPEATED = 0.8
PARTLY = 0.2

RETOLD = 0.48
TRANSLATED = 0.6
WORDS_A_FACT, SHORT_WORDS = 40, 150
SURELY_TRANSLATED = 0.72
"""Short texts hold few facts: closer passages then make up for them."""
IN_ORDER = 0.75
LEAST_SHARED_FACTS = 5
LEAST_SHARED_WORDS = 0.3
"""Passages alike in order, shared words in order, and facts: on the invented press the rewrite
reaches .53, two independent chronologies of the same affair .44."""
RETOLD_DAYS = 4

MAX_PASSAGES = 60
MAX_WORDS = 20_000


class Signature(msgspec.Struct, frozen=True):
    """Thirty-two numbers of 63 bits; near-equal texts share at least one."""

    bands: tuple[int, ...]
    words: int


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """An article's text as copies are looked for; paragraphs are joined by a newline."""

    article: int
    text: str
    lang: str = ""
    site: str = ""
    published_at: datetime | None = None
    seen_at: datetime | None = None


Embed = Callable[[Sequence[str]], Vectors]


def sign(text: str) -> Signature:
    """Return the signature of a text: MinHash over its folded words, three at a time."""
    words = _words(text)
    runs = [" ".join(run) for run in _runs(words, SIGNED_WORDS)]
    if not runs:
        return Signature((), len(words))
    hashed = RMinHash(num_perm=BANDS * ROWS, seed=1)
    hashed.update(runs)
    digest = hashed.digest()
    parts = (digest[band * ROWS : (band + 1) * ROWS] for band in range(BANDS))
    return Signature(tuple(_band(index, part) for index, part in enumerate(parts)), len(words))


def _band(index: int, rows: Sequence[int]) -> int:
    packed = struct.pack(f">B{ROWS}I", index, *rows)
    return int.from_bytes(blake2b(packed, digest_size=8).digest(), "big") >> 1


@lru_cache(maxsize=256)
def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", fold(text))[:MAX_WORDS])


def _runs(words: Sequence[str], length: int) -> Iterable[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(length)), strict=False)


# Two texts


def compare(new: Text, old: Text, embed: Embed = embed) -> Copy | None:
    """Return how one of two texts repeats the other; None when it does not.

    The later one by publication repeats; by first sight where a publication is not known.
    `embed` is asked only when no words are shared in runs but facts are.
    """
    later, earlier = (old, new) if _is_later(old, new) else (new, old)
    found = _same_words(later, earlier) or _same_story(later, earlier, embed)
    if found is None:
        return None
    kind, score, evidence = found
    return Copy(
        article=later.article,
        of=earlier.article,
        kind=kind,
        score=round(score, 3),
        evidence=evidence,
    )


def find_copy(new: Text, candidates: Iterable[Text], embed: Embed = embed) -> Copy | None:
    """Return what `new` repeats: among texts much alike the earliest, which the others repeat."""
    by_article = {each.article: each for each in candidates if each.article != new.article}
    found = [copy for each in by_article.values() if (copy := compare(new, each, embed))]
    found = [copy for copy in found if copy.article == new.article]
    if not found:
        return None
    worded = [copy for copy in found if copy.kind in WORDED]
    if not worded:
        return max(found, key=lambda copy: copy.score)
    return min(worded, key=lambda copy: _when(by_article[copy.of]))


WORDED = frozenset({CopyKind.VERBATIM, CopyKind.AGENCY, CopyKind.EXCERPT})
"""Kinds that show in the words themselves."""


def _is_later(one: Text, other: Text) -> bool:
    return _when(one) > _when(other)


def _when(text: Text) -> tuple[float, float, int]:
    seen = text.seen_at.timestamp() if text.seen_at else 0.0
    published = text.published_at.timestamp() if text.published_at else seen
    return published, seen, text.article


_Found = tuple[CopyKind, float, str]


def _same_words(later: Text, earlier: Text) -> _Found | None:
    new, old = _words(later.text), _words(earlier.text)
    if min(len(new), len(old)) < LEAST_WORDS:
        return None
    of_new, of_old = _run_set(new), _run_set(old)
    shared = len(of_new & of_old)
    contained = shared / min(len(of_new), len(of_old))
    if contained >= COPIED:
        shorter_share = min(len(new), len(old)) / max(len(new), len(old))
        kind = _kind(later, earlier, shared / max(len(of_new), len(of_old)), shorter_share)
        return kind, contained, _longest_run(new, of_old)
    if contained >= PARTLY and _order(new, old)[0] >= IN_ORDER:
        return CopyKind.REWRITE, contained, _longest_run(new, of_old)
    return None


@lru_cache(maxsize=256)
def _run_set(words: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(_runs(words, COMPARED_WORDS))


def _kind(later: Text, earlier: Text, of_both: float, shorter_share: float) -> CopyKind:
    if credited_agency(later.text) or credited_agency(earlier.text):
        return CopyKind.AGENCY
    if of_both >= REPEATED or shorter_share >= REPEATED:
        return CopyKind.VERBATIM
    return CopyKind.EXCERPT


_AGENCY = re.compile(
    r"\b(?P<known>AFP|Reuters|Associated Press|dpa|Belga|Keystone-ATS|ANSA|EFE)\b"
    r"|\((?P<dateline>[A-Z]{2,6})\)\s*[-–—]"
    r"|\b(?:[Aa]vec|[Ww]ith)\s+(?P<credit>[A-Z]{2,6})\b"
)


def credited_agency(text: str) -> str | None:
    """Return the news agency that the head or foot of a text credits."""
    match = _AGENCY.search(text[:300]) or _AGENCY.search(text[-200:])
    return match[match.lastgroup or 0] if match else None


def _longest_run(words: Sequence[str], known: frozenset[tuple[str, ...]]) -> str:
    """Return the longest passage whose every run of five words the other text has, folded."""
    best, start = (0, 0), None
    runs = list(_runs(words, COMPARED_WORDS))
    for index in range(len(runs) + 1):
        if index < len(runs) and runs[index] in known:
            start = index if start is None else start
        elif start is not None:
            best = max(best, (index - start, -start))
            start = None
    first, length = -best[1], best[0] + COMPARED_WORDS - 1
    return " ".join(words[first : first + min(length, 40)])


# The same story in other words


def _same_story(later: Text, earlier: Text, embed: Embed) -> _Found | None:
    """Say whether passages tell the same in the same order, and the same facts confirm it."""
    new_text, old_text = _without_standfirst(later.text), _without_standfirst(earlier.text)
    new, old = _words(new_text), _words(old_text)
    if min(len(new), len(old)) < LEAST_WORDS or not _are_near(later, earlier):
        return None
    translated = bool(later.lang and earlier.lang and later.lang[:2] != earlier.lang[:2])
    facts = _facts(later.text) & _facts(earlier.text)
    least = _least_alike(new, old, len(facts), translated=translated)
    if least is None:
        return None
    alike = alignment(*_passage_vectors(new_text, old_text, embed))
    if alike < least:
        return None
    kind = CopyKind.TRANSLATION if translated else CopyKind.REWRITE
    return kind, alike, ", ".join(sorted(facts)[:20])


def _least_alike(
    new: tuple[str, ...], old: tuple[str, ...], facts: int, *, translated: bool
) -> float | None:
    """Return how alike the passages must be, given what else agrees; None when nothing would do."""
    in_order, _, share = _order(new, old)
    confirmed = in_order >= IN_ORDER and facts >= LEAST_SHARED_FACTS
    if translated and confirmed:
        return TRANSLATED
    shortest = min(len(new), len(old))
    if translated:
        enough = shortest < SHORT_WORDS and facts >= max(1, shortest // WORDS_A_FACT)
        return SURELY_TRANSLATED if enough else None
    return RETOLD if confirmed and share >= LEAST_SHARED_WORDS else None


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


@lru_cache(maxsize=256)
def _facts(text: str) -> frozenset[str]:
    """Return the names, numbers and days of months a text states, folded."""
    found = (fold(match[0]).strip() for match in _FACT.finditer(text[:100_000]))
    return frozenset(re.sub(r"[.,\s]", "", fact) for fact in found if fact)
