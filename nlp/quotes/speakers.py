"""Whom a text names as the subject of its verbs of speech, one answer for each.

A subject is a name that stands at its verb, or the one person a pronoun plainly means; otherwise
it stays open. It never looks further than a few sentences back.
"""

import re
from collections.abc import Sequence

from model.fold import fold
from model.mention import EntityKind, Mention
from nlp.quotes.antecedents import Told, find_antecedent
from nlp.quotes.scene import OFFICES, TOKEN, Clue, Scene
from nlp.quotes.speech_words import (
    ANDS,
    ARTICLES,
    BEFORE_CLAUSES,
    DAYS,
    GROUPS,
    LINKS,
    NOBODY,
    PRONOUNS,
    WHO,
    WITH_LISTENER,
)

REACH = 160
SPLIT_REACH = 70
_CLAUSE_END = re.compile(
    r"[;:«“\"\n]|, (?:qui|who|which|après|after|lors|during|dont|whose|précisant|ajoutant|adding)\b"
    r"|\s(?:que|qu['’]|that)\b"
)
_PRONOUN_TIED = re.compile(r"-(?:t-)?(ils?|elles?|on|je|nous)\b")
_PRONOUN_BEHIND = re.compile(r" (he|she|they|we|I)\b(?=\s?[.,;:—“\"]|\s*\Z|\s(?:in|on|at|to)\b)")
_WORD = re.compile(r"\w+")
_COMMA = re.compile(r"[)\]»”\"]*\s?[,—–]")
_VERB_NEXT = re.compile(r" [a-zéèà]")
_IS_PASSIVE = {
    "fr": re.compile(
        r"(?:\bété|(?<!['’])\b(?:est|sont|était|étaient|être))\s(?:\w+ment\s|ainsi\s|aussi\s)?\Z"
    ),
    "en": re.compile(r"\b(?:is|are|was|were|be|been|being)\s(?:\w+ly\s)?\Z"),
}
_AUXILIARY = re.compile(r" (?:a|ont|avait|avaient|has|have|had|s['’]est)\b")
_PUNCTUATION = re.compile(r"[,;:—–«»“”\"()]|--")
_OF_SOURCE = re.compile(r"(elle|lui|him|her)\b(?=\s?[^\w\s]|\s*\Z)")
_BY = re.compile(r"\s(?:par|by)\s(?:le\s|la\s|l['’]|les\s|the\s)?")


def find_speakers(scene: Scene) -> tuple[Told, ...]:
    """Return who speaks by each clue of a scene, in their order."""
    finder = _Finder(scene)
    for number in range(len(scene.clues)):
        finder.told.append(finder.find(number))
    return tuple(finder.told)


