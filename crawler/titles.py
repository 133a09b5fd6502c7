"""The title of a page as its site prints it.

It never keeps a site's name or section, and never invents a title from the address.
"""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import accumulate

import msgspec

from crawler.declared import Declared
from model.fold import fold
from model.source import Entry

# Spaces that French sets before a colon or inside guillemets stay as they are printed.
_BLANKS = re.compile(r"[ \t\r\n\f\v\u0085\u2028\u2029]+")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffc]")
_TAG = re.compile(r"<[^<>]{1,40}>")
_WORDLESS = re.compile(r"\W+")
_SUFFIX = re.compile(r"\s+[|·•»–—-]\s+|\s*[|]\s*|,\s+(?=[^,]+$)|\s+[:]{2}\s+")
_PREFIX_END = re.compile(r"\s+[·•»–—-]\s+|\s*[|]\s*")
_KICKER_END = re.compile(r"\s*[:|]\s+|\s+[–—-]\s+")
_CUT = re.compile(r"\s*(?:…|\.\.\.)$")
_QUOTE = re.compile(r'\s*["“”]')
_GENERIC = frozenset(
    "home|accueil|log in|login|sign in|menu|se connecter|connexion|search|article|news|"
    "untitled|sans titre|homepage|startseite".split("|")
)
_NOT_NAMES = frozenset({"", "www", "com", "co", "org", "net", "gov", "news", "info", "blog"})
_FIRST = 6
"""What `og:title` counts: weights learned on half the publishers do worse on the others."""
_SECOND = 3
"""What it counts when it is a page title (it carries the site's name) or the other headline."""
_MAX_CHARS = 300
_MIN_CHARS = 15
_MAX_NAME_WORDS = 8
_MAX_NAME_CHARS = 40
"""Some pages give their title as the name of the application."""
_JSON_LD_LIMIT = 110
"""What search engines once took of a JSON-LD headline: some sites cut theirs there."""


class _Candidate(msgspec.Struct, frozen=True):
    """One statement of the headline, where it stands and what it counts for."""

    place: str
    title: str
    weight: int


def choose_title(declared: Declared, entry: Entry | None, site_names: Sequence[str]) -> str:
    """Return the headline most declarations agree on, as it is printed, without the site's name."""
    site_names = [name for name in site_names if len(name) <= _MAX_NAME_CHARS]
    candidates = list(_candidates(declared, entry, site_names))
    generic = _GENERIC | {fold(name) for name in site_names}
    usable = [one for one in candidates if fold(one.title) not in generic]
    if not usable:
        return _clean(declared.subheading) or next((one.title for one in candidates), "")
    usable = _trimmed(usable)
    votes: Counter[str] = Counter()
    for one in usable:
        votes[_key(one.title)] += one.weight
    best = max(votes.values())
    chosen = next(one.title for one in usable if votes[_key(one.title)] == best)
    whole = _spelled(_completed(chosen, usable), usable)
    return _without_kicker(whole, [_clean(part) for part in declared.heading_parts])


def _candidates(
    declared: Declared, entry: Entry | None, site_names: Sequence[str]
) -> Iterator[_Candidate]:
    """Yield each statement of the headline without the site's name, the most trusted first."""
    keys = _site_keys(site_names)
    sections = _section_keys(declared)
    for place, written, weight in _statements(declared, entry):
        whole = _clean(written)
        title = _without_section(_without_site(whole, keys), sections)
        if place == "og" and title != whole:
            weight = min(weight, _SECOND)
        if place == "h1" and _begins_with(title, keys):
            weight = 0
        if title:
            yield _Candidate(place, title, weight)


def _statements(declared: Declared, entry: Entry | None) -> Iterator[tuple[str, str, int]]:
    """Yield where the headline is stated, how, and with which weight.

    What `og:title` says counts most, unless JSON-LD calls the same words the other headline.
    """
    headline = _text(declared.article.get("headline") or declared.article.get("name"))
    shared = declared.meta("og:title")
    is_other = bool(shared) and shared == _text(declared.article.get("alternativeHeadline"))
    yield "og", shared, _SECOND if is_other and headline else _FIRST
    yield "json-ld", headline, 3
    headings = declared.headings
    yield "h1", headings[0] if len(headings) == 1 else "", 1
    yield "meta", declared.meta("twitter:title", "dc.title", "citation_title", "parsely-title"), 1
    yield "title", declared.title, 1
    yield "feed", entry.title if entry else "", 2
    for heading in headings[:5] if len(headings) > 1 else ():
        yield "h1", heading, 1


