"""What is derived is made again as it was, whatever stops it, and nothing else is touched."""

import hashlib
import json
import sqlite3
from contextlib import contextmanager
from datetime import timedelta

import pytest
from click.testing import CliRunner

import app.rebuilding
import app.steps.happenings
import app.steps.processing
from app.cli import vigie
from app.rebuilding import check, rebuild, with_what_follows
from app.steps.processing import process_kept
from model.config import NlpSettings
from model.mention import Entity, EntityKind
from model.query import parse_query
from nlp.tagging import Tagger
from store import Annotation, open_store
from store.derived import TABLES, Part
from tests.store.makers import NOON, keep, make_reading

WATCHED = (Entity(name="CNIL", kind=EntityKind.ORGANISATION, aliases=("la Commission",)),)
TEXT = (
    "La CNIL a contrôlé le port le 14 novembre 2023, dit Anne Roy. Les caméras du quai filment"
    " les passants depuis mars 2023. « Nous vérifions tout », affirme la Commission au journal."
)
DERIVED = (
    "entity", "mention", "date_mention", "quote", "tagging", "dated_sentence", "copy", "print",
    "text_prints", "vector", "story", "story_article", "event", "citation", "article_label",
    "article_facet", "label",
)  # fmt: skip
KEPT = (
    "source", "capture", "chain_head", "address", "version", "change", "ledger", "ledger_head",
    "stamp", "annotation", "digest", "delivery", "run", "entry", "unkept", "lead",
    "story_decision", "story_apart",
)  # fmt: skip


class Killed(BaseException):
    """What stops the program in the middle."""


def make_tagger(rules=WATCHED):
    return Tagger(rules, NlpSettings(models={}))


def quiet(*_):
    """Tell nobody."""


def clock():
    return NOON + timedelta(days=9)


@pytest.fixture
def store(tmp_path):
    """Return a store with articles, a copy, an older version and marks, all of it processed."""
    with open_store(tmp_path / "data") as held:
        for number in range(5):
            text = (
                TEXT if number < 2 else f"{TEXT} Le {number + 2} décembre 2023, un vote {number}."
            )
            reading = make_reading(
                f"https://a.example/{number}", f"Le port filmé {number}", text,
                site=f"s{number}.example", published_at=NOON + timedelta(hours=number),
            )  # fmt: skip
            keep(held, reading, now=NOON + timedelta(hours=number), raw=f"{number}".encode())
        process_kept(held, make_tagger(), clock, quiet)
        edited = make_reading("https://a.example/4", "Le port refilmé", f"{TEXT} Et voilà un vote.")
        keep(held, edited, now=NOON + timedelta(days=1), raw=b"edited")
        held.mark((1, 3), [(Annotation.STAR, ""), (Annotation.NOTE, "à citer")], [], now=NOON)
        process_kept(held, make_tagger(), clock, quiet)
        yield held


def dump(store, tables):
    """Return all rows of tables, without the numbers that a row happens to get."""
    return {table: sorted(map(facts, store.database.rows(f"SELECT * FROM {table}")), key=repr)  # noqa: S608
            for table in tables}  # fmt: skip


def facts(row):
    return {name: value for name, value in row.items() if name != "tagged_at"}


def hash_kept(store):
    return hashlib.sha256(json.dumps(dump(store, KEPT), default=repr).encode()).hexdigest()


def derived(store):
    """Return what is derived, by what it says and not by its numbers in the tables."""
    articles = range(1, 6)
    return {
        "tags": [store.tags(version.id) for one in articles for version in store.versions(one)],
        "copies": store.copies(),
        "stories": store.stories(),
        "events": store.events(now=clock()),
        "groups": list(store.database.rows("SELECT id, copy_group FROM article")),
        "entities": store.entities(),
        "found": [
            [hit.article for hit in store.search(parse_query(asked), now=clock(), limit=9).hits]
            for asked in ("caméras", "entity:CNIL", "is:starred", "is:copy", "story:1", "vote")
        ],
        "labels": sorted(
            (row["facet"], row["value"], row["articles"])
            for row in store.database.rows("SELECT * FROM label WHERE articles > 0")
        ),
    }


def test_there_is_something_of_everything_to_make_again(store):
    for table in DERIVED:
        assert store.database.value(f"SELECT count(*) FROM {table}"), table  # noqa: S608


