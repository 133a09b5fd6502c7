"""Events are found by what is asked of their articles too, as searches are."""

from datetime import date

import pytest

from model.saved_searches import read_query
from model.source import Entry, Source, SourceState
from model.story import Story
from store import Annotation
from tests.held_affair import make_event
from tests.store.makers import NOON, keep, make_reading

SOURCE = Source(url="https://a.example/feed", name="Le Courrier")


@pytest.fixture
def told(store):
    """One event, told by a starred article of a feed; another one by an article of nobody's."""
    store.save_sources([SOURCE], now=NOON)
    entry = Entry(source_url=SOURCE.url, key="k", url="https://a.example/1")
    store.record_poll(SourceState(url=SOURCE.url, state="ok"), [entry], now=NOON)
    entry_id = store.pending_entries(now=NOON, limit=1)[0].id
    reading = make_reading(
        "https://a.example/1", text="Des caméras.", authors=("Jo Roy",), access="truncated"
    )
    marked = keep(store, reading, entry_id=entry_id).article_id
    other = keep(store, make_reading("https://a.example/2", text="Une pluie.")).article_id
    store.annotate(marked, Annotation.STAR, now=NOON)
    store.annotate(marked, Annotation.READ, now=NOON)
    store.annotate(marked, Annotation.TAG, "à relire", now=NOON)
    store.save_story(
        Story(id=0, title="Le port", first_at=NOON, last_at=NOON, articles=(marked,),
              independent_sources=1)
    )  # fmt: skip
    store.save_search("mine", "is:starred", now=NOON)
    events = [
        make_event(marked, date(2023, 11, 15), "Des caméras.", 2.0),
        make_event(other, date(2023, 11, 16), "Une pluie.", 1.0),
    ]
    store.replace_events(None, events)
    return store


@pytest.mark.parametrize(
    "typed",
    ["caméra", "is:starred", "-is:unread", "tag:relire OR tag:\"a relire\"", "story:port",
     "source:courrier", "kind:feed", "-kind:import", "access:truncated", "author:roy",
     "search:mine"],
)  # fmt: skip
def test_an_event_is_found_by_its_article(told, typed):
    query = read_query(typed, told.saved_queries())
    assert [event.text for event in told.events(query, now=NOON)] == ["Des caméras."]
    assert told.search(query, now=NOON).total == 1
