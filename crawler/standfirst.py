"""The standfirst of an article: what stands between its heading and its first paragraph.

It never looks below the first paragraph, and never at pictures or lists of links.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from crawler.body_blocks import CAMEL, is_named_aside, key_of, text_of
from crawler.phrases import compile_phrases

_NAMES = compile_phrases(
    "chapo|chapeau|stand-?first|deck|dek|excerpt|intro|vorspann|ingress|entradilla|sub-?headline",
    before=r"(?i)(?:^|[\s_-])",
    after=r"(?:$|[\s_-])",
)
_TAGS = ("p", "h2", "h3", "h4", "div", "span", "section")
_NOT_HERE = frozenset({"figure", "figcaption", "aside", "nav", "button", "ul", "ol", "form"})
_PICTURES = ("img", "figure", "picture", "video", "h1")
_MIN_CHARS = 25
_MAX_CHARS = 600
_OPENING_CHARS = 30
_MAX_ELEMENTS = 800


def find_opening(
    tree: HtmlElement,
    first: str,
    summaries: Sequence[str],
    is_out: Callable[[str], bool],
) -> HtmlElement | None:
    """Return the element that opens the article above its first line, None without one.

    It is known by the summary that the page declares, or else by the name its site gives it.
    `first` and `summaries` are letters as `key_of` gives them; `is_out` tells what words only
    serve the page.
    """
    openings = [text[:_OPENING_CHARS] for text in summaries if len(text) > _MIN_CHARS]
    declared: dict[str, HtmlElement] = {}
    named: HtmlElement | None = None
    for element, key in _below_heading(tree, first):
        opening = key[:_OPENING_CHARS]
        held = declared.get(opening)
        if is_out(element.text_content()):
            continue
        if opening in openings and (held is None or held in element.iterancestors()):
            declared[opening] = element
        elif named is None and _is_named(element):
            named = element
    return next((declared[opening] for opening in openings if opening in declared), named)


def _below_heading(tree: HtmlElement, first: str) -> Iterator[tuple[HtmlElement, str]]:
    """Yield what may be an opening, with its letters, the outer parts before the inner ones."""
    heading = next(tree.iter("h1"), None)
    if heading is None:
        return
    inside: set[HtmlElement] = set()
    for element in islice(_following(heading), _MAX_ELEMENTS):
        if element.tag in _NOT_HERE or element.getparent() in inside or is_named_aside(element):
            inside.add(element)
            continue
        if element.tag not in _TAGS and "-" not in str(element.tag):
            continue
        text = text_of(element)
        if len(text) > 4 * _MAX_CHARS:
            continue
        key = key_of(text)
        if first and key.startswith(first[:40]):
            return
        if _MIN_CHARS <= len(key) <= _MAX_CHARS and next(element.iter(*_PICTURES), None) is None:
            yield element, key


def _following(heading: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements behind one in the order of the page, those inside it left out."""
    element: HtmlElement | None = heading
    while element is not None:
        for sibling in element.itersiblings():
            yield from sibling.iter(etree.Element)
        element = element.getparent()


def _is_named(element: HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('data-testid') or ''}"
    return len(names) > 1 and _NAMES.search(CAMEL.sub("-", names)) is not None
