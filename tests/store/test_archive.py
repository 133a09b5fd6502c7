"""An archive where nothing may be written is read; what is not ours is left as it is."""

import ctypes
import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from model.errors import DamageError, StoreError
from store import open_store
from store.checkup import Condition, check_up
from store.inspection import Owner, look
from store.sqlite import is_wal_safe, sqlite3
from tests.store.makers import NOON, keep, make_reading

ROOT = Path(__file__).resolve().parents[2]
# what lets root write where the modes forbid it: https://man7.org/linux/man-pages/man7/capabilities.7.html
DROP_FROM_BOUND, OVERRIDE_MODES = 24, 1

READ = """
import sys
from pathlib import Path
from model.errors import VigieError
from store import open_store
from store.checkup import check_up
from tests.store.makers import NOON, keep
data = Path(sys.argv[1])
try:
    with open_store(data, read_only=True) as store:
        print(store.search(now=NOON).total, store.verify().captures, check_up(data / "vigie.db"))
        keep(store)
except VigieError as error:
    print(error)
"""

WRITE = """
import os, sys
from pathlib import Path
from store import open_store
from tests.store.makers import keep
store = open_store(Path(sys.argv[1]))
keep(store, raw=b"x")
os.kill(os.getpid(), 9)
"""


def obey_modes():
    """Make root, who may write anywhere, obey the modes of files from the next program on."""
    ctypes.CDLL(None).prctl(DROP_FROM_BOUND, OVERRIDE_MODES)


