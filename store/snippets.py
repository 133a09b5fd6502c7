"""Which stretch of a text to show for a query, and where its words stand in it.

It never touches the database.
"""

from collections.abc import Iterable, Sequence

import msgspec

from model.query import And, Near, Or, Query, Words
from model.words import words_with_spans

SNIPPET_WORDS = 40
WORDS_BEFORE = 8
# Longer texts are searched for a hit only so far: a snippet is not worth more time.
MAX_SEARCHED_CHARS = 50_000

Marks = tuple[tuple[int, int], ...]


class Sought(msgspec.Struct, frozen=True):
    """Words that follow one another, the last perhaps a prefix."""

    tokens: tuple[str, ...]
    prefix: bool


def sought_words(query: Query) -> tuple[Sought, ...]:
    """Return the words that a query asks for; not those it forbids."""
    match query:
        case Words(tokens=tokens, prefix=prefix):
            return (Sought(tokens, prefix),)
        case Near(tokens=tokens):
            return tuple(Sought((token,), prefix=False) for token in tokens)
        case And(parts) | Or(parts):
            return tuple(dict.fromkeys(s for part in parts for s in sought_words(part)))
        case _:
            return ()


def find_marks(text: str, sought: Sequence[Sought]) -> Marks:
    """Return where what is sought stands in `text`, in code points, in order, apart."""
    return _marks(words_with_spans(text), sought)


def make_snippet(text: str, sought: Sequence[Sought]) -> tuple[str, Marks]:
    """Return the stretch of `text` that holds most of what is sought, and the marks in it."""
    spans = words_with_spans(text[:MAX_SEARCHED_CHARS])
    if not spans:
        return "", ()
    marks = _marks(spans, sought)
    first = _best_start(spans, marks)
    chosen = spans[first : first + SNIPPET_WORDS]
    start = chosen[0][1] if first else 0
    end = chosen[-1][2] if first + SNIPPET_WORDS < len(spans) else len(text)
    end = min(end, chosen[-1][2] + SNIPPET_WORDS)
    inside = [(a - start, b - start) for a, b in marks if a >= start and b <= end]
    return text[start:end], tuple(inside)


def _best_start(spans: Sequence[tuple[str, int, int]], marks: Marks) -> int:
    """Return the number of the word to start from: a little before the densest run of marks."""
    if not marks:
        return 0
    starts = {start: number for number, (_, start, _) in enumerate(spans)}
    places = [starts[start] for start, _ in marks]
    reach = SNIPPET_WORDS - WORDS_BEFORE
    best = max(places, key=lambda place: (_count(places, place, place + reach), -place))
    return max(0, best - WORDS_BEFORE)


def _count(places: Iterable[int], first: int, end: int) -> int:
    return sum(first <= place < end for place in places)


def _marks(spans: Sequence[tuple[str, int, int]], sought: Sequence[Sought]) -> Marks:
    by_first: dict[str, list[Sought]] = {}
    prefixes = [s for s in sought if len(s.tokens) == 1 and s.prefix]
    for wanted in sought:
        by_first.setdefault(wanted.tokens[0], []).append(wanted)
    marks: list[tuple[int, int]] = []
    for place, (word, start, _) in enumerate(spans):
        starting = [p for p in prefixes if word.startswith(p.tokens[0])]
        for wanted in (*by_first.get(word, ()), *starting):
            last = _last_word(spans, place, wanted)
            if last is not None and (not marks or start >= marks[-1][1]):
                marks.append((start, last))
    return tuple(marks)


def _last_word(spans: Sequence[tuple[str, int, int]], place: int, wanted: Sought) -> int | None:
    """Return where the run of words ends that starts at `place`, None when it is not there."""
    run = spans[place : place + len(wanted.tokens)]
    if len(run) < len(wanted.tokens):
        return None
    last = len(run) - 1
    for number, ((word, _, _), token) in enumerate(zip(run, wanted.tokens, strict=True)):
        is_prefix = wanted.prefix and number == last
        if word != token and not (is_prefix and word.startswith(token)):
            return None
    return run[-1][2]
