"""Who is said to have said what: words in quotation marks and reported speech.

A speaker is somebody the text names at a verb of speech or as a source, or whom a pronoun plainly
means; otherwise it stays open. Words in quotation marks that nobody says (scare quotes, titles)
are left out.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

import msgspec

from model.mention import Mention, Quote
from nlp.quotes.antecedents import Told
from nlp.quotes.marks import Marked, find_marked
from nlp.quotes.reported import LEAST_WORDS, LONGEST, Frame, find_frames, trim
from nlp.quotes.scene import TOKEN, Scene, make_scene
from nlp.quotes.speakers import find_speakers
from nlp.quotes.speech_words import NAMING, SAYING

SHORT_WORDS = 4
EMBEDDED_WORDS = 6
"""Words without a speaker count from the first number on, in mid-sentence from the second."""

AHEAD_REACH = 160
BEHIND_REACH = 130
INSERTED_REACH = 24
LINE_REACH = 120
_OPENING = " \t\n\xa0\u202f«“„‘\"'‹"


class Heard(msgspec.Struct, frozen=True):
    """What speaks for a quotation: a verb or source, or a bare colon, and whom it names."""

    speaker: str | None
    verb: str | None


class _Stage(msgspec.Struct, frozen=True):
    """A scene with who speaks by each of its verbs and what each brings in."""

    scene: Scene
    told: tuple[Told, ...]
    frames: Sequence[Frame]
    frame_starts: Sequence[int]


def find_quotes(text: str, lang: str, mentions: Sequence[Mention]) -> tuple[Quote, ...]:
    """Return direct quotes and reported speech in `text`, in order, none overlapping another.

    `mentions` must be in order. Only French and English have tables; other languages are read
    with the English ones.
    """
    marked = find_marked(text)
    scene = make_scene(text, lang, mentions, marked)
    told = find_speakers(scene)
    frames = find_frames(scene, told)
    stage = _Stage(scene, told, frames, [frame.start for frame in frames])
    direct = _direct(stage)
    return tuple(sorted((*direct, *_reported(stage, direct)), key=lambda quote: quote.start))


def _reported(stage: _Stage, direct: Sequence[Quote]) -> Iterator[Quote]:
    """Yield the reported clauses in which no direct quote stands."""
    starts = [quote.start for quote in direct]
    for frame in stage.frames:
        start, end = trim(stage.scene, frame)
        index = bisect_right(starts, end) - 1
        is_mixed = index >= 0 and direct[index].end > start
        if is_mixed or end - start > LONGEST:
            continue
        text = stage.scene.text[start:end]
        if len(text.split()) >= LEAST_WORDS:
            yield Quote(
                start=start, end=end, text=text, speaker=frame.speaker, verb=frame.clue.verb
            )


def _direct(stage: _Stage) -> list[Quote]:
    marked = stage.scene.marked
    found: list[tuple[Marked, Quote]] = []
    for index, mark in enumerate(marked):
        floor = marked[index - 1].outer_end if index else 0
        ceiling = marked[index + 1].start if index + 1 < len(marked) else len(stage.scene.text)
        heard = _hear(stage, floor, mark, ceiling)
        if heard is None:
            heard = _carried(stage, found, mark) or _led_in(stage, floor, mark)
        if _is_quote(stage.scene, mark, heard):
            found.append((mark, _quote(stage.scene, mark, heard)))
    return list(_carry_back(found))


def _quote(scene: Scene, mark: Marked, heard: Heard | None) -> Quote:
    return Quote(
        start=mark.start,
        end=mark.end,
        text=scene.text[mark.start : mark.end],
        speaker=heard.speaker if heard else None,
        verb=heard.verb if heard else None,
    )


def _is_quote(scene: Scene, mark: Marked, heard: Heard | None) -> bool:
    """Say whether words in quotation marks are said by somebody, known or not."""
    words = scene.text[mark.start : mark.end].split()
    if _is_name(scene, mark, words):
        return False
    if heard:
        return True
    if len(words) < SHORT_WORDS:
        return False
    return len(words) >= EMBEDDED_WORDS or _opens_sentence(scene, mark)


def _is_name(scene: Scene, mark: Marked, words: Sequence[str]) -> bool:
    """Say whether quotation marks hold what a film, a weapon or a place is called."""
    before = scene.words(max(0, mark.start - 24), mark.start)
    return bool(before) and before[-1] in NAMING and len(words) <= EMBEDDED_WORDS


def _opens_sentence(scene: Scene, mark: Marked) -> bool:
    before = scene.text[max(0, mark.start - 6) : mark.start].rstrip(" \xa0\u202f«“„‘\"'‹")
    return before[-1:] in ("", "\n", ".", "!", "?", ":", "»", "”")


def _hear(stage: _Stage, floor: int, mark: Marked, ceiling: int) -> Heard | None:
    """Find what says who speaks at `mark`, between the quotes before and behind it."""
    return (
        _inserted(stage, mark)
        or _announced(stage, floor, mark)
        or _behind(stage, mark, ceiling)
        or _framed(stage, mark)
        or _ahead(stage, mark)
    )


def _heard(stage: _Stage, number: int) -> Heard:
    return Heard(stage.told[number].entity, stage.scene.clues[number].verb)


def _inserted(stage: _Stage, mark: Marked) -> Heard | None:
    """Find `, a déclaré X,` inside the quotation marks, as French prints it."""
    scene = stage.scene
    for number in scene.clues_between(mark.start, mark.end):
        clue, told = scene.clues[number], stage.told[number]
        comma = scene.text.rfind(",", max(mark.start, clue.start - INSERTED_REACH), clue.start)
        words = set(scene.words(comma, clue.start)) if comma >= 0 else {"?"}
        if told.inverted and told.end <= mark.end and words <= scene.auxiliaries | _HE:
            return _heard(stage, number)
    return None


_HE = frozenset("il elle on se".split())


def _announced(stage: _Stage, floor: int, mark: Marked) -> Heard | None:
    """Find what a colon before the quote ends: `X a déclaré : «`, `X : «`, `X wrote: “`."""
    scene = stage.scene
    lead = scene.text[max(floor, mark.start - AHEAD_REACH) : mark.start].rstrip(_OPENING)
    place = max(floor, mark.start - AHEAD_REACH) + len(lead)
    if not lead.endswith(":"):
        return None
    begin = max(place - len(lead), scene.sentence(place - 1)[0])
    for number in reversed(scene.clues_between(begin, place)):
        if not scene.clues[number].inside:
            return _heard(stage, number)
    named = scene.speakers(begin, place)
    is_name = bool(named) and not scene.words(named[-1].end, place)
    return Heard(named[-1].entity if is_name else None, None)


def _behind(stage: _Stage, mark: Marked, ceiling: int) -> Heard | None:
    """Find the verb right behind a quote: `», a déclaré X`, `,” said X`, `,” X said`."""
    scene = stage.scene
    stop = min(ceiling, mark.outer_end + BEHIND_REACH, scene.sentence_end(mark.outer_end))
    if scene.text[mark.end - 1] == "." and _goes_on_with_capital(scene, mark.outer_end):
        return None
    for number in scene.clues_between(mark.outer_end, stop):
        clue, told = scene.clues[number], stage.told[number]
        gap = scene.text[mark.outer_end : min(told.start, clue.start)].lstrip(",»”\"’' \xa0\u202f")
        words = [word for word in TOKEN.findall(gap.lower()) if word not in scene.auxiliaries]
        is_bare = told.inverted or ((scene.lang == "fr" or not gap) and not clue.is_participle)
        if not set(words) - _HE and is_bare and _may_follow(scene, mark, clue.word):
            return (_framed(stage, mark) if clue.is_cue else None) or _heard(stage, number)
        is_at_quote = scene.lang == "en" and scene.text[mark.end - 1 : mark.end] in tuple(",?!—")
        if is_at_quote and len(words) < 12:
            return _heard(stage, number)
        return None
    return None


def _may_follow(scene: Scene, mark: Marked, verb: str) -> bool:
    """Say whether an English verb right behind a quote says it: `“a” said`, not `“a” describes`."""
    ends = (
        scene.text[mark.end - 1] in ",?!.—"
        or scene.text[mark.outer_end : mark.outer_end + 1] == ","
    )
    return scene.lang != "en" or ends or verb in SAYING["en"]


def _goes_on_with_capital(scene: Scene, at: int) -> bool:
    word = TOKEN.search(scene.text, at, at + 40)
    return word is not None and word[0][0].isupper()


def _framed(stage: _Stage, mark: Marked) -> Heard | None:
    """Find the reported clause in which a quote stands: `a affirmé que … « »`."""
    index = bisect_right(stage.frame_starts, mark.end) - 1
    for frame in stage.frames[max(0, index - 1) : index + 1]:
        if frame.start < mark.end and mark.start < frame.end:
            nearer = None if frame.behind else _ahead(stage, mark, frame.clue.end)
            return nearer if nearer and nearer.speaker else Heard(frame.speaker, frame.clue.verb)
    return None


def _ahead(stage: _Stage, mark: Marked, least: int = 0) -> Heard | None:
    """Find the verb before a quote in its sentence: `X a dénoncé un «`, `X called it “`."""
    scene = stage.scene
    begin = max(scene.sentence(mark.start - 1)[0], mark.start - AHEAD_REACH, least)
    for number in reversed(scene.clues_between(begin, mark.start)):
        clue = scene.clues[number]
        if not clue.inside and ";" not in scene.text[clue.end : mark.start]:
            return _heard(stage, number)
    return None


def _carried(stage: _Stage, found: Sequence[tuple[Marked, Quote]], mark: Marked) -> Heard | None:
    """Give a quote that follows `…,” said X.` on the same line to X as well."""
    if not found:
        return None
    earlier, quote = found[-1]
    between = stage.scene.text[earlier.end : mark.start].rstrip(_OPENING)
    if len(between) < LINE_REACH and "\n" not in between and between[-1:] in tuple(".?!"):
        return Heard(quote.speaker, quote.verb)
    return None


def _led_in(stage: _Stage, floor: int, mark: Marked) -> Heard | None:
    """Give a quote that opens a paragraph to the person who speaks at the end of the one before."""
    scene = stage.scene
    line = scene.text[max(floor, mark.start - 4) : mark.start].rstrip(' \xa0\u202f«“"')
    if not line.endswith("\n") or len(scene.words(mark.start, mark.end)) < EMBEDDED_WORDS:
        return None
    place = mark.start - 4
    start, end = scene.sentence(place)
    for number in reversed(scene.clues_between(max(floor, start), end)):
        if not scene.clues[number].inside and stage.told[number].person:
            return Heard(stage.told[number].entity, None)
    return None


def _carry_back(found: Sequence[tuple[Marked, Quote]]) -> Iterator[Quote]:
    """Give a paragraph left open to the speaker of the one that goes on and names him."""
    results: list[Quote] = []
    following: tuple[Marked, Quote] | None = None
    for mark, quote in reversed(found):
        goes_on = not mark.closed and following and following[0].start - mark.end < INSERTED_REACH
        if goes_on and following and quote.speaker is None:
            other = following[1]
            quote = msgspec.structs.replace(quote, speaker=other.speaker, verb=other.verb)
        following = (mark, quote)
        results.append(quote)
    return reversed(results)
