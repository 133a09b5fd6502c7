"""What age lets go of, and all that it never touches."""

from datetime import timedelta

import pytest

from model.source import Entry, Source, SourceState
from store.annotations import Annotation
from store.retention import Ages
from store.sqlite import sqlite3
from tests.store.makers import NOON, dump, keep, make_capture, make_reading

FEED, OTHER = "https://a.example/feed", "https://b.example/feed"
DAY = timedelta(days=1)
LATER = NOON + 91 * DAY
AGES = Ages(before=LATER - 90 * DAY)
OLD_ENTRIES = Ages(before=LATER - 90 * DAY, unlisted_before=LATER - 30 * DAY)


@pytest.fixture
def store(store):
    store.save_sources([Source(url=FEED, name="A"), Source(url=OTHER)], now=NOON)
    return store


def list_entries(store, *urls, source=FEED, now=NOON):
    """Have a source list addresses; return the ids of the entries that wait to be read."""
    entries = [Entry(source_url=source, key=url, url=url, title=f"T {url}") for url in urls]
    store.record_poll(SourceState(url=source, state="ok"), entries, now=now)
    return [waiting.id for waiting in store.pending_entries(now=now, limit=10_000)]


def leave_out(store, *urls, now=NOON, source=FEED):
    """Have a source list pages that the rule does not keep."""
    ids = list_entries(store, *urls, source=source, now=now)
    for number, url in zip(ids, urls, strict=True):
        store.record_unkept(number, make_reading(url), now=now)


def unlist(store, url, since=NOON):
    """Say that no source lists an entry any more."""
    with store.database.writing():
        store.database.execute(
            "UPDATE entry SET unlisted_since = ? WHERE url = ?",
            (f"{since:%Y-%m-%dT%H:%M:%SZ}", url),
        )


def texts(store):
    return [unkept.reading.url for unkept in store.unkept_readings(limit=10_000)]


def entries(store):
    return [row["url"] for row in store.database.rows("SELECT url FROM entry ORDER BY url")]


def test_old_texts_outside_the_affair_are_let_go_and_their_entries_stay(store):
    leave_out(store, "https://a.example/old", now=NOON)
    leave_out(store, "https://a.example/new", now=NOON + 2 * DAY)
    assert store.let_go(AGES) == (1, 0)
    assert texts(store) == ["https://a.example/new"]
    assert entries(store) == ["https://a.example/new", "https://a.example/old"]
    assert list_entries(store, "https://a.example/old", now=LATER) == []


def test_a_text_is_held_for_all_of_its_days(store):
    leave_out(store, "https://a.example/1", now=LATER - 90 * DAY)
    assert store.let_go(AGES) == (0, 0)


def test_what_would_be_let_go_is_counted_by_source_and_changes_nothing(store):
    leave_out(store, "https://a.example/1", "https://a.example/2")
    leave_out(store, "https://b.example/1", source=OTHER)
    before = dump(store)
    plan = store.plan_pruning(AGES)
    assert (plan.texts, plan.entries) == (3, 0)
    assert [(one.source, one.name, one.texts) for one in plan.sources] == [
        (FEED, "A", 2),
        (OTHER, "", 1),
    ]
    size = store.database.value("SELECT sum(length(reading)) FROM unkept")
    assert plan.text_bytes == size == sum(one.text_bytes for one in plan.sources)
    assert [one.url for one in plan.sample][:1] == ["https://a.example/1"]
    assert dump(store) == before


def test_a_plan_is_what_then_happens_however_many_transactions_it_takes(store, monkeypatch):
    monkeypatch.setattr("store.retention.BATCH", 4)
    leave_out(store, *(f"https://a.example/{number}" for number in range(11)))
    for number in range(0, 11, 2):
        unlist(store, f"https://a.example/{number}")
    plan = store.plan_pruning(OLD_ENTRIES)
    assert store.let_go(OLD_ENTRIES) == (plan.texts, plan.entries) == (11, 6)
    assert store.let_go(OLD_ENTRIES) == (0, 0)


