"""Which stretch of a text to show for a query, and where its words stand in it.

It never touches the database. Words are sought in a text folded character by character, by how
they begin, and what is found is compared as `model.words` reads it: marks are exact.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, cached_property, lru_cache

import msgspec

from model.fold import fold_by_kind, folds_to
from model.query import And, Near, Or, Query, Words
from model.stems import asked_stems, stem
from model.words import words

SNIPPET_CHARS = 280
CHARS_BEFORE = 50
_MOST_CHARS = 420
# Longer texts are searched for a hit only so far: a snippet is not worth more time.
MAX_SEARCHED_CHARS = 50_000
_MOST_MARKS = 500
_LONGEST_ELIDED = 7
_AFTER_WORDS = frozenset({"", *" \n.,;:!?)"})
"""What stands after most words, and never after an elided one."""

Marks = tuple[tuple[int, int], ...]


class Sought(msgspec.Struct, frozen=True):
    """Words that follow one another, the last perhaps a prefix; one `plain` word by its stems."""

    tokens: tuple[str, ...]
    prefix: bool
    plain: bool = False


def sought_words(query: Query) -> tuple[Sought, ...]:
    """Return the words that a query asks for; not those it forbids."""
    match query:
        case Words(tokens=tokens, prefix=prefix, plain=plain):
            return (Sought(tokens, prefix, plain),)
        case Near(tokens=tokens):
            return tuple(Sought((token,), prefix=False) for token in tokens)
        case And(parts) | Or(parts):
            return tuple(dict.fromkeys(s for part in parts for s in sought_words(part)))
        case _:
            return ()


def find_marks(text: str, sought: Sequence[Sought], lang: str = "") -> Marks:
    """Return where what is sought stands in `text`, in code points, in order, apart."""
    if not sought:
        return ()
    folded = _Folded(text)
    return _apart(found for one in sought for found in _found(text, folded, one, lang))


def _apart(found: Iterable[tuple[int, int]]) -> Marks:
    """Return the first marks in order; of those that overlap, the first and longest."""
    marks: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda mark: (mark[0], -mark[1]))[:_MOST_MARKS]:
        if not marks or start >= marks[-1][1]:
            marks.append((start, end))
    return tuple(marks)


def make_snippet(
    text: str, sought: Sequence[Sought], lang: str = "", named: Marks = ()
) -> tuple[str, Marks]:
    """Return the stretch of `text` that holds most of what is sought, and the marks in it.

    `named` is where names stand that are sought too.
    """
    marks = find_marks(text[:MAX_SEARCHED_CHARS], sought, lang)
    marks = _apart((*marks, *named)) if named else marks
    start = _word_start(text, _densest(marks) - CHARS_BEFORE)
    end = _word_end(text, start + SNIPPET_CHARS)
    inside = tuple((a - start, b - start) for a, b in marks if a >= start and b <= end)
    return text[start:end], inside


def _densest(marks: Marks) -> int:
    """Return where the first of the stretches starts that hold most marks."""
    best, most, first = 0, 0, 0
    for last, (start, _) in enumerate(marks):
        while start - marks[first][0] > SNIPPET_CHARS - CHARS_BEFORE - 30:
            first += 1
        if last - first + 1 > most:
            best, most = marks[first][0], last - first + 1
    return best


def _word_start(text: str, at: int) -> int:
    return 0 if at <= 0 else max(text.rfind(" ", 0, at) + 1, text.rfind("\n", 0, at) + 1, at - 60)


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    after = text.find(" ", at)
    return min(len(text) if after < 0 else after, at + _MOST_CHARS - SNIPPET_CHARS)


class _Folded:
    """A text folded, each character for itself, that knows the way back."""

    def __init__(self, text: str) -> None:
        self.text = fold_by_kind(text)
        self._text = text

    @cached_property
    def _odd(self) -> tuple[list[int], list[int]]:
        """Return where folding made more or fewer characters than one, in the folded text.

        And how many more until there; it is asked only of texts in which something is found.
        """
        places, gains, moved = [], [], 0
        for place, sign in _odd_signs(self._text):
            gained = len(folds_to(sign)) - 1
            moved += gained
            places.append(place + moved + (1 if gained < 0 else 0))
            gains.append(moved)
        return places, gains

    def original(self, place: int) -> int:
        """Return where a folded place stood."""
        places, gains = self._odd
        if not places:
            return place
        before = bisect_left(places, place + 1)
        return place - gains[before - 1] if before else place


def _odd_signs(text: str) -> list[tuple[int, str]]:
    """Return the characters that do not fold to one, with their places."""
    found = ((match.start(), match[0]) for match in _perhaps_odd().finditer(text))
    return [(place, sign) for place, sign in found if len(folds_to(sign)) != 1]


@cache
def _perhaps_odd() -> re.Pattern[str]:
    """Return what a character must be not to fold to one: none of the usual letters and signs."""
    usual = (chr(code) for block in _USUAL_BLOCKS for code in range(*block))
    even = "".join(re.escape(sign) for sign in usual if len(folds_to(sign)) == 1)
    return re.compile(f"[^{even}\u4e00-\u9fff]")


_USUAL_BLOCKS = ((0x09, 0x0E), (0x20, 0x530), (0x5D0, 0x64B), (0x2010, 0x2040), (0x3040, 0x3100))
"""Latin, Greek, Cyrillic, Hebrew and Arabic letters, signs, kana; Chinese is even throughout."""


@lru_cache(256)
def _pattern(sought: Sought) -> tuple[re.Pattern[str], Callable[[str, str], bool]]:
    """Return what may be what is sought, and how to tell of a stretch whether it is."""
    pattern, is_it = _plain(sought.tokens[0]) if sought.plain else _run(sought)

    @lru_cache(_MOST_REMEMBERED)
    def reads(stretch: str, lang: str) -> bool:
        return is_it(words(stretch), lang)

    return re.compile(pattern), reads


_MOST_REMEMBERED = 1_000
"""So many stretches of each thing sought: a page holds the same ones often."""

_SHORT = 3

_Test = Callable[[list[str], str], bool]


def _plain(word: str) -> tuple[str, _Test]:
    stems = asked_stems(word)
    shared = 0
    while all(word[: shared + 1] == one[: shared + 1] for one in (word + "\0", *stems)):
        shared += 1
    # "lying" and "lies" have one stem, and only their first letter in common
    root = word[: max(1 if shared < _SHORT else 2, shared - 2)]

    def is_it(read: list[str], lang: str) -> bool:
        found = " ".join(read)
        return found == word or stem(found, lang) in stems

    return re.escape(root) + r"[^\W_]*", is_it


def _run(sought: Sought) -> tuple[str, _Test]:
    tokens, prefix = list(sought.tokens), sought.prefix
    joined = r"[\W_]+(?:[^\W_]{1,7}[\W_]+)?".join(map(re.escape, tokens))

    def is_it(read: list[str], _: str) -> bool:
        if not prefix or not read:
            return read == tokens
        return read[:-1] == tokens[:-1] and read[-1].startswith(tokens[-1])

    return joined + (r"[^\W_]*" if prefix else r"(?![^\W_])"), is_it


def _found(text: str, folded: _Folded, sought: Sought, lang: str) -> Iterator[tuple[int, int]]:
    pattern, is_it = _pattern(sought)
    for match in pattern.finditer(folded.text):
        first, last = match.span()
        if first and (before := folded.text[first - 1]).isalnum() and before != "_":
            continue
        start, end = folded.original(first), folded.original(last)
        stretch = text[start:end]
        if is_it(stretch, lang) and not _is_elided(text, start, end):
            yield start, end


def _is_elided(text: str, start: int, end: int) -> bool:
    """Tell whether a short word is only an article before an apostrophe: no word of its own."""
    if end - start > _LONGEST_ELIDED or text[end : end + 1] in _AFTER_WORDS:
        return False
    return words(text[start : end + 2])[:1] != words(text[start:end])[:1]
