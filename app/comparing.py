"""What changed between two texts: whole paragraphs first, then the words inside changed ones.

It stops refining at a deadline and then shows a coarser difference, never a wrong one; the clock
is all that it asks. Long texts are aligned first where they are surely the same.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import groupby
from time import monotonic

import msgspec
from diff_match_patch import diff_match_patch

from app.anchoring import split_at_anchors

DEADLINE_S = 0.5
"""For each of the two steps: paragraphs, then words (difflib took 68 s on 400 changed lines)."""

MAX_TOKENS = 1_100_000
"""So many different tokens have a character each."""

MAX_WEIGHED = 5_000_000
"""Characters that are gone through at most to pair paragraphs: a fraction of a second."""

ANCHORED = 4_000
"""Beyond so many tokens two texts are anchored first: Myers takes their product in edits."""

RUN_OF_WORDS = 8
"""Four words and what stands between them: seldom the same by chance."""

LEAST_SHARED = 0.2
"""Paragraphs that share fewer of their words are no edit of one another."""

_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


class Op(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


class Piece(msgspec.Struct, frozen=True):
    """A run of text and what became of it."""

    op: Op
    text: str


class Block(msgspec.Struct, frozen=True):
    """Neighbouring paragraphs that are all the same, or that changed together."""

    changed: bool
    pieces: tuple[Piece, ...]


_OPS = {-1: Op.GONE, 0: Op.SAME, 1: Op.NEW}


def compare_texts(before: str, after: str, *, deadline_s: float = DEADLINE_S) -> tuple[Block, ...]:
    """Return the paragraphs of both texts in order, with the words that changed inside them."""
    aligned = _align(before.split("\n"), after.split("\n"), _Budget(deadline_s), run=1)
    budget = _Budget(deadline_s)
    return tuple(_block(*group, budget) for group in _grouped(aligned))


def compare_words(before: str, after: str, *, deadline_s: float = DEADLINE_S) -> tuple[Piece, ...]:
    """Return one stretch of text with the words that went and the words that came."""
    return _words(before, after, _Budget(deadline_s))


def _words(before: str, after: str, budget: "_Budget") -> tuple[Piece, ...]:
    tokens = _TOKEN.findall(before), _TOKEN.findall(after)
    aligned = _align(*tokens, budget, run=RUN_OF_WORDS, is_readable=True)
    return tuple(Piece(op, "".join(tokens)) for op, tokens in aligned)


class _Budget:
    """What one comparison may still spend: time, and characters weighed to pair paragraphs."""

    def __init__(self, deadline_s: float) -> None:
        self._ends_at = monotonic() + deadline_s
        self._weighable = MAX_WEIGHED

    def share_s(self) -> float:
        """Return the time for one stretch: half of what is left, so that none takes all."""
        # diff-match-patch takes 0 for endless
        return max((self._ends_at - monotonic()) / 2, 1e-6)

    def may_weigh(self, characters: int) -> bool:
        """Tell whether so many characters may still be weighed, and count them."""
        if characters > self._weighable:
            return False
        self._weighable -= characters
        return True


_Group = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""Paragraphs gone, new, or the same."""


def _grouped(aligned: Sequence[tuple[Op, tuple[str, ...]]]) -> Iterator[_Group]:
    """Yield what changed between two runs of equal paragraphs as one."""
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    for op, paragraphs in (*aligned, (Op.SAME, ())):
        if op is Op.GONE:
            gone += paragraphs
        elif op is Op.NEW:
            new += paragraphs
        else:
            if gone or new:
                yield gone, new, ()
            if paragraphs:
                yield (), (), paragraphs
            gone = new = ()


def _block(
    gone: tuple[str, ...], new: tuple[str, ...], same: tuple[str, ...], budget: _Budget
) -> Block:
    if same:
        return Block(changed=False, pieces=(Piece(Op.SAME, "\n".join(same)),))
    pieces: list[Piece] = []
    are_first = [True, True]
    for before, after in _pair(gone, new, budget):
        pieces += _break(before, after, are_first)
        pieces += _words(before or "", after or "", budget)
    return Block(changed=True, pieces=tuple(_joined(pieces)))


