"""Text as a terminal shows it: what would drive the terminal made visible, columns counted.

It prints nothing and never changes what is stored.
"""

import unicodedata
from collections.abc import Sequence

EXCERPT_COLUMNS = 72
_CUT = "…"


def visible(character: str) -> str:
    """Return a character as it may be shown: a control or direction sign by its code."""
    code = ord(character)
    is_control = code < 0x20 or 0x7F <= code < 0xA0
    is_direction = 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069
    if is_control or is_direction or 0xD800 <= code < 0xE000:
        return " " if character in "\t\n" else f"\\u{code:04x}"
    return character


def columns_of(text: str) -> int:
    """Return how many columns of a terminal a shown text takes: none for an accent of its own."""
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def point_at(text: str, position: int, columns: int = EXCERPT_COLUMNS) -> tuple[str, str]:
    """Return a stretch of `text`, no wider than so many columns, and a line with a mark under it.

    The mark stands under the character at `position`, in code points, or behind the last one.
    """
    shown = [visible(character) for character in text]
    start, end = _window([columns_of(one) for one in shown], position, columns)
    before = _CUT * (start > 0) + "".join(shown[start:position])
    after = "".join(shown[position:end]) + _CUT * (end < len(shown))
    return before + after, " " * columns_of(before) + "^"


def _window(widths: Sequence[int], position: int, columns: int) -> tuple[int, int]:
    """Return which characters are shown: all, or what fits around the position."""
    if sum(widths) < columns:
        return 0, len(widths)
    room = columns - 2 * len(_CUT) - 1
    start, left = position, room // 2
    while start > 0 and widths[start - 1] <= left:
        start -= 1
        left -= widths[start]
    end, left = position, room - sum(widths[start:position])
    while end < len(widths) and widths[end] <= left:
        left -= widths[end]
        end += 1
    return start, end
