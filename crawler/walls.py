"""Pages that answer 200 and hold no article: consent, captcha, paywall, login, error, parking.

Pure functions over title and text; they never look at who the site is.
"""

import re
from collections.abc import Iterator, Sequence

from crawler.wall_phrases import (
    CONSENT,
    CUT,
    FIRM_TITLES,
    OWN_WORDS,
    PAYWALL,
    TEXTS,
    TITLES,
    Rules,
)
from model.fold import fold

_SHORT_CHARS = 900
_STUB_CHARS = 500
_BARE_CHARS = 150
_CUT_WORDS = 130
_SMALL_PAGE_CHARS = 2500
_TOP_CHARS = 500
_CUT_LINE_CHARS = 300
_ASKING_CHARS = 8000
_CHARS_TO_ASK = 250
_LEAST_ASKING = 4
_PART = re.compile(r"\s+[-–—]\s+|\s*[|·•]\s*")


def find_wall(
    titles: Sequence[str],
    body: str,
    page_text: str,
    *,
    is_cut: bool = False,
    is_declared: bool = False,
) -> str | None:
    """Return what stands in the article's place, None when nothing does.

    `titles` are those the page gives itself, `body` is the article's text as extracted,
    `page_text` all that the page shows, `is_cut` whether it offers the rest to subscribers,
    `is_declared` whether it declares an article with its date. A long body is a wall only when
    its title and its first lines are an error's, or when all it does is ask for consent.
    """
    if asks_for_consent(body):
        return CONSENT
    if len(body) > _SHORT_CHARS:
        return None if is_declared else _long_wall(titles, body)
    if is_cut and len(body.split()) < _CUT_WORDS:
        return PAYWALL
    if is_declared and len(body) > _BARE_CHARS:
        return None
    if wall := _named_wall(FIRM_TITLES + TITLES, titles):
        return wall
    return _find_text(fold(_looked_at(body, page_text)))


def _long_wall(titles: Sequence[str], body: str) -> str | None:
    """Return the wall that a page names in its title and again before what else it shows."""
    named = _named_wall(FIRM_TITLES, titles)
    return named and _find_text(fold(body[:_TOP_CHARS])) and named


def _find_text(folded: str) -> str | None:
    return next((reason for pattern, reason in TEXTS if pattern.search(folded)), None)


def _looked_at(body: str, page_text: str) -> str:
    """Return what may name a wall: the furniture round a short article offers to log in too."""
    if len(body) >= _STUB_CHARS:
        return body
    if len(page_text) <= _SMALL_PAGE_CHARS:
        return f"{body}\n{page_text}"
    return f"{body}\n{page_text[:_TOP_CHARS]}" if len(body) < _BARE_CHARS else body


def asks_for_consent(body: str) -> bool:
    """Tell whether a text speaks to its reader of consent all along, as no article does."""
    if len(body) > _ASKING_CHARS:
        return False
    folded = fold(body)
    asking = sum(1 for phrase in OWN_WORDS if phrase.search(folded))
    return asking >= max(_LEAST_ASKING, len(body) / _CHARS_TO_ASK)


def _named_wall(rules: Rules, titles: Sequence[str]) -> str | None:
    named = list(dict.fromkeys(part for title in titles for part in _parts(title)))
    return next(
        (reason for pattern, reason in rules if any(pattern.fullmatch(part) for part in named)),
        None,
    )


def _parts(title: str) -> Iterator[str]:
    """Yield a title as it is compared: whole, and without the name of the site beside it."""
    parts = _PART.split(title)
    for part in (title, parts[0], parts[-1]):
        if folded := fold(part).strip(" .!…"):
            yield folded


def offers_the_rest(text: str) -> bool:
    """Tell whether a short text asks its reader to subscribe for the rest of the article."""
    return len(text) < _CUT_LINE_CHARS and CUT.search(fold(text)) is not None
