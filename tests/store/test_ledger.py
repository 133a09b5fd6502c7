"""Whatever is done to versions, changes and stamps behind the program is named by `verify`."""

import shutil
import signal
from datetime import timedelta

import pytest

from store import open_store
from store.changes import note_change
from store.database import load_migrations
from store.evidence.captures import link
from store.evidence.ledger import spell_entered, spell_line
from store.evidence.stamps import Stamp
from store.evidence.verification import EvidenceError
from store.sqlite import sqlite3
from store.values import sha256
from tests.cost import cheapest_s
from tests.faults.running import start
from tests.store.makers import NOON, keep, make_reading
from tests.store.test_cost import costs
from tests.store.test_verification import alter

DAY = timedelta(days=1)


def fill(store):
    """Keep two articles: one is edited and then absent, the other stamped with all before it."""
    keep(store, make_reading(published_at=NOON - DAY), raw=b"one")
    keep(store, make_reading(text="Un tout autre texte."), raw=b"two", now=NOON + DAY)
    store.record_reading(1, "absent", "it answers 404", now=NOON + 2 * DAY)
    keep(store, make_reading("https://a.example/2"), raw=b"three")
    seal = store.seal()
    store.save_stamp(
        Stamp(captures=seal.captures, lines=seal.lines, chain=seal.chain,
              authority="https://stamps.example", stamped_at=NOON, token=b"token")
    )  # fmt: skip
    keep(store, make_reading("https://a.example/3"))


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    made = tmp_path_factory.mktemp("filled") / "data"
    with open_store(made) as store:
        fill(store)
    return made


@pytest.fixture
def held(filled, tmp_path):
    with open_store(shutil.copytree(filled, tmp_path / "data")) as store:
        yield store


def damages(store):
    """Return every damage that `verify` names, on one line."""
    with pytest.raises(EvidenceError) as damage:
        store.verify()
    assert damage.value.exit_status == 5
    return " | ".join(damage.value.verified.damages)


def test_versions_changes_and_stamps_each_have_a_line(held):
    verified = held.verify()
    assert (verified.versions, verified.changes, verified.stamps) == (4, 2, 1)
    assert (verified.lines, verified.late) == (7, 0)
    assert verified.ledger_head == held.ledger_head().chain
    kinds = [row["kind"] for row in held.database.rows("SELECT kind FROM ledger ORDER BY id")]
    assert kinds == ["version", "version", "change", "change", "version", "stamp", "version"]


