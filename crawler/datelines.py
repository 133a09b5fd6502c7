"""The dates a page prints beside its headline, for a page that declares none.

It never looks into scripts, footers, sidebars, lists of other articles or running text.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from urllib.parse import urlsplit

import msgspec
from lxml.html import HtmlElement

from crawler.declared import Declared, is_beside
from model.fold import fold

_YEAR = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}\.\d{1,2}\.\d\d\b|\d年")
_PUBLISHED = (
    r"publi[ée]|published|posted|released|mis en ligne|veröffentlicht|erstellt|publicado|pubblicato"
    r"|gepubliceerd|publisert|opublikowano"
)
_CHANGED = (
    r"mise?s? à jour|modifi|updated|edited|dernière|aktualisiert|zuletzt|actualizad|aggiornat"
    r"|bijgewerkt|oppdatert"
)
_KINDS = re.compile(rf"(?=\b(?:{_PUBLISHED}|{_CHANGED}))", re.I)
_SAYS_PUBLISHED = re.compile(rf"(?:{_PUBLISHED})", re.I)
_SAYS_CHANGED = re.compile(rf"(?:{_CHANGED})", re.I)
_RIGHTS = re.compile(r"©|\(c\)|copyright|rights reserved|droits réservés", re.I)
_SENTENCE = re.compile(r"\w{3}[.!?…]$")
_URL_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)([/-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_TITLE_PARTS = re.compile(r"\s[|–—-]\s|,\s|[()]")
_TAGS = frozenset(
    "p div span li td th small em i b strong address dd dt time abbr a font center header h2 h3 h4"
    " h5 h6".split()
)
_BEFORE, _AFTER = 40, 80
"""How many elements before and after the headline can hold its date line."""
_MAX_LEADS = 2
_HEADINGS = ("h1", "h2", "h3", "h4")
_MAX_HEADINGS = 200
_MIN_CHARS = 10
_MAX_CHARS = 160
_MAX_WRITTEN = 2000
"""How many characters a short line can take in the page, with the blanks that indent it."""
_MAX_BARE_CHARS = 80


class Dateline(msgspec.Struct, frozen=True):
    """A line that holds a date; `is_said` tells that it calls it the publication."""

    text: str
    is_said: bool


def find_datelines(tree: HtmlElement, declared: Declared) -> list[Dateline]:
    """Return the lines about a date beside the headline: what says it is published goes first.

    Once the text has begun, only a line that says so counts.
    """
    headline = _headline(tree, declared)
    if headline is None:
        return []
    elements = list(tree.iter())
    place = elements.index(headline)
    before, after = elements[max(0, place - _BEFORE) : place], elements[place + 1 :][:_AFTER]
    start = _start_of_text(after)
    lines = list(chain.from_iterable(map(_lines, (*after[:start], *reversed(before)))))
    lines += [line for line in chain.from_iterable(map(_lines, after[start:])) if line.is_said]
    return sorted(lines, key=lambda line: not line.is_said)


def _start_of_text(elements: Sequence[HtmlElement]) -> int:
    """Return the place after which paragraphs run: a headline has few sentences below it."""
    ends = (
        place
        for place, element in enumerate(elements)
        if element.tag == "p" and (not (text := _short_text(element)) or _SENTENCE.search(text))
    )
    return next(islice(ends, _MAX_LEADS, None), len(elements))


def _headline(tree: HtmlElement, declared: Declared) -> HtmlElement | None:
    """Return the heading that says what the page is called, else its first main heading."""
    names = [fold(name) for name in (declared.meta("og:title"), declared.title) if name]
    headings = islice(chain.from_iterable(tree.iter(tag) for tag in _HEADINGS), _MAX_HEADINGS)
    for heading in headings:
        words = fold(_short_text(heading))
        if len(words) >= _MIN_CHARS and any(words in name or name in words for name in names):
            return heading
    return next((heading for heading in tree.iter("h1") if _short_text(heading)), None)


def _lines(element: HtmlElement) -> Iterator[Dateline]:
    if element.tag not in _TAGS:
        return
    text = _short_text(element)
    if not _YEAR.search(text) or _RIGHTS.search(text) or is_beside(element):
        return
    for part in _KINDS.split(text):
        if not _YEAR.search(part) or _SAYS_CHANGED.match(part):
            continue
        if _SAYS_PUBLISHED.match(part):
            yield Dateline(part, is_said=True)
        elif len(part) <= _MAX_BARE_CHARS and not _SENTENCE.search(part):
            yield Dateline(part, is_said=False)


def _short_text(element: HtmlElement) -> str:
    """Return the words of an element as one line, nothing when they are many."""
    texts: list[str] = []
    written = 0
    for text in element.itertext():
        texts.append(text)
        written += len(text)
        if written > _MAX_WRITTEN:
            return ""
    line = " ".join("".join(texts).split())
    return line if len(line) <= _MAX_CHARS else ""


def day_in_url(url: str) -> str | None:
    """Return the day that an address holds, as in `/2024/04/25/`."""
    found = _URL_DAY.search(urlsplit(url).path)
    return "-".join(found.group(1, 3, 4)) if found else None


def title_ends(title: str) -> list[str]:
    """Return the parts a site adds to its page title, the last first."""
    parts = [part.strip() for part in _TITLE_PARTS.split(title)[1:]]
    return [part for part in reversed(parts) if part and len(part) <= 40]
