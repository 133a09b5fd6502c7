"""Exports tell every article once, whole, newest first, of one moment, and hold few of them."""

import tracemalloc
from datetime import timedelta

import pytest

from model.article import Access
from model.mention import EntityKind, Mention, Tags
from model.query import Everything, parse_query
from model.source import DateSource, Entry, Source, SourceState
from model.story import Copy, CopyKind, Story
from store import exports, open_store
from store.annotations import Annotation
from tests.store.makers import NOON, keep, make_capture, make_reading

BATCH = 4


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch):
    """Ask for a few at once, so that a few show what happens with many."""
    monkeypatch.setattr(exports, "BATCH", BATCH)


def exported(store, query="", **more):
    return list(store.export_articles(parse_query(query), now=NOON, **more))


def fill(store, number, **fields):
    for i in range(number):
        at = NOON - timedelta(minutes=i)
        url = f"https://a.example/{i}"
        keep(store, make_reading(url, f"Titre {i}", "Un texte.", published_at=at, **fields))


@pytest.mark.parametrize("number", [0, 1, BATCH, BATCH + 1, 3 * BATCH], ids=str)
def test_every_article_is_told_once_the_newest_first(store, number):
    fill(store, number)
    assert [one.title for one in exported(store)] == [f"Titre {i}" for i in range(number)]


@pytest.mark.parametrize(
    "query",
    ["", "titre", "texte lang:fr", "-texte", "titre OR nothing", "title:1*", "is:relevant", "(no)"],
)
def test_it_tells_as_many_as_a_search_counts(store, query):
    fill(store, BATCH + 7)
    found = store.search(parse_query(query), now=NOON, limit=1)
    assert len(exported(store, query)) == found.total


def test_it_tells_all_that_is_known_of_an_article(store):
    source = Source(url="https://u:secret@a.example/feed", name="La Gazette")
    store.save_sources((source,), now=NOON)
    entry = Entry(source_url=source.url, key="k", url="https://a.example/1")
    store.record_poll(SourceState(url=source.url, state="ok"), (entry,), None, now=NOON)
    (pending,) = store.pending_entries(now=NOON, limit=1)
    capture = make_capture(store.data)
    reading = make_reading(
        authors=("Jeanne Roy",), summary="Bref.", published_at=NOON, published_precision="minute",
        date_source=DateSource.META, modified_at=NOON, access=Access.TRUNCATED,
        other_urls=("https://a.example/amp/1",), details={"charset": "utf-8"},
    )  # fmt: skip
    kept = keep(store, reading, capture=capture, entry_id=pending.id)
    other = keep(store, make_reading("https://b.example/2", "Autre", "Autre texte."))
    cnil = Mention(
        start=0, end=2, text="Un", entity="CNIL", kind=EntityKind.ORGANISATION, by="list"
    )
    store.save_tags(
        kept.version_id, Tags(lang="fr", mentions=(cnil, cnil)), (), tagger="t", now=NOON
    )
    copy = Copy(article=1, of=other.article_id, kind=CopyKind.EXCERPT, score=1.0, evidence="")
    store.save_copies(1, [copy])
    store.save_story(
        Story(
            id=0,
            title="Le port",
            first_at=NOON,
            last_at=NOON,
            articles=(1, 2),
            independent_sources=2,
            origin=None,
        )
    )
    for kind, value in [("star", ""), ("tag", "à lire"), ("tag", "b"), ("note", "vu")]:
        store.annotate(1, Annotation(kind), value, now=NOON)
    (one,) = exported(store, "un texte")
    assert (one.article, one.url, one.title, one.text) == (1, reading.url, "Un titre", "Un texte.")
    assert one.addresses == ("https://a.example/1", "https://a.example/amp/1")
    assert (one.authors, one.summary, one.lang) == (("Jeanne Roy",), "Bref.", "fr")
    assert (one.outlet, one.site, one.source, one.kind) == (
        "La Gazette", "a.example", "La Gazette", "feed",
    )  # fmt: skip
    assert (one.published_at, one.published_precision, one.date_source, one.modified_at) == (
        NOON, "minute", DateSource.META, NOON,
    )  # fmt: skip
    assert (one.first_seen_at, one.seen_at, one.present_at, one.absent_since) == (
        NOON, NOON, NOON, None,
    )  # fmt: skip
    assert (one.version, one.versions, one.access) == (1, 1, Access.TRUNCATED)
    assert (one.relevant, one.reasons, one.dated_in_future) == (True, ("x",), False)
    assert (one.entities, one.stories, one.copy_of) == (("CNIL",), ("Le port",), (2,))
    assert (one.starred, one.tags, one.notes) == (True, ("b", "à lire"), ("vu",))
    assert (one.capture_sha256, one.captured_at, one.capture_url, one.imported_from) == (
        capture.sha256, capture.fetched_at, capture.final_url, "",
    )  # fmt: skip
    assert len(one.text_sha256) == 64
    assert one.details == {"charset": "utf-8"}