def _break(before: str | None, after: str | None, are_first: list[bool]) -> Iterator[Piece]:
    """Yield the line break before a pair of paragraphs, in the texts that have one there."""
    has_break = [
        paragraph is not None and not is_first
        for paragraph, is_first in zip((before, after), are_first, strict=True)
    ]
    are_first[:] = [
        is_first and paragraph is None
        for paragraph, is_first in zip((before, after), are_first, strict=True)
    ]
    if any(has_break):
        yield Piece(Op.SAME if all(has_break) else Op.GONE if has_break[0] else Op.NEW, "\n")


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield pieces of which no two neighbours have the same fate."""
    for op, run in groupby(pieces, key=lambda piece: piece.op):
        yield Piece(op, "".join(piece.text for piece in run))


_Row = tuple[str | None, str | None]


def _pair(gone: Sequence[str], new: Sequence[str], budget: _Budget) -> list[_Row]:
    """Return changed paragraphs in order, each beside the one it became, or beside nothing.

    Those are paired, in order, that share most words; where they are too many to weigh, in turn.
    """
    weighed = sum(map(len, gone)) * len(new) + sum(map(len, new)) * len(gone)
    if min(len(gone), len(new)) == 0 or not budget.may_weigh(weighed):
        return _in_turn(gone, new)
    shares = _shares(gone, new)
    best = [[0.0] * (len(new) + 1) for _ in range(len(gone) + 1)]
    for row in reversed(range(len(gone))):
        for column in reversed(range(len(new))):
            paired = shares[row][column] + best[row + 1][column + 1]
            best[row][column] = max(paired, best[row + 1][column], best[row][column + 1])
    return _follow(gone, new, best)


def _in_turn(gone: Sequence[str], new: Sequence[str]) -> list[_Row]:
    if len(gone) == 1 and len(new) == 1:
        return [(gone[0], new[0])]
    together = "\n".join(gone) if gone else None, "\n".join(new) if new else None
    return [together]


def _shares(gone: Sequence[str], new: Sequence[str]) -> list[list[float]]:
    """Return which share of their words each two paragraphs have in common, 0 for too few."""
    were, are = ([set(_WORD.findall(text)) for text in texts] for texts in (gone, new))
    return [[_share(one, other) for other in are] for one in were]


def _share(one: set[str], other: set[str]) -> float:
    shared = len(one & other) / max(1, len(one | other))
    return shared if shared >= LEAST_SHARED else 0.0


def _follow(gone: Sequence[str], new: Sequence[str], best: list[list[float]]) -> list[_Row]:
    """Return the rows of the best pairing; what is unpaired stands before the next pair."""
    rows: list[_Row] = []
    row = column = 0
    while row < len(gone) and column < len(new):
        if best[row][column] == best[row + 1][column]:
            rows.append((gone[row], None))
            row += 1
        elif best[row][column] == best[row][column + 1]:
            rows.append((None, new[column]))
            column += 1
        else:
            rows.append((gone[row], new[column]))
            row, column = row + 1, column + 1
    return [*rows, *((text, None) for text in gone[row:]), *((None, text) for text in new[column:])]


def _align(
    before: Sequence[str],
    after: Sequence[str],
    budget: _Budget,
    *,
    run: int,
    is_readable: bool = False,
) -> list[tuple[Op, tuple[str, ...]]]:
    """Return what became of each token; each is one character to the algorithm of Myers.

    Long texts are compared between the runs of so many tokens that both hold once.
    """
    codes: dict[str, str] = {}
    if len(before) + len(after) > MAX_TOKENS and len({*before, *after}) > MAX_TOKENS:
        # more different words than there are characters: one is given up for the other
        whole = (Op.GONE, tuple(before)), (Op.NEW, tuple(after))
        return [(op, tokens) for op, tokens in whole if tokens]
    coded = tuple("".join(_code(codes, token) for token in tokens) for tokens in (before, after))
    is_long = len(before) + len(after) > ANCHORED
    parts = split_at_anchors(coded[0], coded[1], run) if is_long else [(coded[0], coded[1])]
    found = [
        piece
        for one, other in parts
        for piece in _compare(one, other, budget, is_readable=is_readable)
    ]
    tokens = {code: token for token, code in codes.items()}
    return [
        (op, tuple(tokens[code] for _, part in same for code in part))
        for op, same in groupby(found, key=lambda one: one[0])
    ]


def _compare(
    before: str, after: str, budget: _Budget, *, is_readable: bool
) -> Iterator[tuple[Op, str]]:
    matcher = diff_match_patch()
    matcher.Diff_Timeout = budget.share_s()
    found = matcher.diff_main(before, after, False)
    if is_readable:
        matcher.diff_cleanupSemantic(found)
    return ((_OPS[op], part) for op, part in found if part)


def _code(codes: dict[str, str], token: str) -> str:
    """Return the character that stands for a token; there are a million, without surrogates."""
    known = codes.get(token)
    if known is None:
        number = len(codes) + 1
        known = codes[token] = chr(number if number < 0xD800 else number + 0x800)
    return known