@pytest.mark.parametrize("asked", [(), *((part,) for part in Part)], ids=lambda parts: str(parts))
def test_what_is_made_again_is_as_it_was_and_nothing_else_is_touched(store, asked):
    before, kept = derived(store), hash_kept(store)
    made = rebuild(store, make_tagger(), asked, clock, quiet)
    assert derived(store) == before
    assert hash_kept(store) == kept
    assert tuple(one.part for one in made) == with_what_follows(asked)
    assert all(one.rows for one in made)


def test_what_damage_left_in_derived_tables_is_mended(store):
    before = derived(store)
    with store.database.writing():
        for table in ("mention", "copy", "story", "event", "article_label", "article_facet"):
            store.database.execute(f"DELETE FROM {table}")  # noqa: S608
        store.database.execute("UPDATE article SET copy_group = 99")
    assert derived(store) != before
    rebuild(store, make_tagger(), (), clock, quiet)
    assert derived(store) == before


@contextmanager
def by_hand(store):
    """Give the file as a person opens it, who knows nothing of what refers to what."""
    connection = sqlite3.connect(store.data / "vigie.db", isolation_level=None)
    yield connection
    connection.close()


ALL = [table for tables in TABLES.values() for table in tables]


@pytest.mark.parametrize("table", [one for one in ALL if one in DERIVED])
def test_rows_deleted_by_hand_come_back_and_those_left_behind_are_in_no_way(store, table):
    before, kept = derived(store), hash_kept(store)
    with by_hand(store) as connection:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608
    rebuild(store, make_tagger(), (), clock, quiet)
    assert derived(store) == before
    assert hash_kept(store) == kept
    assert store.database.value("PRAGMA foreign_key_check") is None


@pytest.mark.parametrize("tables", [*TABLES.values(), ALL], ids=[*TABLES, "all"])
def test_tables_that_were_dropped_are_made_again(store, tables):
    before, kept = derived(store), hash_kept(store)
    with by_hand(store) as connection:
        for table in tables:
            connection.execute(f"DROP TABLE {table}")
    made = rebuild(store, make_tagger(), (Part.EVENTS,), clock, quiet)
    assert not any(one.went_on for one in made)
    assert derived(store) == before
    assert hash_kept(store) == kept


def test_a_table_that_was_dropped_is_one_sentence_with_its_remedy(store, tmp_path):
    with by_hand(store) as connection:
        connection.execute("DROP TABLE event")
    said = str(run(tmp_path, "timeline").exception)
    assert "no such table: event: `vigie rebuild` makes again what is derived" in said
    run(tmp_path, "rebuild", "index")
    assert run(tmp_path, "timeline").exception is None


def steps(store):
    """Yield the number of each transaction that a whole rebuilding commits."""
    count = 0
    rows = store.database.writing

    def counting():
        nonlocal count
        count += 1
        return rows()

    store.database.writing = counting
    rebuild(store, make_tagger(), (), clock, quiet)
    del store.database.writing
    return count


def test_killed_before_any_of_its_transactions_it_is_finished_by_the_next(store):
    before, kept = derived(store), hash_kept(store)
    writing = store.database.writing
    total = steps(store)
    assert total > 20
    for last in range(0, total, 3):
        left = last

        def dying():
            nonlocal left
            if left == 0:
                raise Killed
            left -= 1
            return writing()

        store.database.writing = dying
        with pytest.raises(Killed):
            rebuild(store, make_tagger(), (), clock, quiet)
        del store.database.writing
        if last % 2:
            rebuild(store, make_tagger(), (), clock, quiet)
        else:
            process_kept(store, make_tagger(), clock, quiet)
            store.rebuild_index(now=clock())
        assert derived(store) == before, last
    assert hash_kept(store) == kept


def test_what_was_begun_goes_on_and_is_not_dropped_again(store):
    store.ask_again((Part.TAGS,), now=NOON)
    store.drop_asked(now=NOON)
    version = store.article(1).current
    tags = app.steps.processing.tag_version(version, make_tagger())
    store.save_tags(version.id, tags, (), tagger=make_tagger().version, now=NOON)
    made = {one.part: one for one in rebuild(store, make_tagger(), (Part.TAGS,), clock, quiet)}
    assert made[Part.TAGS].went_on
    assert made[Part.TAGS].articles == 5
    assert not made[Part.EVENTS].went_on


def test_readers_read_on_while_it_is_at_work(store):
    seen = []
    with open_store(store.data, read_only=True) as reader:

        def look(*_):
            seen.append(len(reader.search(parse_query("caméras"), now=clock(), limit=9).hits))
            seen.append(len(reader.events(now=clock())) > 0)
            assert reader.tags(1) is not None

        rebuild(store, make_tagger(), (Part.TAGS,), clock, look)
    assert set(seen) == {5, True}


