"""What changed between two texts: whole paragraphs first, then the words inside changed ones.

Pure. It stops refining at a deadline and then shows a coarser difference, never a wrong one.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

import msgspec
from diff_match_patch import diff_match_patch

DEADLINE_S = 0.5
"""For each of the two steps: paragraphs, then words (difflib took 68 s on 400 changed lines)."""

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
    if gone and new:
        words = compare_words("\n".join(gone), "\n".join(new), deadline_s=deadline_s)
        return Block(changed=True, pieces=words)
    whole = Piece(Op.GONE, "\n".join(gone)) if gone else Piece(Op.NEW, "\n".join(new))
    return Block(changed=True, pieces=(whole,))


def _align(
    before: Sequence[str], after: Sequence[str], deadline_s: float, *, is_readable: bool = False
) -> list[tuple[Op, tuple[str, ...]]]:
    """Return what became of each token; each is one character to the algorithm of Myers."""
    codes: dict[str, str] = {}
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
