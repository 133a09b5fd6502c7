"""What makes a new article, a new version, or nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from model.article import Access
from model.errors import MissingError
from model.query import parse_query
from model.source import DateSource, Lead
from store.records import Outcome
from store.sqlite import sqlite3
from tests.store.makers import NOON, dump, keep, make_capture, make_reading

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        ("Le maire a dit non.", "Le maire a dit non.", "same"),
        ("Le maire a dit non.", "Le  maire, a dit NON", "same"),
        ("Le préfet", "Le pre\u0301fet", "same"),
        ("Texte.\n12 commentaires", "Texte.\n13 commentaires", "same"),
        ("Texte.\nIl y a 3 heures", "Texte.\nIl y a 2 jours", "same"),
        ("Texte.\n1 204 vues", "Texte.", "same"),
        ("Texte.\n4 min de lecture", "Texte.\n5 min read", "same"),
        ("Le maire a dit non.", "Le maire a dit oui.", "changed"),
        ("Il y a 100 caméras.", "Il y a 200 caméras.", "changed"),
        ("Texte.\nArticle 10", "Texte.\nArticle 11", "changed"),
        ("Il y a 12 vues sur ce toit, dit-il.", "Il y a 13 vues sur ce toit, dit-il.", "changed"),
        ("Texte.", "Texte.\nMise à jour.", "changed"),
    ],
)
def test_only_other_words_make_a_version(store, before, after, outcome):
    first = keep(store, make_reading(text=before))
    second = keep(store, make_reading(text=after), now=NOON + HOUR)
    assert (first.outcome, second.outcome) == (Outcome.NEW, outcome)
    assert second.article_id == first.article_id
    assert len(store.versions(first.article_id)) == (2 if outcome == "changed" else 1)


def test_a_changed_title_is_a_version_and_old_ones_stay(store):
    article = keep(store, make_reading(title="Un")).article_id
    keep(store, make_reading(title="Deux"), now=NOON + HOUR)
    assert [v.reading.title for v in store.versions(article)] == ["Un", "Deux"]
    assert [(c.what, c.detail) for c in store.article_changes(article)] == [("edited", "title")]
    assert store.article(article).current.reading.title == "Deux"


def test_a_version_gives_back_the_whole_reading(store):
    reading = make_reading(
        authors=("Zoé",),
        summary="En bref",
        published_at=NOON,
        published_precision="minute",
        date_source=DateSource.JSON_LD,
        modified_at=NOON + HOUR,
        access=Access.SUBSCRIBERS,
        other_urls=("https://a.example/amp/1",),
        details={"quality": "0.9"},
    )
    article = keep(store, reading).article_id
    assert store.article(article).current.reading == reading


@pytest.mark.parametrize(
    "again",
    [
        make_reading("https://a.example/1"),
        make_reading("https://a.example/found", canonical_url="https://a.example/1"),
        make_reading("https://m.example/amp"),
        make_reading("https://b.example/new", other_urls=("https://m.example/amp",)),
    ],
    ids=["its address", "its canonical address", "its AMP address", "an address of both"],
)
def test_any_known_address_is_the_same_article(store, again):
    first = keep(store, make_reading(other_urls=("https://m.example/amp",)))
    assert keep(store, again).article_id == first.article_id


def test_a_stub_never_replaces_a_whole_text(store):
    whole = keep(store, make_reading(text="Un long texte."))
    stub = keep(store, make_reading(text="Un long", access=Access.TRUNCATED))
    assert stub.outcome is Outcome.SAME
    assert store.article(whole.article_id).current.id == whole.version_id


def test_a_text_that_comes_back_on_the_page_is_a_version_again(store):
    outcomes = [keep(store, make_reading(text=text)).outcome for text in ("a", "b", "a")]
    assert outcomes == ["new", "changed", "changed"]


def test_importing_twice_changes_nothing(store):
    older, newer = make_reading(text="Avant."), make_reading(text="Après.")
    leads = [Lead(url="https://b.example/2", title="À lire")]

    def import_all():
        kept = [
            keep(store, reading, raw=reading.text.encode(), record_path="seeds/1.md")
            for reading in (older, newer)
        ]
        return store.save_leads(leads, now=NOON), [k.outcome for k in kept]

    assert import_all() == (1, ["new", "changed"])
    before = dump(store)
    files = sorted(store.data.rglob("*"))
    assert import_all() == (0, ["same", "same"])
    assert dump(store) == before
    assert sorted(store.data.rglob("*")) == files
    assert store.verify().captures == 2


@pytest.mark.parametrize("table", ["capture", "version", "article"])
def test_nothing_kept_can_be_deleted(store, table):
    keep(store, raw=b"x")
    with pytest.raises(sqlite3.IntegrityError, match="never"), store.database.writing():
        store.database.execute(f"DELETE FROM {table}")  # noqa: S608


@pytest.mark.parametrize("table", ["capture", "version"])
def test_evidence_cannot_be_rewritten(store, table):
    keep(store, raw=b"x")
    with pytest.raises(sqlite3.IntegrityError, match="never"), store.database.writing():
        store.database.execute(f"UPDATE {table} SET id = 9")  # noqa: S608


@pytest.mark.parametrize(
    ("published_at", "expected", "flagged"),
    [
        (NOON - 5 * HOUR, NOON - 5 * HOUR, False),
        (NOON + 2 * HOUR, NOON, False),
        (NOON + 24 * HOUR, NOON, True),
        (datetime(2038, 1, 19, tzinfo=UTC), NOON, True),
        (datetime(1881, 7, 29, tzinfo=UTC), datetime(1881, 7, 29, tzinfo=UTC), False),
        (None, NOON, False),
    ],
    ids=["before", "two hours ahead", "tomorrow", "2038", "1881", "undated"],
)
def test_articles_stand_where_their_date_or_their_first_sight_puts_them(
    store, published_at, expected, flagged
):
    keep(store, make_reading("https://a.example/x", published_at=published_at))
    for hours in (-1, 1):
        url, at = f"https://a.example/{hours}", expected + hours * HOUR
        keep(store, make_reading(url, published_at=at), now=max(NOON, at))
    hits = store.search(now=NOON).hits
    assert [hit.url.rpartition("/")[2] for hit in hits] == ["1", "x", "-1"]
    assert hits[1].dated_in_future is flagged
    assert (hits[1].date_source == DateSource.FIRST_SEEN) is (published_at is None)


def test_a_version_without_its_date_keeps_the_one_known(store):
    keep(store, make_reading(text="a", published_at=NOON - HOUR, date_source=DateSource.META))
    keep(store, make_reading(text="b"), now=NOON + HOUR)
    (hit,) = store.search(now=NOON).hits
    assert (hit.published_at, hit.date_source, hit.versions) == (NOON - HOUR, "meta", 2)


def test_only_the_current_words_are_found(store):
    keep(store, make_reading(text="ancien", published_at=NOON))
    keep(store, make_reading(text="nouveau", published_at=NOON - 50 * HOUR), now=NOON + HOUR)
    found = {q: store.search(parse_query(q), now=NOON).total for q in ("ancien", "nouveau")}
    assert found == {"ancien": 0, "nouveau": 1}
    store.database.execute("INSERT INTO word_index (word_index) VALUES ('integrity-check')")


def test_more_articles_than_fit_one_second_still_stand_apart(store, monkeypatch):
    monkeypatch.setattr("store.articles.PLACES_PER_SECOND", 2)
    for number in range(5):
        keep(store, make_reading(f"https://a.example/{number}"))
    places = [hit.place for hit in store.search(now=NOON).hits]
    assert places == sorted(set(places), reverse=True)
    assert len(places) == 5


def test_text_that_utf_8_cannot_hold_is_kept_with_its_offsets(store):
    article = keep(store, make_reading(text="a\ud800b\0c")).article_id
    assert store.article(article).current.reading.text == "a?b\0c"


def test_an_absence_is_noted_once_and_the_return_too(store):
    article = keep(store).article_id
    for hours in (1, 2):
        store.record_reading(article, "absent", "410 Gone", now=NOON + hours * HOUR)
    assert store.article(article).absent_since == NOON + HOUR
    assert store.article(article).present_at == NOON
    store.record_reading(article, "blocked", "consent wall", now=NOON + 3 * HOUR)
    assert store.article(article).absent_since == NOON + HOUR
    store.record_reading(article, "unchanged", now=NOON + 4 * HOUR)
    assert store.article(article).absent_since is None
    assert [change.what for change in store.article_changes(article)] == ["absent", "back"]


def test_an_absent_page_that_brings_a_text_again_is_back(store):
    article = keep(store).article_id
    store.record_reading(article, "absent", "404", now=NOON + HOUR)
    keep(store, make_reading(text="autre"), now=NOON + 2 * HOUR)
    assert [c.what for c in store.article_changes(article)] == ["absent", "back", "edited"]


def test_articles_are_read_again_when_due_if_relevant(store):
    for number, relevant in enumerate([True, True, False]):
        keep(
            store,
            make_reading(f"https://a.example/{number}"),
            relevant=relevant,
            next_reading_at=NOON + (2 - number) * HOUR,
        )
    due = store.due_readings(now=NOON + 2 * HOUR, limit=9)
    assert [reading.url[-1] for reading in due] == ["1", "0"]
    assert store.due_readings(now=NOON, limit=9) == ()


def test_a_changed_rule_changes_relevance(store):
    article = keep(store, relevant=False, reasons=()).article_id
    store.set_relevance(article, relevant=True, reasons=("cnil",))
    (hit,) = store.search(parse_query("is:relevant"), now=NOON).hits
    assert hit.reasons == ("cnil",)


def test_a_lead_is_open_until_an_article_has_its_address(store):
    store.save_leads([Lead(url="https://a.example/1"), Lead(url="https://c.example/3")], now=NOON)
    assert len(store.leads()) == 2
    keep(store, make_reading("https://x.example/", other_urls=("https://a.example/1",)))
    assert [lead.url for lead in store.leads()] == ["https://c.example/3"]


def test_what_is_not_held_is_said(store):
    with pytest.raises(MissingError, match="no article 7"):
        store.article(7)


def test_captures_of_an_article_are_known(store):
    article = keep(store, capture=make_capture(store.data)).article_id
    assert [capture.status for capture in store.article_captures(article)] == [200]


def test_only_what_is_due_is_looked_at_whatever_is_held(store):
    seen: list[str] = []
    store.database.tables.conn.set_trace_callback(seen.append)
    store.due_readings(now=NOON, limit=9)
    store.database.tables.conn.set_trace_callback(None)
    (asked,) = [sql for sql in seen if "next_reading_at" in sql]
    plan = [row["detail"] for row in store.database.rows(f"EXPLAIN QUERY PLAN {asked}")]
    assert any("article_reading" in step for step in plan)
