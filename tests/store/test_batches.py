"""Many readings kept in one transaction leave what keeping them one by one leaves."""

from datetime import timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from store import open_store
from store.articles import Keeping
from store.search.terms import read_text
from tests.store.makers import NOON, make_reading

TABLES = ("article", "version", "address", "change", "article_label", "article_facet", "label")
READINGS = st.tuples(
    st.integers(1, 4),
    st.sampled_from(["Un texte.", "Un tout autre texte.", "Il pleut."]),
    st.booleans(),
    st.sampled_from([NOON, NOON - timedelta(days=1), None]),
    st.booleans(),
)


def to_keepings(drawn):
    return [
        Keeping(
            reading=make_reading(f"https://a.example/{number}", text=text, published_at=published),
            relevant=relevant,
            reasons=("x",),
            capture=None,
            entry_id=None,
            imported_from="file" if imported else None,
            next_reading_at=None,
            now=NOON + timedelta(hours=place),
        )
        for place, (number, text, relevant, published, imported) in enumerate(drawn)
    ]


def held(store):
    """Return what is held, labels by what they say: their numbers are given as they are met."""
    db = store.database
    rows = {table: [*db.rows(f"SELECT * FROM {table}")] for table in TABLES}  # noqa: S608 - ours
    names = {row["id"]: (row["facet"], row["value"]) for row in rows["label"]}
    for row in rows["label"]:
        del row["id"]
    for row in rows["article_label"]:
        spelt = row.pop("labels") + row.pop("others")
        row["all"] = sorted(names[ord(one)] for one in spelt)
    for row in rows["article_facet"]:
        for column in ("labels", "entities", "stories"):
            row[column] = sorted(names[ord(one)] for one in row[column])
    found = {name: sorted(msgspec.json.encode(row) for row in rows[name]) for name in TABLES}
    ledger = db.rows("SELECT id, kind, row_id, row_sha256 FROM ledger ORDER BY id")
    return found, [*ledger]


@settings(max_examples=60, deadline=None)
@given(st.lists(READINGS, max_size=8))
def test_a_batch_leaves_what_one_by_one_leaves(tmp_path_factory, drawn):
    folder = tmp_path_factory.mktemp("batches")
    keepings = to_keepings(drawn)
    with open_store(folder / "many") as many, open_store(folder / "one") as one:
        kept = many.keep_all(keepings)
        assert kept == tuple(found for each in keepings for found in one.keep_all([each]))
        assert held(many) == held(one)
        assert many.verify().damages == ()


def new_keepings(first, count):
    return [
        Keeping(
            reading=make_reading(f"https://a.example/{number}", text=f"Un texte {number}."),
            relevant=True,
            reasons=("x",),
            capture=None,
            entry_id=None,
            imported_from=None,
            next_reading_at=None,
            now=NOON + timedelta(days=number),
        )
        for number in range(first, first + count)
    ]


def test_a_batch_asks_no_more_however_many_articles_are_in_it(store):
    def asked(keepings):
        said: list[str] = []
        connection = store.database.tables.conn
        connection.set_trace_callback(said.append)
        store.keep_all(keepings)
        connection.set_trace_callback(None)
        return sum(one.startswith("SELECT") for one in said)

    few = asked(new_keepings(0, 5))
    assert asked(new_keepings(5, 50)) <= few < 20


def test_new_articles_are_read_before_anybody_else_has_to_wait(store, monkeypatch):
    connection, moments = store.database.tables.conn, []

    def watched(reading):
        moments.append(connection.in_transaction)
        return read_text(reading)

    monkeypatch.setattr("store.articles.read_text", watched)
    store.keep_all(new_keepings(0, 3))
    assert moments == [False] * 3
