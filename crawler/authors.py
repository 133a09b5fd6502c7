"""Who signs a page: names of people and agencies, cleaned of everything around them.

It never keeps a role or an address, and never the site's own name beside somebody else's.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain
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
    "article.author", "articleauthor", "twitter:data1:author", "twitter:misc:written by",
)  # fmt: skip
_LABELLED = tuple((f"twitter:label{n}", f"twitter:data{n}") for n in (1, 2))
_WRITTEN_BY = re.compile(r"(?:written|écrit|verfasst|geschrieben|escrito|scritto)\b", re.I)
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
    r"\s*(?:[;|\n•·/]|,(?!\s*(?:jr|sr)\b)|(?<=[^\W\d_]{3})\.\s|\s[-–—]\s"
    r"|(?<!\bthe)\s(?=associated\spress$|agence\sfrance.presse$)"
    r"|\s(?:and|et|und|y|e|og|och|en|with|avec|mit|&)\s)\s*",
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
_ELIDED = re.compile(r"[dl]['’]\w")
_CREDENTIALS = re.compile(
    r"\((?:[^)]{0,60})\)|\[[^\]]{0,60}\]|@\w+|\S+@\S+|https?://\S+|\d{1,2}:\d\d.*$"
    r"|\b(?i:publi[ée]e?|published|posted|updated|mis à jour)\b.*$"
)
_REPEATED = re.compile(r"^(.{5,60}?)(?:\s+\1)+$")
_SHORTENED = re.compile(r"\s(?:[^\W\d_]|[JS]r)$")
_SOURCED = re.compile(r"(?:quelle|source|fuente|fonte|bron|källa|kilde)n?s?\s*:", re.I)
_NEWSROOM = re.compile(r"(?:(?:la|the|die)\s+)?(?:r[ée]daction|redaktion|newsroom)\b", re.I)
_UNSIGNED = re.compile(
    r"(?:\w*admin(?:istrat(?:or|eur))?|web\s?master|editor|author|auteur|autor|guest|user|root|test"
    r"|anonymous|anonyme|none|null|undefined|unknown|n/?a)\d*$|\S+@\S+|\S*://|.*\bwww\."
    r"|(?:microsoft office|windows|utilisateur)\b",
    re.I,
)
_LETTER = re.compile(r"[^\W\d_]")
_MAX_NAME_CHARS = 60
_MAX_AUTHORS = 12
_MAX_VALUE_CHARS = 1000
_MAX_BYLINES = 4


def choose_authors(
    tree: HtmlElement, declared: Declared, entry: Entry | None, site_names: Sequence[str]
) -> tuple[str, ...]:
    """Return the signatures of the page, from the first place that names somebody.

    A newsroom that signs as such (`Le Courrier et AFP`) is named when nobody else is.
    """
    signed = list(_json_names(declared.article.get("author")))
    if names := clean_authors(signed, site_names):
        return _with_desks(names, signed, site_names) if len(signed) > 1 else names
    for values in _places(tree, declared, entry):
        if names := clean_authors(values, site_names):
            return names
    return newsrooms(
        signed
        or declared.metas.get("author")
        or declared.microdata.get("author")
        or (entry.authors if entry else ())
    )


def _places(tree: HtmlElement, declared: Declared, entry: Entry | None) -> Iterator[list[str]]:
    yield list(_json_names(declared.article.get("creator")))
    for name in _METAS:
        yield [value for value in declared.metas.get(name, ()) if "://" not in value]
    for label, data in _LABELLED:
        if _WRITTEN_BY.match(declared.meta(label)):
            yield [declared.meta(data)]
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


def _with_desks(
    names: Sequence[str], signed: Iterable[str], site_names: Sequence[str]
) -> tuple[str, ...]:
    """Return the names with the agencies and desks that a list of authors puts beside them."""
    own = _own_keys(site_names)
    all_names: dict[str, str] = {}
    for value in signed:
        found = clean_authors([value], site_names) or newsrooms([value])
        all_names |= {_key(name): name for name in found if not _is_own(name, own)}
    return tuple(all_names.values()) or tuple(names)


def newsrooms(values: Iterable[str]) -> tuple[str, ...]:
    """Return what signs a page as its JSON-LD or its meta element has it, when it is a name."""
    names: dict[str, str] = {}
    for value in chain.from_iterable(re.split(r"[;|\n]", value) for value in values):
        name = _PREFIX.sub("", _flat(value)).strip(" .,;:-–—")
        if 1 < len(name) <= _MAX_NAME_CHARS and _LETTER.search(name) and not _is_unsigned(name):
            names.setdefault(_key(name), name)
    return tuple(names.values())[:_MAX_AUTHORS]


def _is_unsigned(name: str) -> bool:
    return bool(_UNSIGNED.match(name) or _DATED.search(name))


def _flat(value: str) -> str:
    """Return the start of a value as one line without markup's entities."""
    text = value[:_MAX_VALUE_CHARS]
    return " ".join((html.unescape(text) if "&" in text else text).split())


