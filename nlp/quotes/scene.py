"""One text with what is needed to say who speaks in it: names, sentences, quotation marks, verbs.

It finds verbs of speech and the names that can be their subject; it does not decide who speaks
or what is a quote.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

import msgspec

from model.fold import fold
from model.mention import EntityKind, Mention
from nlp.names.words import FUNCTIONS, TITLES
from nlp.quotes.marks import Marked
from nlp.quotes.speech_words import (
    ARTICLES,
    AUXILIARIES,
    FOR_SOURCE,
    LIKE_NOUNS,
    LINKS,
    MEN,
    PRONOUNS,
    SOURCE_CUES,
    SPEECH_VERBS,
    WHO,
    WOMEN,
)
from nlp.sentences import split_sentences

OFFICES = FUNCTIONS | TITLES
TOKEN = re.compile(r"[^\W\d_]+")
_OF_STATE = re.compile(r" (?:d['’][eé]tat|of state)(?=\s\Z)")
_NO_VERB_BEHIND = ARTICLES | {"de", "à", "of", "by"}
_BEFORE_VERBS = frozenset(("it", "they", "as", "with"))
_OPEN_TO_VERBS = (", ", "» ", '" ', "” ")
_CLAUSE_OPENS = re.compile(r"\s(?:que?\b|avoir\b|être\b|vouloir\b|n['’e])")
_WITHIN = " \xa0\u202f\n'’-"
_BREAK = re.compile(r"[,;:()«»“”\"]")
_REFLEXIVE = {"se": "souvient rappelle remémore justifie défend souvenait rappelait", "me": ""}
_DESCRIPTION_REACH = 48
_FAR_WORDS = 40
_TITLE_REACH = 6


class Clue(msgspec.Struct, frozen=True):
    """A verb of speech or a source's cue at a place; `inside` when in quotation marks."""

    start: int
    end: int
    verb: str
    is_cue: bool = False
    inside: bool = False

    @property
    def word(self) -> str:
        """The verb in lower case."""
        return self.verb.lower()

    @property
    def is_participle(self) -> bool:
        """Whether it is a form like `adding` or `ajoutant`, which borrows its subject."""
        return not self.is_cue and self.word.endswith(("ant", "ing"))


class Scene(msgspec.Struct, frozen=True):
    """A text ready to be asked who speaks; everything is in the order of the text."""

    text: str
    lang: str
    mentions: tuple[Mention, ...]
    starts: tuple[int, ...]
    sentences: tuple[tuple[int, int], ...]
    sentence_starts: tuple[int, ...]
    marked: tuple[Marked, ...]
    mark_starts: tuple[int, ...]
    clues: tuple[Clue, ...]
    clue_starts: tuple[int, ...]
    men: frozenset[str]
    women: frozenset[str]

    @property
    def auxiliaries(self) -> frozenset[str]:
        """The words that may stand between a subject, or a quote, and the verb."""
        return AUXILIARIES[self.lang]

    def named(self, start: int, end: int) -> tuple[Mention, ...]:
        """Return the mentions between two places."""
        first, last = bisect_left(self.starts, start), bisect_left(self.starts, end)
        return tuple(mention for mention in self.mentions[first:last] if mention.end <= end)

    def name_at(self, at: int) -> Mention | None:
        """Return the mention that covers a place."""
        index = bisect_right(self.starts, at) - 1
        return self.mentions[index] if index >= 0 and at < self.mentions[index].end else None

    def speakers(self, start: int, end: int) -> list[Mention]:
        """Return the people and organisations that stand free between two places.

        The name in `the deputy for Nice` describes another; it does not speak.
        """
        return [
            mention
            for mention in self.named(start, end)
            if mention.kind in (EntityKind.PERSON, EntityKind.ORGANISATION)
            and self.is_free(mention)
        ]

    def is_free(self, mention: Mention) -> bool:
        """Say whether a name is no part of somebody else's description."""
        before = self.text[max(0, mention.start - _DESCRIPTION_REACH) : mention.start].lower()
        line = _OF_STATE.sub("", before.rpartition("\n")[2])
        words = _without_offices(TOKEN.findall(_BREAK.split(line)[-1]))
        return not words or words[-1] not in LINKS or words[-2:] == ["according", "to"]

    def words(self, start: int, end: int) -> list[str]:
        """Return the words between two places, in lower case."""
        return TOKEN.findall(self.text[start:end].lower())

    def sentence(self, at: int) -> tuple[int, int]:
        """Return where the sentence around `at` begins and ends."""
        index = max(0, bisect_right(self.sentence_starts, at) - 1)
        return self.sentences[index] if self.sentences else (0, len(self.text))

    def sentence_end(self, at: int) -> int:
        """Return where the sentence that goes on behind a closing mark ends."""
        index = max(0, bisect_right(self.sentence_starts, at) - 1)
        if not self.sentences or self.sentences[index][1] > at:
            return self.sentences[index][1] if self.sentences else at
        return self.sentences[min(index + 1, len(self.sentences) - 1)][1]

    def clues_between(self, start: int, end: int) -> range:
        """Return the numbers of the clues that begin between two places."""
        return range(bisect_left(self.clue_starts, start), bisect_left(self.clue_starts, end))

    def mark_before(self, at: int) -> Marked | None:
        """Return the last quotation that begins before a place."""
        index = bisect_left(self.mark_starts, at) - 1
        return self.marked[index] if index >= 0 else None

    def is_quoted(self, at: int) -> bool:
        """Say whether a place is inside quotation marks."""
        mark = self.mark_before(at + 1)
        return mark is not None and at < mark.end


