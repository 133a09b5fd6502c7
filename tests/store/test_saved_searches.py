"""Queries that are kept under names."""

import pytest

from model.errors import ConfigError, MissingError, QueryError
from tests.store.makers import NOON


def test_a_search_is_saved_replaced_and_deleted(store):
    assert store.save_search("Justice", "plainte", now=NOON) is None
    before = store.save_search("justice", "recours", now=NOON)
    assert before.query == "plainte"
    assert store.saved_queries() == {"justice": "recours"}
    assert store.delete_search("JUSTICE").query == "recours"
    assert store.searches() == ()


@pytest.mark.parametrize("name", ["", "  ", "-", 'a"b', "a\nb:c", "a(b)", "x" * 81, "\ud800"])
def test_a_name_that_no_query_could_spell_is_refused(store, name):
    with pytest.raises(ConfigError):
        store.save_search(name, "police", now=NOON)
    assert store.searches() == ()


@pytest.mark.parametrize("query", ["(", "search:nowhere", "search:self", "search:other self"])
def test_a_query_that_could_not_be_asked_is_not_saved(store, query):
    store.save_search("other", "police", now=NOON)
    if query == "search:other self":
        store.save_search("self", "police", now=NOON)
        store.save_search("other", "search:self", now=NOON)
        query = "search:other"
    saved = store.saved_queries()
    with pytest.raises(QueryError):
        store.save_search("self", query, now=NOON)
    assert store.saved_queries() == saved


def test_a_change_that_makes_another_search_too_large_is_refused(store):
    store.save_search("part", "x", now=NOON)
    store.save_search("whole", " OR ".join(["search:part"] * 290), now=NOON)
    with pytest.raises(QueryError, match="more than 600"):
        store.save_search("part", "x OR y OR z", now=NOON)
    assert store.saved_queries()["part"] == "x"


def test_what_another_search_names_is_not_deleted(store):
    store.save_search("part", "x", now=NOON)
    store.save_search("the whole", "search:part y", now=NOON)
    with pytest.raises(ConfigError, match='named by search:"the whole"'):
        store.delete_search("part")


def test_deleting_what_is_not_there_says_so(store):
    with pytest.raises(MissingError, match="vigie searches list"):
        store.delete_search("nothing")
