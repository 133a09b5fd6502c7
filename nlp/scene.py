"""One text with what is needed to say who speaks in it: names, sentences, quotation marks.

It finds verbs of speech and their subjects; it does not decide what is a quote.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

import msgspec

from model.fold import fold
from model.mention import EntityKind, Mention
from nlp.name_words import FUNCTIONS, TITLES
from nlp.quote_marks import Marked
from nlp.sentences import split_sentences
from nlp.speech_words import (
    ARTICLES,
    AUXILIARIES,
    LINKS,
    MEN,
    PRONOUNS,
    SOURCE_CUES,
    SPEECH_VERBS,
    WOMEN,
)

SPEAKER_REACH = 150
PRONOUN_REACHES = (250, 600)

_OF_STATE = re.compile(r" (?:d['’][eé]tat|of state)(?=\s\Z)")
_NO_VERB_BEHIND = ARTICLES | {"se"}
_OFFICES = FUNCTIONS | TITLES
TOKEN = re.compile(r"(?:s['’])?[^\W\d_]+")
_CLAUSE_END = re.compile(r"[;:«“]|, (?:qui|who|which|après|after|lors|during|dont|whose)\b")
_PRONOUN = re.compile(r"\b(?:il|elle|he|she)\b")
_PRONOUN_BEHIND = re.compile(r"-(?:t-)?(?:il|elle)\b| (?:he|she)\b")


class Clue(msgspec.Struct, frozen=True):
    """A verb of speech or a source's cue at a place; a bare colon has no `verb`.

    `quote_end` is where the quote before it ended, None when the clue comes first.
    """

    start: int
    end: int
    verb: str | None
    quote_end: int | None
    is_cue: bool = False


class Scene(msgspec.Struct, frozen=True):
    """A text ready to be asked who speaks; everything is in the order of the text."""

    text: str
    lang: str
    mentions: tuple[Mention, ...]
    starts: tuple[int, ...]
    sentences: tuple[tuple[int, int], ...]
    sentence_starts: tuple[int, ...]
    marked: tuple[Marked, ...]
    men: frozenset[str]
    women: frozenset[str]

    @property
    def auxiliaries(self) -> frozenset[str]:
        """The words that may stand between a quote and the verb behind it."""
        return AUXILIARIES[self.lang]

    def named(self, start: int, end: int) -> tuple[Mention, ...]:
        """Return the mentions between two places."""
        first, last = bisect_left(self.starts, start), bisect_left(self.starts, end)
        return tuple(mention for mention in self.mentions[first:last] if mention.end <= end)

    def speakers(self, start: int, end: int) -> list[Mention]:
        """Return the people and organisations that stand free between two places.

        The name in `the deputy for Nice` describes another; it does not speak.
        """
        return [mention for mention in self.named(start, end) if self._can_speak(mention)]

    def _can_speak(self, mention: Mention) -> bool:
        if mention.kind not in (EntityKind.PERSON, EntityKind.ORGANISATION):
            return False
        before = self.text[max(0, mention.start - 32) : mention.start].lower()
        words = TOKEN.findall(_OF_STATE.sub("", before))
        while words and (words[-1] in ARTICLES or fold(words[-1]) in _OFFICES):
            words.pop()
        return not words or words[-1] not in LINKS or words[-2:] == ["according", "to"]

    def sentence_start(self, at: int) -> int:
        """Return where the sentence around `at` begins."""
        index = bisect_right(self.sentence_starts, at) - 1
        return self.sentences[index][0] if index >= 0 else 0

    def sentence_end(self, at: int) -> int:
        """Return where the sentence that goes on behind a closing mark ends."""
        index = max(0, bisect_right(self.sentence_starts, at) - 1)
        if not self.sentences or self.sentences[index][1] > at:
            return self.sentences[index][1] if self.sentences else at
        return self.sentences[min(index + 1, len(self.sentences) - 1)][1]

    def opens_with_capital(self, at: int) -> bool:
        """Say whether what follows `at` begins like a new sentence."""
        word = TOKEN.search(self.text, at, at + 40)
        return word is not None and word[0][0].isupper()

    def commas(self, start: int, end: int) -> Iterator[int]:
        """Yield the place behind each comma between two places."""
        return (found.end() for found in re.compile(",").finditer(self.text, start, end))

    def verbs(self, start: int, end: int, after: int | None = None) -> Iterator[Clue]:
        """Yield the verbs of speech between two places; `after` is where a quote ended."""
        known = SPEECH_VERBS[self.lang]
        previous = ""
        for token in TOKEN.finditer(self.text, start, max(start, end)):
            word = token[0].lower().replace("’", "'")
            if (
                word in known
                and previous not in _NO_VERB_BEHIND
                and not self._is_in_name(token.start())
            ):
                yield Clue(token.start(), token.end(), token[0], after)
            previous = word

    def _is_in_name(self, at: int) -> bool:
        index = bisect_right(self.starts, at) - 1
        return index >= 0 and at < self.mentions[index].end

    def cue(self, start: int, end: int) -> Clue | None:
        """Return the last `selon` or `according to` between two places."""
        cues = list(SOURCE_CUES[self.lang].finditer(self.text, start, end))
        if not cues:
            return None
        return Clue(cues[-1].start(), cues[-1].end(), cues[-1][0].strip(), None, is_cue=True)

    def gap_words(self, clue: Clue) -> frozenset[str]:
        """Return the words between the quote and the verb behind it."""
        if clue.quote_end is None:
            return frozenset()
        return frozenset(TOKEN.findall(self.text[clue.quote_end : clue.start].lower()))

    def speaker(self, clue: Clue, floor: int, ceiling: int) -> str | None:
        """Return the entity that is the subject of a clue, None when none is plain."""
        begin = max(floor, self.sentence_start(clue.start), clue.start - SPEAKER_REACH)
        behind = self._subject_behind(clue, ceiling) if self._is_inverted(clue) else None
        if behind or clue.is_cue:
            return behind
        if self._has_pronoun(clue):
            return self._person_before(begin, clue)
        before = self.speakers(begin, clue.start)
        return before[-1].entity if before else None

    def _is_inverted(self, clue: Clue) -> bool:
        """Say whether the verb comes before its subject: `», a déclaré X`, `” said X`."""
        if clue.is_cue:
            return True
        if _PRONOUN_BEHIND.match(self.text, clue.end):
            return False
        if clue.quote_end is None:
            return clue.verb is not None and self._has_subject_next(clue)
        if self.gap_words(clue) <= AUXILIARIES[self.lang]:
            return True
        is_after_comma = self.text[clue.start - 2 : clue.start] == ", "
        people = self.speakers(clue.quote_end, clue.start)
        return is_after_comma and not any(one.kind is EntityKind.PERSON for one in people)

    def _has_subject_next(self, clue: Clue) -> bool:
        """Say whether a name follows the verb, as in `…, a annoncé Mme X :`, but for its title."""
        behind = self.speakers(clue.end, clue.end + SPEAKER_REACH)
        if not behind:
            return False
        between = TOKEN.findall(self.text[clue.end : behind[0].start].lower())
        return all(word in ARTICLES or fold(word) in _OFFICES for word in between)

    def _subject_behind(self, clue: Clue, ceiling: int) -> str | None:
        sentence = self.sentence_end(clue.end)
        stop = min(ceiling, clue.end + SPEAKER_REACH, max(sentence, clue.end))
        if clause_end := _CLAUSE_END.search(self.text, clue.end, stop):
            stop = clause_end.start()
        named = self.speakers(clue.end, stop)
        if clue.is_cue:
            named = named[:1]
        people = [mention for mention in named if mention.kind is EntityKind.PERSON]
        return next((mention.entity for mention in (*people, *named)), None)

    def _has_pronoun(self, clue: Clue) -> bool:
        if _PRONOUN_BEHIND.match(self.text, clue.end):
            return True
        before = TOKEN.findall(self.text[max(0, clue.start - 24) : clue.start].lower())
        while before and before[-1] in AUXILIARIES[self.lang]:
            before.pop()
        return bool(set(before[-1:]) & PRONOUNS[self.lang])

    def _person_before(self, at: int, clue: Clue) -> str | None:
        """Return the one person named, outside quotes, shortly before `at`.

        A person whom the text calls Mme is not `il`.
        """
        pronoun = _PRONOUN.findall(self.text[max(0, clue.start - 24) : clue.end + 8].lower())
        others = self.men if set(pronoun[-1:]) & {"elle", "she"} else self.women
        for reach in PRONOUN_REACHES:
            people = {
                mention.entity
                for mention in self.named(max(0, at - reach), at + 1)
                if mention.kind is EntityKind.PERSON and not self._is_quoted(mention)
            } - others
            if people:
                return people.pop() if len(people) == 1 else None
        return None

    def _is_quoted(self, mention: Mention) -> bool:
        index = bisect_right(self.marked, mention.start, key=lambda mark: mark.start) - 1
        return index >= 0 and mention.start < self.marked[index].end


def make_scene(
    text: str, lang: str, mentions: Sequence[Mention], marked: Sequence[Marked]
) -> Scene:
    """Return the scene of a text whose mentions are in order."""
    language = lang if lang in SPEECH_VERBS else "en"
    sentences = split_sentences(text, language)
    return Scene(
        text=text,
        lang=language,
        mentions=tuple(mentions),
        starts=tuple(mention.start for mention in mentions),
        sentences=sentences,
        sentence_starts=tuple(start for start, _ in sentences),
        marked=tuple(marked),
        men=_people_called(text, mentions, MEN),
        women=_people_called(text, mentions, WOMEN),
    )


def _people_called(
    text: str, mentions: Sequence[Mention], titles: frozenset[str]
) -> frozenset[str]:
    """Return the entities that the text gives one of `titles`."""
    called: set[str] = set()
    for mention in mentions:
        words = TOKEN.findall(text[max(0, mention.start - 12) : mention.start])
        if words and words[-1] in titles:
            called.add(mention.entity)
    return frozenset(called)
