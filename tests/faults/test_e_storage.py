"""Faults 49 to 64: kills, full disks, two programs at once, evidence that is touched."""

import errno
import os
import random
import signal
import stat
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from app.config_file import write_text
from model.capture import Capture
from model.config import load_config
from model.errors import StoreError
from model.query import Everything
from store import database as database_module
from store import open_store
from store.database import Database, load_migrations
from store.evidence import captures
from store.files import write_file
from store.sqlite import sqlite3
from tests.crawler.misbehaving import NOON, SITE
from tests.faults.running import call_vigie, run_vigie, start, write_config
from tests.faults.watching import PARAGRAPH, Watched, feed, item, page
from tests.store.makers import keep, make_reading

KILLED_AT = """
import os, sys
from pathlib import Path
from store import database
from tests.faults.watching import Watched, feed, item, page

steps = 0
limit = int(sys.argv[2])

def counted(method):
    def call(self, *arguments, **named):
        global steps
        steps += 1
        if steps == limit:
            os.kill(os.getpid(), 9)
        return method(self, *arguments, **named)
    return call

for name in ("execute", "execute_many", "insert"):
    setattr(database.Database, name, counted(getattr(database.Database, name)))
answers = {"/feed": feed(*(item(n) for n in range(6)))} | {f"/a{n}": page(n) for n in range(6)}
Watched(Path(sys.argv[1]), answers).make_pass()
print(steps, flush=True)
"""

ARTICLES = [f"http://{SITE}/a{n}" for n in range(6)]


@pytest.mark.timeout(60)
def test_fault_49_a_pass_killed_at_any_statement_goes_on_from_there(tmp_path: Path) -> None:
    counted = start(KILLED_AT, tmp_path / "whole", 0)
    steps = int(counted.communicate()[0])
    moments = random.Random(49).sample(range(1, steps), 2)  # noqa: S311 - repeatable moments
    for moment in moments:
        folder = tmp_path / str(moment)
        killed = start(KILLED_AT, folder, moment)
        killed.communicate()
        assert killed.returncode == -signal.SIGKILL
        answers = {"/feed": feed(*(item(n) for n in range(6)))}
        watched = Watched(folder, answers | {f"/a{n}": page(n) for n in range(6)})
        watched.make_pass()
        assert sorted(watched.articles()) == ARTICLES
        with watched.store() as store:
            assert store.database.value("PRAGMA integrity_check") == "ok"
            assert store.verify().captures >= 6
            for number in watched.articles().values():
                assert len(store.versions(number)) == 1


def test_fault_51_every_transaction_that_writes_takes_the_write_lock_first(
    tmp_path: Path,
) -> None:
    said: list[str] = []
    with open_store(tmp_path) as store:
        store.database._connection.set_trace_callback(said.append)
        keep(store, raw=b"x")
        keep(store, make_reading(text="autre"))
        store.search(Everything(), now=NOON)
        store.verify()
    begun, is_reading = [], False
    for statement in said:
        word = statement.lstrip().split(" ")[0].upper()
        if word == "BEGIN":
            begun.append(statement)
            is_reading = "IMMEDIATE" not in statement
        assert not (is_reading and word in ("INSERT", "UPDATE", "DELETE")), statement
    assert "BEGIN IMMEDIATE" in begun


def test_fault_51_a_writer_waits_for_another_whatever_it_has_read(tmp_path: Path) -> None:
    with open_store(tmp_path) as one, open_store(tmp_path) as two:
        keep(one)
        inside = threading.Event()

        def write() -> None:
            with one.database.writing():
                one.database.execute("UPDATE article SET relevant = 0")
                inside.set()
                threading.Event().wait(0.2)

        thread = threading.Thread(target=write)
        thread.start()
        inside.wait()
        kept = keep(two, make_reading("https://a.example/1", text="Un autre texte."))
        thread.join()
        assert kept.outcome == "changed"


WRITING = """
import sys
from pathlib import Path
from store import open_store
from tests.store.makers import keep, make_reading
with open_store(Path(sys.argv[1])) as store:
    for number in range(60):
        keep(store, make_reading(f"https://a.example/{number}", text="mot " * 500))
        store.database.execute("INSERT INTO word_index (word_index) VALUES ('optimize')")
"""


@pytest.mark.timeout(60)
def test_fault_52_eight_readers_beside_a_writer_never_see_a_lock(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        keep(store, make_reading("https://a.example/first"))
    failures: list[Exception] = []
    totals: list[int] = []
    ended = threading.Event()

    def read() -> None:
        try:
            while not ended.is_set():
                with open_store(tmp_path, read_only=True) as reader:
                    totals.append(reader.search(Everything(), now=NOON).total)
        except Exception as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(8)]
    for thread in readers:
        thread.start()
    writer = start(WRITING, tmp_path)
    err = writer.communicate()[1]
    ended.set()
    for thread in readers:
        thread.join()
    assert (writer.returncode, err, failures) == (0, "", [])
    assert max(totals) > 1