class _Finder:
    """Goes through the clues of a text in order and remembers who spoke before."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.text = scene.text
        self.told: list[Told] = []

    def find(self, number: int) -> Told:
        clue = self.scene.clues[number]
        if clue.is_cue:
            return self._source(clue)
        if pronoun := _PRONOUN_TIED.match(self.text, clue.end):
            return self._tied(clue, pronoun[1])
        if passive := _BY.match(self.text, clue.end):
            return self._by(clue, passive.end())
        if _IS_PASSIVE[self.scene.lang].search(self.text, max(0, clue.start - 30), clue.start):
            return _nobody(clue)
        begin = self._begin(clue)
        stop = self._stop(begin, clue)
        if self._is_cut_off(begin, stop) and not clue.is_participle:
            if pronoun := _PRONOUN_BEHIND.match(self.text, clue.end):
                return self._tied(clue, pronoun[1])
            if (behind := self._behind(clue)) and not self._is_apposed(begin, stop, clue, behind):
                return behind
        return self._before(number, begin, stop)

    def _tied(self, clue: Clue, pronoun: str) -> Told:
        """Read a pronoun behind its verb: `dit-il`, `said she`; `dit-on` names nobody."""
        if pronoun not in PRONOUNS[self.scene.lang]:
            return _nobody(clue, inverted=True)
        return self._meant(clue, pronoun, inverted=True)

    def _is_apposed(self, begin: int, stop: int, clue: Clue, behind: Told) -> bool:
        """Say whether the comma before an English verb closes what is said of its subject."""
        if self.scene.lang != "en" or self.text[stop : stop + 1] != ",":
            return False
        if clue.word in WITH_LISTENER:
            return True
        is_near = behind.person and not self.scene.words(clue.end, behind.start)
        return not is_near and any(
            one.kind is EntityKind.PERSON and self.text[one.end : one.end + 1] == ","
            for one in self.scene.speakers(begin, stop)
        )

    def _by(self, clue: Clue, at: int) -> Told:
        """Find whom `considéré par X` or `described by X` names."""
        name = self.scene.name_at(at)
        return _told(name, inverted=True) if name and name.kind in _BODIES else _nobody(clue)

    def _begin(self, clue: Clue) -> int:
        """Return where the words before a verb that may hold its subject begin."""
        begin = max(self.scene.sentence(clue.start)[0], clue.start - REACH)
        mark = self.scene.mark_before(clue.start)
        return max(begin, mark.outer_end) if mark and mark.end <= clue.start else begin

    def _stop(self, begin: int, clue: Clue) -> int:
        """Return where the last word before a verb, its auxiliaries and adverbs left out, ends."""
        tokens = list(_WORD.finditer(self.text, begin, clue.start))
        place = clue.start
        while tokens and self._is_filler(tokens):
            if _PUNCTUATION.search(self.text, tokens[-1].end(), place):
                break
            place = tokens.pop().start()
        return tokens[-1].end() if tokens else begin

    def _is_filler(self, tokens: Sequence[re.Match[str]]) -> bool:
        word = tokens[-1][0].lower()
        if self.scene.name_at(tokens[-1].start()):
            return False
        if word in self.scene.auxiliaries or word in DAYS:
            return True
        is_adverb = len(word) > 4 and word.endswith(("ment", "ly"))
        return is_adverb and (len(tokens) < 2 or tokens[-2][0].lower() not in ARTICLES)

    def _is_cut_off(self, begin: int, stop: int) -> bool:
        """Say whether a comma, a quotation mark or nothing stands where a subject would."""
        behind = self.text[stop : stop + 2].lstrip(" ")[:1]
        return stop == begin or behind in tuple(',»”"—–') or self.text[stop - 1 : stop] in '»”"'

    def _behind(self, clue: Clue) -> Told | None:
        """Find the subject in `», a déclaré X` and `,” said the minister, X`."""
        stop = self._clause_stop(clue)
        people = (one for one in self.scene.named(clue.end, stop) if one.kind is EntityKind.PERSON)
        person = next((one for one in people if self.scene.is_free(one)), None)
        if person and self._may_lie_between(clue.end, person.start):
            return _told(person, inverted=True)
        for one in self.scene.named(clue.end, stop)[:1]:
            between = self.scene.words(clue.end, one.start)
            if all(word in ARTICLES | GROUPS for word in between) and one.kind in _BODIES:
                return _told(one, inverted=True)
        return None

    def _may_lie_between(self, start: int, end: int) -> bool:
        """Say whether what stands between a verb and a name can be what the name is."""
        return not set(self.scene.words(start, end)) & {"to", "et", "and", "but", "mais", "s"}

    def _clause_stop(self, clue: Clue) -> int:
        stop = min(clue.end + REACH, max(clue.end, self.scene.sentence_end(clue.end)))
        found = _CLAUSE_END.search(self.text, clue.end, stop)
        return found.start() if found else stop

    def _before(self, number: int, begin: int, stop: int) -> Told:
        """Find the subject in `X a déclaré`, `Mr X, the minister, said`, `X …, adding`."""
        clue = self.scene.clues[number]
        if clue.is_participle and _COMMA.match(self.text, stop):
            return self._same_as_before(number)
        last = self._last_word(begin, stop)
        if last in PRONOUNS[self.scene.lang]:
            is_tied = self.text[stop - len(last) - 1 : stop - len(last)] == "-"
            return self._meant(clue, last, inverted=is_tied)
        if last in NOBODY[self.scene.lang]:
            is_tied = self.text[stop - len(last) - 1 : stop - len(last)] == "-"
            return _nobody(clue, start=stop - len(last), inverted=is_tied)
        if last in ANDS:
            return self._same_as_before(number)
        if last in WHO:
            return self._relative(clue, begin, stop)
        if adjacent := self._adjacent(begin, stop) or self._before_auxiliary(begin, stop):
            return _told(adjacent)
        if _COMMA.match(self.text, stop):
            return self._before_comma(number, begin, stop)
        borrows = clue.is_participle and last in ("en", "by", "while")
        return self._same_as_before(number) if borrows else _nobody(clue)

    def _last_word(self, begin: int, stop: int) -> str:
        words = TOKEN.findall(self.text[max(begin, stop - 24) : stop].lower())
        return words[-1] if words else ""

    def _adjacent(self, begin: int, stop: int) -> Mention | None:
        """Return the name that ends right before a verb; brackets behind it do not count."""
        if self.text[stop : stop + 1] == ")":
            stop = max(begin, self.text.rfind("(", begin, stop))
            stop = begin + len(self.text[begin:stop].rstrip())
        name = self.scene.name_at(stop - 1) if stop > begin else None
        if name is None or name.start < begin or self.text[stop : stop + 1] == ",":
            return None
        if name.kind is EntityKind.PLACE:
            return name if self._opens_clause(begin, name) else None
        if name.kind not in _BODIES:
            return None
        return name if self.scene.is_free(name) else self._member(begin, name)

    def _member(self, begin: int, body: Mention) -> Mention | None:
        """Return the person who is said to be of a body: `X of the Y said`."""
        person = next(reversed(self.scene.named(begin, body.start)), None)
        if person is None or person.kind is not EntityKind.PERSON:
            return None
        between = self.scene.words(person.end, body.start)
        is_of = between[:1] and between[0] in LINKS and set(between[1:]) <= ARTICLES
        is_plain = "," not in self.text[person.end : body.start]
        return person if is_of and is_plain and self.scene.is_free(person) else None

    def _before_auxiliary(self, begin: int, stop: int) -> Mention | None:
        """Return the name whose auxiliary is parted from the verb: `X a, sans surprise, dit`."""
        if not begin < stop:
            return None
        for one in reversed(self.scene.named(max(begin, stop - SPLIT_REACH), stop)):
            is_split = _AUXILIARY.match(self.text, one.end) and self.scene.is_free(one)
            is_alone = not self.scene.clues_between(one.end, stop)
            return one if is_split and is_alone and one.kind in _BODIES else None
        return None

    def _opens_clause(self, begin: int, name: Mention) -> bool:
        """Say whether a place stands alone, as a state that speaks does: `La France a dit`."""
        words = TOKEN.findall(
            _PUNCTUATION.split(self.text[max(begin, name.start - 24) : name.start].lower())[-1]
        )
        while words and words[-1] in ARTICLES:
            words.pop()
        return not words or words[-1] in ANDS | BEFORE_CLAUSES

    def _before_comma(self, number: int, begin: int, stop: int) -> Told:
        """Find the subject before an apposition, or what a participle borrows."""
        clue = self.scene.clues[number]
        named = [
            one
            for one in self.scene.speakers(begin, stop + 1)
            if self.text[one.end : one.end + 1] == ","
        ]
        for one in reversed(named):
            words = self._segment(begin, one)
            if not set(words) & LINKS and words[:1] not in (["a"], ["an"], ["un"], ["une"]):
                return _told(one)
        return _told(named[-1]) if named else _nobody(clue)

    def _segment(self, begin: int, name: Mention) -> list[str]:
        """Return the words between a name and the comma or mark before it, folded."""
        before = _PUNCTUATION.split(self.text[begin : name.start])[-1]
        return [fold(word) for word in TOKEN.findall(before.lower())]

    def _same_as_before(self, number: int) -> Told:
        """Return who spoke by the verb before in the sentence, or whom it is about."""
        clue = self.scene.clues[number]
        start = self.scene.sentence(clue.start)[0]
        spoken: Told | None = None
        for earlier in range(number - 1, max(-1, number - 6), -1):
            other = self.scene.clues[earlier]
            if other.start < start:
                break
            if other.inside or other.is_cue:
                continue
            spoken = self.told[earlier]
            if spoken.entity or not clue.is_participle:
                break
        return spoken or self._subject(start, clue)

    def _subject(self, start: int, clue: Clue) -> Told:
        """Return the name that opens a sentence, or the only one in it but for `After X, …`."""
        begin = max(start, clue.start - 2 * REACH)
        free = [
            one
            for one in self.scene.named(begin, clue.start)
            if one.kind in _BODIES and self.scene.is_free(one)
        ]
        if free and begin == start and self._opens(start, free[0]):
            return _told(free[0])
        opens_late = set(self._lead(begin, begin + 12)[:1]) <= BEFORE_CLAUSES | LINKS
        able = [one for one in free if not (opens_late and self.text[one.end : one.end + 1] == ",")]
        able = [one for one in able if one.kind is not EntityKind.PLACE]
        return _told(able[0]) if len({one.entity for one in able}) == 1 else _nobody(clue)

    def _opens(self, start: int, name: Mention) -> bool:
        """Say whether a sentence begins with a name; a place only where its verb follows."""
        is_subject = name.kind is not EntityKind.PLACE or _VERB_NEXT.match(self.text, name.end)
        return bool(is_subject) and set(self._lead(start, name.start)) <= ARTICLES | OFFICES

    def _lead(self, begin: int, end: int) -> list[str]:
        return [fold(word) for word in self.scene.words(begin, end)]

    def _relative(self, clue: Clue, begin: int, stop: int) -> Told:
        """Find whom `who` or `qui` stands for: a name right before it."""
        place = self.text.rfind(" ", begin, stop)
        place = begin + len(self.text[begin : max(begin, place)].rstrip(" ,"))
        name = self._adjacent(begin, place)
        return _told(name) if name else _nobody(clue)

    def _source(self, clue: Clue) -> Told:
        """Find the source that `selon` or `according to` names."""
        if pronoun := _OF_SOURCE.match(self.text, clue.end):
            word = {"lui": "il", "him": "he", "her": "she"}.get(pronoun[1], pronoun[1])
            return self._meant(clue, word, end=pronoun.end())
        stop = self._clause_stop(clue)
        comma = self.text.find(",", clue.end, stop)
        phrase = comma if comma >= 0 else stop
        named = self.scene.named(clue.end, phrase)
        for one in named:
            if self._is_source(clue, one):
                return _told(one)
        apposed = self.scene.name_at(phrase + 2) if comma >= 0 else None
        if apposed and apposed.kind is EntityKind.PERSON and not self._is_for(clue):
            return _told(apposed) if self.scene.words(clue.end, comma) else _nobody(clue)
        return _nobody(clue, end=phrase)

    def _is_source(self, clue: Clue, name: Mention) -> bool:
        between = self.scene.words(clue.end, name.start)
        if self._is_for(clue):
            return name.kind is EntityKind.PERSON and not between
        if name.kind is EntityKind.PLACE:
            return not set(between) - ARTICLES
        return name.kind in _BODIES and not set(between) & (LINKS | {"que", "qui", "that"})

    def _is_for(self, clue: Clue) -> bool:
        return clue.verb == "Pour"

    def _meant(self, clue: Clue, pronoun: str, *, inverted: bool = False, end: int = 0) -> Told:
        entity = find_antecedent(self.scene, self.told, clue.start, pronoun.lower())
        return Told(entity, clue.start, end or clue.end, inverted, True, person=True)


_BODIES = (EntityKind.PERSON, EntityKind.ORGANISATION, EntityKind.PLACE)


def _told(name: Mention, *, inverted: bool = False) -> Told:
    return Told(name.entity, name.start, name.end, inverted, person=name.kind is EntityKind.PERSON)


def _nobody(clue: Clue, *, inverted: bool = False, start: int = -1, end: int = -1) -> Told:
    return Told(None, clue.start if start < 0 else start, clue.end if end < 0 else end, inverted)
