"""Events are found by what is asked of their articles too, as searches are."""

from datetime import date

import pytest

from model.query import parse_query
from model.saved_searches import read_query
from model.source import Entry, Source, SourceState
from model.story import Story
from store import Annotation, open_store
from tests.held_affair import make_event
from tests.store.makers import NOON, keep, make_older, make_reading
from tests.store.makers import make_event as event_naming

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


def test_events_of_an_older_file_are_found_by_whom_they_name(tmp_path):
    with open_store(tmp_path) as store:
        article = keep(store, make_reading()).article_id
        twice = ("Conseil d'État", "Conseil d’Etat")
        events = [
            event_naming(article, date(2023, 11, 14), entities=twice),
            event_naming(article, date(2023, 11, 15), entities=("CNIL",)),
        ]
        store.replace_events(None, events)
        assert len(store.events(now=NOON, entity="conseil d'etat")) == 1
    make_older(tmp_path / "vigie.db", 8)
    with open_store(tmp_path) as store:
        (found,) = store.events(now=NOON, entity="CONSEIL D’ÉTAT")
        assert found.date == date(2023, 11, 14)
        assert len(store.events(parse_query("entity:cnil"), now=NOON)) == 1
        store.replace_events([(date(2023, 11, 14), date(2023, 11, 14))], [])
        assert store.events(now=NOON, entity="Conseil d'État") == ()
        assert store.database.value("SELECT count(*) FROM event_entity") == 1