def test_fault_53_a_second_pass_is_told_who_is_at_work_and_does_nothing(tmp_path: Path) -> None:
    write_config(tmp_path)
    with open_store(tmp_path / "data") as store, store.lock("run"):
        done = call_vigie(tmp_path, "run")
        assert done.returncode == 75
        assert f"process {os.getpid()}" in done.stderr
        assert store.last_runs() == ()
    assert call_vigie(tmp_path, "run").returncode == 0


FULL = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))"


def test_fault_54_a_full_disk_ends_in_a_sentence_and_the_next_run_goes_on(tmp_path: Path) -> None:
    write_config(tmp_path)
    folder = tmp_path / "files"
    folder.mkdir()
    for number in range(12):
        words = " ".join(f"caméras{number}x{n}" for n in range(2_000))
        (folder / f"{number:02}.md").write_text(f"# Titre {number}\n\n{PARAGRAPH}{words}\n")
    full = run_vigie(tmp_path, "import", str(folder), before=FULL)
    assert full.returncode == 1
    assert "Traceback" not in full.stderr
    assert full.stderr.startswith("vigie: ")
    with open_store(tmp_path / "data") as store:
        assert store.database.value("PRAGMA integrity_check") == "ok"
        held = store.verify().captures
    assert 0 <= held < 12
    assert call_vigie(tmp_path, "import", str(folder)).returncode == 0
    with open_store(tmp_path / "data") as store:
        assert store.verify().captures == 12
        assert store.search(Everything(), now=NOON).total == 12


def test_fault_54_no_row_cites_bytes_that_are_not_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(contents: dict[Path, bytes]) -> None:
        raise StoreError(f"{next(iter(contents))} cannot be written")

    with open_store(tmp_path) as store:
        with monkeypatch.context() as patched:
            patched.setattr("store.evidence.captures.write_files", refuse)
            with pytest.raises(StoreError):
                keep(store, raw=b"x")
        assert store.verify().captures == 0
        assert store.search(Everything(), now=NOON).total == 0
        keep(store, raw=b"x")
        assert store.verify().captures == 1


def test_fault_54_a_batch_of_records_is_on_the_disk_before_its_versions_are_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: set[int] = set()
    listed: set[tuple[int, str]] = set()
    sync, save = os.fsync, captures.save_captures
    cited = 0

    def watched_sync(handle: int) -> None:
        sync(handle)
        found = os.fstat(handle).st_ino
        synced.add(found)
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            listed.update((found, name) for name in os.listdir(handle))

    def watched_save(db: Database, found: Sequence[tuple[Capture, str]]) -> list[int]:
        nonlocal cited
        for capture, _ in found:
            file = tmp_path / "data" / capture.file
            assert file.stat().st_ino in synced
            assert (file.parent.stat().st_ino, file.name) in listed
            cited += 1
        return save(db, found)

    write_config(tmp_path)
    monkeypatch.setattr(os, "fsync", watched_sync)
    monkeypatch.setattr("store.articles.save_captures", watched_save)
    lines = (f'{{"url": "https://a.example/{n}", "text": "{PARAGRAPH} {n}"}}' for n in range(60))
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert call_vigie(tmp_path, "import", str(tmp_path / "a.jsonl")).returncode == 0
    assert cited == 60


@pytest.mark.parametrize("when", ["fsync", "replace"])
def test_fault_55_a_file_that_cannot_be_written_whole_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    config = write_config(tmp_path)
    before = config.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(*((os, "fsync", full) if when == "fsync" else (Path, "replace", full)))
        with pytest.raises(OSError, match="No space"):
            write_text(config, "half")
        with pytest.raises(StoreError):
            write_file(tmp_path / "kept", b"half")
    assert config.read_bytes() == before
    assert not (tmp_path / "kept").exists()
    load_config(config)


@pytest.mark.parametrize("content", [b"", b'[affair]\nname = "x'], ids=["emptied", "half"])
def test_fault_55_a_spoilt_configuration_is_refused_and_left_alone(
    tmp_path: Path, content: bytes
) -> None:
    config = tmp_path / "config.toml"
    config.write_bytes(content)
    (tmp_path / "feeds.opml").write_text(
        '<opml><body><outline xmlUrl="https://a.example/f"/></body></opml>', encoding="utf-8"
    )
    for line in (("run",), ("import", str(tmp_path / "feeds.opml"))):
        done = call_vigie(tmp_path, *line)
        assert done.returncode == 2
        assert "config.toml" in done.stderr
    assert config.read_bytes() == content


def test_fault_56_a_copy_of_a_live_database_is_whole(tmp_path: Path) -> None:
    with open_store(tmp_path / "data") as store:
        for number in range(50):
            keep(store, make_reading(f"https://a.example/{number}"), raw=b"%d" % number)
        store.database.copy_to(tmp_path / "copy.db")
        keep(store, make_reading("https://a.example/later"))
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    copied = sqlite3.connect(tmp_path / "copy.db")
    try:
        assert copied.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copied.execute("SELECT count(*) FROM article").fetchone() == (50,)
    finally:
        copied.close()


