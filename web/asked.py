"""What a request asks of the timeline, and in which language.

Pure; anything typed gives a page.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec

LANGUAGES = ("fr", "en")
BY = ("event", "published")
FEW_EVENTS, MANY_EVENTS = 40, 400
"""How many events a page shows at first, and at the most: the weightiest."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The state of the timeline that an address carries."""

    language: str
    q: str = ""
    by: str = "event"
    before: int | None = None
    events: int = FEW_EVENTS

    def address(self, **changed: Any) -> str:
        """Return the address of the same page with something changed; a page number is dropped."""
        state = {"q": self.q, "by": self.by, "lang": self.language, **changed}
        return "/?" + urlencode({key: value for key, value in state.items() if value != ""})


def choose_language(asked: str | None, accepted: str | None, usual: Sequence[str]) -> str:
    """Return the language of a page: the one asked for, else what the browser prefers."""
    preferred = [asked or "", *_accepted(accepted or ""), *usual]
    return next((one for one in preferred if one in LANGUAGES), "en")


def _accepted(header: str) -> list[str]:
    """Return the languages of an Accept-Language header (RFC 9110), the most preferred first."""
    weighed = [_weighed(part) for part in header[:500].split(",")]
    ordered = sorted(weighed, key=lambda pair: -pair[1])
    return [language for language, weight in ordered if weight > 0]


def _weighed(part: str) -> tuple[str, float]:
    tag, _, parameter = part.partition(";")
    language = tag.strip().lower().split("-")[0]
    name, _, weight = parameter.strip().partition("=")
    if name.strip() != "q":
        return language, 1.0
    try:
        return language, float(weight)
    except ValueError:
        return language, 0.0