def _without_offices(words: list[str]) -> list[str]:
    """Drop articles, offices and the adjective of an office from the end of some words."""
    while words:
        if words[-1] in ARTICLES or fold(words[-1]) in OFFICES:
            words.pop()
        elif words[-1] not in LINKS and len(words) > 1 and fold(words[-2]) in OFFICES:
            del words[-2:]
        else:
            break
    return words


def make_scene(
    text: str, lang: str, mentions: Sequence[Mention], marked: Sequence[Marked]
) -> Scene:
    """Return the scene of a text whose mentions are in order."""
    language = lang if lang in SPEECH_VERBS else "en"
    sentences = split_sentences(text, language)
    clues = tuple(sorted(_find_clues(text, language, mentions, marked), key=lambda one: one.start))
    return Scene(
        text=text,
        lang=language,
        mentions=tuple(mentions),
        starts=tuple(mention.start for mention in mentions),
        sentences=sentences,
        sentence_starts=tuple(start for start, _ in sentences),
        marked=tuple(marked),
        mark_starts=tuple(mark.start for mark in marked),
        clues=clues,
        clue_starts=tuple(clue.start for clue in clues),
        men=_people_called(text, mentions, MEN, "le"),
        women=_people_called(text, mentions, WOMEN, "la"),
    )


def _find_clues(
    text: str, lang: str, mentions: Sequence[Mention], marked: Sequence[Marked]
) -> Iterator[Clue]:
    quoted, named = _Cover(marked), _Cover(mentions)
    known, doubtful = SPEECH_VERBS[lang], LIKE_NOUNS[lang]
    previous = ""
    before = 0
    for token in TOKEN.finditer(text):
        start, end = token.span()
        is_name = named.covers(start)
        word = token[0].lower()
        if word in known and text[before:start].strip(_WITHIN):
            previous = "" if word != "say" else "to"  # `unlike, say, his rivals`
        if (
            word in known
            and not is_name
            and not _is_noun(previous, word)
            and (
                word not in doubtful
                or _follows_subject(text, lang, previous, named.end == before > 0, start)
                or (lang == "fr" and _opens_clause(text, end))
            )
        ):
            yield Clue(start, end, token[0], inside=quoted.covers(start))
        previous, before = word, end
    yield from _find_cues(text, lang, mentions, marked)


def _is_noun(previous: str, word: str) -> bool:
    if previous in _REFLEXIVE:
        return word not in _REFLEXIVE[previous].split()
    if previous == "to":
        return True
    if previous in ("as", "comme") and word.endswith(("ed", "é")):
        return True
    is_object = previous == "l" and word.endswith("ant")
    has_auxiliary = previous == "a" and word[-1] in "éuist"
    return previous in _NO_VERB_BEHIND and not has_auxiliary and not is_object


def _follows_subject(text: str, lang: str, previous: str, is_behind_name: bool, at: int) -> bool:
    """Say whether a form that is as often a noun stands where a verb does."""
    if previous in AUXILIARIES[lang] | PRONOUNS[lang] | WHO | _BEFORE_VERBS or is_behind_name:
        return True
    return text[max(0, at - 2) : at] in _OPEN_TO_VERBS


def _opens_clause(text: str, at: int) -> bool:
    return _CLAUSE_OPENS.match(text, at) is not None


def _find_cues(
    text: str, lang: str, mentions: Sequence[Mention], marked: Sequence[Marked]
) -> Iterator[Clue]:
    quoted = _Cover(marked)
    for cue in SOURCE_CUES[lang].finditer(text):
        yield Clue(cue.start(), cue.end(), cue[0].strip(), True, quoted.covers(cue.start()))
    if lang == "fr":
        quoted = _Cover(marked)
        for cue in re.finditer(rf"(?m)(?:^|(?<=[.!?»\"]\s)){FOR_SOURCE.pattern}", text):
            index = bisect_left(mentions, cue.end(), key=lambda one: one.start)
            name = mentions[index] if index < len(mentions) else None
            if name and name.start - cue.end() < _TITLE_REACH and name.kind is EntityKind.PERSON:
                yield Clue(cue.start(), cue.end(), cue[0].strip(), True, quoted.covers(cue.start()))


class _Cover:
    """Says of rising places whether one of some ordered spans covers them."""

    def __init__(self, spans: Sequence[Marked] | Sequence[Mention]) -> None:
        self._spans = spans
        self._next = 0
        self.end = 0

    def covers(self, at: int) -> bool:
        while self._next < len(self._spans) and self._spans[self._next].start <= at:
            self.end = max(self.end, self._spans[self._next].end)
            self._next += 1
        return at < self.end


def _people_called(
    text: str, mentions: Sequence[Mention], titles: frozenset[str], article: str
) -> frozenset[str]:
    """Return the entities that the text gives one of `titles`, or an office with `article`."""
    called: set[str] = set()
    for mention in mentions:
        words = TOKEN.findall(text[max(0, mention.start - _FAR_WORDS) : mention.start])[-4:]
        if not words:
            continue
        if words[-1] in titles or (
            article in words
            and any(fold(word) in OFFICES for word in words[words.index(article) :])
        ):
            called.add(mention.entity)
    return frozenset(called)
