"""CSS selectors: whether one can be read, and what it chooses on a page.

Nothing here decides what is done with what is chosen.
"""

from cssselect import HTMLTranslator, SelectorError
from lxml import etree, html


def selector_fault(selector: str) -> str | None:
    """Return what is wrong with a selector, None when it can be read or is empty."""
    if not selector:
        return None
    try:
        HTMLTranslator().css_to_xpath(selector)
    except (SelectorError, ValueError, RecursionError) as error:
        return f"`{selector}` is no CSS selector that can be read ({error})"
    return None


def choose(page: html.HtmlElement, selector: str) -> list[html.HtmlElement]:
    """Return the elements that a selector chooses, outermost ones only, in their order.

    Raises ValueError with a sentence when the selector cannot be read.
    """
    fault = selector_fault(selector)
    if fault is not None:
        raise ValueError(fault)
    try:
        found = etree.XPath(HTMLTranslator().css_to_xpath(selector))(page)
    except etree.XPathError as error:
        raise ValueError(f"`{selector}` cannot be looked for ({error})") from error
    chosen = [one for one in found if isinstance(one, html.HtmlElement)]
    inside = set(chosen)
    return [one for one in chosen if not any(above in inside for above in one.iterancestors())]
