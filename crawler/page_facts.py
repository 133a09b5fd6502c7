"""What a page declares about itself beside its text, as a `Reading` has it.

It never judges the text, the title, the dates or the signatures.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from crawler.addresses import canonical_or_same, canonical_url, site_of
from crawler.declared import Declared
from model.article import Access
from model.errors import CrawlError
from model.source import Entry

_LANG = re.compile(r"[a-z]{2,3}")


def language_of(declared: Declared, entry: Entry | None) -> str | None:
    """Return the language that a page declares, or its feed."""
    node = declared.article.get("inLanguage")
    named = node.get("alternateName") if isinstance(node, dict) else node
    for value in (
        declared.lang,
        named,
        declared.meta("og:locale", "content-language", "language"),
        entry.lang if entry else None,
    ):
        if isinstance(value, str) and (found := _LANG.match(value.strip().lower())):
            return found[0][:2]
    return None


def names_of_site(declared: Declared, url: str) -> tuple[str, ...]:
    """Return what a site calls itself, its host last."""
    host = site_of(url)
    publisher = declared.article.get("publisher")
    names = [
        declared.meta("og:site_name"),
        _name_of(publisher),
        declared.meta("application-name", "apple-mobile-web-app-title", "twitter:site").lstrip("@"),
        host,
        host.rsplit(".", 1)[0],
        host.split(".")[-2] if host.count(".") else "",
    ]
    return tuple(dict.fromkeys(name.strip() for name in names if name and len(name) > 1))


def _name_of(node: Any) -> str:
    if isinstance(node, list):
        return _name_of(node[0]) if node else ""
    if isinstance(node, Mapping):
        node = node.get("name")
    return node if isinstance(node, str) else ""


def own_address(declared: Declared) -> str | None:
    """Return the web address a page without one declares."""
    for value in (declared.links.get("canonical"), declared.meta("og:url")):
        if value and urlsplit(value.strip()).scheme in {"http", "https"}:
            return value.strip()
    return None


def canonical_of(declared: Declared, url: str) -> str:
    """Return the address the page declares when it lies on the same site, else its own."""
    for value in (declared.links.get("canonical"), declared.meta("og:url")):
        if not value:
            continue
        try:
            address = canonical_url(urljoin(url, value.strip()))
        except (CrawlError, ValueError):
            continue
        if site_of(address) == site_of(url) and urlsplit(address).path.strip("/"):
            return address
    return canonical_or_same(url)


def summaries_of(declared: Declared) -> tuple[str, ...]:
    """Return all that a page declares to sum it up."""
    names = ("og:description", "description", "twitter:description")
    described = (declared.article.get(key) for key in ("description", "alternativeHeadline"))
    texts = (*described, *(declared.meta(name) for name in names))
    return tuple(text for text in texts if isinstance(text, str) and text)


def summary_of(declared: Declared, entry: Entry | None) -> str:
    """Return the sentence that sums a page up, its own before its feed's."""
    declared_summary = declared.meta("og:description", "description", "twitter:description")
    return (declared_summary or (entry.summary if entry else ""))[:2000]


def access_of(declared: Declared, *, is_cut: bool) -> Access:
    """Return how much of the text everybody is given; a cut outweighs what is declared."""
    if is_cut:
        return Access.TRUNCATED
    parts = declared.article.get("hasPart")
    nodes = [declared.article, declared.webpage, *(parts if isinstance(parts, list) else [parts])]
    said = [str(node.get("isAccessibleForFree")) for node in nodes if isinstance(node, Mapping)]
    tier = declared.meta("article:content_tier", "content_tier").lower()
    if "false" in map(str.lower, said) or tier in {"locked", "metered", "premium"}:
        return Access.SUBSCRIBERS
    return Access.FREE