def test_each_entity_has_its_names_and_who_says_so(store):
    def aliases():
        rows = store.database.rows("SELECT * FROM aliases ORDER BY entity, written")
        return [(row["entity"], row["written"], row["origin"], row["mentions"]) for row in rows]

    # five current texts and one older one
    assert aliases() == [("CNIL", "CNIL", "configuration", 6),
                         ("CNIL", "la Commission", "configuration", 6)]  # fmt: skip
    other = (Entity(name="cnil", kind=EntityKind.ORGANISATION, aliases=("LA COMMISSION",)),)
    process_kept(store, make_tagger(other), clock, quiet)
    named = {(written, origin) for _, written, origin, _ in aliases()}
    assert {("cnil", "configuration"), ("LA COMMISSION", "configuration")} < named
    assert {origin for written, origin in named if written not in ("cnil", "LA COMMISSION")} == {
        "list"
    }


def test_each_part_says_by_which_rules_it_was_made(store, monkeypatch):
    tagger = make_tagger()
    assert [one.is_current for one in check(store, tagger, (), clock())] == [True] * 5
    assert store.made_by(Part.TAGS) == tagger.version
    other = make_tagger((*WATCHED, Entity(name="Anne Roy", kind=EntityKind.PERSON)))
    stale = [one.part for one in check(store, other, (), clock()) if not one.is_current]
    assert stale == [Part.TAGS]
    monkeypatch.setattr(app.rebuilding, "EVENT_RULES", "other")
    stale = [one.part for one in check(store, tagger, (), clock()) if not one.is_current]
    assert stale == [Part.EVENTS]


def test_a_changed_watch_list_reaches_older_versions_too(store):
    tagger = make_tagger((*WATCHED, Entity(name="Anne Roy", kind=EntityKind.PERSON)))
    process_kept(store, tagger, clock, quiet)
    for version in store.versions(5):
        assert store.database.value("SELECT tagger FROM tagging WHERE version_id = ?",
                                    (version.id,)) == tagger.version  # fmt: skip
    gone = make_tagger(())
    process_kept(store, gone, clock, quiet)
    assert store.database.value("SELECT count(*) FROM entity") == 0


def test_events_of_other_rules_are_all_built_anew_by_the_next_pass(store, monkeypatch):
    with store.database.writing():
        store.database.execute("UPDATE event SET text = 'old rules'")
    process_kept(store, make_tagger(), clock, quiet)
    assert store.events(now=clock())[0].text == "old rules"
    monkeypatch.setattr(app.steps.happenings, "EVENT_RULES", "other")
    process_kept(store, make_tagger(), clock, quiet)
    assert store.events(now=clock())[0].text != "old rules"
    assert store.made_by(Part.EVENTS) == "other"


def test_the_check_counts_events_that_would_be_others(store):
    assert [one.differing for one in check(store, make_tagger(), (Part.EVENTS,), NOON)] == [0]
    with store.database.writing():
        store.database.execute("UPDATE event SET text = 'x' WHERE id = 1")
    assert [one.differing for one in check(store, make_tagger(), (Part.EVENTS,), NOON)] == [2]


CONFIG = """
[affair]
name = "Le port"
match = "caméras"

[nlp]
models = {}
"""


def run(folder, *words):
    (folder / "config.toml").write_text(CONFIG, "utf-8")
    options = ["--config", str(folder / "config.toml"), "--data", str(folder / "data")]
    return CliRunner().invoke(vigie, [*options, *words], standalone_mode=False)


def test_the_command_says_what_it_did(store, tmp_path):
    checked = run(tmp_path, "rebuild", "--check")
    assert checked.return_value == 1
    assert "To be made again: tags: `vigie rebuild tags` does it." in checked.output
    made = run(tmp_path, "rebuild", "tags")
    assert "Captures, versions and notes are as they were." in made.output
    checked = run(tmp_path, "rebuild", "--check")
    assert (checked.return_value, "All of it was made" in checked.output) == (0, True)
    parts = json.loads(run(tmp_path, "rebuild", "--json", "index").stdout)
    assert [one["part"] for one in parts] == ["index"]
    assert "captures" in str(run(tmp_path, "rebuild", "captures").exception)


def test_a_rebuilding_waits_for_no_pass(store, tmp_path):
    with store.lock("run"):
        assert "at work" in str(run(tmp_path, "rebuild", "events").exception)
