"""Which of the lines found are no part of the article, by what they say and where they stand.

It never adds a line.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

from lxml.html import HtmlElement

from crawler.body_blocks import Blocks, Signature
from crawler.body_context import Context
from crawler.body_lines import Line, ends_sentence, is_announcing, is_sentence
from crawler.body_places import is_at, is_in, is_within, places_of
from crawler.furniture import is_box_heading, is_credit, is_furniture, is_imprint

_MAX_LEADING = 4
_MIN_PROOF_CHARS = 400
_MIN_TITLE_CHARS = 20
_KICKER_CHARS = 40


def find_asides(lines: Sequence[Line], blocks: Blocks) -> frozenset[HtmlElement]:
    """Return the parts named as something else that hold too little to be the article after all."""
    weight: Counter[HtmlElement] = Counter()
    for line in lines:
        aside = blocks.aside_of(line.index) if line.index is not None else None
        if aside is not None:
            weight[aside] += len(line.key)
    total = sum(len(line.key) for line in lines)
    return frozenset(aside for aside, chars in weight.items() if chars * 3 < total)


def is_out(line: Line, blocks: Blocks, context: Context, asides: frozenset[HtmlElement]) -> bool:
    """Tell whether a line serves the page and not the article."""
    if is_box_heading(line.text):
        return False
    if serves_the_page(line.text) or repeats_head(line, context) or _is_byline(line, context):
        return True
    if line.index is None:
        return blocks.is_among_titles(line.key)
    return _stands_apart(line, line.index, blocks, asides)


def _stands_apart(line: Line, index: int, blocks: Blocks, asides: frozenset[HtmlElement]) -> bool:
    """Tell whether a line stands in the heading, in a link, in a list of links or in an aside."""
    if blocks.is_in_heading(index) or blocks.is_teaser(index) or blocks.is_in_link_list(index):
        return True
    if blocks.aside_of(index) in asides or blocks.is_linked_titles(index):
        return True
    if line.kind == "head" or len(line.text) > 300 or ends_sentence(line.text):
        return False
    return blocks.is_link(index)


def serves_the_page(text: str) -> bool:
    """Tell whether a text is furniture or the credit of a picture."""
    return is_furniture(text) or is_credit(text)


def repeats_head(line: Line, context: Context) -> bool:
    """Tell whether a line is the title or an author again, be it with a word more or less."""
    if line.key in context.repeated:
        return True
    if not _MIN_TITLE_CHARS < len(line.key) < 200 or line.text.endswith("."):
        return False
    return any(
        (line.key in title and len(line.key) > 0.6 * len(title))
        or (title in line.key and len(line.key) < len(title) + _KICKER_CHARS)
        for title in context.repeated
        if len(title) > _MIN_TITLE_CHARS
    )


def _is_byline(line: Line, context: Context) -> bool:
    """Tell whether a short line only signs the page."""
    if len(line.text) > 120 or ends_sentence(line.text):
        return False
    return any(
        name in line.key and len(line.key) < len(name) + (40 if len(name) > 9 else 12)
        for name in context.authors
    )


def keep_proved(lines: list[Line], declared: str) -> list[Line]:
    """Drop what the site's own copy of the body lacks, when that copy is plainly complete."""
    total = sum(len(line.key) for line in lines)
    if len(declared) < _MIN_PROOF_CHARS or len(declared) < 0.8 * total:
        return lines
    proof = [is_in(line.key, declared) for line in lines]
    shared = sum(len(line.key) for line, is_in in zip(lines, proof, strict=True) if is_in)
    if not shared or shared < 0.75 * total:
        return lines
    first = proof.index(True)
    return [
        line
        for number, (line, is_in) in enumerate(zip(lines, proof, strict=True))
        if is_in or (number < first and ends_sentence(line.text)) or line.kind == "head"
    ]


def without_tail(lines: list[Line], blocks: Blocks, context: Context) -> list[Line]:
    """Drop boxes of further articles, and the lines at the end that present the authors."""
    places = places_of(lines, blocks)
    kept: list[Line] = []
    in_box = False
    for line in lines:
        in_box = is_box_heading(line.text) or (in_box and not is_at(line, blocks, places))
        if not in_box:
            kept.append(line)
    kept = _without_edges(kept, blocks, places)
    while len(kept) > 1 and is_imprint(kept[-1].text):
        kept.pop()
    while len(kept) > 2 and _is_biography(kept[-1], context):
        kept.pop()
    return kept


def _without_edges(lines: list[Line], blocks: Blocks, places: frozenset[Signature]) -> list[Line]:
    """Drop what follows the last paragraph of the body and stands elsewhere on the page."""
    inside = [number for number, line in enumerate(lines) if is_within(line, blocks, places)]
    share = sum(len(lines[number].key) for number in inside)
    if not inside or share < 0.7 * sum(len(line.key) for line in lines):
        return lines
    last = max((number for number in inside if lines[number].index is not None), default=-1)
    rest = takewhile(lambda line: last < 0 or line.index is None, lines[last + 1 :])
    return [*lines[: last + 1], *rest]


def _is_biography(line: Line, context: Context) -> bool:
    return len(line.text) < 500 and any(name in line.key[:80] for name in context.authors)


def trim(lines: list[Line]) -> list[Line]:
    """Drop what stands before the first sentence and what announces text that does not follow."""
    start = next((i for i, line in enumerate(lines) if is_sentence(line) or line.kind == "item"), 0)
    start = start if start <= _MAX_LEADING and sum(len(x.text) for x in lines[:start]) < 200 else 0
    end = next((i for i in range(len(lines) - 1, -1, -1) if not is_announcing(lines[i])), -1)
    return lines[start : end + 1]
