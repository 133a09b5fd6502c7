"""Events as TimelineJS and calendars read them."""

import io
import json
import re
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exporting.events import Telling, name_events
from app.exporting.ical import write_ical
from app.exporting.timelinejs import write_timelinejs
from model.event import Citation, Event
from model.mention import Precision
from tests.app.exported_makers import HOSTILE

NOW = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
TELLING = Telling(
    affair="Le port", asked="caméras", language="fr", zone=ZoneInfo("Europe/Paris"), now=NOW
)
SHORT = {name: text for name, text in HOSTILE.items() if "million" not in name}


def citation(article=1, sentence="Ceci s'est passé.", url="https://gazette.example/1", **fields):
    usual: dict[str, Any] = {"title": "Le titre", "site": "gazette.example", "start": 0, "end": 9}
    usual["published_at"] = datetime(2023, 11, 21, 23, 30, tzinfo=UTC)
    return Citation(article=article, sentence=sentence, url=url, **(usual | fields))


def event(first, last=None, precision=Precision.DAY, *citations, **fields):
    usual: dict[str, Any] = {
        "text": "Ceci s'est passé.",
        "lang": "fr",
        "independent_sources": 1,
        "score": 1.0,
    }
    usual |= {"inferred": False, "entities": ("CNIL",), "citations": citations or (citation(),)}
    return Event(date=first, to=last or first, precision=precision, **(usual | fields))


def calendar(*events) -> list[Any]:
    out = io.BytesIO()
    write_ical(events, TELLING, out)
    return icalendar.Calendar.from_ical(out.getvalue()).walk("VEVENT")


def slides(*events):
    out = io.BytesIO()
    write_timelinejs(events, TELLING, out)
    return json.loads(out.getvalue())


