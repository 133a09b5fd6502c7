"""The text of an article: what trafilatura finds, corrected by the page's own structure.

It never fetches, and it never adds words that the page does not show.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from lxml.etree import _Element
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document

from crawler.blocks import Blocks, Signature, bare_text, key_of, spoken
from crawler.furniture import is_box_heading, is_credit, is_furniture
from crawler.walls import offers_the_rest

_SPACES = re.compile(r"\s+")
_SHAPELESS = re.compile("[\u00ad\u200b\u2060\ufeff]")
_SENTENCE_END = re.compile(r"[.!?…:;\u3002\uff01\uff1f\u0964\u061f][\"'”’»›)\]]*$")
_NESTED = frozenset({"p", "head", "quote", "code", "list", "table", "item", "row"})
_HEAD_TAGS = frozenset({"h2", "h3", "h4", "h5"})
_MAX_LEADING = 4
_WHOLE_CHARS = 2500
_OPENING_CHARS = 50
_DUMP_CHARS = 1500
_MIN_ADDED_CHARS = 60
_MIN_PROOF_CHARS = 400


class Line(msgspec.Struct):
    """A paragraph on its way to the body: `index` is its block on the page, if it is one."""

    text: str
    kind: str
    key: str
    index: int | None = None


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the page beside its tree: words that repeat its head, and its own body."""

    repeated: frozenset[str]
    authors: tuple[str, ...] = ()
    declared_body: str = ""
    declared_summary: str = ""


def make_context(
    titles: Iterable[str], authors: Sequence[str], declared_body: Any, declared_summary: str
) -> Context:
    """Return the context for `extract_body` from what the page declares."""
    body = declared_body if isinstance(declared_body, str) else ""
    return Context(
        repeated=frozenset(key_of(text) for text in (*titles, *authors) if text),
        authors=tuple(key_of(name) for name in authors),
        declared_body=key_of(re.sub(r"<[^<>]*>", " ", body)),
        declared_summary=key_of(declared_summary),
    )


class Body(msgspec.Struct, frozen=True):
    """The paragraphs of an article joined by newlines, and whether the page keeps back the rest."""

    text: str
    is_cut: bool


def extract_body(tree: HtmlElement, context: Context) -> Body:
    """Return the page's article, with no text when it has none."""
    document = bare_extraction(tree, fast=True, include_comments=False)
    if not isinstance(document, Document) or document.body is None:
        return Body("", is_cut=False)
    blocks = Blocks(tree)
    lines = list(_lines(document.body))
    if len(lines) == 1 and len(lines[0].text) > _DUMP_CHARS:
        lines = _undumped(tree, blocks)
    lines = _placed(lines, blocks)
    asides = _asides(lines, blocks)
    lines = _completed(lines, blocks, context)
    lines = [line for line in lines if not _is_out(line, blocks, context, asides)]
    lines = _proved(lines, context.declared_body)
    lines = _trimmed(_without_tail(lines, blocks, context))
    text = "\n".join(line.text for line in lines)
    return Body(text, is_cut=len(text) < _WHOLE_CHARS and any(map(offers_the_rest, blocks.texts)))


def _undumped(tree: HtmlElement, blocks: Blocks) -> list[Line]:
    """Return the paragraphs of a page that trafilatura could only pour out as one line."""
    places = _missed_place(blocks, 0)
    lines = [
        Line(_block_text(element), "p", key, index)
        for index, (element, key) in enumerate(zip(blocks.elements, blocks.keys, strict=True))
        if key and element.tag == "p" and blocks.signature(index) in places
    ]
    bare = bare_text(tree)
    if sum(len(line.text) for line in lines) >= len(bare):
        return lines
    return [line for part in bare.split("\n") for line in _line(part, "p")]


def _lines(element: _Element) -> Iterator[Line]:
    """Yield the paragraphs, list items and table rows of one block."""
    parts = [element.text or ""]
    for child in element:
        if child.tag in _NESTED or child.tag == "lb":
            yield from _line("".join(parts), str(element.tag))
            parts = []
            yield from _lines(child)
        else:
            parts.append("".join(child.itertext()))
            if child.tag == "cell":
                parts.append(" ")
        parts.append(child.tail or "")
    yield from _line("".join(parts), str(element.tag))


def _line(text: str, kind: str) -> Iterator[Line]:
    if shown := _shown(text):
        yield Line(shown, kind, key_of(shown))


def _shown(text: str) -> str:
    """Return the text as a reader sees it: single spaces, no characters without a shape."""
    return _SPACES.sub(" ", _SHAPELESS.sub("", text)).strip()


