"""A case file as one page of HTML, to read on a screen and to print, written piece by piece.

It holds no script and loads nothing: a policy in it forbids both. What sites wrote is text.
"""

import base64
import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.comparing import Op
from app.exporting.casefile import CaseFile, Detail, Exhibit, ShownVersion, stands_at
from app.exporting.casefile_words import word
from app.exporting.citing import Cited, cite
from app.output import printable
from crawler import PROGRAM
from model.event import Event
from model.hosts import spell_host
from model.mention import Precision
from model.phrases import say, say_change, spell_absence, spell_date, spell_plain_day, spell_time
from model.plurals import count_noun
from store.evidence.proofs import ProvenChange
from store.exports import Exported
from store.records import CopyReport
from web.article import is_web

HERE = Path(__file__).with_name("casefile_pages")
BUFFERED = 200

SNIPPET = """\
python3 - <<'END'
import hashlib, json
for one in json.load(open("versions.json", encoding="utf-8")):
    authors = json.dumps(one["authors"], ensure_ascii=False, separators=",:")
    parts = [one["title"], one["text"], one["summary"], authors]
    spelt = "".join(f"{len(part.encode())}:{part}" for part in parts)
    print(one["number"], hashlib.sha256(spelt.encode()).hexdigest())
END"""
"""Run in a folder of evidence, it prints the hash of each version's text."""


def write_casefile(
    case: CaseFile,
    details: Iterator[Detail],
    out: BinaryIO,
    *,
    language: str,
    zone: ZoneInfo,
) -> None:
    """Write a case file in `fr` or `en`, with times in a zone; each article is asked for once."""
    style = (HERE / "style.css").read_text(encoding="utf-8")
    spoken = _Spoken(case, language, zone)
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.globals |= {
        "word": lambda key: word(key, language),
        "say": lambda key: say(key, language),
        "count": lambda number, noun: count_noun(number, noun, language),
        "host": spell_host,
        "is_web": is_web,
        "t": spoken,
        "GONE": Op.GONE,
        "NEW": Op.NEW,
    }
    stream = environment.get_template("casefile.html").stream(
        case=case,
        details=details,
        language=language,
        program=PROGRAM,
        snippet=SNIPPET,
        style=Markup(style),  # noqa: S704 - it is ours, and holds no word of a site
        policy=_policy(style),
    )
    stream.enable_buffering(BUFFERED)
    for piece in stream:
        out.write(piece.encode("utf-8", "replace"))


