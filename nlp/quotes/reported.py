"""What a text reports somebody as saying: `selon X, …`, `X a annoncé que …`, `…, said X`.

It finds clauses and the verb or source that brings each in, with quotation marks in them or not;
it does not decide what becomes a quote.
"""

import re
from collections.abc import Iterator

import msgspec

from model.fold import fold
from nlp.quotes.antecedents import Told
from nlp.quotes.scene import OFFICES, TOKEN, Clue, Scene
from nlp.quotes.speech_words import (
    ARTICLES,
    BEHIND_SAYING,
    CLAUSE_BREAKS,
    CLAUSE_OPENINGS,
    CONNECTORS,
    DAYS,
    DENYING,
    FINITE,
    FIRST_OR_SECOND,
    INFINITIVES,
    LINKS,
    NOT_BEFORE_QUE,
    NOT_REPORTING,
    NOT_SAID,
    PLAIN_SAYING,
    SAYING,
    SOURCES,
    SUBORDINATORS,
    WITH_LISTENER,
)

LEAST_WORDS = 4
LONGEST = 900
_THAT_REACH = 90
_FINITE_REACH = 130
_SUBJECT_REACH = 80
_LEAD_REACH = 60

_THAT = {
    "fr": re.compile(r"\s(?:que[\s,]|qu['’])"),
    "en": re.compile(r"\sthat[\s,]"),
}
_NO_THAT_BEYOND = re.compile(r"[.;:«“\"\n!?)]")
_NO_CLAUSE_BEYOND = re.compile(r"[.,;:«“\"\n!?()—]")
_PREPOSITIONS = frozenset("for of with about into over against".split())
_INFINITIVE_GAP = re.compile(r"\s(?:(?:\w+ment|lundi|mardi|mercredi|jeudi|vendredi|samedi"
                             r"|dimanche|hier|aussi|ainsi|également|pour sa part,?|, pour sa part,)"
                             r"\s)?(?=[\w])")  # fmt: skip
_KICKER = re.compile(r"[^\s:]++(?: [^\s:]++){0,2}\s?: ")
_OF_ONESELF = SAYING["fr"] - {"révélé"} | {"disent", "disait", "affirment", "affirmait"}
_SOME = frozenset("un une des le la les l plusieurs certains certaines deux trois".split())
_ASIDE = re.compile(r", ([a-z]+ing) ")
_NO_ASIDE = frozenset(
    "including regarding considering being following depending excluding according owing during"
    " concerning having bring king".split()
)
_BEING = frozenset("be been is was were are".split())
_STOP_NEXT = re.compile(r"[.\n]|\Z")
_FULL_STOP = re.compile(r"[.!?…]*\Z")


class Frame(msgspec.Struct, frozen=True):
    """A clause and what brings it in; `behind` when the verb stands behind the clause."""

    start: int
    end: int
    clue: Clue
    speaker: str | None
    behind: bool = False


def find_frames(scene: Scene, told: tuple[Told, ...]) -> list[Frame]:
    """Return what verbs and sources outside quotation marks bring in, none within another."""
    frames: list[Frame] = []
    for start, end in scene.sentences:
        for frame in _read_sentence(scene, told, start, end):
            if not frames or frame.start >= frames[-1].end:
                frames.append(frame)
    return frames


def _read_sentence(scene: Scene, told: tuple[Told, ...], start: int, end: int) -> Iterator[Frame]:
    done = start
    for number in scene.clues_between(start, end):
        clue = scene.clues[number]
        if clue.inside or clue.start < done:
            continue
        frame = _read_clue(scene, told[number], number, start, end)
        if frame:
            done = max(frame.end, clue.end)
            yield frame


def _read_clue(scene: Scene, told: Told, number: int, start: int, end: int) -> Frame | None:
    clue = scene.clues[number]
    if clue.is_cue:
        return _by_source(scene, clue, told, start, end)
    if _is_unsaid(scene, clue, told):
        return None
    opening = find_opening(scene, clue, end)
    if opening is not None and not (told.inverted and opening < told.end):
        return Frame(opening, _clause_end(scene, number, opening, end), clue, told.entity)
    if _stands_behind(scene, clue, told, start, end):
        comma = scene.text.rfind(",", start, min(told.start, clue.start))
        return Frame(start, comma, clue, told.entity, behind=True)
    return None