VERSION, CHANGE, STAMP = "version 2 of article 1", "change 1 of article 1", "stamp of capture 3"


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        *(
            ("UPDATE version SET " + change + " WHERE id = 2", VERSION)  # noqa: S608 - ours
            for change in (
                "seen_at = '2020-01-01T00:00:00Z'", "capture_id = 1", "capture_id = NULL",
                "published_at = '2020-01-01T00:00:00Z'", "modified_at = '2020-01-01T00:00:00Z'",
                "words_sha256 = ''", "text_sha256 = ''", "lang = 'en'", "access = 'truncated'",
                "rest = replace(rest, 'a.example', 'b.example')", "text = 'Rien.'",
            )
        ),
        ("UPDATE version SET number = 9 WHERE id = 2", "version 9 of article 1"),
        ("UPDATE version SET article_id = 2, number = 2 WHERE id = 2", "version 2 of article 2"),
        *(
            ("UPDATE change SET " + change + " WHERE id = 1", CHANGE)  # noqa: S608 - ours
            for change in (
                "what = 'moved'", "detail = 'title'", "seen_at = '2020-01-01T00:00:00Z'",
                "version_id = 1", "version_id = NULL", "capture_id = 1",
                "present_at = '2020-01-01T00:00:00Z'",
            )
        ),
        ("UPDATE change SET article_id = 2 WHERE id = 1", "change 1 of article 2"),
        ("UPDATE stamp SET authority = 'x'", STAMP),
        ("UPDATE stamp SET stamped_at = '2020-01-01T00:00:00Z'", STAMP),
        ("UPDATE stamp SET token = x'00'", STAMP),
        ("UPDATE stamp SET lines = NULL", STAMP),
        ("DELETE FROM version WHERE id = 2", "the version with the number 2, line 2 "),
        ("DELETE FROM version WHERE id = 4", "the version with the number 4, line 7 "),
        ("DELETE FROM change WHERE id = 1", "the change with the number 1, line 3 "),
        ("DELETE FROM change WHERE id = 2", "the change with the number 2, line 4 "),
        ("DELETE FROM stamp", "the time stamp with the number 3, line 6 "),
        ("INSERT INTO change SELECT 9, article_id, what, detail, seen_at, version_id, capture_id,"
         " present_at FROM change WHERE id = 1", "change 9 of article 1"),
        ("INSERT INTO stamp VALUES (2, 'x', 'x', '2020-01-01T00:00:00Z', x'', 1)",
         "stamp of capture 2"),
        ("UPDATE change SET id = 7 WHERE id = 2", "change 7 of article 1"),
    ],
)  # fmt: skip
def test_a_row_that_is_changed_removed_or_added_is_named(held, statement, named):
    alter(held, statement)
    assert named in damages(held)


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("DELETE FROM ledger WHERE id = 3", "line 3 of the ledger is missing"),
        ("DELETE FROM ledger WHERE id = 7", "line 7 of the ledger is missing"),
        ("DELETE FROM ledger WHERE id > 4", "lines 5 to 7 of the ledger are missing"),
        ("DELETE FROM ledger", "lines 1 to 7 of the ledger are missing"),
        ("DELETE FROM ledger_head", "the head of the ledger is missing"),
        ("UPDATE ledger_head SET lines = 6", "line 7 of the ledger is not the one"),
        ("UPDATE ledger_head SET chain = 'x'", "line 7 of the ledger is not the one"),
        *(
            ("UPDATE ledger SET " + change + " WHERE id = 2", "line 2 of the ledger (")  # noqa: S608
            for change in ("row_sha256 = 'x'", "salt = 'x'", "late = 1", "row_id = 8",
                           "kind = 'other'", "chain = 'x'")
        ),
    ],
)  # fmt: skip
def test_a_ledger_that_is_changed_or_cut_is_named(held, statement, named):
    alter(held, statement)
    assert named in damages(held)


@pytest.mark.parametrize(
    "statements",
    [
        ("DELETE FROM version WHERE id = 4", "DELETE FROM ledger WHERE id = 7"),
        ("DELETE FROM stamp", "DELETE FROM ledger WHERE id = 6"),
        ("DELETE FROM change WHERE id = 2", "DELETE FROM ledger WHERE id = 4"),
    ],
    ids=["version", "stamp", "change"],
)
def test_a_row_that_is_removed_with_its_line_leaves_a_gap_that_is_named(held, statements):
    alter(held, *statements)
    assert "of the ledger is missing: it was removed" in damages(held)


def test_an_article_that_is_removed_with_its_versions_is_named(held):
    alter(held, "DELETE FROM version WHERE article_id = 3", "DELETE FROM article WHERE id = 3")
    assert "the version with the number 4, line 7 of the ledger, is missing" in damages(held)


def chain_anew(store):
    """Make a ledger that fits whatever the rows say now, as somebody with the program can."""
    previous = ""
    for line in list(store.database.rows("SELECT * FROM ledger ORDER BY id")):
        key = "captures" if line["kind"] == "stamp" else "id"
        row = store.database.find_row(
            f"SELECT * FROM {line['kind']} WHERE {key} = ?",  # noqa: S608 - ours
            (line["row_id"],),
        )
        line["row_sha256"] = sha256(spell_entered(line["kind"], row))
        previous = link(previous, sha256(spell_line(line)))
        store.database.execute(
            "UPDATE ledger SET row_sha256 = ?, chain = ? WHERE id = ?",
            (line["row_sha256"], previous, line["id"]),
        )
    store.database.execute("UPDATE ledger_head SET chain = ?", (previous,))


