"""The page as a tree: what is parsed, and what of it is shown.

It never fetches, and it never reads what the tree says.
"""

import re

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from model.errors import ExtractError

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
_NEVER_SHOWN = ("script", "style", "template", "svg", "iframe", "canvas", "select")
# lxml.html asks a Python function for the class of every element it hands out: a tenth of the time
_ELEMENTS = etree.ElementDefaultClassLookup(element=HtmlElement)
_MAX_TAG = 8000
_OPEN_TAG = re.compile(rb"<[A-Za-z][^<>]{%d}" % _MAX_TAG)
_LONG_TAG = re.compile(rb"<([A-Za-z][\w:-]{0,40})[^<>]{%d,}>" % _MAX_TAG)
_MAX_ATTRIBUTES = 1000


def parse_tree(text: str, url: str) -> HtmlElement:
    """Return the parsed page; raises ExtractError when there is nothing to parse."""
    encoded = _XML_DECLARATION.sub("", text).encode("utf-8", "replace")
    cleaned = encoded.translate(None, _CONTROLS)
    if _OPEN_TAG.search(cleaned):
        cleaned = _LONG_TAG.sub(_bounded_tag, cleaned)
    parser = HTMLParser(
        encoding="utf-8",
        collect_ids=False,
        default_doctype=False,
        remove_comments=True,
        remove_pis=True,
    )
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        return document_fromstring(cleaned, parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise ExtractError(url, "the page is empty or cannot be parsed") from error


def _bounded_tag(tag: re.Match[bytes]) -> bytes:
    """Return a tag without its attributes when it has thousands: parsing them is quadratic."""
    is_hostile = tag[0].count(b"=") + tag[0].count(b" ") > _MAX_ATTRIBUTES
    return b"<%b>" % tag[1] if is_hostile else tag[0]


def strip_code(tree: HtmlElement) -> HtmlElement:
    """Take out of the tree what is never shown, once the declarations in it are read."""
    etree.strip_elements(tree, *_NEVER_SHOWN, with_tail=False)
    return tree


def shown_text(tree: HtmlElement) -> str:
    """Return the words that a page shows, as far as a wall needs them."""
    parts = tree.xpath(
        "//body//text()[not(ancestor::script or ancestor::style or ancestor::noscript)]"
    )
    return " ".join(part.strip() for part in parts[:2000] if part.strip())
