"""How a text is altered as copies are: fixed recipes, each drawn by a seed.

It never reads a file and never judges.
"""

import re
from collections.abc import Callable, Sequence
from random import Random

import msgspec

from model.story import CopyKind

Kinds = frozenset[CopyKind]
VERBATIM = frozenset({CopyKind.VERBATIM})
EXCERPT = frozenset({CopyKind.EXCERPT})
REWRITE = frozenset({CopyKind.REWRITE})
AGENCY = frozenset({CopyKind.AGENCY})


class Recipe(msgspec.Struct, frozen=True):
    """A way to alter a text, given another of its language, and which kinds name it rightly."""

    name: str
    make: Callable[[Random, str, str], str]
    kinds: Kinds


def _cut(share: float, where: str) -> Callable[[Random, str, str], str]:
    def make(_: Random, text: str, __: str) -> str:
        marks = [match.start() for match in re.finditer(r"\S+", text)]
        count = round(len(marks) * share)
        first = {"head": 0, "tail": len(marks) - count, "middle": (len(marks) - count) // 2}[where]
        ends = [*marks, len(text)]
        return (text[: ends[first]] + text[ends[first + count] :]).strip()

    return make


def _changed(share: float) -> Callable[[Random, str, str], str]:
    def make(random: Random, text: str, other: str) -> str:
        pool = re.findall(r"\w+", other)
        parts = re.split(r"(\w+)", text)
        places = list(range(1, len(parts), 2))
        for place in random.sample(places, round(len(places) * share)):
            parts[place] = random.choice(pool)
        return "".join(parts)

    return make


HEADERS = {
    "fr": ("PARIS, 21 nov 2023 (AFP) - ", "Paris (AFP) – ", "Genève (Keystone-ATS) - "),
    "en": ("LONDON (Reuters) - ", "WASHINGTON (AP) — ", "PARIS, Nov 21, 2023 (AFP) - "),
}
FOOTERS = {
    "fr": ("\n(Avec AFP)", "\n© 2023 AFP", "\nLa rédaction avec AFP"),
    "en": ("\n(With Reuters)", "\n© 2023 Associated Press", "\nThe Associated Press contributed."),
}


def _lang(text: str) -> str:
    return "fr" if len(re.findall(r"\b(?:le|la|les|des|et|du)\b", text)) > len(text) / 80 else "en"


def _header(random: Random, text: str, _: str) -> str:
    return random.choice(HEADERS[_lang(text)]) + text


def _footer(random: Random, text: str, _: str) -> str:
    return text + random.choice(FOOTERS[_lang(text)])


def _moved(random: Random, text: str, _: str) -> str:
    parts = [part for part in text.split("\n") if part.strip()]
    if len(parts) < 3:
        parts = re.split(r"(?<=[.!?])\s+", text)
    random.shuffle(parts)
    return "\n".join(parts)


def _inside(random: Random, text: str, other: str) -> str:
    """Return another text with three tenths of this one put between two of its sentences."""
    marks = [match.start() for match in re.finditer(r"\S+", text)]
    count = round(len(marks) * 0.3)
    first = random.randrange(len(marks) - count)
    part = text[marks[first] : marks[first + count]].strip()
    sentences = re.split(r"(?<=[.!?])\s+", other)
    place = random.randrange(len(sentences) + 1)
    return "\n".join([" ".join(sentences[:place]), part, " ".join(sentences[place:])]).strip()


def _several(*steps: Callable[[Random, str, str], str]) -> Callable[[Random, str, str], str]:
    def make(random: Random, text: str, other: str) -> str:
        for step in steps:
            text = step(random, text, other)
        return text

    return make


def _same(_: Random, text: str, __: str) -> str:
    return text


RECIPES: Sequence[Recipe] = (
    Recipe("word for word", _same, VERBATIM),
    *(Recipe(f"{where} cut by 15 %", _cut(0.15, where), VERBATIM) for where in ("head", "tail")),
    Recipe("middle cut by 15 %", _cut(0.15, "middle"), VERBATIM),
    *(Recipe(f"{where} cut by half", _cut(0.5, where), EXCERPT) for where in ("head", "tail")),
    Recipe("middle cut by half", _cut(0.5, "middle"), EXCERPT),
    Recipe("agency's header", _header, AGENCY),
    Recipe("agency's footer", _footer, AGENCY),
    Recipe("5 % of words changed", _changed(0.05), VERBATIM),
    Recipe("10 % of words changed", _changed(0.1), VERBATIM),
    Recipe("20 % of words changed", _changed(0.2), REWRITE),
    Recipe("40 % of words changed", _changed(0.4), REWRITE),
    Recipe("paragraphs moved", _moved, VERBATIM),
    Recipe("30 % inside another", _inside, EXCERPT),
    Recipe("header, 10 % changed, tail cut",
           _several(_cut(0.15, "tail"), _changed(0.1), _header), AGENCY),
    Recipe("moved, 20 % changed, head cut",
           _several(_cut(0.15, "head"), _changed(0.2), _moved), REWRITE),
)  # fmt: skip
"""What is done to a text, and what a reader would call it: a text of which a fifth or more of the
words are others is a rewrite, one of which half is left an excerpt."""