def _block_text(element: HtmlElement) -> str:
    shown = (_shown(part) for part in spoken(element).splitlines())
    return "\n".join(part for part in shown if part)


def _placed(lines: Sequence[Line], blocks: Blocks) -> list[Line]:
    """Note for every line which block of the page it is, and mend one that lost words on the way.

    What a mended line now holds is not said twice.
    """
    last, mended = -1, ""
    placed: list[Line] = []
    for line in lines:
        if mended and line.key in mended:
            continue
        line.index = blocks.find(line.key, last)
        if line.index is None:
            mended = _mend(line, blocks)
        if line.index is not None:
            last = max(last, line.index)
        placed.append(line)
    return placed


def _mend(line: Line, blocks: Blocks) -> str:
    """Give a line the whole text of its paragraph, and return its letters when that changed it."""
    line.index = index = blocks.find_opening(line.key)
    if index is None or not len(line.key) < len(blocks.keys[index]) < 3 * len(line.key):
        return ""
    line.text, line.key = _block_text(blocks.elements[index]), blocks.keys[index]
    return line.key


def _asides(lines: Sequence[Line], blocks: Blocks) -> frozenset[HtmlElement]:
    """Return the parts named as something else that hold too little to be the article after all."""
    weight: Counter[HtmlElement] = Counter()
    for line in lines:
        aside = blocks.aside_of(line.index) if line.index is not None else None
        if aside is not None:
            weight[aside] += len(line.key)
    total = sum(len(line.key) for line in lines)
    return frozenset(aside for aside, chars in weight.items() if chars * 4 < total)


def _is_out(line: Line, blocks: Blocks, context: Context, asides: frozenset[HtmlElement]) -> bool:
    """Tell whether a line serves the page and not the article."""
    if is_box_heading(line.text):
        return False
    if is_furniture(line.text) or is_credit(line.text):
        return True
    if line.key in context.repeated or _is_byline(line, context):
        return True
    if line.index is None:
        return False
    if blocks.aside_of(line.index) in asides:
        return True
    if line.kind == "head" or len(line.text) > 300 or _SENTENCE_END.search(line.text):
        return False
    return blocks.is_link(line.index)


def _is_byline(line: Line, context: Context) -> bool:
    """Tell whether a short line only signs the page."""
    if len(line.text) > 120 or _SENTENCE_END.search(line.text):
        return False
    return any(name in line.key and len(line.key) < len(name) + 40 for name in context.authors)


def _without_tail(lines: list[Line], blocks: Blocks, context: Context) -> list[Line]:
    """Drop boxes of further articles, and the lines at the end that present the authors."""
    places = _places(lines, blocks)
    kept: list[Line] = []
    in_box = False
    for line in lines:
        in_box = is_box_heading(line.text) or (in_box and not _is_at(line, blocks, places))
        if not in_box:
            kept.append(line)
    kept = _without_edges(kept, blocks, places)
    while len(kept) > 2 and _is_biography(kept[-1], context):
        kept.pop()
    return kept


def _without_edges(lines: list[Line], blocks: Blocks, places: frozenset[Signature]) -> list[Line]:
    """Drop what follows the last paragraph of the body and stands elsewhere on the page."""
    inside = [number for number, line in enumerate(lines) if _is_within(line, blocks, places)]
    share = sum(len(lines[number].key) for number in inside)
    if not inside or share < 0.7 * sum(len(line.key) for line in lines):
        return lines
    return lines[: inside[-1] + 1]


def _is_within(line: Line, blocks: Blocks, places: frozenset[Signature]) -> bool:
    """Tell whether a line stands in a place of the body, be it deep inside."""
    if line.index is None:
        return True
    signature = blocks.signature(line.index)
    return any(signature[: len(place)] == place for place in places)


def _is_at(line: Line, blocks: Blocks, places: frozenset[Signature]) -> bool:
    """Tell whether a line stands where the body stands, so that no box can hold it."""
    return line.index is None or blocks.signature(line.index) in places


def _is_biography(line: Line, context: Context) -> bool:
    return len(line.text) < 500 and any(name in line.key[:80] for name in context.authors)


def _completed(lines: list[Line], blocks: Blocks, context: Context) -> list[Line]:
    """Add the paragraphs that stand in the same kind of place as those found, or are declared."""
    whole = "".join(line.key for line in lines)
    places = _places(lines, blocks)
    first, last = _span(lines, blocks, places)
    added: list[Line] = []
    for index, key in enumerate(blocks.keys):
        is_head = blocks.elements[index].tag in _HEAD_TAGS and first < index < last
        if (len(key) < _MIN_ADDED_CHARS and not is_head) or not key or key in whole:
            continue
        is_ours = _belongs(index, blocks, places, context, first)
        if is_ours and not _is_in(key, whole):
            kind = "head" if is_head else "p"
            added.append(Line(_block_text(blocks.elements[index]), kind, key, index))
    return _merged(lines, added) if added else lines