def _site_keys(site_names: Sequence[str]) -> frozenset[str]:
    """Return the names of the site as one word each, and the telling labels of its host."""
    hosts = (name for name in site_names if "." in name and " " not in name)
    labels = (label for host in hosts for label in host.split(".")[:-1] if len(label) > 3)
    return frozenset(_squeezed(name) for name in (*site_names, *labels)) - _NOT_NAMES


def _section_keys(declared: Declared) -> frozenset[str]:
    """Return the sections that a page says it stands in, as one word each."""
    stated = declared.article.get("articleSection")
    listed = stated if isinstance(stated, list) else [stated]
    values = (*listed[:20], declared.meta("article:section", "parsely-section", "section"))
    return frozenset(_squeezed(_text(value)) for value in values) - {""}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _clean(title: str) -> str:
    text = html.unescape(html.unescape(title)) if "&" in title else title
    return _BLANKS.sub(" ", _UNSEEN.sub("", _TAG.sub("", text))).strip()[:_MAX_CHARS]


def _key(title: str) -> str:
    return _WORDLESS.sub(" ", fold(title)).strip()


def _squeezed(title: str) -> str:
    return _WORDLESS.sub("", fold(title))


def _begins_with(text: str, keys: Set[str]) -> bool:
    """Tell whether the first words of a text, written as one, are one of the keys."""
    words = _key(text).split()[:_MAX_NAME_WORDS]
    return any(start in keys for start in accumulate(words))


def _without_site(title: str, keys: Set[str]) -> str:
    """Cut the site's name at the start, and at the end with all that stands after it."""
    if (first := _PREFIX_END.search(title)) and _squeezed(title[: first.start()]) in keys:
        title = title[first.end() :].strip() or title
    for separator in _SUFFIX.finditer(title):
        if _begins_with(title[separator.end() :], keys):
            return title[: separator.start()].strip() or title
    return title


def _without_section(title: str, sections: Set[str]) -> str:
    """Cut the page's own section where it ends a title."""
    for separator in _SUFFIX.finditer(title) if sections else ():
        if _squeezed(title[separator.end() :]) in sections:
            return title[: separator.start()].strip() or title
    return title


def _trimmed(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Return the candidates without the sections and dates that only some of them add.

    What the JSON-LD headline says too is no addition: it is not made for a window's title bar.
    """
    kept = {one.title for one in candidates if one.place == "json-ld"}
    titles = {one.title for one in candidates}
    return [
        one if one.title in kept else _Candidate(one.place, _shorter(one.title, titles), one.weight)
        for one in candidates
    ]


def _shorter(title: str, others: Iterable[str]) -> str:
    """Return the longest other title that `title` only adds a section or date to."""
    shorter = [
        other
        for other in others
        if _MIN_CHARS < len(other) < len(title)
        and title.startswith(other)
        and _SUFFIX.match(title, len(other))
    ]
    return max(shorter, key=len, default=title)


def _completed(title: str, candidates: Sequence[_Candidate]) -> str:
    """Return the whole of a title that was cut: by a limit, an ellipsis or a stray quote."""
    start = _CUT.sub("", title)
    if len(start) < _MIN_CHARS:
        return title
    is_cut = len(start) < len(title) or abs(len(title) - _JSON_LD_LIMIT) <= 2
    for one in candidates:
        if len(one.title) > len(start) and one.title.startswith(start):
            rest = one.title[len(start) :]
            if (is_cut and not _CUT.fullmatch(rest)) or _QUOTE.match(rest):
                return one.title
    return title


def _without_kicker(title: str, parts: Sequence[str]) -> str:
    """Return the headline alone when the heading prints it behind another kicker than `title`."""
    found = _KICKER_END.search(title)
    if found is None:
        return title
    kicker, headline = _key(title[: found.start()]), _key(title[found.end() :])
    keys = [_key(part) for part in parts]
    is_other = headline in keys[1:] and kicker not in keys
    return parts[keys.index(headline)] if is_other else title


def _spelled(title: str, candidates: Sequence[_Candidate]) -> str:
    """Return the title with the quotes and spaces that most statements of it have."""
    key = _key(title)
    spellings = Counter(one.title for one in candidates if _key(one.title) == key)
    return max(spellings, key=spellings.__getitem__, default=title)
