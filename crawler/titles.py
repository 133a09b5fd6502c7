"""The title of a page as its site prints it.

It never keeps a site's name or section, and never invents a title from the address.
"""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from crawler.declared import Declared
from model.fold import fold
from model.source import Entry

_SPACES = re.compile(r"\s+")
_SUFFIX = re.compile(r"\s+[|·•»–—-]\s+|\s*[|]\s*|,\s+(?=[^,]+$)|\s+[:]{2}\s+")
_GENERIC = frozenset(
    "home|accueil|log in|login|sign in|menu|se connecter|connexion|search|article|news|"
    "untitled|sans titre|homepage|startseite".split("|")
)
_MAX_CHARS = 300


def choose_title(declared: Declared, entry: Entry | None, site_names: Sequence[str]) -> str:
    """Return the headline most declarations agree on, without what the site adds to it."""
    candidates = [
        (name, _without_site(_clean(title), site_names), weight)
        for name, title, weight in _candidates(declared, entry)
    ]
    usable = [(n, title, w) for n, title, w in candidates if title and fold(title) not in _GENERIC]
    if not usable:
        return next((title for _, title, _ in candidates if title), "")
    usable = [(n, _trimmed_to(title, usable), w) for n, title, w in usable]
    votes: Counter[str] = Counter()
    for _, title, weight in usable:
        votes[_key(title)] += weight
    best = max(votes.values())
    return next(title for _, title, _ in usable if votes[_key(title)] == best)


def _candidates(declared: Declared, entry: Entry | None) -> Iterator[tuple[str, str, int]]:
    """Yield each statement of the headline with its weight, the most trusted first."""
    headline = declared.article.get("headline") or declared.article.get("name") or ""
    headings = declared.headings
    yield "og", declared.meta("og:title"), 6
    yield "json-ld", headline if isinstance(headline, str) else "", 3
    yield "h1", headings[0] if len(headings) == 1 else "", 1
    yield "meta", declared.meta("twitter:title", "dc.title", "citation_title", "parsely-title"), 1
    yield "title", declared.title, 1
    yield "feed", entry.title if entry else "", 2
    yield "h1", headings[0] if len(headings) > 1 else "", 1


def _clean(title: str) -> str:
    text = html.unescape(html.unescape(title)) if "&" in title else title
    text = re.sub(r"<[^>]{1,40}>", "", text).replace("\u00ad", "")
    return _SPACES.sub(" ", text).strip()[:_MAX_CHARS]


def _key(title: str) -> str:
    return re.sub(r"\W+", " ", fold(title.replace("’", "'"))).strip()


def _without_site(title: str, site_names: Iterable[str]) -> str:
    """Cut the parts at the end that name the site, and those after them."""
    keys = [key for name in site_names if (key := re.sub(r"\W", "", fold(name)))]
    for separator in _SUFFIX.finditer(title):
        rest = re.sub(r"\W", "", fold(title[separator.end() :]))
        if rest and any(rest.startswith(key) for key in keys):
            return title[: separator.start()].strip() or title
    return title


def _trimmed_to(title: str, others: Iterable[tuple[str, str, int]]) -> str:
    """Return the longest other candidate that `title` only adds a section or date to."""
    shorter = [
        other
        for _, other, _ in others
        if len(other) < len(title)
        and title.startswith(other)
        and _SUFFIX.match(title, len(other))
        and len(other) > 15
    ]
    return max(shorter, key=len, default=title)
