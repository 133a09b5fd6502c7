"""Who signs a page: names of people (or agencies), cleaned of everything around them.

It never keeps roles, addresses or the site's own name.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lxml.html import HtmlElement

from crawler.declared import Declared
from model.fold import fold
from model.source import Entry

_METAS = (
    "author", "article:author", "article:author_name", "og:author", "og:article:author",
    "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "dc.creator.name",
    "citation_author", "byl", "cxenseparse:author", "byline", "rbauthors", "authors", "creator",
    "article.author", "twitter:data1:author",
)  # fmt: skip
_BYLINE_QUERY = (
    "//*[@rel='author' or contains(@class,'author-name') or contains(@class,'author__name')"
    " or contains(@class,'authorName') or contains(@class,'AuthorName')"
    " or contains(@class,'byline__name') or contains(@class,'byline-name')"
    " or contains(@data-testid,'AuthorURL') or @itemprop='author']"
    "[not(ancestor::aside) and not(ancestor::*[contains(@class,'comment') or contains(@class,'related')])]"
)
_LOOSE_BYLINE_QUERY = (
    "//*[self::p or self::div or self::span or self::address or self::a or self::li]"
    "[@class='byline' or contains(@class,'byline') or contains(@class,'Byline')"
    " or @class='author' or starts-with(@class,'author ') or contains(@class,'signature')"
    " or contains(@class,'article-author') or contains(@class,'article__author')]"
)
_PREFIX = re.compile(
    r"^(?:(?:written|posted|reported|reporting|story|text|texte|words|published|propos recueillis"
    r"|recueilli|édité|edited|photos?|fotos?)\s+)?"
    r"(?:by|par|von|por|di|door|av|af|od|przez|text:|texte\s*:|de la part de|author:|auteur\s*:)\s*:?\s+",
    re.I,
)
_SPLIT = re.compile(
    r"\s*(?:[;|\n•·/]|,(?!\s*(?:jr|sr)\b)|\s(?:and|et|und|y|e|og|och|en|with|avec|mit|&)\s)\s*", re.I
)
_ROLE = re.compile(
    r"\b(?:correspondent|reporter|editor|writer|columnist|journalist|journaliste|correspondante?"
    r"|redakteur(?:in)?|redaktion|rédaction|redaction|rédacteur|rédactrice|chef|staff|team|desk"
    r"|contributor|producer|analyst|bureau|newsroom|service|envoyée?|spécial|special|freelance"
    r"|presenter|author|auteur|autor|reporting|digital|online|photographer|photo|kolumne|news"
    r"|politics|business|sports?|professor|university|for|at|in|to|from|dans|pour|updated|published"
    r"|minutes?|read|follow|email)\b",
    re.I,
)
_AGENCIES = {
    "afp": "AFP", "agence france presse": "AFP", "reuters": "Reuters", "ap": "AP", "dpa": "dpa",
    "associated press": "Associated Press", "the associated press": "The Associated Press",
    "pa media": "PA Media", "belga": "Belga", "ats": "ATS", "efe": "EFE", "ansa": "ANSA",
    "bloomberg": "Bloomberg", "kyodo": "Kyodo", "apa": "APA", "keystone sda": "Keystone-SDA",
}  # fmt: skip
_NAME_WORD = re.compile(r"[^\W\d_][\w.'’‑-]*$")
_PARTICLES = frozenset("de du des da dos la le van von der den di el al bin ben ten ter zu af y d".split())
_CREDENTIALS = re.compile(r"\((?:[^)]{0,60})\)|\[[^\]]{0,60}\]|@\w+|\S+@\S+|https?://\S+|\d{1,2}:\d\d.*$")
_MAX_AUTHORS = 12


def choose_authors(
    tree: HtmlElement, declared: Declared, entry: Entry | None, site_names: Sequence[str]
) -> tuple[str, ...]:
    """Return the signatures of the page, from the first place that holds any."""
    for values in _places(tree, declared, entry):
        if names := clean_authors(values, site_names):
            return names
    return ()


def _places(tree: HtmlElement, declared: Declared, entry: Entry | None) -> Iterator[list[str]]:
    yield list(_json_names(declared.article.get("author")))
    yield list(_json_names(declared.article.get("creator")))
    for name in _METAS:
        yield [value for value in declared.metas.get(name, ()) if "://" not in value]
    yield list(declared.microdata.get("author", ()))
    yield list(entry.authors) if entry else []
    yield _bylines(tree, _BYLINE_QUERY)
    yield _bylines(tree, _LOOSE_BYLINE_QUERY)


def _json_names(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for item in value[:50]:
                yield from _json_names(item)
        case {"name": name}:
            yield from _json_names(name)
        case _:
            return


def _bylines(tree: HtmlElement, query: str) -> list[str]:
    texts = [" ".join(element.itertext()) for element in tree.xpath(query)[:6]]
    return [text for text in (re.sub(r"\s+", " ", text).strip() for text in texts) if len(text) < 150]


def clean_authors(values: Iterable[str], site_names: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the names in `values`, each once, in order."""
    own = {key for name in site_names if (key := _key(name))}
    names: dict[str, str] = {}
    for value in values:
        for part in _parts(value):
            name = clean_name(part)
            if name and _key(name) not in own and len(names) < _MAX_AUTHORS:
                names.setdefault(_key(name), name)
    return tuple(names.values())


def _key(name: str) -> str:
    return re.sub(r"\W", "", fold(name))


def _parts(value: str) -> list[str]:
    text = html.unescape(value) if "&" in value else value
    text = re.sub(r"\s+", " ", _CREDENTIALS.sub(" ", text.replace("\n", ";"))).strip(" .,;:-–—")
    return _SPLIT.split(_PREFIX.sub("", text))


def clean_name(text: str) -> str | None:
    """Return the name of a person or agency that `text` consists of, None when it is neither."""
    name = _PREFIX.sub("", text.strip(" .,;:-–—\"“”*")).strip()
    if agency := _AGENCIES.get(fold(name)):
        return agency
    words = name.split()
    if not 2 <= len(words) <= 5 or len(name) > 60 or _ROLE.search(name):
        return None
    if not all(_NAME_WORD.match(word) for word in words):
        return None
    if not all(word[0].isupper() or word.lower() in _PARTICLES or not word[0].islower() for word in words):
        return None
    return name.title() if name.isupper() and len(name) > 6 else name