def _bylines(elements: Sequence[HtmlElement]) -> list[str]:
    """Return the words of the first bylines; many of them are those of a list of articles."""
    texts = _byline_words(elements[:8])
    if len(set(texts)) <= _MAX_BYLINES:
        return texts
    return _byline_words(element for element in elements[:8] if elements[0] in _line_of(element))


def _byline_words(elements: Iterable[HtmlElement]) -> list[str]:
    texts = [" ".join(" ".join(element.itertext()).split()) for element in elements]
    return [text for text in texts if 4 < len(text) < 150 and not _SOURCED.match(text)]


def _line_of(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    yield from element.iterancestors()


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
    own = _own_keys(site_names)
    names: dict[str, str] = {}
    for value in values:
        for name in _names_in(value, own):
            names.setdefault(_key(name), name)
    return tuple(names.values())[:_MAX_AUTHORS]


def _names_in(value: str, own: Set[str]) -> list[str]:
    """Return the names one value joins; a newsroom with its agencies signs as one."""
    parts = _parts(value)
    cleaned = [name for part in parts if (name := clean_name(_without_own(part, own)))]
    others = [name for name in cleaned if not _is_own(name, own)]
    with_agencies = others and all(fold(name) in _AGENCIES for name in others)
    if with_agencies and any(_is_own(part, own) or _NEWSROOM.match(part) for part in parts):
        return [_PREFIX.sub("", _flat(value)).strip(" .,;:-–—")]
    return others


def _without_own(name: str, own: Set[str]) -> str:
    """Cut the site's name where it follows somebody's (`Jane Doe Le Courrier`)."""
    words = name.split()
    ends = (place for place in range(2, len(words)) if _key("".join(words[place:])) in own)
    return " ".join(words[: next(ends, len(words))])


def _own_keys(site_names: Iterable[str]) -> set[str]:
    return {key for name in site_names if (key := _key(name))}


def _is_own(name: str, own: Set[str]) -> bool:
    """Tell whether a name is the site's, alone or before one of its desks (`MDR Thüringen`)."""
    return bool(name) and (_key(name) in own or _key(name.split()[0]) in own)


def _key(name: str) -> str:
    return re.sub(r"\W", "", fold(name))


def _parts(value: str) -> list[str]:
    value = value[:_MAX_VALUE_CHARS]
    text = html.unescape(value) if "&" in value else value
    text = _bare(re.sub(r"\s+", " ", _CREDENTIALS.sub(" ", text.replace("\n", ";"))))
    return _SPLIT.split(_REPEATED.sub(r"\1", _PREFIX.sub("", text)))


def _bare(text: str) -> str:
    """Return a text without the marks around it; the point of an initial stays."""
    bare = text.strip(' .,;:-–—"“”*')
    return f"{bare}." if _SHORTENED.search(bare) and f"{bare}." in text else bare


def clean_name(text: str) -> str | None:
    """Return the name of a person or agency that `text` consists of, None when it is neither."""
    name = _PREFIX.sub("", _bare(text)).strip()
    if agency := _AGENCIES.get(fold(name)):
        return agency
    words = name.split()
    if not 2 <= len(words) <= 5 or len(name) > _MAX_NAME_CHARS:
        return None
    if _ROLE.search(name) or _UNSIGNED.match(name):
        return None
    if not all(_NAME_WORD.match(word) for word in words):
        return None
    if not all(
        not word[0].islower() or word.lower() in _PARTICLES or _ELIDED.match(word) for word in words
    ):
        return None
    return name.title() if name.isupper() and len(name) > 6 else name