KEPT = {
    "cited by a version": lambda store, article: None,
    "starred": lambda store, article: store.annotate(article, Annotation.STAR, now=NOON),
    "noted": lambda store, article: store.annotate(article, Annotation.NOTE, "x", now=NOON),
    "no longer in the affair": lambda store, article: store.set_relevance(
        article, relevant=False, reasons=()
    ),
    "gone": lambda store, article: store.record_reading(article, "absent", "404", now=NOON),
}


@pytest.mark.parametrize("make", KEPT.values(), ids=KEPT)
def test_nothing_that_was_ever_kept_is_touched(store, make):
    capture = make_capture(store.data)
    (entry,) = list_entries(store, "https://a.example/1")
    kept = keep(store, make_reading("https://a.example/1"), capture=capture, entry_id=entry)
    make(store, kept.article_id)
    unlist(store, "https://a.example/1")
    before = dump(store)
    assert store.let_go(OLD_ENTRIES) == (0, 0)
    assert store.plan_pruning(OLD_ENTRIES).texts == 0
    assert dump(store) == before


def test_a_text_that_became_an_article_is_not_touched(store):
    """A changed rule kept it: as its own entry's article, or by another way to its address."""
    leave_out(store, "https://a.example/1", "https://a.example/2")
    (first, _) = (row["id"] for row in store.database.rows("SELECT id FROM entry ORDER BY id"))
    keep(store, make_reading("https://a.example/1"), entry_id=first)
    keep(store, make_reading("https://a.example/2"))
    unlist(store, "https://a.example/2")
    assert store.let_go(OLD_ENTRIES) == (0, 0)
    assert len(entries(store)) == 2


def test_an_entry_whose_article_has_another_address_is_not_touched(store):
    (entry,) = list_entries(store, "https://a.example/short")
    keep(store, make_reading("https://a.example/long"), entry_id=entry)
    unlist(store, "https://a.example/short")
    assert store.plan_pruning(OLD_ENTRIES).entries == 0
    assert store.let_go(OLD_ENTRIES) == (0, 0)


def test_captures_of_what_is_let_go_stay(store):
    """An older vigie captured them too, and cited the capture beside the text."""
    leave_out(store, "https://a.example/1")
    keep(store, make_reading("https://a.example/2"), capture=make_capture(store.data))
    with store.database.writing():
        store.database.execute("UPDATE unkept SET capture_id = 1")
    unlist(store, "https://a.example/1")
    assert store.let_go(OLD_ENTRIES) == (1, 1)
    assert store.verify().captures == 1
    assert (store.data / "captures/a.warc.gz").is_file()


ENTRIES = {
    "listed still": (None, False),
    "unlisted too lately": (LATER - 30 * DAY, False),
    "unlisted long ago": (LATER - 31 * DAY, True),
}


@pytest.mark.parametrize(("since", "goes"), ENTRIES.values(), ids=ENTRIES)
def test_only_entries_that_nobody_lists_any_more_are_let_go(store, since, goes):
    leave_out(store, "https://a.example/1")
    if since:
        unlist(store, "https://a.example/1", since)
    store.let_go(OLD_ENTRIES)
    assert (entries(store) == []) is goes
    assert texts(store) == []


def test_an_entry_that_waits_or_whose_text_is_young_stays(store):
    list_entries(store, "https://a.example/waits")
    unlist(store, "https://a.example/waits")
    assert store.let_go(OLD_ENTRIES) == (0, 0)
    (entry,) = list_entries(store)
    store.record_unkept(entry, make_reading("https://a.example/waits"), now=LATER)
    assert store.let_go(OLD_ENTRIES) == (0, 0)
    assert len(entries(store)) == 1


def test_an_entry_that_was_let_go_and_is_listed_again_is_read_again(store):
    leave_out(store, "https://a.example/1")
    unlist(store, "https://a.example/1")
    store.let_go(OLD_ENTRIES)
    assert len(list_entries(store, "https://a.example/1", now=LATER)) == 1


@pytest.mark.parametrize("state", ["listed", "kept"])
def test_the_database_itself_refuses_to_lose_an_entry_that_counts(store, state):
    (entry,) = list_entries(store, "https://a.example/1")
    if state == "kept":
        keep(store, make_reading("https://a.example/1"), entry_id=entry)
        unlist(store, "https://a.example/1")
    with pytest.raises(sqlite3.Error, match="never deleted"), store.database.writing():
        store.database.execute("DELETE FROM entry")