def _policy(style: str) -> str:
    """Return the policy that lets a browser apply this style sheet and do nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _shown(value: object) -> object:
    """Return a value as a page shows it: what drives a terminal or turns a line round is seen."""
    if isinstance(value, str) and not isinstance(value, Markup) and not value.isprintable():
        return printable(value)
    return value


class _Spoken:
    """Facts spelt in one language and one time zone."""

    def __init__(self, case: CaseFile, language: str, zone: ZoneInfo) -> None:
        self._case = case
        self._language = language
        self._zone = zone
        self._numbers = case.numbers

    def _word(self, key: str) -> str:
        return word(key, self._language)

    def time(self, at: datetime) -> str:
        """Return a moment with its hour."""
        return spell_time(at.astimezone(self._zone), self._language)

    def day(self, at: datetime) -> str:
        """Return the local day of a moment."""
        return spell_plain_day(at.astimezone(self._zone).date(), self._language)

    def utc(self, at: datetime) -> str:
        """Return a moment in UTC, to the second."""
        return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")

    def on(self, article: Exported) -> str:
        """Return the day an article stands on in the file."""
        if article.published_on is None or article.dated_in_future:
            return f"{say('undated', self._language)} {self.day(article.first_seen_at)}"
        return spell_plain_day(article.published_on, self._language)

    def published(self, article: Exported) -> str:
        """Return when an article says it was published, and how that is known."""
        at = article.published_at
        if at is None or article.published_on is None:
            return self._word("undated")
        how = self._word(f"date_{article.date_source}")
        if article.dated_in_future:
            how = f"{how}, {self._word('future')}"
        if article.published_precision == "day":
            return f"{spell_plain_day(article.published_on, self._language)} ({how})"
        return f"{self.time(at)} ({how})"

    def when(self, event: Event) -> str:
        """Return when an event took place, as exactly as it is known."""
        return spell_date(event.date, event.to, event.precision, self._language)

    def is_upcoming(self, event: Event) -> bool:
        """Tell whether an event was still to come when the file was made."""
        return event.date > self._case.made_at.astimezone(self._zone).date()

    def span(self) -> str:
        """Return from when to when the articles stand, or nothing."""
        stands = [stands_at(one.article) for one in self._case.exhibits]
        if not stands:
            return ""
        return _joined(self.day(min(stands)), self.day(max(stands)))

    def span_events(self) -> str:
        """Return from when to when events took place, as exactly as it is known, or nothing."""
        events = [one.event for one in self._case.events]
        if not events:
            return ""
        first, last = min(events, key=lambda one: one.date), max(events, key=lambda one: one.to)
        return _joined(self._end(first, first.date), self._end(last, last.to))

    def _end(self, event: Event, on: date) -> str:
        is_day = event.precision in {Precision.DAY, Precision.INTERVAL}
        return self.plain_day(on) if is_day else self.when(event)

    def online(self, article: Exported) -> str:
        """Return whether an article was still there when it was last asked for, or nothing."""
        if article.absent_since is not None:
            present = article.present_at
            return spell_absence(
                None if present is None else present.astimezone(self._zone),
                article.absent_since.astimezone(self._zone),
                self._language,
            )
        if article.present_at is None:
            return ""
        return f"{say('change_present', self._language)} {self.time(article.present_at)}"

    def change(self, change: ProvenChange) -> str:
        """Return one change, told in one line."""
        present = change.present_at
        told = say_change(
            change.what,
            change.detail,
            self._language,
            present_at=None if present is None else present.astimezone(self._zone),
            seen_at=change.seen_at.astimezone(self._zone),
        )
        is_explained = change.what == "absent" and change.detail
        return f"{told} ({change.detail})" if is_explained else told

    def elsewhere(self, number: int) -> str:
        """Return how many further sentences tell an event in articles that are not in the file."""
        many = self._word("also_one" if number == 1 else "also_many")
        return f"{number} {many} {self._word('also_told')}"

    def copy(self, copy: CopyReport, article: Exported) -> tuple[str, str, int | None]:
        """Return how two articles repeat one text, what the other is, its number or None."""
        if copy.article == article.article:
            other, title, site, how = copy.of, copy.of_title, copy.of_site, "repeats"
        else:
            other, title, site, how = copy.article, copy.title, copy.site, "repeated_by"
        named = ", ".join(filter(None, (title, spell_host(site))))
        told = f"{say(how, self._language)} ({copy.score:.0%})"
        return told, named, self._numbers.get(other)

    def kind(self, kind: str) -> str:
        """Return what an entity is."""
        return say(f"kind_{kind}", self._language)

    def cite(self, exhibit: Exhibit) -> Cited:
        """Return what a bibliography says of an article."""
        return cite(exhibit.article)

    def people(self, cited: Cited) -> str:
        """Return who signs, as a bibliography says it."""
        return ", ".join(
            name.literal or f"{name.given} {name.family}".strip() for name in cited.people
        )

    def plain_day(self, on: date) -> str:
        """Return a day."""
        return spell_plain_day(on, self._language)

    def is_same_words(self, shown: ShownVersion) -> bool:
        """Tell whether neither headline nor text differ from the version before."""
        is_first = shown.proven.version.number == 1
        return not is_first and not shown.title and not shown.blocks


def _joined(first: str, last: str) -> str:
    return first if first == last else f"{first} – {last}"
