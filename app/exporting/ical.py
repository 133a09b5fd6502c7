"""Events as a calendar (RFC 5545, written by icalendar).

Every event takes whole days, from the first to the last one on which it may have happened, and
blocks no time. It opens no file and asks the store nothing.
"""

from collections.abc import Sequence
from datetime import UTC, date, timedelta
from typing import BinaryIO
from urllib.parse import quote

import icalendar

from app.exporting.citing import one_line
from app.exporting.events import CitedPassage, Telling, cited, name_events, when
from model.event import Event
from model.mention import Precision

MAX_SUMMARY = 300
PRODID = "-//Vigie//Vigie//{language}"

# what RFC 3986 lets stand in an address
_IN_ADDRESS = "!#$%&'()*+,/:;=?@[]~"


def write_ical(events: Sequence[Event], telling: Telling, out: BinaryIO) -> None:
    """Write one all-day event an event, the earliest first."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODID.format(language=telling.language.upper()))
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    name = f"{telling.affair}: {telling.asked}" if telling.asked else telling.affair
    calendar.add("name", name)
    # what programs read that do not know RFC 7986
    calendar.add("x-wr-calname", name)
    for uid, event in name_events(events):
        calendar.add_component(_event(uid, event, telling))
    out.write(calendar.to_ical())


def _event(uid: str, event: Event, telling: Telling) -> icalendar.Event:
    passages = cited(event, telling)
    made = icalendar.Event()
    made.add("uid", uid)
    made.add("dtstamp", telling.now.astimezone(UTC).replace(microsecond=0))
    made.add("dtstart", event.date)
    if end := _day_after(event):
        made.add("dtend", end)
    made.add("summary", _summary(event, telling))
    made.add("description", _description(event, passages, telling))
    made.add("transp", "TRANSPARENT")
    if url := next((one.url for one in passages if one.url), ""):
        made.add("url", _address(url))
    if event.entities:
        made.add("categories", [one_line(name, MAX_SUMMARY) for name in event.entities])
    return made


def _day_after(event: Event) -> date | None:
    """Return the first day after an event; none where the calendar ends: a start lasts one day."""
    if event.to < date.max:
        return event.to + timedelta(days=1)
    return event.to if event.to > event.date else None


def _summary(event: Event, telling: Telling) -> str:
    """Return what happened; a date that is no plain day stands before it."""
    text = one_line(event.text, MAX_SUMMARY)
    is_plain = event.precision is Precision.DAY and not event.inferred
    return text if is_plain else f"[{when(event, telling.language)}] {text}"


def _description(event: Event, passages: Sequence[CitedPassage], telling: Telling) -> str:
    told = [when(event, telling.language)]
    for number, one in enumerate(passages, start=1):
        where = f"{one.said_in}\n{_address(one.url)}" if one.url else one.said_in
        told.append(f"{number}. “{one.sentence}”\n{where}")
    return "\n\n".join(told)


def _address(url: str) -> str:
    """Return an address in which only what may stand in one stands."""
    return quote(url.encode("utf-8", "replace"), safe=_IN_ADDRESS)
