"""Lines on their way to the body of an article: how an element becomes lines of text.

It never decides which of them belong.
"""

import re
from collections.abc import Iterator

import msgspec
from lxml.etree import _Element
from lxml.html import HtmlElement

from crawler.body_blocks import key_of, spoken

_SPACES = re.compile(r"\s+")
_SHAPELESS = re.compile("[\u00ad\u200b\u2060\ufeff]")
_SENTENCE_END = re.compile(r"[.!?…:;\u3002\uff01\uff1f\u0964\u061f][\s\"'”’»›)\]]*$")
_NESTED = frozenset({"p", "head", "quote", "code", "list", "table", "item", "row"})


class Line(msgspec.Struct):
    """A paragraph on its way to the body: `index` is its block on the page, if it is one."""

    text: str
    kind: str
    key: str
    index: int | None = None


def read_lines(element: _Element) -> Iterator[Line]:
    """Yield the paragraphs, list items and table rows of one block."""
    parts = [element.text or ""]
    for child in element:
        if child.tag in _NESTED or child.tag == "lb":
            yield from make_lines("".join(parts), str(element.tag))
            parts = []
            yield from read_lines(child)
        else:
            parts.append("".join(child.itertext()))
            if child.tag == "cell":
                parts.append(" ")
        parts.append(child.tail or "")
    yield from make_lines("".join(parts), str(element.tag))


def make_lines(text: str, kind: str) -> Iterator[Line]:
    """Yield the line that a text is, none when it shows nothing."""
    if shown := shown_text(text):
        yield Line(shown, kind, key_of(shown))


def shown_text(text: str) -> str:
    """Return the text as a reader sees it: single spaces, no characters without a shape."""
    return _SPACES.sub(" ", _SHAPELESS.sub("", text)).strip()


def block_text(element: HtmlElement) -> str:
    """Return the text of a paragraph, its line breaks kept."""
    shown = (shown_text(part) for part in spoken(element).splitlines())
    return "\n".join(part for part in shown if part)


def ends_sentence(text: str) -> bool:
    """Tell whether a text ends as sentences do."""
    return _SENTENCE_END.search(text) is not None


def is_sentence(line: Line) -> bool:
    """Tell whether a line is running text."""
    return len(line.text) > 90 or (len(line.text) > 25 and ends_sentence(line.text))


def is_announcing(line: Line) -> bool:
    """Tell whether a line only heads what stands below it."""
    return line.kind == "head" or (len(line.text) < 80 and line.text.endswith(":"))
