"""What the database promises whatever happens around it."""

import os
import re
import signal
import sqlite3 as plain_sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from model.errors import BusyError, DamageError, StoreError
from store import database as database_module
from store import open_store
from store.backup.making import Wanted, make_backup
from store.backup.restoring import restore
from store.database import load_migrations
from store.sqlite import is_wal_safe, sqlite3
from tests.store.makers import NOON, dump, keep, make_reading

ROOT = Path(__file__).resolve().parents[2]


def start(script, *arguments):
    """Start a Python script that finds the program and the test's makers."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


HALF_DONE = """
import sys, time
from pathlib import Path
from store import open_store
from tests.store.makers import keep, make_reading
store = open_store(Path(sys.argv[1]))
keep(store, make_reading("https://a.example/whole", text="entier"))
with store.database.writing():
    store.database.execute("UPDATE article SET relevant = 0")
    store.database.execute("INSERT INTO word_index (rowid, text) VALUES (1, 'moitie')")
    print("half", flush=True)
    time.sleep(60)
"""


def test_a_killed_write_leaves_nothing_half_done(tmp_path):
    data = tmp_path / "data"
    writer = start(HALF_DONE, data)
    assert writer.stdout.readline() == "half\n"
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    with open_store(data) as store:
        assert store.database.value("PRAGMA integrity_check") == "ok"
        assert store.database.value("PRAGMA foreign_key_check") is None
        (hit,) = store.search(now=NOON).hits
        assert hit.relevant
        store.database.execute("INSERT INTO word_index (word_index) VALUES ('integrity-check')")
        keep(store, make_reading("https://a.example/next"))


MANY = """
import sys
from pathlib import Path
from store import open_store
from tests.store.makers import keep, make_capture, make_reading
store = open_store(Path(sys.argv[1]))
for number in range(1000):
    kept = keep(store, make_reading(f"https://a.example/{number}"), raw=b"%d" % number)
    print(kept.article_id, flush=True)
"""


@pytest.mark.parametrize("after", [1, 7, 40])
def test_what_was_reported_as_kept_is_there_after_a_kill(tmp_path, after):
    writer = start(MANY, tmp_path / "data")
    reported = [int(writer.stdout.readline()) for _ in range(after)]
    writer.send_signal(signal.SIGKILL)
    reported += [int(line) for line in writer.stdout.read().split()]
    writer.wait()
    writer.stdout.close()
    with open_store(tmp_path / "data") as store:
        assert store.verify().captures >= len(reported)
        assert [store.article(number).id for number in reported] == reported
        assert keep(store, make_reading("https://a.example/0"), raw=b"0").outcome == "same"


WRITER = """
import sys
from pathlib import Path
from store import open_store
from tests.store.makers import keep, make_reading
with open_store(Path(sys.argv[1])) as store:
    for number in range(40):
        url = f"https://{sys.argv[2]}.example/{number}"
        keep(store, make_reading(url), raw=url.encode())
