"""Whom `he`, `she`, `il` or `elle` means: who spoke last, or the one person named, going back.

It looks a few sentences back, never further, and gives nobody where two people could be meant.
"""

import re
from collections.abc import Sequence

import msgspec

from model.fold import fold
from model.mention import EntityKind
from nlp.quotes.scene import OFFICES, Scene
from nlp.quotes.speech_words import ARTICLES, BEFORE_CLAUSES

REACH = 800
SENTENCES = 6
MOST_CLUES = 20
"""Verbs of one sentence that are asked who spoke: more stand in no sentence of an article."""

_JOINED = re.compile(r"\s?(?:,|et\b|and\b|ou\b|or\b|&)")


class Told(msgspec.Struct, frozen=True):
    """Who speaks by a verb: `entity` None when open; `inverted` when named behind the verb.

    `start` and `end` are where the subject stands, both the verb's own place without one.
    """

    entity: str | None
    start: int
    end: int
    inverted: bool = False
    by_pronoun: bool = False
    person: bool = False


def find_antecedent(scene: Scene, told: Sequence[Told], at: int, pronoun: str) -> str | None:
    """Return the entity that a pronoun at a verb at `at` means; `told` is known up to it.

    A person whom the text calls Mme is not `il`.
    """
    others = scene.men if pronoun in ("elle", "she") else scene.women
    begin = end = at
    for _ in range(SENTENCES):
        begin = max(scene.sentence(max(0, begin - 1))[0], at - REACH)
        if spoke := _spoke(scene, told, begin, end, others):
            return spoke
        people = _people(scene, begin, end, others, free=end == at)
        opening = _opening(scene, begin, end, people) if people else None
        if people and end < at:
            return people[0] if len(people) == 1 else opening
        if opening:
            return opening
        end = begin
        if begin <= max(0, at - REACH):
            break
    return None


def _spoke(
    scene: Scene, told: Sequence[Told], begin: int, end: int, others: frozenset[str]
) -> str | None:
    numbers = scene.clues_between(begin, end)
    for number in reversed(numbers[-MOST_CLUES:]):
        if number >= len(told) or scene.clues[number].inside:
            continue
        one = told[number]
        if one.entity and one.person and one.entity not in others:
            return one.entity
    return None


def _people(scene: Scene, begin: int, end: int, others: frozenset[str], *, free: bool) -> list[str]:
    people = (
        one.entity
        for one in scene.named(begin, end)
        if one.kind is EntityKind.PERSON
        and one.entity not in others
        and not (free and not scene.is_free(one))
        and not scene.is_quoted(one.start)
    )
    return list(dict.fromkeys(people))


def _opening(scene: Scene, begin: int, end: int, people: Sequence[str]) -> str | None:
    """Return the one person of several that opens the sentence and so is its subject."""
    first = next(one for one in scene.named(begin, end) if one.entity == people[0])
    words = {fold(word) for word in scene.words(begin, first.start)}
    is_joined = _JOINED.match(scene.text, first.end) is not None
    is_subject = not is_joined and words <= ARTICLES | OFFICES | BEFORE_CLAUSES
    return first.entity if is_subject and scene.is_free(first) else None
