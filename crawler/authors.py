"""Who signs a page: names of people (or agencies), cleaned of everything around them.

It never keeps roles, addresses or the site's own name.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Any

from lxml.etree import XPath
from lxml.html import HtmlElement

from crawler.declared import Declared
from model.fold import fold
from model.source import Entry

_METAS = (
    "author", "article:author", "article:author_name", "og:author", "og:article:author",
    "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "dc.creator.name",
    "citation_author", "cxenseparse:author", "byline", "authors", "creator",
    "article.author", "twitter:data1:author",
)  # fmt: skip
_NOT_RELATED = (
    "[not(ancestor-or-self::aside or ancestor-or-self::footer or ancestor-or-self::*["
    "contains(@class,'omment') or contains(@class,'elated') or contains(@class,'easer')])]"
)
_BYLINES = tuple(
    XPath(f"//body//*[{condition}]{_NOT_RELATED}")
    for condition in (
        "@rel='author' or @itemprop='author' or contains(@class,'uthor') and contains(@class,'ame')"
        " or contains(@data-testid,'AuthorURL')",
        "(self::a or self::span or self::p or self::li or self::div or self::address)"
        " and (contains(@class,'yline') or contains(@class,'uthor')"
        " or contains(@class,'ignature'))",
        "self::a[contains(@href,'/auteur') or contains(@href,'/author') or contains(@href,'/autor')"
        " or contains(@href,'/journaliste') or contains(@href,'/profil')]",
    )
)
_BELOW_HEADING = XPath(
    "(//h1)[1]/following::*[self::p or self::div or self::span or self::address][position() <= 8]"
)
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\bpubli", re.I)
_PREFIX = re.compile(
    r"^(?:(?:written|posted|reported|reporting|story|text|texte|words|published|propos recueillis"
    r"|recueilli|édité|edited|photos?|fotos?)\s+)?"
    r"(?:by|par|von|por|di|door|av|af|od|przez|text:|texte\s*:|author:|auteur\s*:)\s*:?\s+",
    re.I,
)
_SPLIT = re.compile(
    r"\s*(?:[;|\n•·/]|,(?!\s*(?:jr|sr)\b)|\s(?:and|et|und|y|e|og|och|en|with|avec|mit|&)\s)\s*",
    re.I,
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
_PARTICLES = frozenset(
    "de du des da dos la le van von der den di el al bin ben ten ter zu af y d".split()
)
_CREDENTIALS = re.compile(
    r"\((?:[^)]{0,60})\)|\[[^\]]{0,60}\]|@\w+|\S+@\S+|https?://\S+|\d{1,2}:\d\d.*$"
)
_MAX_AUTHORS = 12
_MAX_VALUE_CHARS = 1000
_MAX_BYLINES = 4


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
    signed = dict.fromkeys(declared.microdata.get("author", ()))
    yield list(signed)[: len(signed) if len(signed) <= _MAX_BYLINES else 1]
    yield list(entry.authors) if entry else []
    for query in _BYLINES:
        yield _bylines(query(tree))
    yield _signed(_bylines(_BELOW_HEADING(tree)))


def _json_names(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for item in value[:50]:
                yield from _json_names(item)
        case {"name": name}:
            yield from _json_names(name)
        case {"familyName": str(family)}:
            given = value.get("givenName")
            yield f"{given} {family}" if isinstance(given, str) else family
        case _:
            return


def _bylines(elements: Sequence[HtmlElement]) -> list[str]:
    """Return the words of the first bylines; many of them are those of a list of articles."""
    texts = [" ".join(" ".join(element.itertext()).split()) for element in elements[:8]]
    texts = [text for text in texts if 4 < len(text) < 150]
    return texts if len(set(texts)) <= _MAX_BYLINES else texts[:1]


def _signed(texts: Iterable[str]) -> list[str]:
    """Return what follows `By` below the heading, or shares a line with the date."""
    for text in texts:
        if _PREFIX.match(text):
            return [text]
        parts = [part.strip() for part in re.split(r"[|·•]", text)]
        if len(parts) > 1 and any(_DATED.search(part) for part in parts):
            return [part for part in parts if clean_name(part) and not _DATED.search(part)]
    return []


def clean_authors(values: Iterable[str], site_names: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the names in `values`, each once, in order."""
    own = {key for name in site_names if (key := _key(name))}
    names: dict[str, str] = {}
    for value in values:
        for part in _parts(value):
            name = clean_name(part)
            if name and not _is_own(name, own) and len(names) < _MAX_AUTHORS:
                names.setdefault(_key(name), name)
    return tuple(names.values())


def _is_own(name: str, own: Set[str]) -> bool:
    """Tell whether a name is the site's, alone or before one of its desks (`MDR Thüringen`)."""
    return _key(name) in own or _key(name.split()[0]) in own


def _key(name: str) -> str:
    return re.sub(r"\W", "", fold(name))


def _parts(value: str) -> list[str]:
    value = value[:_MAX_VALUE_CHARS]
    text = html.unescape(value) if "&" in value else value
    text = re.sub(r"\s+", " ", _CREDENTIALS.sub(" ", text.replace("\n", ";"))).strip(" .,;:-–—")
    return _SPLIT.split(_PREFIX.sub("", text))


def clean_name(text: str) -> str | None:
    """Return the name of a person or agency that `text` consists of, None when it is neither."""
    name = _PREFIX.sub("", text.strip(' .,;:-–—"“”*')).strip()
    if agency := _AGENCIES.get(fold(name)):
        return agency
    words = name.split()
    if not 2 <= len(words) <= 5 or len(name) > 60 or _ROLE.search(name):
        return None
    if not all(_NAME_WORD.match(word) for word in words):
        return None
    if not all(
        word[0].isupper() or word.lower() in _PARTICLES or not word[0].islower() for word in words
    ):
        return None
    return name.title() if name.isupper() and len(name) > 6 else name