DAY = date(2023, 11, 15)
KINDS = {
    "a day": (
        event(DAY), {"start_date": {"year": 2023, "month": 11, "day": 15}},
        "15 novembre 2023", ("20231115", "20231116"),
    ),
    "a month": (
        event(date(2023, 11, 1), date(2023, 11, 30), Precision.MONTH),
        {"start_date": {"year": 2023, "month": 11}}, "novembre 2023", ("20231101", "20231201"),
    ),
    "a year": (
        event(date(1958, 1, 1), date(1958, 12, 31), Precision.YEAR),
        {"start_date": {"year": 1958}}, "1958", ("19580101", "19590101"),
    ),
    "a season": (
        event(date(2023, 12, 1), date(2024, 2, 29), Precision.SEASON),
        {"start_date": {"year": 2023, "month": 12}, "end_date": {"year": 2024, "month": 2}},
        "hiver 2024", ("20231201", "20240301"),
    ),
    "an interval": (
        event(DAY, date(2023, 11, 17), Precision.INTERVAL),
        {
            "start_date": {"year": 2023, "month": 11, "day": 15},
            "end_date": {"year": 2023, "month": 11, "day": 17},
        },
        "15 novembre 2023 – 17 novembre 2023", ("20231115", "20231118"),
    ),
    "a day to come": (
        event(date(2031, 1, 8)), {"start_date": {"year": 2031, "month": 1, "day": 8}},
        "8 janvier 2031", ("20310108", "20310109"),
    ),
    "an early year": (
        event(date(800, 12, 25)), {"start_date": {"year": 800, "month": 12, "day": 25}},
        "25 décembre 800", ("08001225", "08001226"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("one", "dates", "spelt", "_"), KINDS.values(), ids=KINDS)
def test_a_slide_has_dates_as_exact_as_they_are_known(one, dates, spelt, _):
    (slide,) = slides(one)["events"]
    assert {key: value for key, value in slide.items() if key.endswith("_date")} == {
        **dates, "display_date": spelt,
    }  # fmt: skip


@pytest.mark.parametrize(("one", "_", "spelt", "days"), KINDS.values(), ids=KINDS)
def test_a_calendar_has_all_the_days_on_which_it_may_have_happened(one, _, spelt, days):
    (entry,) = calendar(one)
    assert (entry["dtstart"].to_ical().decode(), entry["dtend"].to_ical().decode()) == days
    assert entry["dtstart"].params["value"] == "DATE"
    assert str(entry["description"]).startswith(spelt)
    is_plain = one.precision is Precision.DAY
    assert str(entry["summary"]) == (one.text if is_plain else f"[{spelt}] {one.text}")


def test_a_calendar_has_all_that_rfc_5545_asks_for():
    out = io.BytesIO()
    write_ical((event(DAY, inferred=True), event(date.max)), TELLING, out)
    text = out.getvalue()
    assert text.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    whole: Any = icalendar.Calendar.from_ical(text)
    assert (whole["version"], whole["calscale"]) == ("2.0", "GREGORIAN")
    first, last = whole.walk("VEVENT")
    assert first["dtstamp"].dt == NOW
    assert str(first["summary"]).startswith("[15 novembre 2023 (date déduite)]")
    assert (first["transp"], first["url"]) == ("TRANSPARENT", "https://gazette.example/1")
    assert first["uid"] != last["uid"]
    # the calendar ends there: a day without an end lasts that day
    assert "dtend" not in last


def test_every_slide_has_what_timelinejs_documents_and_its_citations():
    second = citation(2, "Un autre le dit.", "https://ledger.example/2", title="Other")
    told = slides(event(DAY, None, Precision.DAY, citation(), second))
    assert set(told) == {"title", "events", "scale"}
    assert told["title"]["text"]["headline"] == "Le port"
    (slide,) = told["events"]
    assert set(slide) <= {
        "start_date", "end_date", "display_date", "text", "unique_id", "autolink",
    }  # fmt: skip
    assert set(slide["text"]) == {"headline", "text"}
    assert re.findall('href="([^"]+)"', slide["text"]["text"]) == [
        "https://gazette.example/1", "https://ledger.example/2",
    ]  # fmt: skip
    assert "22 novembre 2023" in slide["text"]["text"]


def test_no_events_are_an_empty_calendar_and_timeline():
    assert calendar() == []
    assert slides()["events"] == []


def test_an_event_keeps_its_id_whoever_tells_it_later_and_whatever_the_order():
    first = event(DAY)
    told = event(DAY, None, Precision.DAY, citation(7, "Mieux dit."), citation(), text="Mieux dit.")
    (one,), (other,) = list(name_events([first])), list(name_events([told]))
    assert one[0] == other[0]
    moved = event(date(2023, 11, 16))
    assert next(name_events([moved]))[0] != one[0]


@given(st.lists(st.sampled_from([event(DAY), event(DAY, text="b"), event(date.max)])))
def test_no_two_events_share_an_id(events):
    assert len({name for name, _ in name_events(events)}) == len(events)


@pytest.mark.parametrize("hostile", SHORT.values(), ids=SHORT)
def test_hostile_texts_are_text(hostile):
    one = event(
        DAY, None, Precision.DAY,
        citation(sentence=hostile, title=hostile, site=hostile, url=f"https://a.example/{hostile}"),
        text=f"a {hostile}", entities=(hostile,),
    )  # fmt: skip
    out = io.BytesIO()
    write_timelinejs((one, event(DAY, text="Suivant")), TELLING, out)
    assert b"<" not in out.getvalue()
    slide, following = json.loads(out.getvalue())["events"]
    assert following["text"]["headline"] == "Suivant"
    tags = set(re.findall(r"<(/?\w+)", slide["text"]["text"] + slide["text"]["headline"]))
    assert tags == {"ol", "/ol", "li", "/li", "q", "/q", "a", "/a"}
    entry, following = calendar(one, event(DAY, text="Suivant"))
    assert str(following["summary"]) == "Suivant"
    assert str(entry["summary"]).startswith("a")
    assert set(entry) <= {
        "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "TRANSP", "URL",
        "CATEGORIES",
    }  # fmt: skip


def test_only_an_address_of_the_web_becomes_a_link():
    one = msgspec.structs.replace(event(DAY), citations=(citation(url="javascript:alert(1)"),))
    assert "href" not in slides(one)["events"][0]["text"]["text"]
    assert "url" not in calendar(one)[0]


def test_no_citation_is_given_a_day_still_to_come():
    to_come = citation(published_at=datetime(2038, 1, 1, tzinfo=UTC))
    one = event(DAY, None, Precision.DAY, to_come)
    assert "2038" not in slides(one)["events"][0]["text"]["text"]
    assert "2038" not in str(calendar(one)[0]["description"])
