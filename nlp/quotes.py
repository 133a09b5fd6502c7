"""Who is said to have said what: words in quotation marks and reported speech.

A speaker is somebody the text names within reach of a verb of speech; otherwise it stays open.
Words in quotation marks that nobody says (scare quotes, titles) are left out.
"""

from collections.abc import Iterator, Sequence

import msgspec

from model.mention import Mention, Quote
from nlp.quote_marks import Marked, find_marked
from nlp.reported import find_reported
from nlp.scene import Clue, Scene, make_scene

LEAST_UNATTRIBUTED_WORDS = 4
LONG_REACH = 240
SHORT_REACH = 20
"""Characters back to a verb: a few quoted words count only right behind one."""

BEHIND_REACH = 130
COMMA_REACH = 40

_OPENING = ' \t\n\xa0\u202f«“„‘"'


def find_quotes(text: str, lang: str, mentions: Sequence[Mention]) -> tuple[Quote, ...]:
    """Return direct quotes and reported speech in `text`, in order, none overlapping another.

    `mentions` must be in order. Only French and English have tables; other languages are read
    with the English ones.
    """
    marked = find_marked(text)
    scene = make_scene(text, lang, mentions, marked)
    reported = (
        quote
        for quote in find_reported(scene)
        if not any(quote.start < mark.end and mark.start < quote.end for mark in marked)
    )
    return tuple(sorted((*_direct(scene, marked), *reported), key=lambda quote: quote.start))


def _direct(scene: Scene, marked: Sequence[Marked]) -> list[Quote]:
    found: list[tuple[Marked, Quote]] = []
    for index, mark in enumerate(marked):
        floor = marked[index - 1].end if index else 0
        ceiling = marked[index + 1].start if index + 1 < len(marked) else len(scene.text)
        if quote := _judge(scene, floor, mark, ceiling):
            found.append((mark, quote))
    return list(_carry_back(_carry_on(scene, found)))


def _judge(scene: Scene, floor: int, mark: Marked, ceiling: int) -> Quote | None:
    """Return the quote at `mark`, between the one that ends at `floor` and the one at `ceiling`."""
    text = scene.text[mark.start : mark.end]
    is_long = len(text.split()) >= LEAST_UNATTRIBUTED_WORDS
    clue = (
        _inserted(scene, mark)
        or _announced(scene, floor, mark.start)
        or _behind(scene, mark, ceiling)
        or _ahead(scene, floor, mark.start, LONG_REACH if is_long else SHORT_REACH)
    )
    speaker = scene.speaker(clue, floor, ceiling) if clue else None
    if not is_long and speaker is None and (clue is None or not _is_attributed(scene, clue, mark)):
        return None
    return Quote(
        start=mark.start,
        end=mark.end,
        text=text,
        speaker=speaker,
        verb=clue.verb if clue else None,
    )


def _is_attributed(scene: Scene, clue: Clue, mark: Marked) -> bool:
    """Say whether a verb stands at the quote itself, not merely before it in the sentence."""
    is_beside = scene.text[max(0, mark.start - 6) : mark.start].rstrip(_OPENING)[-1:] in ":,"
    is_close = clue.quote_end is not None and clue.start - clue.quote_end < SHORT_REACH
    is_behind = is_close and set(scene.text[mark.end - 1 : mark.outer_end + 1]) & set(",!?")
    return clue.verb is not None and bool(is_behind or is_beside)


def _inserted(scene: Scene, mark: Marked) -> Clue | None:
    """Find `, a déclaré X,` inside the quotation marks, as French prints it."""
    for comma in scene.commas(mark.start, mark.end):
        clue = next(scene.verbs(comma, min(mark.end, comma + SHORT_REACH), after=comma), None)
        is_near = clue is not None and scene.gap_words(clue) <= scene.auxiliaries
        if clue and is_near and scene.speaker(clue, comma, mark.end):
            return clue
    return None


def _announced(scene: Scene, floor: int, start: int) -> Clue | None:
    """Find what a colon or comma before the quote ends: `X a déclaré : «`, `X : «`, `X said, “`."""
    begin = max(floor, start - LONG_REACH, scene.sentence_start(start))
    lead = scene.text[begin:start].rstrip(_OPENING)
    if lead.endswith(","):
        close = max(begin, begin + len(lead) - COMMA_REACH)
        return _last(scene.verbs(close, begin + len(lead)))
    if not lead.endswith(":"):
        return None
    place = begin + len(lead)
    return _last(scene.verbs(begin, place)) or Clue(place, place, None, None)


def _behind(scene: Scene, mark: Marked, ceiling: int) -> Clue | None:
    """Find the verb behind a quote: `», a déclaré X`, `,” said X`, `,” X said`."""
    stop = min(ceiling, mark.outer_end + BEHIND_REACH, scene.sentence_end(mark.outer_end))
    if scene.text[mark.end - 1] == "." and scene.opens_with_capital(mark.outer_end):
        return None
    return next(scene.verbs(mark.outer_end, stop, after=mark.outer_end), None)


def _ahead(scene: Scene, floor: int, start: int, reach: int) -> Clue | None:
    """Find the verb or the source before a quote: `X a déclaré «`, `selon X, «`."""
    begin = max(floor, start - reach, scene.sentence_start(start))
    return _last(scene.verbs(begin, start)) or scene.cue(begin, start)


def _last(clues: Iterator[Clue]) -> Clue | None:
    return max(clues, key=lambda clue: clue.start, default=None)


def _carry_on(scene: Scene, found: list[tuple[Marked, Quote]]) -> list[tuple[Marked, Quote]]:
    """Give a quote that follows `…,” said X.` on the same line to X as well."""
    carried: list[tuple[Marked, Quote]] = []
    for mark, quote in found:
        if carried and quote.verb is None and quote.speaker is None:
            earlier = carried[-1]
            between = scene.text[earlier[0].end : mark.start].rstrip(_OPENING)
            if len(between) < LONG_REACH // 2 and "\n" not in between and between[-1:] in ".?!":
                quote = _with_speaker_of(quote, earlier[1])
        carried.append((mark, quote))
    return carried


def _carry_back(found: list[tuple[Marked, Quote]]) -> Iterator[Quote]:
    """Give a paragraph left open to the speaker of the one that goes on and names him."""
    results: list[Quote] = []
    following: tuple[Marked, Quote] | None = None
    for mark, quote in reversed(found):
        goes_on = not mark.closed and following and following[0].start - mark.end < SHORT_REACH
        if goes_on and following and quote.speaker is None:
            quote = _with_speaker_of(quote, following[1])
        following = (mark, quote)
        results.append(quote)
    return reversed(results)


def _with_speaker_of(quote: Quote, other: Quote) -> Quote:
    return msgspec.structs.replace(quote, speaker=other.speaker, verb=other.verb)
