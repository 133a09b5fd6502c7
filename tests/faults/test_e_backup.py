"""Fault 56: backups made while others write, whole or not at all."""

import errno
import json
import os
import re
import stat
from pathlib import Path

import pytest

from model.errors import DamageError, StoreError
from store import open_store
from store.backup.folders import SUMS, find_backups, say_restore
from store.backup.restoring import check_backup
from store.sqlite import sqlite3
from tests.faults.backing_up import DAY, back_up, fill, put_back, silent
from tests.faults.running import ROOT, call_vigie, start, write_config
from tests.store.makers import NOON, keep, make_capture, make_reading


def test_fault_56_a_backup_is_for_its_owner_alone_and_needs_no_program(tmp_path: Path) -> None:
    write_config(tmp_path)
    data = tmp_path / "data"
    fill(data, 2)
    old = os.umask(0)
    try:
        done = call_vigie(tmp_path, "backup", "--json")
    finally:
        os.umask(old)
    assert (done.returncode, done.stderr) == (0, "")
    folder = Path(json.loads(done.stdout)["backup"])
    assert folder.parent == data / "backups"
    for path in (folder, *folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert (folder / "config.toml").read_bytes() == (tmp_path / "config.toml").read_bytes()
    with sqlite3.connect(folder / "vigie.db") as copy:
        assert copy.execute("SELECT count(*) FROM article").fetchone() == (3,)
    copy.close()
    assert sorted(path.name for path in folder.glob("vigie.db*")) == ["vigie.db"]
    listed = [line.split("  ")[1] for line in (folder / SUMS).read_text().splitlines()]
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert set(listed) == there - {SUMS}


def test_fault_56_what_the_backup_before_holds_is_linked_and_takes_no_room(tmp_path: Path) -> None:
    data, place = tmp_path / "data", tmp_path / "backups"
    fill(data, 5)
    first = back_up(data, place)
    fill(data, 1, first=5)
    again = back_up(data, place, NOON + DAY)
    full = back_up(data, place, NOON + 2 * DAY, is_full=True)
    assert (first.copied_files, again.copied_files, full.copied_files) == (6, 1, 7)
    assert again.linked_files == 6
    inode = {
        made.backup.folder.name: (made.backup.folder / "captures/a.warc.gz").stat().st_ino
        for made in (first, again, full)
    }
    assert len(set(inode.values())) == 2
    assert (data / "captures/a.warc.gz").stat().st_ino not in inode.values()
    for made in (first, again, full):
        check_backup(made.backup.folder, silent)


def test_fault_56_a_capture_file_that_grows_is_copied_anew_and_cut_where_no_row_cites(
    tmp_path: Path,
) -> None:
    data, place = tmp_path / "data", tmp_path / "backups"
    fill(data, 0)
    first = back_up(data, place)
    with open_store(data) as store:
        more = make_capture(data, b"une autre", offset=7)
        keep(store, make_reading("https://a.example/2"), capture=more)
    with (data / "captures/a.warc.gz").open("ab") as stream:
        stream.write(b"a record that is being writ")
    again = back_up(data, place, NOON + DAY)
    assert (again.backup.folder / "captures/a.warc.gz").read_bytes() == b"la pageune autre"
    assert (first.backup.folder / "captures/a.warc.gz").read_bytes() == b"la page"


def test_fault_56_old_backups_go_when_enough_good_ones_are_there(tmp_path: Path) -> None:
    data, other, place = tmp_path / "data", tmp_path / "other", tmp_path / "backups"
    for one in (data, other):
        fill(one, 1)
    theirs = back_up(other, place).backup.folder
    made = [back_up(data, place, NOON + n * DAY, keep=2) for n in range(1, 5)]
    folders = [one.backup.folder for one in made]
    assert [one.exists() for one in folders] == [False, False, True, True]
    assert theirs.exists()
    assert made[-1].removed == (str(folders[1]),)
    check_backup(folders[-1], silent)
    assert [one.folder for one in find_backups(data)] == folders[:1:-1]


def test_fault_56_damaged_evidence_is_named_and_removes_no_good_backup(tmp_path: Path) -> None:
    write_config(tmp_path)
    data = tmp_path / "data"
    fill(data, 1)
    good = back_up(data, data / "backups").backup
    (data / "captures/a.warc.gz").write_bytes(b"LA page")
    done = call_vigie(tmp_path, "backup", "--keep", "1")
    assert done.returncode == 5
    assert "its bytes in captures/a.warc.gz were changed" in done.stderr
    assert check_backup(good.folder, silent) == good
    assert str(good.folder) in say_restore(data)
    (data / "captures/a.warc.gz").unlink()
    assert "captures/a.warc.gz is missing" in call_vigie(tmp_path, "backup").stderr
    put_back(good.folder, data, may_replace=True)
    assert call_vigie(tmp_path, "backup").returncode == 0


def test_fault_56_a_damaged_database_makes_no_backup(tmp_path: Path) -> None:
    write_config(tmp_path)
    data = tmp_path / "data"
    fill(data, 30)
    good = back_up(data, data / "backups").backup
    flip(data / "vigie.db")
    done = call_vigie(tmp_path, "backup", "--keep", "1")
    assert done.returncode == 5
    assert f"vigie restore {good.folder} --replace" in done.stderr
    assert [one.folder for one in find_backups(data)] == [good.folder]
    assert hidden(data / "backups") == []


def flip(file: Path) -> None:
    """Spoil the pages of a database but the first."""
    content = bytearray(file.read_bytes())
    for page in range(4096, len(content), 4096 * 3):
        content[page : page + 12] = b"\xff" * 12
    file.write_bytes(content)


def hidden(place: Path) -> list[str]:
    """Return what lies in a place beside finished backups."""
    return [path.name for path in place.glob(".*")]


@pytest.mark.parametrize("after", [0, 3, 8, 11])
def test_fault_54_a_full_disk_leaves_no_half_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    data, place = tmp_path / "data", tmp_path / "backups"
    fill(data, 3)
    good = back_up(data, place).backup
    left, sync = [after], os.fsync

    def full(handle: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(handle)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(StoreError, match=r"No space|full"):
            back_up(data, place, NOON + DAY, is_full=True)
    assert hidden(place) == []
    assert [path.name for path in place.glob("vigie-*")] == [good.folder.name]
    back_up(data, place, NOON + DAY, is_full=True)


KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from store.backup.making import Wanted, make_backup
left, sync = int(sys.argv[3]), os.fsync
def kill(handle):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), 9)
    sync(handle)
os.fsync = kill
wanted = Wanted(now=datetime(2023, 11, 23, tzinfo=UTC), program="test")
make_backup(Path(sys.argv[1]), Path(sys.argv[2]), wanted, lambda _: None)
"""


@pytest.mark.parametrize("after", [4, 7, 10])
def test_fault_56_half_a_backup_is_never_taken_for_one(tmp_path: Path, after: int) -> None:
    data, place = tmp_path / "data", tmp_path / "backups"
    fill(data, 3)
    killed = start(KILLED, data, place, after)
    killed.communicate()
    assert killed.returncode == -9
    assert list(place.glob("vigie-*")) == []
    (left,) = place.glob(".vigie-*")
    with pytest.raises((StoreError, DamageError)):
        check_backup(left, silent)
    made = back_up(data, place)
    assert hidden(place) == []
    check_backup(made.backup.folder, silent)


def test_fault_56_no_page_tells_to_copy_a_database_by_hand() -> None:
    pages = [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]
    told = [
        f"{page.name}: {line}"
        for page in pages
        for line in page.read_text(encoding="utf-8").splitlines()
        if re.match(r"\s*(\$ |sudo )?(cp|rsync|scp) ", line) or "copy that folder" in line
    ]
    assert told == []
