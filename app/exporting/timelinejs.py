"""Events as TimelineJS 3 reads them (https://timeline.knightlab.com/docs/json-format.html).

Its texts are HTML: what sites wrote is escaped. No slide has media, none is without its citations.
It opens no file and asks the store nothing.
"""

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any, BinaryIO

import msgspec

from app.exporting.citing import one_line
from app.exporting.events import CitedPassage, Telling, cited, name_events, when
from model.event import Event
from model.mention import Precision
from model.phrases import say

MAX_HEADLINE = 160


def write_timelinejs(events: Sequence[Event], telling: Telling, out: BinaryIO) -> None:
    """Write one slide an event, the earliest first, behind a slide that says what was asked."""
    timeline = {
        "scale": "human",
        "title": {
            "unique_id": "vigie",
            "autolink": False,
            "text": {"headline": escape(telling.affair), "text": _opening(telling)},
        },
        "events": [_slide(name, event, telling) for name, event in name_events(events)],
    }
    # no `<` stands in the file, so that it can be pasted into a page's <script>
    encoded = msgspec.json.format(msgspec.json.encode(timeline), indent=1)
    out.write(encoded.replace(b"<", b"\\u003c") + b"\n")


def _opening(telling: Telling) -> str:
    asked = f"<p><code>{escape(telling.asked)}</code></p>" if telling.asked else ""
    return f"{asked}<p>{escape(say('made_by', telling.language))}</p>"


def _slide(name: str, event: Event, telling: Telling) -> dict[str, Any]:
    passages = "".join(f"<li>{_passage(one)}</li>" for one in cited(event, telling))
    text = {"headline": escape(one_line(event.text, MAX_HEADLINE)), "text": f"<ol>{passages}</ol>"}
    return {
        "unique_id": name,
        **_dates(event),
        "display_date": when(event, telling.language),
        "autolink": False,
        "text": text,
    }


def _passage(one: CitedPassage) -> str:
    said_in = escape(one.said_in)
    if one.url:
        said_in = f'<a href="{escape(one.url)}" rel="noopener noreferrer">{said_in}</a>'
    return f"<q>{escape(one.sentence)}</q> {said_in}"


def _dates(event: Event) -> dict[str, dict[str, int]]:
    """Return the first and, of an interval, the last date, as exactly as they are known."""
    match event.precision:
        case Precision.YEAR:
            return {"start_date": {"year": event.date.year}}
        case Precision.MONTH:
            return {"start_date": _month(event.date)}
        case Precision.SEASON | Precision.QUARTER:
            return {"start_date": _month(event.date), "end_date": _month(event.to)}
        case _:
            first, last = _day(event.date), _day(event.to)
            return {"start_date": first} | ({"end_date": last} if last != first else {})


def _month(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month}


def _day(day: date) -> dict[str, int]:
    return {**_month(day), "day": day.day}
