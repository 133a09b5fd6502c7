"""The paragraphs of a parsed page and where they stand: the ground that `body` decides on.

It never changes the tree.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache

from lxml.etree import XPath, tostring
from lxml.html import HtmlElement

from crawler.phrases import compile_phrases

_BLOCK_TAGS = "p h2 h3 h4 h5 li blockquote".split()

_WORDS = XPath(".//text() | .//br")
_INLINE = frozenset("a abbr b bdi cite code em font i mark q s small span strong sub sup u".split())
_WORD_PARTS = re.compile(r"[^\W_]+")
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
    ai-?article-?summary|info-?box|fact-?box|fact-?file|faktaboks|encadre|captions?|caption-?text|credits?|legende?
    media-?info|debug\w*
    polls?|quiz|survey|umfrage|sondage
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
_LISTED = frozenset({*_BLOCK_TAGS, "ul", "ol"})
_BOX_TAGS = ("div", "section", "aside", "figure", "ul", "ol", "form", "table")
_LINE_ENDS = re.compile(r"[\r\n]+")
_LABEL = re.compile(r"[\[(][^\])]{2,20}[\])]|[|•·>»]")
_ASIDE_DEPTH = 6
_MIN_PARAGRAPH_CHARS = 60
_MIN_PLAIN_CHARS = 1000
_PLAIN_SHARE = 0.97
_MAX_NAMES = 300
_LINKED_TAGS = ("p", "div", "h2", "h3", "h4")
TEXT_TAGS = frozenset({"ul", "ol", "li", "blockquote"})
_OPENING_CHARS = 30
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
Signature = tuple[tuple[str, str], ...]


def text_of(element: HtmlElement) -> str:
    """Return all the text of an element, as it stands in the page."""
    return tostring(element, method="text", encoding="unicode", with_tail=False)


def key_of(text: str) -> str:
    """Return the letters and digits of a text, which survive any reformatting."""
    return "".join(_WORD_PARTS.findall(text)).lower()


class Blocks:
    """Every paragraph, heading and list item of a page in document order."""

    def __init__(
        self, tree: HtmlElement, is_known: Callable[[Signature], bool] | None = None
    ) -> None:
        """Read the tree once; what is costly is worked out only for what is asked.

        `is_known` tells which places carried the body on other pages of the site.
        """
        self._tree = tree
        self._is_known = is_known
        body = tree.find("body")
        self.elements: Sequence[HtmlElement] = [] if body is None else list(body.iter(*_BLOCK_TAGS))
        self.texts = list(map(text_of, self.elements))
        self.keys = [key_of(text) for text in self.texts]
        self._first: dict[str, int] = {}
        self._openings: dict[str, int] = {}
        for index in range(len(self.keys) - 1, -1, -1):
            self._first[self.keys[index]] = index
            if self.elements[index].tag == "p":
                self._openings[self.keys[index][:_OPENING_CHARS]] = index
        self._asides: dict[HtmlElement, HtmlElement | None] = {}
        self._signatures: dict[HtmlElement, Signature] = {}
        self._link_lists: dict[HtmlElement, bool] = {}

    @cached_property
    def heaviest(self) -> tuple[Signature, int]:
        """Return the place whose paragraphs hold the most letters, and how many."""
        weight: Counter[Signature] = Counter()
        for index in self._long:
            weight[self.signature(index)] += len(self.keys[index])
        return max(weight.items(), key=lambda item: item[1], default=((), 0))

    @cached_property
    def plain(self) -> list[int]:
        """Return the blocks of the one part that holds nearly all of the page's text, if any.

        They stand right in it or in a list or quotation there.
        """
        place, chars = self.heaviest
        if chars < _MIN_PLAIN_CHARS or chars < _PLAIN_SHARE * self.running:
            return []
        parts = {self.elements[i].getparent() for i in self._long if self.signature(i) == place}
        part = parts.pop()
        if parts or part is None:
            return []
        inside = [i for i in self.within(part) if _is_running(self.elements[i], part)]
        said = sum(len(self.keys[i]) for i in inside)
        return inside if said > _PLAIN_SHARE * _running_chars(part) else []

    @cached_property
    def _long(self) -> list[int]:
        """Return the paragraphs long enough to be running text that no aside holds."""
        return [
            index
            for index, key in enumerate(self.keys)
            if len(key) > _MIN_PARAGRAPH_CHARS
            and self.elements[index].tag == "p"
            and self.aside_of(index) is None
            and not self.is_link(index)
        ]

    @cached_property
    def running(self) -> int:
        """Return how many letters the long paragraphs of the page hold."""
        return sum(len(self.keys[index]) for index in self._long)

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
        return _is_of_links(self.elements[index], 0.85)

    def is_linked_titles(self, index: int) -> bool:
        """Tell whether a block is several titles of other pages, each perhaps with a label."""
        return self.keys[index] in self._linked_titles

    def is_among_titles(self, key: str) -> bool:
        """Tell whether a line that is no block of its own is one of several linked titles."""
        return any(key in titles for titles in self._linked_titles)

    @cached_property
    def _linked_titles(self) -> frozenset[str]:
        return frozenset(
            self.keys[index]
            for index, element in enumerate(self.elements)
            if element.tag == "p"
            and next(element.iter("br"), None) is not None
            and _are_titles(element)
        )

    def is_in_link_list(self, index: int) -> bool:
        """Tell whether a block is an item of a list in which every item is mostly a link."""
        holder = self.elements[index].getparent()
        if self.elements[index].tag != "li" or holder is None:
            return False
        if holder not in self._link_lists:
            items = holder.findall("li")
            self._link_lists[holder] = len(items) > 1 and all(map(_is_of_links, items))
        return self._link_lists[holder]

    @cached_property
    def heading(self) -> int:
        """Return the index of the first block below the heading of the page."""
        if next(self._tree.iter("h1"), None) is None:
            return len(self.elements)
        blocks = set(self.elements)
        index, is_below = 0, False
        for element in self._tree.iter("h1", *_BLOCK_TAGS):
            is_below = is_below or element.tag == "h1"
            if element in blocks:
                if is_below:
                    return index
                index += 1
        return index

    def is_in_heading(self, index: int) -> bool:
        """Tell whether a block is a part of the heading of the page."""
        return next(self.elements[index].iterancestors("h1"), None) is not None

    def is_teaser(self, index: int) -> bool:
        """Tell whether a block stands in a link or is one around blocks: it announces a page."""
        element = self.elements[index]
        if next(element.iterancestors("a"), None) is not None:
            return True
        links = element.iter("a")
        return any(next(a.iter(*_LINKED_TAGS), None) is not None for a in links) and self.is_link(
            index
        )

    def aside_of(self, index: int) -> HtmlElement | None:
        """Return the nearest part around a block that its site names as something else."""
        return self._aside_of(self.elements[index], _ASIDE_DEPTH)

    def _aside_of(self, element: HtmlElement, depth: int) -> HtmlElement | None:
        if element in self._asides:
            return self._asides[element]
        parent = element.getparent()
        aside: HtmlElement | None = None
        if element.tag in _ASIDE_TAGS or is_named_aside(element):
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

    @cached_property
    def known_places(self) -> frozenset[Signature]:
        """Return the places of this page that carried the body on other pages of its site."""
        if self._is_known is None:
            return frozenset()
        places = {self.signature(index) for index in range(len(self.elements))}
        return frozenset(filter(self._is_known, places))

    def within(self, part: HtmlElement) -> list[int]:
        """Return the blocks that are or lie in a part of the page and hold no other block."""
        inside = set(part.iter(*_BLOCK_TAGS))
        return self.innermost(i for i, element in enumerate(self.elements) if element in inside)

    def innermost(self, indexes: Iterable[int]) -> list[int]:
        """Return those blocks that hold no other one of them, in the order of the page."""
        ordered = sorted(indexes)
        holders = {holder for index in ordered for holder in self.elements[index].iterancestors()}
        return [index for index in ordered if self.elements[index] not in holders]

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


def _running_chars(part: HtmlElement) -> int:
    """Return how many letters stand in a part outside what is plainly something else."""
    chars = len(key_of(part.text or ""))
    for child in part:
        if not (child.tag in _ASIDE_TAGS or is_named_aside(child) or _is_of_links(child)):
            chars += len(key_of(text_of(child)))
        chars += len(key_of(child.tail or ""))
    return chars


def _is_running(element: HtmlElement, part: HtmlElement) -> bool:
    """Tell whether a block stands right in a part, or in a list or quotation there."""
    parent = element.getparent()
    while parent is not None and parent is not part and parent.tag in TEXT_TAGS:
        parent = parent.getparent()
    return parent is part


def spoken(element: HtmlElement) -> str:
    """Return the words of an element, its line breaks as newlines."""
    return "".join(_spoken_parts(element))


def holds_box(element: HtmlElement) -> bool:
    """Tell whether an element is a paragraph around a box, which HTML does not allow."""
    return element.tag == "p" and next(element.iter(*_BOX_TAGS), None) is not None


def _spoken_parts(element: HtmlElement) -> Iterator[str]:
    """Yield words and line breaks, those of boxes left out that a paragraph cannot hold."""
    boxes = [box for box in element.iter(*_BOX_TAGS) if box is not element and _is_of_links(box)]
    inside = {node for box in boxes for node in box.iter()}
    for node in _WORDS(element):
        holder, is_text = node.getparent(), isinstance(node, str)
        if inside and holder in inside and not (is_text and holder in boxes and node.is_tail):
            continue
        yield _LINE_ENDS.sub(" ", node) if is_text else "\n"


def poured_text(tree: HtmlElement) -> str:
    """Return all that a page says outside its asides, lines ending where a browser ends them."""
    body = tree.find("body")
    return "" if body is None else "".join(_poured_parts(body))


def _poured_parts(element: HtmlElement) -> Iterator[str]:
    end = "" if element.tag in _INLINE else "\n"
    yield end
    yield _on_one_line(element.text, element)
    for child in element:
        if not _serves(child):
            yield from _poured_parts(child)
        yield _on_one_line(child.tail, element)
    yield end


def _on_one_line(text: str | None, holder: HtmlElement) -> str:
    return _LINE_ENDS.sub(" ", text or "") if holder.tag != "pre" else text or ""


def _serves(part: HtmlElement) -> bool:
    """Tell whether a part is something else than the article, or a list of links."""
    if part.tag in _ASIDE_TAGS or is_named_aside(part):
        return True
    if part.tag in _LISTED:
        return _is_of_links(part)
    return part.tag not in _INLINE and _is_of_links(part, 0.85) and _is_leaf(part)


def _is_leaf(part: HtmlElement) -> bool:
    """Tell whether a part holds no block."""
    return next(part.iter(*_BLOCK_TAGS), None) is None


def _is_of_links(part: HtmlElement, share: float = 0.6) -> bool:
    """Tell whether more than a share of a part's words are links to other pages."""
    linked = sum(_letters_of(link) for link in part.iter("a") if not _is_of_this_page(link))
    return linked > 0 and linked > share * _letters_of(part)


def _are_titles(element: HtmlElement) -> bool:
    """Tell whether a paragraph is lines that are each one link to another page, and a label."""
    titles = [link for link in element.iter("a") if not _is_of_this_page(link)]
    linked = sum(map(_letters_of, titles))
    labels = sum(len("".join(label.split())) for label in _LABEL.findall(text_of(element)))
    return len(titles) > 1 and linked > 0.9 * (_letters_of(element) - labels)


def _is_of_this_page(link: HtmlElement) -> bool:
    return (link.get("href") or "").startswith(("mailto:", "#"))


def _letters_of(element: HtmlElement) -> int:
    """Return how much an element says; the indentation of its source is nothing said."""
    return len("".join(text_of(element).split()))


def is_named_aside(element: HtmlElement) -> bool:
    """Tell whether a site names a part as something else than the article."""
    return _names_aside(f"{element.get('class') or ''} {element.get('id') or ''}"[:_MAX_NAMES])


@lru_cache(maxsize=4096)
def _names_aside(names: str) -> bool:
    return len(names) > 1 and _ASIDE_NAMES.search(CAMEL.sub("-", names)) is not None
