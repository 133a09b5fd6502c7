"""Which of the sentences that tell an event can stand for it, and how alike two of them are.

Nothing here writes: an event's words are a source's own.
"""

import re
from collections.abc import Sequence

from model.event import DatedSentence
from model.phrases import MONTHS
from nlp.centre import Centre, names_of, stems_of

MIN_CHARS, MAX_CHARS = 40, 600


def is_whole(text: str, span: tuple[int, int]) -> bool:
    """Say whether a span is a sentence a reader can use: not a heading, not a scrap."""
    sentence = text[span[0] : span[1]].rstrip("»”\")' \u00a0")
    return MIN_CHARS <= span[1] - span[0] <= MAX_CHARS and sentence.endswith((".", "!", "?", "…"))


LEAST_SAID = 3


def says(one: DatedSentence) -> bool:
    """Say whether a sentence tells anything beside its date: not "14 et 15 novembre"."""
    return sum(not stem.isdigit() for stem in stems_of(one.sentence)) >= LEAST_SAID


def features(one: DatedSentence) -> frozenset[str]:
    """Return what a sentence can share with another: its words, its numbers, its entities."""
    return stems_of(one.sentence) | frozenset(f"={name}" for name in one.entities)


def likeness(first: DatedSentence, second: DatedSentence, centre: Centre) -> float:
    """Return the cosine of two sentences' words, each weighing by its rarity."""
    one, other = features(first), features(second)
    shared = sum(centre.rarity(stem) ** 2 for stem in one & other)
    if not shared:
        return 0.0
    lengths = (sum(centre.rarity(stem) ** 2 for stem in each) for each in (one, other))
    first_length, second_length = lengths
    return float(shared / (first_length * second_length) ** 0.5)


def lag(one: DatedSentence) -> int:
    """Return how many days after the fact an article was published."""
    return max(0, (one.published_at.date() - one.to_on).days) if one.published_at else 1


_MONTHS = "|".join((*MONTHS["fr"], *MONTHS["en"]))
_WRITTEN_DAY = re.compile(
    rf"\b(\d{{1,2}})(?:er|st|nd|rd|th)? (?:of )?(?:{_MONTHS})\b|\b(?:{_MONTHS}) (\d{{1,2}})\b"
)


def _written_days(one: DatedSentence) -> float:
    """Return 1 where a sentence writes its own day, less where it writes another it may tell of."""
    days = {int(match[1] or match[2]) for match in _WRITTEN_DAY.finditer(one.sentence)}
    own = {one.from_on.day, one.to_on.day}
    return 0.8 * bool(days & own) - 1.0 * bool(days - own)


_ASIDE = re.compile(
    rf"\b(?:depuis|après|à la suite|à propos|since|after|following|prior to|avant)\b[^.;:]{{0,70}}?"
    rf"(?:{_WRITTEN_DAY.pattern})"
)


def _is_aside(one: DatedSentence) -> bool:
    """Say whether a sentence only counts from its day: "… depuis l'enquête du 14 novembre"."""
    return _ASIDE.search(one.sentence) is not None


_HANGING = re.compile(
    r"\s*(?:et|mais|or|il|elle|ils|elles|le même jour|le lendemain|la veille|and|but|he|she|they|it"
    r"|the same day|that day|the (?:next|following) day)\b",
    re.IGNORECASE,
)


def clarity(
    one: DatedSentence, cluster: Sequence[DatedSentence], centre: Centre, first_language: str
) -> float:
    """Return how well a sentence can stand alone for its event."""
    length = len(one.sentence)
    clear = 2.0 * is_whole(one.sentence, (0, length)) - 1.0 * one.inferred
    clear -= 0.5 * (_HANGING.match(one.sentence) is not None)
    clear -= abs(length - 180) / 400 + 0.6 * min(1.0, lag(one) / 10)
    clear += 0.6 * (one.lang == first_language) + _written_days(one) - 0.6 * _is_aside(one)
    clear += 0.3 * min(3, len(one.entities) + len(names_of(one.sentence)) / 2)
    near = [likeness(one, other, centre) for other in cluster[:20] if other is not one]
    return clear + (sum(near) / len(near) if near else 0.0)
