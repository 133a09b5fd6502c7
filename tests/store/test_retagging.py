"""What an older tagger read is said to be read by the next one, version by version."""

import pytest

from model.mention import EntityKind, Mention, Tags
from store import open_store
from store.judging import Judged, Judging
from store.retagging import RULE, TAGGER
from tests.store.makers import NOON, keep, make_reading

CNIL = Mention(start=0, end=4, text="CNIL", entity="CNIL", kind=EntityKind.ORGANISATION, by="list")


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "data") as held:
        for number in range(1, 5):
            kept = keep(held, make_reading(f"https://a.example/{number}", text="CNIL ici."))
            tags = Tags(lang="fr" if number < 4 else "en", mentions=(CNIL,))
            held.save_tags(kept.version_id, tags, (), tagger="old", now=NOON)
        yield held


def taggers(store):
    rows = store.database.rows("SELECT tagger FROM tagging ORDER BY version_id")
    articles = store.database.rows("SELECT tagged_by FROM article ORDER BY id")
    return [row["tagger"] for row in rows], [row["tagged_by"] for row in articles]


def test_texts_come_by_batches_with_what_they_call_whom_they_name(store):
    first = store.tagged_texts("old", after=0, limit=3)
    (last,) = store.tagged_texts("old", after=first[-1].version_id, limit=3)
    assert (last.version_id, last.text, last.lang) == (4, "CNIL ici.", "en")
    assert last.named == (("CNIL", EntityKind.ORGANISATION),)
    assert store.tagged_texts("old", after=4, limit=3) == ()
    assert store.older_taggers("new") == ("old",)


def test_what_is_spared_is_read_and_the_rest_waits(store):
    store.spare([1, 3], was="old", tagger="new")
    store.spare([], was="old", tagger="new")
    assert taggers(store) == (["new", "old", "new", "old"],) * 2
    assert [version.id for version in store.untagged("new", limit=9)] == [2, 4]


def test_a_text_that_changed_since_is_not_spared_with_the_one_before(store):
    keep(store, make_reading("https://a.example/1", text="Un autre texte."))
    store.spare([1, 2, 3, 4], was="old", tagger="new")
    assert taggers(store) == (["new"] * 4, ["", "new", "new", "new"])
    assert [version.article_id for version in store.untagged("new", limit=9)] == [1]


def test_facts_are_held_as_long_as_something_rests_on_them(store):
    for name in ("old", "gone", "new"):
        store.note_facts(TAGGER, name, name.encode(), now=NOON)
    assert store.find_facts(TAGGER, "old") == b"old"
    assert store.find_facts(TAGGER, "gone") is None
    store.note_facts(TAGGER, "old", b"other", now=NOON)
    assert store.find_facts(TAGGER, "old") == b"old"
    store.note_facts(RULE, "a", b"rule", now=NOON)
    store.record_judged((), Judging(rule="a", before="", upto=None), now=NOON)
    store.note_facts(RULE, "b", b"rule", now=NOON)
    assert store.find_facts(RULE, "a") == b"rule"


def test_judging_is_saved_with_how_far_it_came(store):
    assert store.find_judging() is None
    so_far = Judging(rule="a", before="", upto=2)
    store.record_judged([Judged(article=2, relevant=False, reasons=())], so_far, now=NOON)
    assert store.find_judging() == so_far
    assert [store.article(number).relevant for number in (1, 2, 3)] == [True, False, True]
    assert store.count_held() == (4, 0)
    assert [one.version.article_id for one in store.held_articles(after=2, limit=9)] == [3, 4]


def test_no_statement_reads_a_whole_table(store):
    plans = [
        row["detail"]
        for sql in (
            "SELECT t.version_id FROM tagging t JOIN version v ON v.id = t.version_id"
            " WHERE t.tagger = 'old' AND t.version_id > 2 ORDER BY t.version_id LIMIT 5",
            "UPDATE article SET tagged_by = 'b' WHERE tagged_by = 'a' AND current_id IN (1, 2)",
            "SELECT * FROM article a JOIN version ON version.id = a.current_id"
            " WHERE a.id > 2 ORDER BY a.id LIMIT 5",
        )
        for row in store.database.rows(f"EXPLAIN QUERY PLAN {sql}")
    ]
    assert [plan for plan in plans if plan.startswith("SCAN") or "TEMP B-TREE" in plan] == []
