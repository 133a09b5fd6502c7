"""Events as they are exported: asked for, named for ever, and cited in words.

It knows no format.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

import click
import msgspec

from app.asking import opened
from app.exporting.citing import one_line
from app.exporting.text import fit, lasting_id
from app.exporting.writing import asked_query, open_output
from app.output import note
from app.workplace import Workplace, utc_now
from model.config import LANGUAGES, Affair
from model.event import Citation, Event
from model.hosts import spell_host
from model.phrases import say, spell_date, spell_plain_day
from model.plurals import count
from model.secrets import holds_secret
from web.article import is_web

MAX_SENTENCE = 5_000
MAX_TITLE = 300

lang_option = click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    help="What is ours is written in it (default: the affair's first language).",
)


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """Of which affair events are told, what was asked, when, in which language and time zone."""

    affair: str
    asked: str
    language: str
    zone: ZoneInfo
    now: datetime


Write = Callable[[Sequence[Event], Telling, BinaryIO], None]
"""How a format writes events."""


class CitedPassage(msgspec.Struct, frozen=True, kw_only=True):
    """One passage that tells an event, each text fit for one line.

    `said_in` names the headline, the site and the day; `url` is empty where there is no page.
    """

    sentence: str
    title: str
    said_in: str
    url: str


def spoken_in(affair: Affair, asked: str | None) -> str:
    """Return the language that was asked for, or else the affair's first one that we write."""
    first = next(iter(affair.languages), "en")
    return asked or (first if first in LANGUAGES else "en")


def export_events(
    workplace: Workplace, words: Sequence[str], to: Path | None, language: str | None, write: Write
) -> int:
    """Write the events that answer, tell how many on standard error, and return it."""
    asked = asked_query(words)
    now = utc_now()
    with opened(workplace) as held:
        affair = held.config.affair
        events = held.store.events(held.query(asked), now=now)
        telling = Telling(
            affair=one_line(affair.name, MAX_TITLE),
            asked=one_line(asked, MAX_TITLE),
            language=spoken_in(affair, language),
            zone=ZoneInfo(affair.timezone),
            now=now,
        )
        with open_output(to) as out:
            write(events, telling, out)
    _tell(events, to, asked)
    return len(events)


def _tell(events: Sequence[Event], to: Path | None, asked: str) -> None:
    place = f" in {to}, readable by you alone" if to is not None and to.is_file() else ""
    note(f"{count(len(events), 'event')}{place}.")
    if not events:
        answers = f" answers {asked!r}" if asked.strip() else " is held yet"
        note(f"No dated event{answers}; `vigie timeline --query` takes the same query.")
    cited = {citation.url for event in events for citation in event.citations}
    if secrets := sum(map(holds_secret, cited)):
        note(
            f"Note: {count(secrets, 'address', 'addresses')} cited may let a reader in"
            " (a password, a token or a key): look at them before you hand this on."
        )


def name_events(events: Sequence[Event]) -> Iterator[tuple[str, Event]]:
    """Yield events with ids that last, no two the same.

    An id is made of the days and of the passage that was held first: another article that tells
    the same, or a better sentence of it, changes none; nor does what was asked.
    """
    taken: set[str] = set()
    for event in events:
        first = min(event.citations, key=lambda one: (one.article, one.start), default=None)
        told = (first.url, first.sentence) if first else ("", event.text)
        parts = [event.date.isoformat(), event.to.isoformat(), *told]
        name = str(lasting_id("event", *parts))
        while name in taken:
            parts.append("again")
            name = str(lasting_id("event", *parts))
        taken.add(name)
        yield name, event


def when(event: Event, language: str) -> str:
    """Return when an event took place, as exactly as it is known."""
    spelt = spell_date(event.date, event.to, event.precision, language)
    return f"{spelt} ({say('inferred', language)})" if event.inferred else spelt


def cited(event: Event, telling: Telling) -> tuple[CitedPassage, ...]:
    """Return the passages that tell an event."""
    return tuple(_passage(citation, telling) for citation in event.citations)


def _passage(citation: Citation, telling: Telling) -> CitedPassage:
    title = one_line(citation.title, MAX_TITLE) or say("untitled", telling.language)
    at = citation.published_at
    # a day still to come is one that the article only claims
    on = None if at is None or at > telling.now else at.astimezone(telling.zone).date()
    day = "" if on is None else spell_plain_day(on, telling.language)
    return CitedPassage(
        sentence=one_line(citation.sentence, MAX_SENTENCE),
        title=title,
        said_in=", ".join(filter(None, (title, one_line(spell_host(citation.site), 300), day))),
        url=fit(citation.url) if is_web(citation.url) else "",
    )
