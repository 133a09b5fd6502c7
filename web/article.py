"""The page of one article: its text with names and dates marked, its history, its proof.

It writes no HTML.
"""

import re
from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from model.article import Access
from model.capture import Capture
from model.hosts import spell_host
from model.mention import is_direct
from model.phrases import say, say_change, spell_plain_day, spell_time
from store.records import Change, CopyReport
from web.entity import entity_address, say_why
from web.facts import ArticleFacts
from web.marking import Paragraph, Span, mark_text
from web.timeline import tell_absence

MAX_DIGITS = 9
_AT = re.compile(rf"(\d{{1,{MAX_DIGITS}}})-(\d{{1,{MAX_DIGITS}}})")


class Fact(msgspec.Struct, frozen=True):
    """A line of a table: what, and which; `href` leads to another page of this site."""

    label: str
    text: str
    href: str = ""


class Section(msgspec.Struct, frozen=True):
    """A table with its heading."""

    label: str
    facts: tuple[Fact, ...]


class ArticlePage(msgspec.Struct, frozen=True, kw_only=True):
    """All that the template of an article shows; `original` is empty when it leads nowhere."""

    title: str
    byline: str
    lang: str
    original: str
    address: str
    badges: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]
    sections: tuple[Section, ...]


def parse_at(text: str) -> Span | None:
    """Return the place in a text that an address asks for: `12-80`."""
    found = _AT.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else None


def build_article(
    facts: ArticleFacts, *, language: str, timezone: str, said: Span | None
) -> ArticlePage:
    """Return the page of one article."""
    wording = _Wording(language, ZoneInfo(timezone))
    reading = facts.article.current.reading
    tags = facts.tags
    return ArticlePage(
        title=reading.title or say("untitled", language),
        byline=wording.byline(facts),
        lang=reading.lang or "",
        original=facts.article.url if is_web(facts.article.url) else "",
        address=facts.article.url,
        badges=wording.badges(facts),
        paragraphs=mark_text(reading.text, tags.mentions, tags.dates, said),
        sections=tuple(section for section in wording.sections(facts) if section.facts),
    )


def is_web(url: str) -> bool:
    """Tell whether an address may stand in a link: an imported record may have none."""
    return url.startswith(("http://", "https://"))


