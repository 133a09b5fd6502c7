"""The paragraphs of a parsed page and where they stand: the ground that `body` decides on.

It never changes the tree.
"""

import re
from collections.abc import Iterator, Sequence

from lxml.etree import XPath
from lxml.html import HtmlElement

from crawler.phrases import compile_phrases

_BLOCK_TAGS = "p h2 h3 h4 h5 li blockquote".split()
_HOLDER_TAGS = "div td article section main span font body center".split()


def _any_of(tags: Sequence[str]) -> str:
    return " or ".join(f"self::{tag}" for tag in tags)


_BLOCKS = XPath(f"//body//*[{_any_of(_BLOCK_TAGS)}]")
_HOLDERS = XPath(f"//body/descendant-or-self::*[{_any_of(_HOLDER_TAGS)}]")
_WORDS = XPath(".//text() | .//br")
_INLINE = frozenset("a abbr b bdi cite code em font i mark q s small span strong sub sup u".split())
_NOT_WORD = re.compile(r"[\W_]+")
_ASIDE_TAGS = frozenset(
    {"aside", "figcaption", "nav", "footer", "form", "button", "figure", "menu", "dialog"}
)
# What sites call the parts that are not the article, in class and id. Whole words between
# hyphens, underscores and capitals, so that `related` is found and `correlated` is not.
_WORD_START, _WORD_END = r"(?i)(?:^|[\s_-])", r"(?:$|[\s_-])"
_ASIDE_NAMES = compile_phrases(
    r"""
    related|relateds|recirc\w*|recommend\w*|link-?box|link-?list|teaser-?list|teaser-?box
    read-?more|read-?also|read-?next|see-?also|more-?on|more-?stories|also-?read|most-?read
    most-?popular|trending|lire-?aussi|a-?lire|les-?ogsa|outbrain|taboola
    newsletters?|nl-?box|promos?|promo-?box|promotions?|subscribe|subscription
    advert\w*|sponsor\w*|ads?|share|sharing|social|social-?links|comments?|comment-?list
    cookies?|consent|copyright|licen[cs]e|signature|byline|timestamp
    author-?bio|author-?box|about-?author|bio|biography|article-?footer|correction-?link
    breadcrumbs?|tags?|tag-?list|toolbar|skip|pagination|pager
    visually-?hidden|sr-?only|screen-?reader\w*|a11y
    """,
    before=_WORD_START,
    after=_WORD_END,
)
_STANDFIRST_NAMES = compile_phrases(
    r"""
    chapo|chapeau|stand-?first|lede|lead|dek|deck|abstract|article-intro
    sub-?headline|entry-summary|article-summary
    """,
    before=_WORD_START,
    after=_WORD_END,
)
_ASIDE_DEPTH = 6
_OPENING_CHARS = 30
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
Signature = tuple[tuple[str, str], ...]


def key_of(text: str) -> str:
    """Return the letters and digits of a text, which survive any reformatting."""
    return _NOT_WORD.sub("", text).lower()


class Blocks:
    """Every paragraph, heading and list item of a page in document order."""

    def __init__(self, tree: HtmlElement) -> None:
        """Read the tree once; what is costly is worked out only for what is asked."""
        self.elements: Sequence[HtmlElement] = _BLOCKS(tree)
        self.texts = ["".join(element.itertext()) for element in self.elements]
        self.keys = [key_of(text) for text in self.texts]
        self._first: dict[str, int] = {}
        self._openings: dict[str, int] = {}
        for index in range(len(self.keys) - 1, -1, -1):
            self._first[self.keys[index]] = index
            if self.elements[index].tag == "p":
                self._openings[self.keys[index][:_OPENING_CHARS]] = index
        self._asides: dict[HtmlElement, HtmlElement | None] = {}
        self._signatures: dict[HtmlElement, Signature] = {}

    def find(self, key: str, after: int = -1) -> int | None:
        """Return the index of the block with these letters, the first one after `after` if any."""
        first = self._first.get(key)
        if first is None or first > after:
            return first
        return next((i for i in range(after + 1, len(self.keys)) if self.keys[i] == key), first)

    def find_opening(self, key: str) -> int | None:
        """Return the paragraph that opens with the same letters, for a text that lost some."""
        return self._openings.get(key[:_OPENING_CHARS]) if len(key) > _OPENING_CHARS else None

    def is_link(self, index: int) -> bool:
        """Tell whether nearly all of a block's words are links."""
        linked = sum(
            len("".join(link.itertext()).strip())
            for link in self.elements[index].iter("a")
            if not (link.get("href") or "").startswith("mailto:")
        )
        return linked > 0.85 * len(self.texts[index].strip())

    def aside_of(self, index: int) -> HtmlElement | None:
        """Return the nearest part around a block that its site names as something else."""
        return self._aside_of(self.elements[index], _ASIDE_DEPTH)

    def _aside_of(self, element: HtmlElement, depth: int) -> HtmlElement | None:
        if element in self._asides:
            return self._asides[element]
        parent = element.getparent()
        aside: HtmlElement | None = None
        if element.tag in _ASIDE_TAGS or _is_named_aside(element):
            aside = element
        elif depth and parent is not None and parent.tag not in {"article", "main", "body"}:
            aside = self._aside_of(parent, depth - 1)
        self._asides[element] = aside
        return aside

    def is_standfirst(self, index: int) -> bool:
        """Tell whether a site names a block, or what holds it alone, as an article's opening."""
        element = self.elements[index]
        parent = element.getparent()
        names = element.get("class") or (parent.get("class") if parent is not None else "") or ""
        return _STANDFIRST_NAMES.search(names) is not None

    def signature(self, index: int) -> Signature:
        """Return the tags and classes above a block up to the top: equal for parts of one body."""
        parent = self.elements[index].getparent()
        return self._signature(parent) if parent is not None else ()

    def _signature(self, element: HtmlElement) -> Signature:
        if element in self._signatures:
            return self._signatures[element]
        parent = element.getparent()
        above = self._signature(parent) if parent is not None else ()
        made = (*above, (str(element.tag), element.get("class") or ""))
        self._signatures[element] = made
        return made


def spoken(element: HtmlElement) -> str:
    """Return the words of an element, its line breaks as newlines."""
    return "".join(node if isinstance(node, str) else "\n" for node in _WORDS(element))


def bare_text(tree: HtmlElement) -> str:
    """Return the largest run of text that stands in one element outside any paragraph."""
    holder = max(_HOLDERS(tree), key=_own_chars, default=None)
    return "" if holder is None else "".join(_own_text(holder))


def _own_chars(element: HtmlElement) -> int:
    return sum(len(child.tail.strip()) for child in element if child.tail)


def _own_text(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == "br":
            yield "\n"
        elif child.tag in _INLINE:
            yield spoken(child)
        yield child.tail or ""


def _is_named_aside(element: HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(names) > 1 and _ASIDE_NAMES.search(_CAMEL.sub("-", names)) is not None
