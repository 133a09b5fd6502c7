"""Speech reported without quotation marks: `selon X, …`, `X a annoncé que …`, `X said that …`.

Only clauses whose speaker the text names are kept.
"""

import re
from collections.abc import Iterator

from model.mention import Quote
from nlp.scene import TOKEN, Clue, Scene
from nlp.speech_words import BARE_CLAUSE_VERBS, BEFORE_THAT, CLAUSE_OPENINGS, NOT_REPORTING

LEAST_WORDS = 4
CUE_REACH = 60
OPENING_REACH = 20

_THAT = {
    "fr": re.compile(r"(?P<between>(?:\s[\w’'-]+){0,3}?)\s(?:que\s|qu['’])"),
    "en": re.compile(r"(?P<between>(?:\s[\w’'-]+){0,3}?)\sthat\s"),
}


def find_reported(scene: Scene) -> Iterator[Quote]:
    """Yield at most one reported clause a sentence."""
    for start, end in scene.sentences:
        quote = _by_source(scene, start, end) or _by_verb(scene, start, end)
        if quote:
            yield quote


def _by_source(scene: Scene, start: int, end: int) -> Quote | None:
    """Read `selon X, …` and `…, according to X.`."""
    clue = scene.cue(start, end)
    if clue is None:
        return None
    named = scene.speakers(clue.end, min(end, clue.end + CUE_REACH))
    if not named or "," in scene.text[clue.end : named[0].start]:
        return None
    speaker = named[0].entity
    if clue.start - start >= OPENING_REACH:
        return _clause(scene, start, clue.start, speaker, clue.verb)
    comma = scene.text.find(",", named[0].end, named[0].end + CUE_REACH)
    return _clause(scene, comma + 1, end, speaker, clue.verb) if 0 < comma < end else None


def _by_verb(scene: Scene, start: int, end: int) -> Quote | None:
    """Read `X a annoncé que …`, `X said that …` and `X said the …`."""
    for clue in scene.verbs(start, end):
        opening = _clause_opening(scene, clue, end)
        speaker = scene.speaker(clue, start, end) if opening is not None else None
        if opening is not None and speaker:
            return _clause(scene, opening, end, speaker, clue.verb)
    return None


def _clause_opening(scene: Scene, clue: Clue, end: int) -> int | None:
    """Return where the clause that a verb brings in begins, None when it brings in none."""
    verb = (clue.verb or "").lower()
    that = _THAT[scene.lang].match(scene.text, clue.end, end)
    if that and verb not in NOT_REPORTING and _may_stand_between(that["between"]):
        return that.end()
    following = TOKEN.search(scene.text, clue.end, end)
    is_bare = verb in BARE_CLAUSE_VERBS and following and following.start() == clue.end + 1
    if following and is_bare and following[0].lower() in CLAUSE_OPENINGS:
        return following.start()
    return None


def _may_stand_between(words: str) -> bool:
    """Say whether only a day or a listener stands between the verb and `that`."""
    return all(word[0].isupper() or word.lower() in BEFORE_THAT for word in words.split())


def _clause(scene: Scene, start: int, end: int, speaker: str, verb: str | None) -> Quote | None:
    raw = scene.text[start:end]
    start += len(raw) - len(raw.lstrip())
    text = raw.strip().rstrip(" ,")
    if len(text.split()) < LEAST_WORDS:
        return None
    return Quote(start=start, end=start + len(text), text=text, speaker=speaker, verb=verb)
