"""What changed between two texts: whole paragraphs first, then the words inside changed ones.

Pure. It stops refining at a deadline and then shows a coarser difference, never a wrong one.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import groupby

import msgspec
from diff_match_patch import diff_match_patch

DEADLINE_S = 0.5
"""For each of the two steps: paragraphs, then words (difflib took 68 s on 400 changed lines)."""

MAX_TOKENS = 1_100_000
"""So many different tokens have a character each."""

MAX_WEIGHED = 5_000_000
"""Characters that are gone through at most to pair paragraphs: a fraction of a second."""

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
    aligned = _align(before.split("\n"), after.split("\n"), deadline_s)
    groups = list(_grouped(aligned))
    changed = sum(1 for gone, new, _ in groups if gone and new)
    share_s = deadline_s / max(1, changed)
    return tuple(_block(gone, new, same, share_s) for gone, new, same in groups)


def compare_words(before: str, after: str, *, deadline_s: float = DEADLINE_S) -> tuple[Piece, ...]:
    """Return one stretch of text with the words that went and the words that came."""
    aligned = _align(_TOKEN.findall(before), _TOKEN.findall(after), deadline_s, is_readable=True)
    return tuple(Piece(op, "".join(tokens)) for op, tokens in aligned)


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
    gone: tuple[str, ...], new: tuple[str, ...], same: tuple[str, ...], deadline_s: float
) -> Block:
    if same:
        return Block(changed=False, pieces=(Piece(Op.SAME, "\n".join(same)),))
    rows = _pair(gone, new)
    share_s = deadline_s / max(1, sum(1 for one, other in rows if one and other))
    pieces: list[Piece] = []
    are_first = [True, True]
    for before, after in rows:
        pieces += _break(before, after, are_first)
        pieces += compare_words(before or "", after or "", deadline_s=share_s)
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


def _pair(gone: Sequence[str], new: Sequence[str]) -> list[_Row]:
    """Return changed paragraphs in order, each beside the one it became, or beside nothing.

    Those are paired, in order, that share most words; where they are too many to weigh, in turn.
    """
    weighed = sum(map(len, gone)) * len(new) + sum(map(len, new)) * len(gone)
    if min(len(gone), len(new)) == 0 or weighed > MAX_WEIGHED:
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
    before: Sequence[str], after: Sequence[str], deadline_s: float, *, is_readable: bool = False
) -> list[tuple[Op, tuple[str, ...]]]:
    """Return what became of each token; each is one character to the algorithm of Myers."""
    codes: dict[str, str] = {}
    if len(before) + len(after) > MAX_TOKENS and len({*before, *after}) > MAX_TOKENS:
        # more different words than there are characters: one is given up for the other
        whole = (Op.GONE, tuple(before)), (Op.NEW, tuple(after))
        return [(op, tokens) for op, tokens in whole if tokens]
    texts = ["".join(_code(codes, token) for token in tokens) for tokens in (before, after)]
    matcher = diff_match_patch()
    matcher.Diff_Timeout = deadline_s
    found = matcher.diff_main(texts[0], texts[1], False)
    if is_readable:
        matcher.diff_cleanupSemantic(found)
    tokens = {code: token for token, code in codes.items()}
    return [(_OPS[op], tuple(tokens[code] for code in run)) for op, run in found if run]


def _code(codes: dict[str, str], token: str) -> str:
    """Return the character that stands for a token; there are a million, without surrogates."""
    known = codes.get(token)
    if known is None:
        number = len(codes) + 1
        known = codes[token] = chr(number if number < 0xD800 else number + 0x800)
    return known
