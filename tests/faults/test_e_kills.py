"""Faults 49, 52 and 58: killed at random moments, and eight readers beside writers.

In the suite a part of it is done. `VIGIE_KILLS=200 VIGIE_TOGETHER_S=60` does all of it.
"""

import contextlib
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from model.query import Everything, parse_query
from store import database as database_module
from store import open_store
from store.backup.folders import is_backup_name
from store.backup.making import Wanted, make_backup
from store.backup.restoring import check_backup, end_restore, restore
from store.database import load_migrations
from tests.faults.running import ROOT, start
from tests.store.makers import NOON, keep, make_reading

KILLS = int(os.environ.get("VIGIE_KILLS", "24"))
TOGETHER_S = float(os.environ.get("VIGIE_TOGETHER_S", "3"))

EXTRA = """
CREATE TABLE extra AS SELECT id, title, text FROM version;
CREATE INDEX extra_title ON extra (title);
UPDATE extra SET title = title || '!';
CREATE TABLE more AS SELECT * FROM extra;
DELETE FROM more WHERE id % 2;
"""

WORK = """
import os, sys, time
from datetime import UTC, datetime
from pathlib import Path
from store import database, open_store
from store.articles import Keeping
from store.backup.making import Wanted, make_backup
from store.backup.restoring import restore
from tests.store.makers import NOON, keep, make_capture, make_reading

plain = database.load_migrations()

def ingest(data, reported):
    with open_store(data) as store:
        first = store.database.value("SELECT count(*) FROM article")
        for number in range(first, first + 1000):
            url = f"https://a.example/{number}"
            kept = keep(store, make_reading(url, text=f"mot {number} " * 300), raw=url.encode())
            os.write(reported, b"%d\\n" % kept.article_id)

def imports(data, reported):
    with open_store(data) as store:
        first = store.database.value("SELECT count(*) FROM article")
        for start in range(first, first + 2000, 50):
            urls = [f"https://a.example/{number}" for number in range(start, start + 50)]
            captures = store.save_imports([(url.encode(), url, NOON) for url in urls])
            kept = store.keep_all([
                Keeping(
                    reading=make_reading(url, text=f"mot {url} " * 100), relevant=True,
                    reasons=("x",), capture=capture, entry_id=None, imported_from="a.jsonl",
                    next_reading_at=None, now=NOON,
                )
                for url, capture in zip(urls, captures)
            ])
            os.write(reported, b"".join(b"%d\\n" % one.article_id for one in kept))

def migration(data, _):
    database.load_migrations = lambda: (*plain, sys.argv[1])
    open_store(data).close()

def backup(data, _):
    now = datetime.now(UTC)
    wanted = Wanted(now=now, program="test", keep=2, is_full=now.microsecond % 2 == 0)
    make_backup(data, data.parent / "backups", wanted, lambda _: None)

def put_back(data, _):
    (folder,) = data.parent.glob("backups/vigie-*")
    restore(folder, data, now=NOON, may_replace=True, tell=lambda _: None)

print("ready", flush=True)
for line in sys.stdin:
    kind, data, reported = line.split()
    pid = os.fork()
    if not pid:
        handle = os.open(reported, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        {
            "ingest": ingest, "import": imports, "migration": migration, "backup": backup,
            "restore": put_back,
        }[kind](Path(data), handle)
        os._exit(0)
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


class Forker:
    """Does work in processes forked from one that has loaded everything, and kills them."""

    def __init__(self, folder: Path) -> None:
        """Start that process."""
        self._reported = folder / "reported"
        self._reported.touch()
        self._process = subprocess.Popen(
            [sys.executable, "-c", WORK, EXTRA],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        assert self._process.stdout
        assert self._process.stdout.readline() == b"ready\n"

    def work(self, kind: str, data: Path, seconds: float | None = None) -> int:
        """Do one piece of work, killed after so many seconds; return its exit status."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{kind} {data} {self._reported}\n".encode())
        pid = int(self._process.stdout.readline())
        if not select.select([self._process.stdout], [], [], seconds)[0]:
            with contextlib.suppress(ProcessLookupError):  # it ended in the meantime
                os.kill(pid, signal.SIGKILL)
        return int(self._process.stdout.readline())

    def reported(self) -> list[int]:
        """Return the articles that were reported as stored."""
        return [int(line) for line in self._reported.read_text().split()]

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


