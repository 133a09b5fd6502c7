"""What stands between quotation marks: « … », “…”, „…“, "…", ‘…’.

It pairs marks and says nothing about who speaks. Nested quotes belong to the outer one; one that
never closes ends with its line.
"""

import re

import msgspec

LONGEST_QUOTE = 3_000

CLOSERS = {"«": "»", "“": "”", "„": "“”", '"': '"', "‘": "’"}
"""Each opening mark with the marks that may close it."""

_MARK = re.compile(r"[«»“”„\"‘’\n]")
_LEAST_UNCLOSED_WORDS = 4


class Marked(msgspec.Struct, frozen=True):
    """What one pair of marks encloses, without white space; `outer_end` is behind the mark."""

    start: int
    end: int
    outer_end: int
    closed: bool


def find_marked(text: str) -> tuple[Marked, ...]:
    """Return what each outer pair of marks encloses, in order."""
    spans: list[Marked] = []
    opened: tuple[str, int] | None = None
    depth = 0
    for found in _MARK.finditer(text):
        mark, at = found[0], found.start()
        if opened is None:
            opened, depth = ((mark, at + 1), 1) if _opens(text, mark, at) else (None, 0)
            continue
        depth += _step(text, opened[0], mark, at)
        if depth <= 0 or (mark == "\n" and not _goes_on(text, at)):
            _append(spans, text, opened[1], at, closed=mark != "\n")
            opened = None
    if opened:
        _append(spans, text, opened[1], len(text), closed=False)
    return tuple(spans)


def _step(text: str, opening: str, mark: str, at: int) -> int:
    """Return how a mark changes the depth of the quote that `opening` began."""
    if mark == opening == "«":
        return 1
    return -1 if _closes(text, opening, mark, at) else 0


def _opens(text: str, mark: str, at: int) -> bool:
    if mark in "«“„":
        return True
    is_free = at == 0 or not text[at - 1].isalnum()
    return mark in '"‘' and is_free and not text[at + 1 : at + 2].isspace()


def _closes(text: str, opening: str, mark: str, at: int) -> bool:
    after = text[at + 1 : at + 2]
    if opening == "“" and mark == "“":  # machine translations close with an opening mark
        return not after.isalnum() and not text[at - 1].isspace()
    if opening == "‘":  # otherwise an apostrophe
        return mark == "’" and not after.isalnum() and text[at - 1] in ",.!?…"
    if opening == "“" and mark == "»":  # so do they mix kinds
        return "«" not in text[max(0, at - LONGEST_QUOTE) : at].rpartition("“")[2]
    return mark in CLOSERS[opening]


def _goes_on(text: str, at: int) -> bool:
    return text[at + 1 : at + 2].islower()


def _append(spans: list[Marked], text: str, start: int, end: int, *, closed: bool) -> None:
    """Keep what a pair encloses; without its closing mark only where a long quote begins a line."""
    inside = text[start:end]
    if not inside.strip() or end - start > LONGEST_QUOTE:
        return
    if not closed and (text[start - 1] in '"‘' or len(inside.split()) < _LEAST_UNCLOSED_WORDS):
        return
    start += len(inside) - len(inside.lstrip())
    spans.append(Marked(start, start + len(inside.strip()), end + closed, closed))
