"""Words whose first letter their page sets apart as a drop cap: `N` and `a endlich!`.

It never joins what the page may mean as two words: `A` and `dog`.
"""

import re
from collections.abc import Iterable, Sequence

from lxml.html import HtmlElement

from crawler.body_blocks import CAMEL, Blocks, key_of
from crawler.body_lines import Line
from crawler.phrases import compile_phrases

_NAMES = compile_phrases(
    "drop-?caps?|drop|initials?|initiale|initial-?letter|first-?letter|lettrine|capitular|versal",
    before=r"(?i)(?:^|[\s_-])",
    after=r"(?:$|[\s_-])",
)
_FLOATS = re.compile(r"\bfloat\s*:\s*left", re.IGNORECASE)
_LETTER = r"([«„“‘\"'(]? ?)([^\W\d_])"
_ALONE = re.compile(_LETTER)
_APART = re.compile(rf"{_LETTER} (['’]?([^\W\d_]+))")
# One-letter words of the languages of Europe; Latin, then Cyrillic.
_WORDS_OF_ONE = frozenset("AEIOUYÀÈÉÍÓÔØÅÆVKSZW" + "АВИКОСУЯЄІ")
_WORD = re.compile(r"[^\W\d_]+")


def join_drop_caps(lines: Sequence[Line], blocks: Blocks) -> list[Line]:
    """Return the lines with each drop cap joined to its word, be it a line of its own."""
    joined: list[Line] = []
    for line in lines:
        cap = joined[-1] if joined else None
        if cap is not None and _heads(cap, line, lines):
            joined.pop()
            line = Line(cap.text + line.text, line.kind, key_of(cap.text + line.text), line.index)
        elif (found := _APART.match(line.text)) and _is_split(found, line, blocks, lines):
            line.text = f"{found[1]}{found[2]}{line.text[found.start(3) :]}"
        joined.append(line)
    return joined


def _heads(cap: Line, line: Line, lines: Iterable[Line]) -> bool:
    """Tell whether a line is one capital and the next one the rest of its word."""
    if len(cap.text) > 3 or not line.text[:1].islower():
        return False
    found, word = _ALONE.fullmatch(cap.text), _WORD.match(line.text)
    return bool(found and word and _is_one_word(found[2], word[0], lines))


def _is_split(found: re.Match[str], line: Line, blocks: Blocks, lines: Iterable[Line]) -> bool:
    if line.index is None or not _is_drop_cap(blocks.elements[line.index]):
        return False
    return _is_one_word(found[2], found[4], lines)


def _is_one_word(cap: str, rest: str, lines: Iterable[Line]) -> bool:
    """Tell whether a capital begins a word; one that may be a word itself must be proved to.

    The proof is that the page has the whole word elsewhere, and the rest nowhere.
    """
    if not cap.isupper() or (rest[0].isupper() and rest[1:].islower()):
        return False
    if cap not in _WORDS_OF_ONE:
        return True
    said = {word.lower() for line in lines for word in _WORD.findall(line.text)[2:]}
    return (cap + rest).lower() in said and rest.lower() not in said


def _is_drop_cap(element: HtmlElement) -> bool:
    """Tell whether a paragraph begins with a part that is named or set as a drop cap."""
    part: HtmlElement | None = element
    while part is not None and not (part.text or "").strip():
        part = next(iter(part), None)
    while part is not None and part is not element:
        if _FLOATS.search(part.get("style") or "") or _is_named(part):
            return True
        part = part.getparent()
    return False


def _is_named(part: HtmlElement) -> bool:
    return _NAMES.search(CAMEL.sub("-", (part.get("class") or "")[:300])) is not None