def _is_unsaid(scene: Scene, clue: Clue, told: Told) -> bool:
    """Say whether a verb is denied, only possible, or the text's own (`je pense que`)."""
    before = scene.words(max(0, clue.start - 16), clue.start)
    subject = scene.words(told.start, told.start + 5)
    own = FIRST_OR_SECOND[scene.lang]
    is_own = told.entity is None and told.start < clue.start and set(subject[:1]) & own
    is_passive = scene.lang == "en" and set(before[-1:]) & _BEING
    return bool(is_passive or set(before[-2:]) & NOT_SAID or set(before[-1:]) & own or is_own)


def find_opening(scene: Scene, clue: Clue, end: int) -> int | None:
    """Return where the clause that a verb brings in begins, None when it brings in none."""
    if clue.word in NOT_REPORTING:
        return None
    if scene.lang == "fr":
        opening = _behind_that(scene, clue, end)
        return _infinitive(scene, clue, end) if opening is None else opening
    opening = _bare(scene, clue, end)
    return _behind_that(scene, clue, end) if opening is None else opening


def _behind_that(scene: Scene, clue: Clue, end: int) -> int | None:
    """Find `que` or `that` behind a verb, over a day, a place or a listener."""
    stop = min(end, clue.end + _THAT_REACH)
    that = _THAT[scene.lang].search(scene.text, clue.end, stop)
    if that is None or _NO_THAT_BEYOND.search(scene.text, clue.end, that.start()):
        return None
    between = scene.words(clue.end, that.start())
    if scene.lang == "en" and set(between) & FINITE:
        return None
    if between and (between[-1] in NOT_BEFORE_QUE or _has_object(scene, clue, between[0])):
        return None
    others = scene.clues_between(clue.end, that.start())
    return None if any(scene.clues[one].word not in NOT_REPORTING for one in others) else that.end()


def _has_object(scene: Scene, clue: Clue, first: str) -> bool:
    """Say whether a thing, not a day or a listener, follows: `announced the plan that`."""
    if clue.word in WITH_LISTENER or scene.text[clue.end] == ",":
        return False
    return first not in BEHIND_SAYING | DAYS | LINKS | scene.auxiliaries and first[-2:] != "ly"


def _infinitive(scene: Scene, clue: Clue, end: int) -> int | None:
    """Find what somebody says of himself: `dit avoir`, `affirme vouloir`."""
    gap = _INFINITIVE_GAP.match(scene.text, clue.end, end)
    word = TOKEN.match(scene.text, gap.end(), end) if gap else None
    if word is None or clue.word not in _OF_ONESELF:
        return None
    following = TOKEN.search(scene.text, word.end(), end)
    if word[0].lower() in ("n", "s", "ne"):
        is_own = following is not None and following[0].lower() in INFINITIVES | {"pas", "être"}
        return word.start() if is_own else None
    return word.start() if word[0].lower() in INFINITIVES else None


def _bare(scene: Scene, clue: Clue, end: int) -> int | None:
    """Find an English clause without `that`: `said the plan was`, `told X he would`."""
    tokens = list(TOKEN.finditer(scene.text, clue.end, min(end, clue.end + _FINITE_REACH)))
    if not tokens or tokens[0].start() != clue.end + 1 or scene.text[clue.end] != " ":
        return None
    if clue.word in ("told", "tells"):
        tokens = _without_listener(tokens)
    if tokens and _is_clause(scene, clue, tokens):
        return tokens[0].start()
    return None


