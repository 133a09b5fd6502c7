"""A flipped bit in what no chain proves is named by `verify`, with what mends it."""

from contextlib import contextmanager
from datetime import timedelta

import pytest

from app.steps.processing import process_kept
from model.config import NlpSettings
from model.mention import Entity, EntityKind
from model.source import Entry, Source, SourceState
from nlp.tagging import Tagger
from store import Annotation, open_store
from store.evidence.verification import EvidenceError
from store.sqlite import sqlite3
from tests.store.makers import NOON, keep, make_reading

TEXT = (
    "La CNIL a contrôlé le port le 14 novembre 2023, dit Anne Roy. « Nous vérifions tout »,"
    " affirme la CNIL. Les caméras du quai filment les passants depuis mars 2023.\0 La CNIL."
)


@pytest.fixture
def held(tmp_path):
    """Return a store with an article that was processed, an entry and a mark."""
    with open_store(tmp_path / "data") as store:
        keep(store, make_reading("https://a.example/0", "Le port", TEXT), raw=b"x")
        source = Source(url="https://a.example/feed")
        store.save_sources([source], now=NOON)
        entry = Entry(source_url=source.url, key="k", url="https://a.example/9", title="Neuf")
        store.record_poll(SourceState(url=source.url), (entry,), None, now=NOON)
        waiting = store.pending_entries(now=NOON + timedelta(days=1), limit=1)
        store.record_unkept(waiting[0].id, make_reading("https://a.example/9"), now=NOON)
        store.annotate(1, Annotation.NOTE, "à citer", now=NOON)
        watched = (Entity(name="CNIL", kind=EntityKind.ORGANISATION),)
        process_kept(store, Tagger(watched, NlpSettings(models={})), lambda: NOON, lambda *_: None)
        store.verify()
        yield store


FLIPS = {
    "a name": ("mention", "text", "CNIL", "CNIM", "tags"),
    "a date": ("date_mention", "text", "14 nov", "15 nov", "tags"),
    "the end of a date": ("date_mention", "to_on", "2023-11-14", "2023-11/14", "tags"),
    "a quote": ("quote", "text", "tout", "touT", "tags"),
    "a dated sentence": ("dated_sentence", "sentence", "le port", "le pord", "tags"),
    "a cited sentence": ("citation", "sentence", "le port", "le pord", "events"),
    "what a source said": ("entry", "content", None, None, ""),
    "the hash of that": ("entry", "content_sha256", None, None, ""),
    "a text outside the affair": ("unkept", "reading", None, None, ""),
    "a note that is no text any more": ("annotation", "value", None, None, ""),
    "when it was noted": ("annotation", "made_at", "Z", "[", ""),
}


KEYS = {
    "entry": "id",
    "unkept": "entry_id",
    "annotation": "article_id",
    "citation": "event_id",
}


@pytest.mark.parametrize("flip", FLIPS)
def test_a_value_that_was_changed_is_named_with_what_mends_it(held, flip):
    table, column, before, after, part = FLIPS[flip]
    change(held, table, column, before, after)
    with pytest.raises(EvidenceError) as damage:
        held.verify()
    found = damage.value.verified
    assert (bool(found.derived), bool(found.damages)) == (bool(part), not part)
    for said in (*found.derived, *found.damages):
        assert table in said
        assert (f"`vigie rebuild {part}` makes it again" in said) is bool(part)


def change(held, table, column, before, after):
    """Change a value as a flipped bit does: behind the program, in the file."""
    connection = sqlite3.connect(held.data / "vigie.db", isolation_level=None)
    connection.text_factory = bytes
    key = KEYS.get(table, "rowid")
    rows = connection.execute(f"SELECT {key}, {column} FROM {table}").fetchall()  # noqa: S608
    for number, value in rows:
        if before is None:
            changed = bytes([*value[:3], value[3] ^ 0x80, *value[4:]])
        else:
            changed = value.replace(before.encode(), after.encode())
        is_blob = (table, column) in {("entry", "content"), ("unkept", "reading")}
        place = "?" if is_blob else "CAST(? AS TEXT)"
        if changed != value:
            sql = f"UPDATE {table} SET {column} = {place} WHERE {key} = ?"  # noqa: S608
            connection.execute(sql, (changed, number))
    connection.close()


def test_an_index_that_no_longer_fits_its_table_is_damage(held):
    named = "FROM sqlite_schema WHERE name = 'entry_url'"
    with by_hand(held) as connection:
        index = connection.execute(f"SELECT * {named}").fetchone()
        connection.execute(f"DELETE {named}")
    with by_hand(held) as connection:
        connection.execute("UPDATE entry SET url = 'https://a.example/8'")
    with by_hand(held) as connection:
        connection.execute("INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)", index)
    with open_store(held.data) as again, pytest.raises(EvidenceError, match="entry_url"):
        again.verify()


@contextmanager
def by_hand(held):
    """Give the file as somebody opens it who may do anything."""
    connection = sqlite3.connect(held.data / "vigie.db", isolation_level=None)
    connection.execute("PRAGMA writable_schema = ON")
    yield connection
    connection.close()


def test_what_is_yet_to_be_read_in_a_new_version_is_no_damage(held):
    keep(held, make_reading("https://a.example/0", "Le port", "Un tout autre texte."), raw=b"y")
    held.verify()
