"""What stands between quotation marks: « … », “…”, „…“, ‹…›, "…", ‘…’, '…'.

It pairs marks and says nothing about who speaks. Nested quotes belong to the outer one; one that
never closes ends with its line, and goes on where the next paragraph repeats the opening mark.
"""

import re

import msgspec

LONGEST_QUOTE = 3_000

CLOSERS = {"«": "»", "‹": "›", "“": "”", "„": "“”", '"': '"”', "‘": "’", "'": "'"}
"""Each opening mark with the marks that may close it."""

_MARK = re.compile(r"[«»‹›“”„\"‘’\n]|'")
_SINGLE = "‘'"
_LEAST_UNCLOSED_WORDS = 4
_REPEATED = re.compile(r"\s*[«“\"»]")


class Marked(msgspec.Struct, frozen=True):
    """What one pair of marks encloses, without white space; `outer_end` is behind the mark."""

    start: int
    end: int
    outer_end: int
    closed: bool


class _Open(msgspec.Struct):
    """A quote that has begun: its mark, where it begins, how deep its own marks are nested."""

    mark: str
    start: int
    depth: int = 1


def find_marked(text: str) -> tuple[Marked, ...]:
    """Return what each outer pair of marks encloses, in order."""
    spans: list[Marked] = []
    opened: _Open | None = None
    for found in _MARK.finditer(text):
        mark, at = found[0], found.start()
        if opened and at - opened.start > LONGEST_QUOTE:
            opened = None
        if opened is None:
            if _opens(text, mark, at) or _repeats(text, spans, mark, at):
                opened = _Open(mark.replace("»", "«"), at + 1)
            continue
        opened.depth += _step(text, opened, mark, at)
        if opened.depth <= 0 or (mark == "\n" and not _goes_on(text, at)):
            _append(spans, text, opened, at, closed=mark != "\n")
            opened = None
    if opened:
        _append(spans, text, opened, len(text), closed=False)
    return tuple(spans)


def _step(text: str, opened: _Open, mark: str, at: int) -> int:
    """Return how a mark changes the depth of the quote that has begun."""
    if mark == opened.mark == "«":
        return 1
    return -1 if _closes(text, opened, mark, at) else 0


def _opens(text: str, mark: str, at: int) -> bool:
    if mark in "«“„‹":
        return True
    is_free = at == 0 or not (text[at - 1].isalnum() or text[at - 1] in "'’")
    after = text[at + 1 : at + 2]
    if mark == "'":
        return is_free and after.isalpha()
    if mark == '"' and is_free and after.isspace():
        return _closes_later(text, at)
    return mark in '"‘' and is_free and not after.isspace()


def _closes_later(text: str, at: int) -> bool:
    """Say whether a straight mark between spaces has a partner in its line."""
    line_end = text.find("\n", at, at + LONGEST_QUOTE)
    return text.find('"', at + 1, line_end if line_end > 0 else at + LONGEST_QUOTE) > 0


def _repeats(text: str, spans: list[Marked], mark: str, at: int) -> bool:
    """Say whether a » that begins a line repeats the opening mark of the paragraph before."""
    is_first = mark == "»" and text[at - 1 : at] in ("", "\n")
    return is_first and bool(spans) and not spans[-1].closed and at - spans[-1].outer_end < 4


def _closes(text: str, opened: _Open, mark: str, at: int) -> bool:
    after = text[at + 1 : at + 2]
    if opened.mark == "“" and mark == "“":  # machine translations close with an opening mark
        return not after.isalnum() and not text[at - 1].isspace()
    if opened.mark in _SINGLE:  # otherwise an apostrophe
        return mark in CLOSERS[opened.mark] and not after.isalnum() and not text[at - 1].isspace()
    if opened.mark == "“" and mark == "»":  # so do they mix kinds
        return text.find("«", opened.start, at) < 0
    return mark in CLOSERS[opened.mark]


def _goes_on(text: str, at: int) -> bool:
    return text[at + 1 : at + 2].islower()


def _append(spans: list[Marked], text: str, opened: _Open, end: int, *, closed: bool) -> None:
    """Keep what a pair encloses; without its closing mark only where a long quote begins a line."""
    start = opened.start
    inside = text[start:end]
    if end - start > LONGEST_QUOTE or not inside.strip():
        return
    if not (closed or _may_stay_open(text, opened, inside, end)):
        return
    start += len(inside) - len(inside.lstrip())
    spans.append(Marked(start, start + len(inside.strip()), end + closed, closed))


def _may_stay_open(text: str, opened: _Open, inside: str, end: int) -> bool:
    """Say whether a long quote without its closing mark begins a line or goes on in the next."""
    if opened.mark in _SINGLE or len(inside.split()) < _LEAST_UNCLOSED_WORDS:
        return False
    before = text[max(0, opened.start - 4) : opened.start - 1].rstrip(" \t\xa0\u202f")
    return before[-1:] in ("", "\n", ":") or _REPEATED.match(text, end, end + 4) is not None