def _without_listener(tokens: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return the words from the pronoun on that begins the clause behind a listener."""
    for index in range(1, min(6, len(tokens))):
        if tokens[index][0].lower() in BEHIND_SAYING | CLAUSE_BREAKS | _PREPOSITIONS:
            return []
        if tokens[index][0].lower() in CLAUSE_OPENINGS:
            return tokens[index:]
    return []


def _is_clause(scene: Scene, clue: Clue, tokens: list[re.Match[str]]) -> bool:
    first = tokens[0][0].lower()
    if first in CLAUSE_OPENINGS:
        return True
    if first in BEHIND_SAYING | CLAUSE_BREAKS | _PREPOSITIONS or clue.word in DENYING:
        return False
    is_plain = clue.word in PLAIN_SAYING
    limit = _NO_THAT_BEYOND if is_plain else _NO_CLAUSE_BEYOND
    stop = limit.search(scene.text, tokens[0].start(), tokens[-1].end())
    for token in tokens[1:]:
        word = token[0].lower()
        if word in CLAUSE_BREAKS or (stop and token.start() > stop.start()):
            return False
        if word in FINITE or (is_plain and _is_past(token[0])):
            return True
    return False


def _is_past(word: str) -> bool:
    return len(word) > 4 and word.endswith("ed") and word.islower()


def _clause_end(scene: Scene, number: int, opening: int, end: int) -> int:
    """Return where a clause ends: at the sentence's end or before what somebody says next."""
    for later in range(number + 1, min(number + 6, len(scene.clues))):
        clue = scene.clues[later]
        if clue.start >= end:
            break
        if clue.inside or clue.start <= opening:
            continue
        comma = scene.text.rfind(", ", opening, clue.start)
        if comma > opening and _says_more(scene, clue, comma, end):
            return comma if len(scene.words(opening, comma)) >= LEAST_WORDS else end
    return _before_aside(scene, opening, _before_main_clause(scene, opening, end))


def _before_aside(scene: Scene, opening: int, end: int) -> int:
    """Return where an English clause ends before what the text itself draws from it."""
    for aside in _ASIDE.finditer(scene.text, opening, min(end, opening + LONGEST)):
        is_long = len(scene.words(opening, aside.start())) >= LEAST_WORDS
        if scene.lang == "en" and is_long and aside[1] not in _NO_ASIDE:
            return aside.start()
    return end


def _says_more(scene: Scene, clue: Clue, comma: int, end: int) -> bool:
    """Say whether what follows a comma is somebody's next saying, no part of the clause."""
    between = scene.words(comma, clue.start)
    is_beside = set(between) <= {"and", "et", "tout", "en", "also", "aussi", "but", "mais", "a"}
    return is_beside or (not clue.is_participle and find_opening(scene, clue, end) is not None)


def _before_main_clause(scene: Scene, opening: int, end: int) -> int:
    """Return where a clause ends in a sentence that opens with `While` or `Bien que`."""
    start = scene.sentence(opening)[0]
    if not set(scene.words(start, start + 12)[:1]) & SUBORDINATORS or opening - start > 60:
        return end
    comma = scene.text.find(", ", opening, end)
    return comma if comma > 0 and len(scene.words(opening, comma)) >= LEAST_WORDS else end


def _stands_behind(scene: Scene, clue: Clue, told: Told, start: int, end: int) -> bool:
    """Say whether a verb closes what it reports: `…, a indiqué X`, `…, the police said.`."""
    if clue.word not in SAYING[scene.lang]:
        return False
    if told.inverted:
        return _ends_with_comma(scene, start, clue) and _has_words(scene, start, clue.start)
    if scene.lang == "fr":
        return _ends_with_comma(scene, start, clue) and _unnamed_behind(scene, clue)
    subject = _subject_start(scene, clue, told, start)
    is_last = _closes_sentence(scene, clue, end)
    return subject is not None and is_last and _has_words(scene, start, subject)


def _ends_with_comma(scene: Scene, start: int, clue: Clue) -> bool:
    """Say whether only auxiliaries stand between a comma and a verb."""
    comma = scene.text.rfind(",", max(start, clue.start - 40), clue.start)
    words = scene.words(comma, clue.start) if comma >= 0 else ["?"]
    return set(words) <= scene.auxiliaries | {"il", "elle", "on"}


def _has_words(scene: Scene, start: int, end: int) -> bool:
    return len(scene.words(start, min(end, start + LONGEST))) > LEAST_WORDS


def _unnamed_behind(scene: Scene, clue: Clue) -> bool:
    """Say whether a source without a name follows: `une source`, `mardi les autorités`."""
    words = scene.words(clue.end, clue.end + 48)
    while words and words[0] in DAYS | {"ce", "cette"}:
        words.pop(0)
    return bool(words) and words[0] in _SOME and bool(set(words[1:4]) & SOURCES)


def _subject_start(scene: Scene, clue: Clue, told: Told, start: int) -> int | None:
    """Return where the subject between a comma and an English verb begins."""
    comma = scene.text.rfind(",", max(start, clue.start - _SUBJECT_REACH), clue.start)
    if comma < 0:
        return None
    words = scene.words(comma, clue.start)
    has_name = told.entity is not None and comma < told.start < clue.start
    is_unnamed = words[:1] and words[0] in ARTICLES and _STOP_NEXT.match(scene.text, clue.end)
    is_known = has_name or told.by_pronoun or is_unnamed or set(words[-3:]) & SOURCES
    return comma if is_known and len(words) < 12 else None


def _closes_sentence(scene: Scene, clue: Clue, end: int) -> bool:
    rest = scene.text[clue.end : min(end, clue.end + 12)]
    if _FULL_STOP.match(rest) or rest.startswith((",", ".")):
        return True
    words = scene.words(clue.end, clue.end + 12)
    return bool(words) and words[0] in BEHIND_SAYING


def _by_source(scene: Scene, clue: Clue, told: Told, start: int, end: int) -> Frame | None:
    """Read `selon X, …`, `…, selon X, …` and `…, according to X.`."""
    source_end = _source_end(scene, clue, told, end)
    lead = scene.words(max(start, clue.start - _LEAD_REACH), clue.start)
    if source_end is not None and (set(lead) <= CONNECTORS or lead[-1] in ("que", "that")):
        return Frame(source_end, end, clue, told.entity)
    is_inserted = scene.text[max(start, clue.start - 4) : clue.start].rstrip(" ").endswith(",")
    if is_inserted and source_end is not None and _goes_on(scene, source_end, end):
        return Frame(start, end, clue, told.entity, behind=True)
    return Frame(start, clue.start, clue, told.entity, behind=True)


def _goes_on(scene: Scene, source_end: int, end: int) -> bool:
    words = scene.words(source_end, min(end, source_end + 200))
    return len(words) >= LEAST_WORDS and words[0] not in ("soit", "qui", "who", "which", "dont")


def _source_end(scene: Scene, clue: Clue, told: Told, end: int) -> int | None:
    """Return the place behind the comma that closes a source, None without one."""
    stop = min(end, clue.end + 300)
    comma = scene.text.find(",", max(clue.end, told.end), stop)
    while comma >= 0 and _is_apposition(scene, comma, stop):
        comma = scene.text.find(",", comma + 1, stop)
    if comma < 0:
        quote = re.compile(r"[«“\"]").search(scene.text, told.end, min(stop, told.end + 60))
        return quote.start() if quote else None
    return comma + 1


def _is_apposition(scene: Scene, comma: int, stop: int) -> bool:
    """Say whether what follows a comma tells who the source is: `, a lawyer,`, `, X,`."""
    closing = scene.text.find(",", comma + 1, stop)
    words = scene.words(comma, comma + 40)
    if closing < 0 or not words:
        return False
    name = scene.name_at(comma + 2)
    is_name = name is not None and name.end == closing
    return (
        is_name or words[0] in ("un", "une", "a", "an", "qui", "who") or fold(words[0]) in OFFICES
    )


def trim(scene: Scene, frame: Frame) -> tuple[int, int]:
    """Return a frame's place without white space and commas around it."""
    start, end = frame.start, frame.end
    if frame.behind and (kicker := _KICKER.match(scene.text, start, end)):
        start = kicker.end()
    while start < end and scene.text[start] in " \xa0\u202f\n,":
        start += 1
    while end > start and scene.text[end - 1] in " \xa0\u202f\n,":
        end -= 1
    return start, end