def run(script, data):
    """Run a script in a process that has to obey the modes; return its lines."""
    done = subprocess.run(
        [sys.executable, "-c", script, str(data)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=obey_modes if sys.platform == "linux" else None,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def data(tmp_path):
    """Return a data folder with one article, closed."""
    with open_store(tmp_path / "data") as store:
        keep(store, raw=b"x")
    return tmp_path / "data"


@pytest.fixture
def protect():
    """Return what takes the right to write from a folder; it is given back in the end."""
    protected = []

    def take(folder):
        protected.append(folder)
        for path in folder.iterdir():
            if path.is_file():
                path.chmod(0o400)
        folder.chmod(0o500)
        if sys.platform != "linux" and os.access(folder, os.W_OK):
            pytest.skip("root may write anywhere here")

    yield take
    for folder in protected:
        folder.chmod(0o700)


def state(folder):
    """Return every file under a folder with the hash of its content."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("mode", ["wal", "delete"])
def test_an_archive_is_read_and_nothing_is_made_beside_it(data, protect, mode):
    connection = sqlite3.connect(data / "vigie.db")
    connection.execute(f"PRAGMA journal_mode = {mode}")
    connection.close()
    (data / "opening.lock").unlink()
    before = state(data)
    protect(data)
    read, refused = run(READ, data)
    assert read.startswith("1 1 ")
    assert "GOOD" in read
    assert "cannot be written" in refused
    assert state(data) == before


needs_log = pytest.mark.skipif(
    not is_wal_safe(sqlite3.sqlite_version_info), reason="this SQLite is not used with a log"
)


@needs_log
def test_an_archive_with_the_log_of_a_killed_run_is_read_whole(tmp_path, protect):
    data = tmp_path / "data"
    run(WRITE, data)
    assert (data / "vigie.db-wal").stat().st_size
    protect(data)
    assert run(READ, data)[0].startswith("1 1 ")


@needs_log
def test_an_archive_that_cannot_be_read_as_it_is_says_so_in_one_sentence(tmp_path, protect):
    data = tmp_path / "data"
    run(WRITE, data)
    (data / "vigie.db-shm").unlink()
    protect(data)
    (refused,) = run(READ, data)
    assert "vigie.db-wal beside it; copy the folder" in refused


def test_an_archive_of_an_older_schema_is_not_migrated_but_said(data, protect, monkeypatch):
    from store import database as module

    steps = (*module.load_migrations(), "CREATE TABLE extra (x);\n")
    monkeypatch.setattr(module, "load_migrations", lambda: steps)
    monkeypatch.setattr(module, "is_writable", lambda _: False)
    before = state(data)
    with pytest.raises(
        StoreError, match=f"schema {len(steps) - 1} and this vigie reads {len(steps)}"
    ):
        open_store(data, read_only=True)
    assert state(data) == before


OTHERS = {
    "a table": ["CREATE TABLE theirs (x)"],
    "a table and a version": ["CREATE TABLE theirs (x)", "PRAGMA user_version = 1"],
    "a name": ["PRAGMA application_id = 7"],
    "a version": ["PRAGMA user_version = 3"],
    "a table in a log": ["PRAGMA journal_mode = wal", "CREATE TABLE theirs (x)"],
}


@pytest.mark.parametrize("statements", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("read_only", [True, False], ids=["read", "write"])
def test_another_programs_database_is_refused_unchanged(tmp_path, statements, read_only):
    other = sqlite3.connect(tmp_path / "vigie.db")
    for statement in statements:
        other.execute(statement)
    other.commit()
    other.close()
    before = state(tmp_path)
    with pytest.raises(StoreError, match="another program's") as refusal:
        open_store(tmp_path, read_only=read_only)
    assert refusal.value.exit_status == 1
    assert check_up(tmp_path / "vigie.db").condition is Condition.ANOTHERS
    assert state(tmp_path) == before


def test_another_programs_database_in_use_is_refused_unchanged(tmp_path):
    other = sqlite3.connect(tmp_path / "vigie.db")
    other.execute("PRAGMA journal_mode = wal")
    other.execute("CREATE TABLE theirs (x)")
    other.commit()
    before = state(tmp_path)
    with pytest.raises(StoreError, match="another program's"):
        open_store(tmp_path)
    after = state(tmp_path)
    other.close()
    # the shared memory beside it counts its readers
    assert {**after, "vigie.db-shm": ""} == {**before, "vigie.db-shm": ""}


def test_a_newer_file_is_refused_unchanged(data):
    with open_store(data) as store:
        store.database.execute("PRAGMA user_version = 999")
    (data / "opening.lock").unlink()
    before = state(data)
    with pytest.raises(StoreError, match="newer vigie"):
        open_store(data)
    assert check_up(data / "vigie.db").condition is Condition.NEWER
    assert state(data) == before


def test_a_database_still_in_its_log_is_ours(tmp_path):
    with open_store(tmp_path) as store:
        keep(store)
        assert look(tmp_path / "vigie.db").owner is Owner.VIGIE
        assert check_up(tmp_path / "vigie.db").articles == 1


TORN = """
import os, sys
from store.sqlite import sqlite3
connection = sqlite3.connect(sys.argv[1] + "/vigie.db", isolation_level=None)
connection.execute("PRAGMA journal_mode = delete")
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN")
connection.execute("UPDATE article SET site = hex(zeroblob(50000))")
connection.execute("UPDATE article SET url = hex(zeroblob(50000))")
os.kill(os.getpid(), 9)
"""


def test_a_change_that_was_killed_half_done_is_no_damage_and_is_undone_by_the_next_run(data):
    run(TORN, data)
    before = state(data)
    assert (data / "vigie.db-journal").stat().st_size
    found = check_up(data / "vigie.db")
    assert (found.condition, "vigie.db-journal" in found.why) == (Condition.INTERRUPTED, True)
    assert state(data) == before
    with open_store(data) as store:
        assert store.article(1).current.reading.site == "a.example"
        assert store.verify().captures == 1
    assert check_up(data / "vigie.db").condition is Condition.GOOD


def damaged(data, content):
    (data / "vigie.db").write_bytes(content)
    return state(data)


@pytest.mark.parametrize(
    "cut",
    [lambda _: b"", lambda _: os.urandom(5000), lambda whole: whole[: len(whole) // 2]],
    ids=["emptied", "random bytes", "half"],
)
def test_a_damaged_database_is_found_and_left_alone(data, cut):
    before = damaged(data, cut((data / "vigie.db").read_bytes()))
    found = check_up(data / "vigie.db")
    assert found.condition is Condition.DAMAGED
    assert str(data / "vigie.db") in found.why
    assert state(data) == before


def test_random_bytes_are_refused_before_a_lock_is_made(data):
    (data / "opening.lock").unlink()
    before = damaged(data, os.urandom(5000))
    with pytest.raises(DamageError):
        open_store(data)
    assert state(data) == before


def test_a_database_that_is_gone_from_beside_its_evidence_is_lost(data):
    (data / "vigie.db").unlink()
    assert check_up(data / "vigie.db").condition is Condition.LOST


def test_a_good_database_is_counted_and_nothing_is_written(data):
    with open_store(data) as store:
        keep(store, make_reading("https://a.example/2"))
        store.finish_run(store.start_run(now=NOON), "done", {}, now=NOON)
    before = state(data)
    found = check_up(data / "vigie.db")
    assert (found.condition, found.articles, found.captures) == (Condition.GOOD, 2, 1)
    assert found.last_run_at == NOON
    assert state(data) == before
