"""What the selectors of a source choose on a page, in the place of what `crawler` would choose.

A selector that chooses nothing leaves the choice to the general way and is named as missed.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import msgspec
from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from crawler.lines import shown_text
from model.source import Selectors

Elements = tuple[HtmlElement, ...]
_VALUES = ("datetime", "content")


class Selected(msgspec.Struct, frozen=True, kw_only=True):
    """What was chosen, empty where nothing was; `missed` names the selectors that chose nothing."""

    title: str = ""
    body: Elements = ()
    authors: tuple[str, ...] = ()
    published: str = ""
    missed: tuple[str, ...] = ()

    def missed_with(self, published: object, authors: Sequence[str]) -> tuple[str, ...]:
        """Return what was missed, with what was chosen but held no time and no name."""
        unread = [
            name
            for name, chosen, made in (
                ("authors", self.authors, authors),
                ("published", self.published, published),
            )
            if chosen and not made
        ]
        return (*self.missed, *unread)


NOTHING = Selected()


def select(tree: HtmlElement, selectors: Selectors) -> Selected:
    """Take out of the tree what is no part of the article, and return what is chosen on it."""
    found = {
        name: _choose(tree, css) for name, css in msgspec.structs.asdict(selectors).items() if css
    }
    for element in found.get("remove", ()):
        if element.getparent() is not None:
            element.drop_tree()
    title, authors = next(_texts(found, "title"), ""), tuple(_texts(found, "authors"))
    body, published = _outermost(found.get("body", ())), next(_values(found, "published"), "")
    chosen = {"title": title, "body": body, "authors": authors, "published": published}
    return Selected(
        title=title,
        body=body,
        authors=authors,
        published=published,
        missed=tuple(name for name in found if not chosen.get(name, found[name])),
    )


def _choose(tree: HtmlElement, css: str) -> Elements:
    selector = _compiled(css)
    return tuple(selector(tree)) if selector else ()


@lru_cache(maxsize=1024)
def _compiled(css: str) -> CSSSelector | None:
    """Return the compiled selector; None for what is no CSS, which chooses nothing."""
    try:
        return CSSSelector(css, translator="html")
    except (SelectorError, ValueError, RecursionError, etree.XPathError):
        return None


def _texts(found: Mapping[str, Elements], name: str) -> Iterator[str]:
    for element in found.get(name, ()):
        if text := shown_text("".join(element.itertext())):
            yield text


def _values(found: Mapping[str, Elements], name: str) -> Iterator[str]:
    for element in found.get(name, ()):
        attribute = next(filter(None, map(element.get, _VALUES)), "")
        if value := attribute or shown_text("".join(element.itertext())):
            yield value


def _outermost(elements: Elements) -> Elements:
    """Return the elements that show something and lie in no other one of them."""
    chosen = set(elements)
    return tuple(
        element
        for element in elements
        if chosen.isdisjoint(element.iterancestors()) and element.text_content().strip()
    )
