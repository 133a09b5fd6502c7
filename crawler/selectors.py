"""CSS selectors: whether one can be read, what it chooses, and what a source's own choose.

A source's selector that chooses nothing leaves the choice to the general way and is named as
missed. Nothing here decides what is done with what is chosen.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import msgspec
from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from crawler.body_lines import shown_text
from model.source import Selectors

Elements = tuple[HtmlElement, ...]
_VALUES = ("datetime", "content")


def selector_fault(selector: str) -> str | None:
    """Return what is wrong with a selector, None when it can be read or is empty."""
    if not selector:
        return None
    try:
        _compiled(selector)
    except ValueError as error:
        return str(error)
    return None


def choose(page: HtmlElement, selector: str) -> Elements:
    """Return the elements that a selector chooses, outermost ones only, in their order.

    Raises ValueError with a sentence when the selector cannot be read.
    """
    return _outermost(_compiled(selector)(page))


@lru_cache(maxsize=1024)
def _compiled(css: str) -> CSSSelector:
    """Return the compiled selector.

    Raises ValueError with a sentence when it cannot be read.
    """
    try:
        return CSSSelector(css, translator="html")
    except (SelectorError, ValueError, RecursionError, etree.XPathError) as error:
        raise ValueError(f"`{css}` is no CSS selector that can be read ({error})") from error


def _outermost(elements: Sequence[HtmlElement]) -> Elements:
    """Return the elements that lie in no other one of them."""
    chosen = set(elements)
    return tuple(element for element in elements if chosen.isdisjoint(element.iterancestors()))


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
        name: _found(tree, css) for name, css in msgspec.structs.asdict(selectors).items() if css
    }
    for element in found.get("remove", ()):
        if element.getparent() is not None:
            element.drop_tree()
    title, authors = next(_texts(found, "title"), ""), tuple(_texts(found, "authors"))
    said = [one for one in found.get("body", ()) if one.text_content().strip()]
    body, published = _outermost(said), next(_values(found, "published"), "")
    chosen = {"title": title, "body": body, "authors": authors, "published": published}
    return Selected(
        title=title,
        body=body,
        authors=authors,
        published=published,
        missed=tuple(name for name in found if not chosen.get(name, found[name])),
    )


def _found(tree: HtmlElement, css: str) -> Elements:
    """Return all that a selector chooses; nothing when it cannot be read."""
    return () if selector_fault(css) else tuple(_compiled(css)(tree))


def _texts(found: Mapping[str, Elements], name: str) -> Iterator[str]:
    for element in found.get(name, ()):
        if text := shown_text("".join(element.itertext())):
            yield text


def _values(found: Mapping[str, Elements], name: str) -> Iterator[str]:
    for element in found.get(name, ()):
        attribute = next(filter(None, map(element.get, _VALUES)), "")
        if value := attribute or shown_text("".join(element.itertext())):
            yield value
