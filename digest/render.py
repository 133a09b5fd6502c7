"""A digest as text and as HTML: the same items, in the same order, with the same addresses.

It loads nothing from elsewhere and puts nothing remote into the HTML.
"""

import re
from datetime import datetime, timedelta
from pathlib import Path
from textwrap import TextWrapper
from zoneinfo import ZoneInfo

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from digest.choose import leave_out_last
from model.digest import Digest, DigestChange, DigestItem
from model.event import Citation, Event
from model.hosts import spell_host
from model.phrases import say, say_change, spell_date, spell_day
from model.plurals import count_noun

MAX_HTML_BYTES = 80_000
"""Mail readers clip from about 102 kB on."""

TITLE_CHARS = 220
SUMMARY_CHARS = 420
URL_CHARS = 1_000
TEXT_WIDTH = 76
QUIET = timedelta(hours=24)
"""A watch that made no pass for so long says so."""


class Rendered(msgspec.Struct, frozen=True, kw_only=True):
    """The two bodies of one mail and its subject, which does not name the affair."""

    subject: str
    text: str
    html: str


def render_digest(digest: Digest, *, timezone: str, now: datetime) -> Rendered:
    """Return the digest as it would be sent, with days in the affair's time zone.

    Items that would make it too long for mail readers are counted in place of being shown.
    """
    page = _Pages(digest.language, ZoneInfo(timezone), now)
    html = page.html(digest)
    while len(html.encode()) > MAX_HTML_BYTES and (digest.items or digest.changes):
        digest = leave_out_last(digest)
        html = page.html(digest)
    return Rendered(
        subject=f"{say('digest', digest.language)} {spell_day(digest.on, digest.language)}",
        text=page.text(digest),
        html=html,
    )


class _Pages:
    """The two templates, speaking one language in one time zone."""

    def __init__(self, language: str, zone: ZoneInfo, now: datetime) -> None:
        self._language = language
        self._zone = zone
        self._now = now
        self._text = self._environment(is_html=False).get_template("digest.txt")
        self._html = self._environment(is_html=True).get_template("digest.html")

    def text(self, digest: Digest) -> str:
        return self._text.render(digest=digest)

    def html(self, digest: Digest) -> str:
        return self._html.render(digest=digest)

    def _environment(self, *, is_html: bool) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=is_html,  # noqa: S701 - the other template is plain text
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        environment.globals |= {
            "say": lambda key: say(key, self._language),
            "count": lambda number, noun: count_noun(number, noun, self._language),
            "sources": self._sources,
            "spell_day": lambda day: spell_day(day, self._language),
            "when": self._when,
            "byline": self._byline,
            "carried": self._carried,
            "told": self._told,
            "pulse": self._pulse,
            "linkable": is_linkable,
            "source_of": source_of,
        }
        environment.filters |= {
            "title": lambda text: shorten(text, TITLE_CHARS),
            "host": spell_host,
            "summary": lambda text: shorten(text, SUMMARY_CHARS),
            "wrap": _wrap,
        }
        return environment

    def _when(self, event: Event) -> str:
        return spell_date(event.date, event.to, event.precision, self._language)

    def _day(self, at: datetime) -> str:
        return spell_day(at.astimezone(self._zone).date(), self._language)

    def _byline(self, item: DigestItem) -> str:
        if item.dated_in_future:
            when = say("future", self._language)
        elif item.published_at is None:
            when = f"{say('undated', self._language)} {self._day(item.first_seen_at)}"
        else:
            when = self._day(item.published_at)
        return ", ".join(
            part for part in (shorten(spell_host(item.site), TITLE_CHARS), when) if part
        )

    def _carried(self, item: DigestItem) -> str:
        if item.copies == 0:
            return ""
        return count_noun(item.copies, "copy", self._language)

    def _told(self, change: DigestChange) -> str:
        present = change.present_at
        return say_change(
            change.what,
            shorten(change.detail, URL_CHARS),
            self._language,
            present_at=None if present is None else present.astimezone(self._zone),
            seen_at=change.seen_at.astimezone(self._zone),
        )

    def _sources(self, digest: Digest) -> str:
        """Say how many sources are watched, and how many of them fail."""
        watched, failing = digest.health.sources, len(digest.health.failing)
        if not watched:
            return say("no_sources", self._language)
        if failing:
            told = count_noun(failing, "failing_source", self._language)
            return f"{told} {say('out_of', self._language)} {watched}"
        told = count_noun(watched, "watched_source", self._language)
        return f"{told}, {say('none_failing', self._language)}"

    def _pulse(self, digest: Digest) -> str:
        """Say when the last pass ended; a watch that stands still is never silent."""
        last = digest.health.last_run_at
        if last is None:
            return say("never_run", self._language)
        at = f"{self._day(last)}, {last.astimezone(self._zone):%H:%M}"
        key = "last_run" if self._now - last < QUIET else "stands_still"
        return f"{say(key, self._language)} {at}"


def source_of(event: Event) -> Citation:
    """Return the citation whose sentence is the event's text."""
    said = (one for one in event.citations if one.sentence == event.text)
    return next(said, event.citations[0])


def is_linkable(url: str) -> bool:
    """Tell whether an address may stand in a link: an imported one may be no web address."""
    return url.startswith(("http://", "https://")) and len(url) <= URL_CHARS


def shorten(text: str, length: int) -> str:
    """Return `text` on one line without invisible marks, cut at a word to `length` characters."""
    line = _SPACES.sub(" ", "".join(map(_visible, text[: 8 * length]))).strip()
    if len(line) <= length:
        return line
    return line[: length - 1].rsplit(" ", 1)[0] + "…"


def _visible(character: str) -> str:
    """Return a character; a space for those that drive a terminal or turn text round."""
    return character if character.isprintable() or character in _KEPT else " "


_KEPT = "\u00a0\u202f"
"""French typography: they hold a question mark to its word."""

_SPACES = re.compile(rf"[^\S{_KEPT}]+")


_WRAPPERS = {
    indent: TextWrapper(
        TEXT_WIDTH, initial_indent=indent, subsequent_indent=indent,
        break_long_words=False, break_on_hyphens=False,
    )
    for indent in ("", "  ")
}  # fmt: skip


def _wrap(text: str, indent: str = "  ", first: str = "") -> str:
    """Return text in lines of a mail, indented; `first` stands before the first line."""
    lines = _WRAPPERS[indent].wrap(text) or [indent]
    lines[0] = first + lines[0][len(first) :]
    return "\n".join(lines)