class _Wording:
    """Facts spelt in one language and one time zone."""

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        self._language = language
        self._zone = zone

    def _say(self, key: str) -> str:
        return say(key, self._language)

    def _time(self, at: datetime) -> str:
        return spell_time(at.astimezone(self._zone), self._language)

    def byline(self, facts: ArticleFacts) -> str:
        reading = facts.article.current.reading
        published = self._say("undated") + " " + self._time(facts.article.first_seen_at)
        if reading.published_at is not None and reading.published_precision == "day":
            published = spell_plain_day(reading.published_at.date(), self._language)
        elif reading.published_at is not None:
            published = self._time(reading.published_at)
        parts = (
            ", ".join(reading.authors),
            spell_host(reading.site) or self._say("imported"),
            published,
        )
        return " — ".join(part for part in parts if part)

    def badges(self, facts: ArticleFacts) -> tuple[str, ...]:
        article = facts.article
        is_so = {
            "not_relevant": not article.relevant,
            "future": facts.article.dated_in_future,
            "changed": article.versions > 1,
            "truncated": article.current.reading.access is Access.TRUNCATED,
            "subscribers": article.current.reading.access is Access.SUBSCRIBERS,
        }
        said = tuple(self._say(key) for key, shown in is_so.items() if shown)
        gone = tell_absence(article.present_at, article.absent_since, self._language, self._zone)
        return said + gone

    def sections(self, facts: ArticleFacts) -> tuple[Section, ...]:
        return (
            Section(self._say("why_kept"), _reasons(facts.article.reasons)),
            Section(self._say("named"), self._named(facts)),
            Section(self._say("quotes"), self._quotes(facts)),
            Section(self._say("copies_of"), tuple(self._copy(c, facts) for c in facts.copies)),
            Section(self._say("stories"), tuple(Fact(str(s.id), s.title) for s in facts.stories)),
            Section(self._say("versions"), self._versions(facts)),
            Section(self._say("seen_changes"), self._changes(facts)),
            Section(self._say("facts"), self._facts(facts)),
            Section(self._say("proof"), tuple(map(self._capture, facts.captures))),
        )

    def _named(self, facts: ArticleFacts) -> tuple[Fact, ...]:
        counts = Counter((mention.entity, mention.kind) for mention in facts.tags.mentions)
        why = self._why(facts)
        return tuple(
            Fact(
                name,
                "; ".join((f"{self._say(f'kind_{kind}')} × {count}", *why.get(name, ()))),
                entity_address(name, self._language),
            )
            for (name, kind), count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        )

    def _why(self, facts: ArticleFacts) -> dict[str, list[str]]:
        """Return, by whom it means, by which other names the text calls it and why."""
        told: dict[str, list[str]] = {}
        for one in facts.joinings:
            why = f"« {one.called} »" if self._language == "fr" else f"“{one.called}”"
            told.setdefault(one.entity, []).append(f"{why} {say_why(one, self._language)}")
        return told

    def _quotes(self, facts: ArticleFacts) -> tuple[Fact, ...]:
        unknown, marks = self._say("speaker_unknown"), self._say("quoted")
        text = facts.article.current.reading.text
        return tuple(
            Fact(
                quote.speaker or unknown,
                marks.format(words=quote.text) if is_direct(quote, text) else quote.text,
            )
            for quote in facts.tags.quotes
        )

    def _copy(self, copy: CopyReport, facts: ArticleFacts) -> Fact:
        makes = copy.article == facts.article.id
        label = self._say("repeats" if makes else "repeated_by")
        other, title, site = (
            (copy.of, copy.of_title, copy.of_site) if makes
            else (copy.article, copy.title, copy.site)
        )  # fmt: skip
        text = f"{spell_host(site)}: {title} ({copy.kind}, {copy.score:.0%})"
        return Fact(label, text, f"/article/{other}?lang={self._language}")

    def _versions(self, facts: ArticleFacts) -> tuple[Fact, ...]:
        return tuple(
            Fact(f"{one.number}, {self._time(one.seen_at)}", one.reading.title)
            for one in facts.versions
        )

    def _changes(self, facts: ArticleFacts) -> tuple[Fact, ...]:
        return tuple(
            Fact(self._time(change.seen_at), self._change(change)) for change in facts.changes
        )

    def _change(self, change: Change) -> str:
        present = change.present_at
        said = say_change(
            change.what,
            change.detail,
            self._language,
            present_at=None if present is None else present.astimezone(self._zone),
            seen_at=change.seen_at.astimezone(self._zone),
        )
        return f"{said} ({change.detail})" if change.what == "absent" and change.detail else said

    def _facts(self, facts: ArticleFacts) -> tuple[Fact, ...]:
        article = facts.article
        present, gone = article.present_at, article.absent_since
        told = (
            Fact(self._say("first_seen"), self._time(article.first_seen_at)),
            Fact(self._say("present_at"), self._time(present) if present else ""),
            Fact(self._say("gone_since"), self._time(gone) if gone else ""),
            Fact(self._say("language"), article.current.reading.lang or ""),
            *(Fact(self._say("addresses"), url) for url in facts.addresses),
        )
        return tuple(fact for fact in told if fact.text)

    def _capture(self, capture: Capture) -> Fact:
        return Fact(self._time(capture.fetched_at), f"SHA-256 {capture.sha256}, {capture.file}")


def _reasons(reasons: tuple[str, ...]) -> tuple[Fact, ...]:
    return (Fact("", ", ".join(reasons)),) if reasons else ()