def test_an_article_that_no_source_listed_was_imported(store):
    keep(store, raw=b"{}", record_path="file.jsonl")
    (one,) = exported(store)
    assert (one.kind, one.source, one.imported_from) == ("import", "", "file.jsonl")


def test_a_source_without_a_name_tells_no_password(store):
    source = Source(url="https://u:secret@b.example/feed?token=abc")
    store.save_sources((source,), now=NOON)
    entry = Entry(source_url=source.url, key="k", url="https://a.example/1")
    store.record_poll(SourceState(url=source.url, state="ok"), (entry,), None, now=NOON)
    (pending,) = store.pending_entries(now=NOON, limit=1)
    keep(store, entry_id=pending.id)
    (one,) = exported(store)
    assert one.source == "https://b.example/feed?token=..."
    assert one.outlet == "a.example", "another site's feed does not name this one"


def test_the_current_version_is_told(store):
    keep(store)
    keep(store, make_reading(text="Un autre texte, tout autre."), now=NOON + timedelta(days=1))
    (one,) = exported(store)
    assert (one.text, one.version, one.versions) == ("Un autre texte, tout autre.", 2, 2)
    assert one.seen_at == NOON + timedelta(days=1)
    assert one.first_seen_at == NOON


def test_a_date_that_only_an_earlier_version_says_stays_as_exact_as_it_was(store):
    keep(store, make_reading(published_at=NOON, published_precision="day"))
    keep(store, make_reading(text="Un autre texte, tout autre."), now=NOON + timedelta(days=1))
    (one,) = exported(store)
    assert (one.version, one.published_at, one.published_precision) == (2, NOON, "day")


def test_what_is_kept_while_it_runs_is_not_told(store):
    fill(store, BATCH + 1)
    with open_store(store.data, read_only=True) as reader:
        articles = reader.export_articles(Everything(), now=NOON)
        next(articles)
        keep(store, make_reading("https://a.example/new", "Nouveau", "Nouveau texte."))
        keep(store, make_reading("https://a.example/4", "Changé", "Un texte tout changé, oui."))
        titles = [one.title for one in articles]
    assert "Nouveau" not in titles
    assert titles[-1] == "Titre 4"


def test_a_store_can_be_used_after_an_export_that_was_left(store):
    fill(store, BATCH + 1)
    articles = store.export_articles(Everything(), now=NOON)
    next(articles)
    articles.close()
    keep(store, make_reading("https://a.example/new"))
    assert len(exported(store)) == BATCH + 2


def test_memory_does_not_grow_with_the_number_of_articles(store):
    text = "mot " * 50_000
    for i in range(20):
        keep(store, make_reading(f"https://a.example/{i}", f"Titre {i}", f"{text} {i}"))
    tracemalloc.start()
    seen = sum(1 for _ in store.export_articles(Everything(), now=NOON))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seen == 20
    assert peak < 5 * len(text), "a text as its row, the article, and the article before"