"""


def test_two_writers_at_once_lose_nothing(tmp_path):
    data = tmp_path / "data"
    writers = [start(WRITER, data, name) for name in ("a", "b")]
    assert [writer.wait() for writer in writers] == [0, 0]
    for writer in writers:
        writer.stdout.close()
    with open_store(data) as store:
        assert store.search(now=NOON).total == 80
        assert store.verify().captures == 80


def test_every_connection_has_its_guarantees(store):
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0}
    if not is_wal_safe(sqlite3.sqlite_version_info):
        expected["journal_mode"] = "delete"
    found = {name: store.database.value(f"PRAGMA {name}") for name in expected}
    assert found == expected
    assert store.database.value("PRAGMA busy_timeout") >= 10_000


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 6, 23), True),
        ((3, 7, 0), False),
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_a_sqlite_that_can_lose_commits_does_not_use_wal(tmp_path, monkeypatch, version, safe):
    monkeypatch.setattr(database_module, "is_wal_safe", lambda _: is_wal_safe(version))
    with open_store(tmp_path / "data") as store:
        mode = store.database.value("PRAGMA journal_mode")
        assert mode == ("wal" if safe else "delete")
        assert bool(store.warning) is not safe


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_all_that_is_made_is_for_its_owner_alone(tmp_path, umask):
    before = os.umask(umask)
    try:
        with open_store(tmp_path / "new" / "data") as store:
            keep(store, raw=b"x")
            with store.lock("run"):
                made = [tmp_path / "new", *(tmp_path / "new").rglob("*")]
                modes = {stat.S_IMODE(path.stat().st_mode) for path in made if path.is_dir()}
                file_modes = {stat.S_IMODE(p.stat().st_mode) for p in made if p.is_file()}
    finally:
        os.umask(before)
    assert (modes, file_modes) == ({0o700}, {0o600})


def test_the_sqlite_of_python_itself_makes_the_schema_too(tmp_path):
    made = plain_sqlite3.connect(tmp_path / "x.db")
    for script in load_migrations():
        made.executescript(script)
    views = made.execute("SELECT name FROM sqlite_schema WHERE type = 'view'").fetchall()
    for (name,) in views:
        made.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608
    made.close()
    assert views


def test_neither_a_backup_is_made_of_a_newer_file_nor_one_put_back(tmp_path):
    with open_store(tmp_path / "data") as store:
        keep(store)
    wanted = Wanted(now=NOON, program="test")
    made = make_backup(tmp_path / "data", tmp_path / "place", wanted, lambda _: None).backup
    with sqlite3.connect(tmp_path / "data/vigie.db") as newer:
        newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(StoreError, match=r"written by a newer vigie \(schema 99"):
        make_backup(tmp_path / "data", tmp_path / "place", wanted, lambda _: None)
    facts = (made.folder / "backup.json").read_text().replace('"schema": ', '"schema": 9')
    (made.folder / "backup.json").write_text(facts)
    with pytest.raises(StoreError, match=r"written by a newer vigie \(schema 9") as refusal:
        restore(made.folder, tmp_path / "new", now=NOON, may_replace=True, tell=lambda _: None)
    assert str(made.folder) in str(refusal.value)
    assert not (tmp_path / "new").exists()


def test_a_newer_file_is_refused_in_one_sentence(tmp_path):
    with open_store(tmp_path) as store:
        store.database.execute("PRAGMA user_version = 999")
    with pytest.raises(StoreError, match="newer vigie") as refusal:
        open_store(tmp_path)
    assert "\n" not in str(refusal.value)


def test_another_programs_database_is_left_alone(tmp_path):
    other = sqlite3.connect(tmp_path / "vigie.db")
    other.execute("CREATE TABLE theirs (x)")
    other.close()
    with pytest.raises(StoreError, match="another program's"):
        open_store(tmp_path)


@pytest.mark.parametrize("content", [b"this is no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_named_and_left_alone(tmp_path, content):
    (tmp_path / "vigie.db").write_bytes(content)
    with pytest.raises(DamageError, match=re.escape(str(tmp_path / "vigie.db"))):
        open_store(tmp_path)
    assert (tmp_path / "vigie.db").read_bytes() == content


def test_an_emptied_file_is_not_taken_for_a_new_one(tmp_path):
    with open_store(tmp_path) as store:
        keep(store, raw=b"x")
    (tmp_path / "vigie.db").write_bytes(b"")
    with pytest.raises(DamageError, match="is empty although imports were kept"):
        open_store(tmp_path)
    assert (tmp_path / "vigie.db").read_bytes() == b""


@pytest.fixture
def next_step(monkeypatch):
    """Let the program know one migration more."""

    def add(script):
        steps = (*load_migrations(), script)
        monkeypatch.setattr(database_module, "load_migrations", lambda: steps)

    return add


def test_a_migration_is_whole_or_not_done_and_the_file_is_copied_before(tmp_path, next_step):
    with open_store(tmp_path) as store:
        keep(store)
        before = dump(store)
        version = store.database.value("PRAGMA user_version")
    next_step("CREATE TABLE extra (x);\nINSERT INTO extra VALUES (1);\nSELECT nonsense;\n")
    with pytest.raises(StoreError, match="nonsense"):
        open_store(tmp_path)
    (copy,) = (tmp_path / "backups").iterdir()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    next_step("CREATE TABLE extra (x);\nINSERT INTO extra VALUES (1);\n")
    with open_store(tmp_path) as store:
        assert store.database.value("PRAGMA user_version") == version + 1
        assert dump(store) == before | {"extra": [{"x": 1}]}
    copied = sqlite3.connect(copy)
    assert copied.execute("SELECT count(*) FROM article").fetchone() == (1,)
    assert copied.execute("PRAGMA user_version").fetchone() == (version,)
    copied.close()


def test_every_table_says_what_it_holds():
    (script,) = load_migrations()[:1]
    for created in re.finditer(r"(?m)^CREATE (?:VIRTUAL )?(?:TABLE|VIEW) (\w+)", script):
        above = script[: created.start()].rstrip("\n").rpartition("\n")[2]
        assert above.startswith("-- "), created[1]
        assert above.endswith("."), created[1]


def test_the_second_holder_of_a_lock_is_told_who_has_it(store):
    with store.lock("run"), store.lock("digest"):
        with pytest.raises(BusyError, match=f"process {os.getpid()}") as busy, store.lock("run"):
            raise AssertionError("held twice")
        assert busy.value.exit_status == 75
    with store.lock("run"):
        pass


LOCKER = """
import sys, time
from pathlib import Path
from store import open_store
with open_store(Path(sys.argv[1])).lock("run"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_lock_of_a_killed_process_is_free(tmp_path):
    holder = start(LOCKER, tmp_path)
    assert holder.stdout.readline() == "held\n"
    with open_store(tmp_path) as store:
        with pytest.raises(BusyError, match=f"process {holder.pid}"), store.lock("run"):
            raise AssertionError("held twice")
        holder.kill()
        holder.wait()
        holder.stdout.close()
        with store.lock("run"):
            assert (tmp_path / "run.lock").read_text() == str(os.getpid())


def test_a_reader_sees_commits_and_cannot_write(store):
    keep(store)
    with open_store(store.data, read_only=True) as reader:
        assert reader.search(now=NOON).total == 1
        with pytest.raises(StoreError, match="cannot be written"):
            keep(reader, make_reading("https://a.example/2"))
        keep(store, make_reading("https://a.example/3"))
        assert reader.search(now=NOON).total == 2


def test_a_reader_makes_no_database(tmp_path):
    with pytest.raises(StoreError, match="does not exist"):
        open_store(tmp_path / "none", read_only=True)
    assert not (tmp_path / "none").exists()


def test_a_full_disk_ends_in_a_sentence_and_loses_nothing(store):
    keep(store, make_reading(text="court"))
    pages = store.database.value("PRAGMA page_count")
    store.database.value(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreError, match="disk is full"):
        keep(store, make_reading("https://a.example/2", text="long " * 50_000))
    store.database.value("PRAGMA max_page_count = 1000000")
    assert store.database.value("PRAGMA integrity_check") == "ok"
    assert store.search(now=NOON).total == 1
    keep(store, make_reading("https://a.example/2", text="long " * 50_000))
