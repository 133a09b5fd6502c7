"""A digest as text and as HTML: the same items, in the same order, with the same addresses.

It loads nothing from elsewhere and puts nothing remote into the HTML.
"""

from pathlib import Path

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from model.digest import Digest, DigestItem
from model.event import Event
from model.phrases import say, spell_date, spell_day


class Rendered(msgspec.Struct, frozen=True, kw_only=True):
    """The two bodies of one mail and its subject, which does not name the affair."""

    subject: str
    text: str
    html: str


def render_digest(digest: Digest) -> Rendered:
    """Return the digest as it would be sent."""
    return Rendered(
        subject=f"{say('digest', digest.language)} {spell_day(digest.on, digest.language)}",
        text=_environment(digest, escape=False).get_template("digest.txt").render(digest=digest),
        html=_environment(digest, escape=True).get_template("digest.html").render(digest=digest),
    )


def _environment(digest: Digest, *, escape: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals |= {
        "say": lambda key: say(key, digest.language),
        "spell_day": lambda day: spell_day(day, digest.language),
        "when": lambda event: _when(event, digest.language),
        "byline": lambda item: _byline(item, digest.language),
        "carried": lambda item: _carried(item, digest.language),
    }
    environment.filters["line"] = lambda text: " ".join(text.split())
    return environment


def _when(event: Event, language: str) -> str:
    return spell_date(event.date, event.to, event.precision, language)


def _byline(item: DigestItem, language: str) -> str:
    if item.dated_in_future:
        return f"{item.site}, {say('future', language)}"
    if item.published_at is None:
        return f"{item.site}, {say('undated', language)} {spell_day(item.first_seen_at, language)}"
    return f"{item.site}, {spell_day(item.published_at, language)}"


def _carried(item: DigestItem, language: str) -> str:
    if item.copies == 0:
        return ""
    if item.copies == 1:
        return say("copy", language)
    return f"{item.copies} {say('copies', language)}"