def test_a_ledger_written_anew_no_longer_fits_its_stamp(held):
    alter(held, "UPDATE version SET seen_at = '2020-01-01T00:00:00Z' WHERE id = 2")
    chain_anew(held)
    assert "the time stamp of capture 3 (2023-11-21) attests another chain" in damages(held)


def test_what_comes_after_a_stamp_is_not_covered_by_it(held):
    alter(held, "UPDATE version SET seen_at = '2020-01-01T00:00:00Z' WHERE id = 4")
    chain_anew(held)
    assert held.verify().damages == ()


@pytest.mark.parametrize("table", ["version", "change", "stamp", "ledger"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET rowid = rowid + 90"])
def test_what_was_entered_can_only_be_added_to(held, table, change):
    with pytest.raises(sqlite3.IntegrityError, match="never"), held.database.writing():
        held.database.execute(change.format(table))
    assert held.verify().damages == ()


def test_a_row_that_is_not_saved_after_all_leaves_no_line(held):
    before = held.ledger_head()
    with pytest.raises(KeyboardInterrupt), held.database.writing():
        note_change(held.database, 1, "moved", "elsewhere", NOON)
        raise KeyboardInterrupt
    assert held.ledger_head() == before
    assert held.verify().damages == ()


def test_two_programs_that_write_by_turns_make_one_chain(held):
    with open_store(held.data) as other:
        for number in range(10, 20):
            keep(other if number % 2 else held, make_reading(f"https://a.example/{number}"))
    assert held.verify().lines == 17


def test_the_program_goes_on_where_rows_were_removed_and_the_gap_stays_named(held):
    with held.database.writing():
        note_change(held.database, 3, "moved", "x", NOON)
    alter(held, "DELETE FROM version WHERE id = 4", "DELETE FROM change WHERE id = 3")
    keep(held, make_reading("https://a.example/4"))
    with held.database.writing():
        note_change(held.database, 1, "moved", "y", NOON)
    (stamp,) = held.database.rows("SELECT captures, chain FROM stamp")
    alter(held, "DELETE FROM stamp")
    held.save_stamp(Stamp(**stamp, lines=1, authority="x", stamped_at=NOON, token=b"x"))
    found = damages(held)
    named = ("version with the number 4", "change with the number 3", "stamp with the number 3")
    assert [name in found for name in named] == [True] * 3
    assert [row["id"] for row in held.database.rows("SELECT id FROM version")] == [1, 2, 3, 5]


@pytest.mark.parametrize("table", ["version", "change", "stamp"])
def test_nothing_is_saved_beside_the_ledger(held, table):
    """An older program may still be at work when the ledger is made."""
    key = "captures" if table == "stamp" else "id"
    row = held.database.find_row(f"SELECT * FROM {table}")  # noqa: S608 - ours
    row |= {key: 90} | ({"number": 90} if table == "version" else {})
    with pytest.raises(sqlite3.IntegrityError, match="first"), held.database.writing():
        held.database.insert(table, row)
    assert held.verify().damages == ()


def test_a_hash_of_the_ledger_cannot_be_guessed_from_its_row(tmp_path, held):
    with open_store(tmp_path / "other") as other:
        fill(other)
        theirs = list(other.database.rows("SELECT * FROM ledger ORDER BY id"))
    ours = list(held.database.rows("SELECT * FROM ledger ORDER BY id"))
    assert [row["row_sha256"] for row in ours][:5] == [row["row_sha256"] for row in theirs][:5]
    parts = [{sha256(spell_line(row)) for row in rows} for rows in (ours, theirs)]
    assert not parts[0] & parts[1]


VIRTUAL_FIRST = (
    "SELECT type, name, sql FROM sqlite_schema ORDER BY sql NOT LIKE '% VIRTUAL %', name"
)
"""What a virtual table holds goes with it."""


def of_schema_2():
    """Return an empty database as the first two migrations make it."""
    older = sqlite3.connect(":memory:")
    for script in load_migrations()[:2]:
        older.executescript(script)
    return older


def schema_of(connection):
    """Return what a database is made of, as (kind, name) and the SQL that makes it."""
    return {(kind, name): sql for kind, name, sql in connection.execute(VIRTUAL_FIRST) if sql}


def columns_of(connection):
    """Return the tables with the names of their columns."""
    return [
        (table, name)
        for kind, table in schema_of(connection)
        if kind == "table"
        for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
    ]


def before_the_ledger(folder):
    """Bring a database back to what schema 2 held."""
    connection = sqlite3.connect(folder / "vigie.db", isolation_level=None)
    connection.execute("DROP TRIGGER stamp_is_never_changed")
    seal = connection.execute("SELECT chain FROM capture WHERE id = 3").fetchone()
    connection.execute("UPDATE stamp SET chain = ?", seal)
    connection.execute(
        "CREATE TRIGGER stamp_is_never_changed BEFORE UPDATE ON stamp"
        " BEGIN SELECT RAISE(ABORT, 'a stamp is never changed'); END"
    )
    older = of_schema_2()
    before, now = schema_of(older), schema_of(connection)
    for removed in ("view", "trigger", "index", "table"):
        for kind, name in now:
            if kind == removed and (kind, name) not in before:
                connection.execute(f"DROP {kind} IF EXISTS {name}")
    for made, sql in before.items():
        if made not in schema_of(connection):
            connection.execute(sql)
    for table, name in set(columns_of(connection)) - set(columns_of(older)):
        connection.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    assert schema_of(connection).keys() == before.keys()
    connection.execute("PRAGMA user_version = 2")
    connection.close()


def test_what_is_older_than_the_ledger_is_taken_in_and_said_to_be_late(filled, tmp_path):
    data = shutil.copytree(filled, tmp_path / "data")
    before_the_ledger(data)
    with open_store(data) as store:
        verified = store.verify()
        assert (verified.lines, verified.late, verified.stamps) == (7, 7, 1)
        keep(store, make_reading("https://a.example/9"))
        verified = store.verify()
        assert (verified.lines, verified.late, verified.damages) == (8, 7, ())
        alter(store, "UPDATE version SET capture_id = 1 WHERE id = 2")
        assert VERSION in damages(store)


TAKING_IN = """
import os, sys
from pathlib import Path
from store import database
from store.evidence.ledger import take_in
limit, done = int(sys.argv[2]), 0

def counted(method):
    def call(self, *arguments):
        global done
        done += 1
        if done == limit:
            os.kill(os.getpid(), 9)
        return method(self, *arguments)
    return call

for name in ("execute", "insert"):
    setattr(database.Database, name, counted(getattr(database.Database, name)))
steps = database.load_migrations()[:3]
database.load_migrations = lambda: steps
database.open_database(Path(sys.argv[1], "vigie.db"), {3: take_in}).close()
print(done, flush=True)
"""


def test_taking_in_that_is_killed_is_done_again_whole(filled, tmp_path):
    data = shutil.copytree(filled, tmp_path / "whole")
    before_the_ledger(data)
    older = shutil.copytree(data, tmp_path / "older")
    steps = int(start(TAKING_IN, data, 0).communicate()[0])
    for moment in (2, steps - 6, steps - 1):
        data = shutil.copytree(older, tmp_path / str(moment))
        killed = start(TAKING_IN, data, moment)
        killed.communicate()
        assert killed.returncode == -signal.SIGKILL
        with open_store(data) as store:
            verified = store.verify()
            assert (verified.lines, verified.late, verified.damages) == (7, 7, ())


def test_entering_a_version_costs_the_same_whatever_was_entered_before(store):
    def keep_one(number):
        return lambda: keep(store, make_reading(f"https://a.example/{number}"))

    young = costs(store, keep_one(0))
    for number in range(1, 300):
        keep(store, make_reading(f"https://a.example/{number}"))
    # the index of words merges its parts now and then: the cheapest of a few is compared
    assert min(costs(store, keep_one(number)) for number in (300, 301, 302)) <= young * 1.1


def test_looking_at_a_line_costs_little(store):
    for number in range(300):
        keep(store, make_reading(f"https://a.example/{number}"))
    assert cheapest_s(store.verify, 0.1) < 0.1
