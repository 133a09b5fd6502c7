"""Fault 54: disks that are full or turn read-only, in a pass, a migration, a backup, a restore.

A limit on the size of files does everywhere what a full disk does; where the tests may mount one,
a small disk of memory is really filled.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.errors import StoreError
from model.query import Everything
from store import database as database_module
from store import open_store
from store.backup.folders import find_backups
from store.backup.restoring import check_backup, restore
from store.database import load_migrations
from tests.faults.backing_up import back_up, fill, held, silent
from tests.faults.running import call_vigie, run_vigie, start, write_config
from tests.store.makers import NOON, keep, make_reading

EXTRA = "CREATE TABLE extra (x);\n" + "INSERT INTO extra VALUES (zeroblob(300000));\n" * 10

MIGRATING = """
import resource, sys
from pathlib import Path
from model.errors import StoreError
from store import database, open_store
steps = (*database.load_migrations(), sys.argv[2])
database.load_migrations = lambda: steps
limit = (Path(sys.argv[1]) / "vigie.db").stat().st_size + int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    open_store(Path(sys.argv[1]))
except StoreError as error:
    sys.exit(f"{error}")
"""


@pytest.mark.parametrize(("room", "copies"), [(-100_000, 0), (500_000, 1)], ids=["copy", "steps"])
def test_fault_54_a_full_disk_in_a_migration_leaves_the_old_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int, copies: int
) -> None:
    fill(tmp_path, 3)
    before = held(tmp_path)
    full = start(MIGRATING, tmp_path, EXTRA, room)
    err = full.communicate()[1]
    assert full.returncode == 1
    assert err.count("\n") == 1
    assert str(tmp_path) in err
    assert len(list((tmp_path / "backups").iterdir())) == copies
    assert held(tmp_path) == before
    steps = (*load_migrations(), EXTRA)
    monkeypatch.setattr(database_module, "load_migrations", lambda: steps)
    with open_store(tmp_path) as store:
        assert store.database.value("SELECT count(*) FROM extra") == 10
        store.verify()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m,mode=0700", "none", str(disk)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("a small disk can be mounted by root alone")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def fill_up(disk: Path) -> Path:
    """Fill a disk to the last byte; return what fills it."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as stream:
        for size in (65536, 4096, 1):
            try:
                while stream.write(bytes(size)) == size:
                    pass
            except OSError:
                continue
    return ballast


def test_fault_54_a_disk_that_is_really_full_loses_nothing(small_disk: Path) -> None:
    data = small_disk / "data"
    fill(data, 3)
    with open_store(data) as store:
        kept = 0
        with pytest.raises(StoreError, match=r"full|make room"):
            for number in range(3, 5000):
                reading = make_reading(f"https://a.example/{number}", text=f"mot{number} " * 900)
                keep(store, reading, raw=b"%d" % number * 500)
                kept += 1
    assert kept
    ballast = fill_up(small_disk)
    for attempt in (
        lambda: back_up(data, data / "backups"),
        lambda: back_up(data, small_disk / "elsewhere"),
    ):
        with pytest.raises(StoreError):
            attempt()
    assert find_backups(data) == []
    ballast.unlink()
    assert not list(small_disk.rglob(".vigie-*"))
    assert held(data)
    with open_store(data, read_only=True) as store:
        assert store.search(Everything(), now=NOON).total == kept + 4
        assert store.verify().captures == kept + 4


def test_fault_54_a_disk_without_inodes_loses_nothing(small_disk: Path, tmp_path: Path) -> None:
    write_config(tmp_path)
    data = small_disk / "data"
    fill(data, 3)
    before = held(data)
    (tmp_path / "x.txt").write_text("Les caméras du port. " * 20)
    line = ("--data", str(data), "import", str(tmp_path / "x.txt"))
    taken = use_all_inodes(small_disk)
    done = run_vigie(tmp_path, *line)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    backup = run_vigie(tmp_path, "--data", str(data), "backup")
    assert (backup.returncode, backup.stderr.count("\n")) == (1, 1), backup.stderr
    for file in taken:
        file.unlink()
    subprocess.run(["mount", "-o", "remount,nr_inodes=0", str(small_disk)], check=True)
    assert held(data) == before
    assert run_vigie(tmp_path, *line).returncode == 0


def use_all_inodes(disk: Path) -> list[Path]:
    """Leave a disk room, and no file more; return what took them."""
    room = os.statvfs(disk).f_files - os.statvfs(disk).f_ffree + 2
    subprocess.run(["mount", "-o", f"remount,nr_inodes={room}", str(disk)], check=True)
    taken: list[Path] = []
    while True:
        file = disk / f"taken-{len(taken)}"
        try:
            file.touch()
        except OSError:
            return taken
        taken.append(file)


def test_fault_54_a_restore_that_does_not_fit_changes_nothing(
    small_disk: Path, tmp_path: Path
) -> None:
    big, data = tmp_path / "big", small_disk / "data"
    fill(big, 3)
    with open_store(big) as store:
        keep(store, make_reading("https://a.example/big"), raw=os.urandom(5_000_000))
    folder = back_up(big, tmp_path / "backups").backup.folder
    fill(data, 1)
    before = held(data)
    with pytest.raises(StoreError, match=r"No space|full"):
        restore(folder, data, now=NOON, may_replace=True, tell=silent)
    assert held(data) == before
    assert not list(data.glob(".restoring*"))


def test_fault_54_a_volume_that_turned_read_only_is_read_and_backed_up(
    small_disk: Path, tmp_path: Path
) -> None:
    write_config(tmp_path)
    data = small_disk / "data"
    fill(data, 3)
    before = held(data)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    where = ("--data", str(data))
    (tmp_path / "x.txt").write_text("Les caméras du port. " * 20)
    lines: list[tuple[str, ...]]
    lines = [("run",), ("import", str(tmp_path / "x.txt")), ("backup",), ("prune",)]
    for line in lines:
        done = run_vigie(tmp_path, *where, *line)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert "Read-only" in done.stderr
    lines = [("search", "titre"), ("verify",), ("backup", "--to", str(tmp_path / "backups"))]
    for line in lines:
        assert call_vigie(tmp_path, *where, *line).returncode == 0
    (folder,) = (tmp_path / "backups").glob("vigie-*")
    check_backup(folder, silent)
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert held(data) == before


def test_fault_54_what_refuses_every_byte_is_no_place_for_backups(tmp_path: Path) -> None:
    fill(tmp_path / "data", 1)
    for place in (Path("/dev/full"), Path("/proc/nowhere"), tmp_path / "data/captures/x"):
        with pytest.raises(StoreError):
            back_up(tmp_path / "data", place)