EXTRA = "CREATE TABLE extra (x);\nINSERT INTO extra VALUES (1);\nINSERT INTO extra VALUES (2);\n"

MIGRATING = """
import os, sys
from pathlib import Path
from store import database, open_store
steps = (*database.load_migrations(), sys.argv[2])
database.load_migrations = lambda: steps
limit, done, plain = int(sys.argv[3]), 0, database.Database.execute

def counted(self, *arguments):
    global done
    done += 1
    if done == limit:
        os.kill(os.getpid(), 9)
    return plain(self, *arguments)

database.Database.execute = counted
open_store(Path(sys.argv[1])).close()
"""


@pytest.mark.parametrize("statement", [1, 2, 3, 4, 5])
def test_fault_58_a_migration_killed_at_any_statement_is_done_again_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: int
) -> None:
    with open_store(tmp_path) as store:
        keep(store)
    killed = start(MIGRATING, tmp_path, EXTRA, statement)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert list((tmp_path / "backups").glob("*.db"))
    with open_store(tmp_path) as store:
        assert store.database.value("SELECT name FROM sqlite_schema WHERE name = 'extra'") is None
    steps = (*load_migrations(), EXTRA)
    monkeypatch.setattr(database_module, "load_migrations", lambda: steps)
    with open_store(tmp_path) as store:
        assert store.database.value("SELECT count(*) FROM extra") == 2
        assert store.search(Everything(), now=NOON).total == 1


def test_fault_60_another_programs_database_is_no_file_to_import(tmp_path: Path) -> None:
    write_config(tmp_path)
    other = sqlite3.connect(tmp_path / "theirs.db")
    other.execute("CREATE TABLE article (title)")
    other.close()
    done = call_vigie(tmp_path, "import", str(tmp_path / "theirs.db"))
    assert done.returncode == 4
    assert "theirs.db" in done.stderr


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE capture SET url = 'https://b.example/' WHERE id = 2",
        "UPDATE capture SET fetched_at = '2020-01-01T00:00:00Z' WHERE id = 2",
        "DELETE FROM capture WHERE id = 2",
        "DELETE FROM capture WHERE id = 3",
        "file",
        "no file",
    ],
)
def test_fault_61_what_is_touched_behind_the_program_is_named_by_verify(
    tmp_path: Path, tampering: str
) -> None:
    write_config(tmp_path)
    with open_store(tmp_path / "data") as store:
        for number in range(3):
            keep(store, make_reading(f"https://a.example/{number}"), raw=b"octets %d" % number)
    assert call_vigie(tmp_path, "verify").returncode == 0
    if "file" in tampering:
        kept = next(p for p in sorted((tmp_path / "data/imports").rglob("*")) if p.is_file())
        kept.unlink() if tampering == "no file" else kept.write_bytes(b"autres 1")
    else:
        _tamper(tmp_path / "data/vigie.db", tampering)
    done = call_vigie(tmp_path, "verify")
    assert done.returncode == 5
    assert "capture " in done.stderr


def _tamper(file: Path, statement: str) -> None:
    """Do what somebody with the file can: drop the triggers that forbid it, then change a row."""
    other = sqlite3.connect(file)
    triggers = other.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    with pytest.raises(sqlite3.DatabaseError):
        other.execute(statement)
    for (name,) in triggers:
        other.execute(f"DROP TRIGGER {name}")
    other.execute("PRAGMA foreign_keys = OFF")
    other.execute(statement)
    other.commit()
    other.close()


def test_fault_64_no_way_of_leaving_out_destroys_anything(tmp_path: Path) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)})
    watched.make_pass()
    with watched.store() as store:
        before = store.verify().captures
        number = watched.articles()[f"http://{SITE}/a1"]
        store.save_sources((), now=NOON)
        store.set_relevance(number, relevant=False, reasons=())
        for table in ("article", "version", "capture", "change"):
            with suppress(sqlite3.IntegrityError, StoreError), store.database.writing():
                store.database.execute(f"DELETE FROM {table}")  # noqa: S608 - names are ours
        assert store.verify().captures == before
        assert len(store.versions(number)) == 1
        (report,) = store.source_states()
        assert (report.active, report.entries) == (False, 1)


def test_fault_50_a_connection_that_lost_a_guarantee_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = sqlite3.connect

    class Deaf:
        """A connection on which one PRAGMA has no effect."""

        def __init__(self, *arguments: object, **named: object) -> None:
            self._inner = plain(*arguments, **named)

        def execute(self, sql: str, *parameters: object) -> object:
            return self._inner.execute(
                "SELECT 1" if sql.endswith("keys = ON") else sql, *parameters
            )

        def __getattr__(self, name: str) -> object:
            return getattr(self._inner, name)

    monkeypatch.setattr("store.database.sqlite3.connect", Deaf)
    with pytest.raises(StoreError, match="foreign_keys"):
        open_store(tmp_path)


def test_fault_54_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    write_config(tmp_path)
    (tmp_path / "data").write_text("a file", encoding="utf-8")
    done = call_vigie(tmp_path, "run")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert str(tmp_path / "data") in done.stderr