def _places(lines: Sequence[Line], blocks: Blocks) -> frozenset[Signature]:
    """Return the signatures that hold at least a quarter of the text found."""
    weight: Counter[Signature] = Counter()
    for line in lines:
        if line.index is not None and blocks.elements[line.index].tag == "p":
            weight[blocks.signature(line.index)] += len(line.key)
    total = sum(len(line.key) for line in lines)
    places = {place for place, chars in weight.items() if chars * 4 >= total}
    return frozenset(places | _missed_place(blocks, total))


def _missed_place(blocks: Blocks, found: int) -> set[Signature]:
    """Return the place that holds several times the text found, when there is one."""
    weight: Counter[Signature] = Counter()
    for index, key in enumerate(blocks.keys):
        is_long = len(key) > _MIN_ADDED_CHARS and blocks.elements[index].tag == "p"
        if is_long and blocks.aside_of(index) is None and not blocks.is_link(index):
            weight[blocks.signature(index)] += len(key)
    place, chars = max(weight.items(), key=lambda item: item[1], default=((), 0))
    return {place} if chars > 2 * found and chars > _MIN_PROOF_CHARS else set()


def _span(lines: Sequence[Line], blocks: Blocks, places: frozenset[Signature]) -> tuple[int, int]:
    """Return the first block found and the last one in a place of the body."""
    first = min((line.index for line in lines if line.index is not None), default=0)
    indexes = range(len(blocks.elements) - 1, -1, -1)
    last = next((i for i in indexes if blocks.signature(i) in places), -1)
    return first, last


def _belongs(
    index: int,
    blocks: Blocks,
    places: frozenset[Signature],
    context: Context,
    first: int,
) -> bool:
    key, element = blocks.keys[index], blocks.elements[index]
    if blocks.aside_of(index) is not None or blocks.is_link(index):
        return False
    if index < first:
        opening = context.declared_summary[:_OPENING_CHARS]
        return blocks.is_standfirst(index) or (opening != "" and key.startswith(opening))
    return element.tag in {"p", *_HEAD_TAGS} and blocks.signature(index) in places


def _merged(lines: Sequence[Line], added: Sequence[Line]) -> list[Line]:
    """Return both in page order; a line that is no block stays behind the one before it."""
    ordered: list[tuple[int, int, Line]] = []
    position = -1
    for rank, line in enumerate(lines):
        position = line.index if line.index is not None else position
        ordered.append((position, rank, line))
    ordered.extend((line.index or 0, -1, line) for line in added)
    return [line for _, _, line in sorted(ordered, key=lambda item: item[:2])]


def _proved(lines: list[Line], declared: str) -> list[Line]:
    """Drop what the site's own copy of the body lacks, when that copy is plainly complete."""
    total = sum(len(line.key) for line in lines)
    if len(declared) < _MIN_PROOF_CHARS or len(declared) < 0.8 * total:
        return lines
    proof = [_is_in(line.key, declared) for line in lines]
    shared = sum(len(line.key) for line, is_in in zip(lines, proof, strict=True) if is_in)
    if not shared or shared < 0.75 * total:
        return lines
    first = proof.index(True)
    return [
        line
        for number, (line, is_in) in enumerate(zip(lines, proof, strict=True))
        if is_in or (number < first and _SENTENCE_END.search(line.text)) or line.kind == "head"
    ]


def _is_in(key: str, declared: str) -> bool:
    """Tell whether a third of a line's pieces stand in the declared body."""
    pieces = [key[start : start + 12] for start in range(0, max(1, len(key) - 11), 12)]
    return sum(piece in declared for piece in pieces) * 3 >= len(pieces)


def _trimmed(lines: list[Line]) -> list[Line]:
    """Drop what stands before the first sentence and what announces text that does not follow."""
    start = next(
        (i for i, line in enumerate(lines) if _is_sentence(line) or line.kind == "item"), 0
    )
    start = start if start <= _MAX_LEADING and sum(len(x.text) for x in lines[:start]) < 200 else 0
    end = next((i for i in range(len(lines) - 1, -1, -1) if not _announces(lines[i])), -1)
    return lines[start : end + 1]


def _announces(line: Line) -> bool:
    """Tell whether a line only heads what stands below it."""
    return line.kind == "head" or (len(line.text) < 80 and line.text.endswith(":"))


def _is_sentence(line: Line) -> bool:
    return len(line.text) > 90 or (len(line.text) > 25 and bool(_SENTENCE_END.search(line.text)))