@pytest.fixture
def forker(tmp_path: Path) -> Iterator[Forker]:
    forker = Forker(tmp_path)
    yield forker
    forker.close()


def kill(forker: Forker, kind: str, data: Path, longest_s: float, chances: random.Random) -> bool:
    """Do a piece of work and kill it at a random moment; tell whether it was still at work."""
    status = forker.work(kind, data, chances.uniform(0, longest_s))
    assert status in (0, -signal.SIGKILL)
    return status != 0


def assert_whole(data: Path) -> None:
    """Check the database and all that proves what is in it."""
    with open_store(data) as store:
        assert store.database.value("PRAGMA integrity_check") == "ok"
        assert store.database.value("PRAGMA foreign_key_check") is None
        store.verify()


def filled(data: Path) -> Path:
    """Return a data folder with some articles."""
    with open_store(data) as store:
        for number in range(40):
            url = f"https://a.example/{number}"
            keep(store, make_reading(url, text=f"mot {number} " * 300), raw=url.encode())
    return data


def whole_s(forker: Forker, kind: str, data: Path) -> float:
    """Return how long a piece of work takes when nobody kills it."""
    began = time.monotonic()
    assert forker.work(kind, data) == 0
    return time.monotonic() - began


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_fault_49_a_program_killed_at_random_while_it_stores_loses_nothing(
    tmp_path: Path, forker: Forker
) -> None:
    chances, killed, data = random.Random(49), 0, tmp_path / "data"  # noqa: S311 - repeatable
    while killed < KILLS // 4:
        killed += kill(forker, "ingest", data, 0.4, chances)
        assert_whole(data)
        with open_store(data) as store:
            held = [row["id"] for row in store.database.rows("SELECT id FROM article ORDER BY id")]
            versions = store.database.value("SELECT count(*) FROM version")
            urls = store.database.value("SELECT count(DISTINCT url) FROM article")
        assert set(forker.reported()) <= set(held)
        assert len(held) == versions == urls


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_fault_49_an_import_killed_at_random_keeps_whole_batches_with_their_proof(
    tmp_path: Path, forker: Forker
) -> None:
    chances, killed, data = random.Random(490), 0, tmp_path / "data"  # noqa: S311 - repeatable
    while killed < KILLS // 4:
        killed += kill(forker, "import", data, 0.6, chances)
        assert_whole(data)
        with open_store(data) as store:
            held = [row["id"] for row in store.database.rows("SELECT id FROM article ORDER BY id")]
            proven = store.database.value("SELECT count(capture_id) FROM version")
        assert set(forker.reported()) <= set(held)
        assert len(held) == proven
        assert proven % 50 == 0


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_fault_58_a_migration_killed_at_random_is_done_again_whole(
    tmp_path: Path, forker: Forker, monkeypatch: pytest.MonkeyPatch
) -> None:
    chances, killed = random.Random(58), 0  # noqa: S311 - repeatable
    template = filled(tmp_path / "template")
    shutil.copytree(template, tmp_path / "whole")
    longest_s = whole_s(forker, "migration", tmp_path / "whole")
    steps = load_migrations()
    while killed < KILLS // 4:
        data = tmp_path / "data"
        shutil.copytree(template, data)
        if kill(forker, "migration", data, longest_s, chances):
            killed += 1
        for copy in (data / "backups").glob("*.db") if (data / "backups").exists() else ():
            shutil.copytree(template, tmp_path / "copied", ignore=lambda *_: ["vigie.db"])
            shutil.copyfile(copy, tmp_path / "copied/vigie.db")
            assert_whole(tmp_path / "copied")
            shutil.rmtree(tmp_path / "copied")
        with monkeypatch.context() as patched:
            patched.setattr(database_module, "load_migrations", lambda: (*steps, EXTRA))
            assert_whole(data)
            with open_store(data) as store:
                assert store.database.value("SELECT count(*) FROM more") == 20
        shutil.rmtree(data)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_fault_56_a_backup_killed_at_random_is_none(tmp_path: Path, forker: Forker) -> None:
    chances, killed = random.Random(56), 0  # noqa: S311 - repeatable
    data, place = filled(tmp_path / "data"), tmp_path / "backups"
    longest_s = whole_s(forker, "backup", data)
    while killed < KILLS // 4:
        killed += kill(forker, "backup", data, longest_s, chances)
        finished = [folder for folder in place.iterdir() if is_backup_name(folder.name)]
        assert finished
        for folder in finished:
            check_backup(folder, lambda _: None)
    assert forker.work("backup", data) == 0
    assert not list(place.glob(".vigie-*"))
    assert_whole(data)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_fault_57_a_restore_killed_at_random_leaves_the_old_or_the_new(
    tmp_path: Path, forker: Forker
) -> None:
    chances, killed = random.Random(57), 0  # noqa: S311 - repeatable
    data, place = filled(tmp_path / "data"), tmp_path / "backups"
    wanted = Wanted(now=NOON, program="test")
    folder = make_backup(data, place, wanted, lambda _: None).backup.folder
    with open_store(data) as store:
        keep(store, make_reading("https://a.example/later", text="plus tard"), raw=b"plus tard")
    later = shutil.copytree(data, tmp_path / "later")
    longest_s = whole_s(forker, "restore", data)
    while killed < KILLS - 3 * (KILLS // 4):
        shutil.rmtree(data)
        shutil.copytree(later, data)
        killed += kill(forker, "restore", data, longest_s, chances)
        end_restore(data, now=NOON)
        assert_whole(data)
        with open_store(data) as store:
            assert store.database.value("SELECT count(*) FROM article") in (40, 41)
    restore(folder, data, now=NOON + timedelta(days=1), may_replace=True, tell=lambda _: None)
    assert_whole(data)


WRITING = """
import sys, time
from pathlib import Path
from store import open_store
from tests.store.makers import NOON, keep, make_reading
end, number = time.monotonic() + float(sys.argv[2]), 0
with open_store(Path(sys.argv[1])) as store:
    while time.monotonic() < end:
        number += 1
        keep(store, make_reading(f"https://a.example/{number}", text=f"mot m{number} " * 250))
print(number)
"""

REBUILDING = """
import sys, time
from pathlib import Path
from store import open_store
from tests.store.makers import NOON
end, number = time.monotonic() + float(sys.argv[2]), 0
with open_store(Path(sys.argv[1])) as store:
    while time.monotonic() < end:
        number += 1
        store.rebuild_index(now=NOON)
print(number)
"""


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_fault_52_eight_readers_a_writer_and_a_rebuild_never_see_a_lock(tmp_path: Path) -> None:
    data = filled(tmp_path / "data")
    failures: list[Exception] = []
    answers = [0] * 8
    ended = threading.Event()
    word = parse_query("mot")

    def read(one: int) -> None:
        try:
            while not ended.is_set():
                with open_store(data, read_only=True) as reader:
                    reader.search(Everything() if one % 2 else word, now=NOON)
                answers[one] += 1
        except Exception as error:
            failures.append(error)

    readers = [threading.Thread(target=read, args=(one,)) for one in range(8)]
    for thread in readers:
        thread.start()
    writers = [start(code, data, TOGETHER_S) for code in (WRITING, REBUILDING)]
    said = [writer.communicate() for writer in writers]
    ended.set()
    for thread in readers:
        thread.join()
    assert failures == []
    assert [writer.returncode for writer in writers] == [0, 0], said
    written, rebuilt = (int(out) for out, _ in said)
    # the figures that a long run is asked for
    sys.stdout.write(f"{written} written, {rebuilt} rebuilt, {sum(answers)} answers\n")
    assert min(written, rebuilt, *answers) > 0
    assert_whole(data)
