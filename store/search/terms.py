"""What the search index holds of one text: its words, their stems, and how much each weighs.

Pure rules, without the database. A change here is a change of `RULES`: the index is made anew.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from model.article import Reading
from model.matching import join_authors, primary_language
from model.stems import ASKED_LANGS, stemmer
from model.words import words

RULES = "words 2"

TITLE, EXACT, TITLE_ONLY, LABEL, START = "^", "!", "-", "=", "*"
"""What stands before a stem of the title, a word as it is, what the title alone has, a label, the
first letters of a word."""

START_LETTERS = 4
"""So many letters of a word are its start; a shorter word is its own."""

LEVELS = (5, 4, 3, 2, 1, 0)
"""How much a word weighs in a text, the most first; what weighs less has no level."""

_BOUNDS = (0.50, 0.57, 0.64, 0.71, 0.78, 0.85)
_CUTS = tuple(bound / (1 - bound) for bound in _BOUNDS)
_SATURATION, _BY_LENGTH, _USUAL_LENGTH, _TITLE_WEIGHT = 1.2, 0.75, 300, 3
_MOST_REMEMBERED, _MOST_LANGS = 200_000, 4


class Words(msgspec.Struct, frozen=True):
    """The words of one version's columns, and its language."""

    title: Sequence[str]
    text: Sequence[str]
    author: Sequence[str]
    lang: str


class Text(msgspec.Struct, frozen=True):
    """What the index holds of one text: exact words of three columns, and terms, parted by spaces.

    A thousand of them are held at once: lists of their words would take ten times as much.
    """

    title: str
    text: str
    author: str
    terms: str


def read_text(reading: Reading) -> Text:
    """Return what the index holds of a reading."""
    found = cut_words(reading)
    return Text(*exact_columns(found), " ".join(terms(found)))


def cut_words(reading: Reading) -> Words:
    """Return the words of a reading."""
    return Words(
        words(reading.title),
        words(reading.text),
        words(join_authors(reading.authors)),
        primary_language(reading.lang or ""),
    )


def exact_columns(text: Words) -> tuple[str, str, str]:
    """Return what the index of exact words holds of a text."""
    return " ".join(text.title), " ".join(text.text), " ".join(text.author)


def terms(text: Words) -> list[str]:
    """Return what the index of stems holds of a text, each once.

    A stem as it is, and with its weight (`camer~3`); of the title (`^camer`, and `-camer` where
    only the title has it); in other languages than those a query is stemmed in, each word as it
    is (`!kamera`, `^!kamera`, `-!kamera`). And the first letters of each word (`*came`).
    """
    stem_of = _stems(text.lang).__getitem__
    in_text, in_title = Counter(map(stem_of, text.text)), Counter(map(stem_of, text.title))
    found = [
        *in_text,
        *_weighed(in_text, in_title, len(text.text)),
        *(TITLE + one for one in in_title),
        *_starts(text),
    ]
    for one in in_title:
        if one not in in_text:
            found += (one, TITLE_ONLY + one)
    if text.lang not in ASKED_LANGS:
        found += _exact(text)
    return found


class _Stems(dict[str, str]):
    """The stems of words met in one language: most words of a text were met before."""

    def __init__(self, lang: str) -> None:
        self._stem = stemmer(lang)

    def __missing__(self, word: str) -> str:
        found = self[word] = self._stem(word)
        return found


_STEMS: dict[str, _Stems] = {}


def _stems(lang: str) -> _Stems:
    """Return what is remembered of a language, of the few that texts were in last."""
    stems = _STEMS.get(lang)
    if stems is None or len(stems) > _MOST_REMEMBERED:
        if len(_STEMS) >= _MOST_LANGS:
            _STEMS.clear()
        stems = _STEMS[lang] = _Stems(lang)
    return stems


def _weighed(in_text: Counter[str], in_title: Counter[str], length: int) -> Iterable[str]:
    norm = _SATURATION * (1 - _BY_LENGTH + _BY_LENGTH * length / _USUAL_LENGTH)
    cuts = [cut * norm for cut in _CUTS]
    weights = dict(in_text)
    for one, count in in_title.items():
        weights[one] = weights.get(one, 0) + _TITLE_WEIGHT * count
    levels = {weight: bisect_right(cuts, weight) - 1 for weight in set(weights.values())}
    return [
        f"{one}~{level}"
        for one, weight in weights.items()
        if (level := levels[weight]) >= LEVELS[-1]
    ]


def _starts(text: Words) -> Iterable[str]:
    starts = {word[:START_LETTERS] for word in text.text}
    starts.update([word[:START_LETTERS] for word in text.title])
    return [START + start for start in starts]


def _exact(text: Words) -> Iterable[str]:
    title, body = set(text.title), set(text.text)
    yield from (EXACT + word for word in title | body)
    yield from (TITLE + EXACT + word for word in title)
    yield from (TITLE_ONLY + EXACT + word for word in title - body)
