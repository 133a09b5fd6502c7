"""The text of an article: what trafilatura finds, corrected by the page's own structure.

It never fetches, and it never adds words that the page does not show.
"""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy

import msgspec
from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document

from crawler.body_blocks import Blocks, key_of, poured_text, spoken
from crawler.body_cleaning import (
    find_asides,
    is_out,
    keep_proved,
    repeats_head,
    serves_the_page,
    trim,
    without_tail,
)
from crawler.body_context import Context
from crawler.body_drop_caps import join_drop_caps
from crawler.body_lines import (
    Line,
    block_text,
    ends_sentence,
    is_sentence,
    make_lines,
    read_lines,
    shown_text,
)
from crawler.body_places import (
    complete,
    in_known_place,
    is_in,
    is_running,
    missed_place,
    paragraphs_at,
    place_lines,
    places_of,
)
from crawler.site_memory import Shown, Trace, find_repeated, known_places, trace_page
from crawler.standfirst import find_opening
from crawler.walls import offers_the_rest

# Left out before trafilatura copies the page four times and walks through it: it drops them too.
_NEVER_BODY = (
    "nav", "footer", "aside", "button", "noscript", "object", "embed", "menu", "label", "legend",
    "option", "video", "audio", "map", "dialog", "textarea", "progress", "time", "link", "input",
    "img", "meta",
)  # fmt: skip
_KINDS = {"p": "p", "li": "item", "blockquote": "quote"}
_WHOLE_CHARS = 2500
_DUMP_CHARS = 1500
_POURED_CHARS = 250
_OPENING_CHARS = 40


class Body(msgspec.Struct, frozen=True):
    """The paragraphs of an article joined by newlines, and whether the page keeps back the rest.

    `trace` is what its site's memory may learn from the page.
    """

    text: str
    is_cut: bool
    trace: Trace


def extract_body(tree: HtmlElement, context: Context) -> Body:
    """Return the page's article, with no text when it has none."""
    blocks = Blocks(tree, known_places(context.memory))
    lines = list(_chosen(blocks, context)) or _found(tree, blocks, context)
    lines = join_drop_caps(lines, blocks)
    shown = _shown(lines, blocks)
    repeated = find_repeated(context.memory, context.address, shown)
    lines = trim([line for number, line in enumerate(lines) if number not in repeated])
    if not context.chosen:
        lines = _opened(tree, lines, context)
    text = "\n".join(line.text for line in lines)
    return Body(
        text,
        is_cut=len(text) < _WHOLE_CHARS and any(map(offers_the_rest, blocks.texts)),
        trace=trace_page(context.address, shown),
    )


def _found(tree: HtmlElement, blocks: Blocks, context: Context) -> list[Line]:
    """Return the lines of the article in the general way."""
    lines = _plain(blocks) or _extracted(tree, blocks)
    asides = find_asides(lines, blocks)
    lines = complete(lines, blocks)
    lines = [line for line in lines if not is_out(line, blocks, context, asides)]
    lines = keep_proved(lines, context.declared_body)
    return without_tail(lines, blocks, context)


def _plain(blocks: Blocks) -> list[Line]:
    """Return the lines of a page whose paragraphs all stand in one part, none for other pages.

    Such a part needs no search, and it is searched in a third of the time of a page.
    """
    lines = []
    for index in blocks.plain:
        element, key = blocks.elements[index], blocks.keys[index]
        if key and blocks.aside_of(index) is None:
            kind = _KINDS.get(str(element.tag), "head")
            lines.append(Line(block_text(element), kind, key, index))
    return lines


def _extracted(tree: HtmlElement, blocks: Blocks) -> list[Line]:
    """Return the lines that trafilatura finds, each with its place on the page."""
    pruned = copy(tree)
    etree.strip_elements(pruned, *_NEVER_BODY, with_tail=False)
    document = bare_extraction(pruned, fast=True, include_comments=False)
    if not isinstance(document, Document) or document.body is None:
        lines = []
    else:
        lines = list(read_lines(document.body))
    if len(lines) == 1 and _is_dump(lines[0], blocks):
        lines = _undumped(tree, lines[0], blocks)
    return in_known_place(place_lines(lines, blocks), blocks)


def _is_dump(line: Line, blocks: Blocks) -> bool:
    """Tell whether a line is a page poured out, paragraphs and all, and none of its blocks."""
    return len(line.text) > _DUMP_CHARS or (
        blocks.find(line.key) is None and blocks.find_opening(line.key) is None
    )


def _undumped(tree: HtmlElement, dump: Line, blocks: Blocks) -> list[Line]:
    """Return the paragraphs of a page that trafilatura could only pour out as one line."""
    lines = paragraphs_at(missed_place(blocks, 0), blocks)
    parts = poured_text(tree).split("\n")
    poured = [x for part in parts for x in make_lines(part, "p") if x.key in dump.key]
    first = next((n for n, line in enumerate(poured) if ends_sentence(line.text)), len(poured))
    last = max((n for n, line in enumerate(poured) if is_sentence(line)), default=0)
    poured = poured[first : last + 1]
    if _letters(poured) < min(_POURED_CHARS, len(dump.key) / 2):
        return lines or [dump]
    return lines if 2 * _letters(lines) >= _letters(poured) else poured


def _chosen(blocks: Blocks, context: Context) -> Iterator[Line]:
    """Yield the lines of the parts that a selector chose, but for what only serves the page."""
    for part in context.chosen:
        inside = blocks.within(part)
        for index in inside:
            text, element = block_text(blocks.elements[index]), blocks.elements[index]
            kind = _KINDS.get(str(element.tag), "head")
            line = Line(text, kind, blocks.keys[index], index)
            if text and not is_out(line, blocks, context, frozenset()):
                yield line
        if not inside:
            yield from (x for text in spoken(part).split("\n") for x in make_lines(text, "p"))


def _shown(lines: Sequence[Line], blocks: Blocks) -> tuple[Shown, ...]:
    """Return what the site's memory is told and asked of the lines."""
    places = places_of(lines, blocks)
    return tuple(
        Shown(
            key=line.key,
            place=blocks.signature(line.index) if line.index is not None else (),
            is_ours=is_running(line, blocks, places),
            is_links=line.index is not None and blocks.is_link(line.index),
            is_lasting=line.kind == "head" or is_sentence(line),
            text=line.text,
        )
        for line in lines
    )


def _opened(tree: HtmlElement, lines: list[Line], context: Context) -> list[Line]:
    """Put the standfirst before the lines, where the page shows one that is not among them."""
    first = next((line.key for line in lines if is_sentence(line)), "")
    if not first:
        return lines
    element = find_opening(
        tree, first, context.summaries, lambda text: _is_no_opening(shown_text(text), context)
    )
    if element is None:
        return lines
    text = shown_text(spoken(element))
    opening = Line(text, "lead", key_of(text))
    held, start, end = _joined(lines), opening.key[:_OPENING_CHARS], opening.key[-_OPENING_CHARS:]
    if start in held or (end in held and is_in(opening.key, held)):
        return lines
    return [opening, *lines]


def _is_no_opening(text: str, context: Context) -> bool:
    line = Line(text, "lead", key_of(text))
    is_cut = text.endswith(("...", "…"))
    return is_cut or serves_the_page(text) or repeats_head(line, context)


def _letters(lines: Iterable[Line]) -> int:
    return sum(len(line.key) for line in lines)


def _joined(lines: Iterable[Line]) -> str:
    return "".join(line.key for line in lines)
