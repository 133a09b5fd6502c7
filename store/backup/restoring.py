"""A backup put back: checked first, what was there moved aside, and nothing deleted.

Everything is copied and compared beside the data folder's own files before the first of them is
moved, and the database comes last. What breaks off after that is ended by the next restore; until
then nothing opens the folder. It never changes the backup.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from model.errors import DamageError, StoreError
from store.backup.files import copy_file, hash_file
from store.backup.folders import (
    CONFIG,
    DATABASE,
    EVIDENCE,
    FACTS,
    FOLDER,
    PLACES,
    SUMS,
    Backup,
    read_backup,
    read_sums,
)
from store.backup.making import check_database
from store.database import refuse_newer
from store.evidence.verification import EvidenceError
from store.files import make_folder, sync_folder, wait_for_lock
from store.inspection import RESTORING, Owner, look
from store.leases import hold_lease
from store.store import open_store
from store.values import to_text

_COPYING = ".restoring-copy"
_DATABASE_FILES = (f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}-journal", DATABASE)
_OURS_BESIDE = {FOLDER, PLACES, CONFIG, _COPYING, RESTORING, "startup-check.json"}

Tell = Callable[[str], None]


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What was put back; `aside` is where the files lie that were there before, empty for none.

    `backup` is None where a restore that was broken off was ended.
    """

    backup: Backup | None
    aside: str
    captures: int = 0
    damages: tuple[str, ...] = ()


def check_backup(folder: Path, tell: Tell) -> Backup:
    """Compare everything in a backup with its sums, and its database with itself.

    Raises DamageError naming what is damaged, StoreError when it is no backup that can be read.
    """
    backup, sums = read_backup(folder), read_sums(folder)
    refuse_newer(folder / DATABASE, backup.facts.schema)
    tell("checking the files")
    damaged = [name for name in sorted(sums) if not _matches(folder / name, sums[name])]
    if damaged:
        more = f" (and {len(damaged) - 1} more)" if damaged[1:] else ""
        raise DamageError(
            f"{folder}: {damaged[0]}{more} is damaged or missing: take another backup"
        )
    if look(folder / DATABASE).owner is not Owner.VIGIE:
        raise StoreError(f"{folder / DATABASE} is no database of vigie: take another backup")
    tell("checking the database")
    check_database(folder / DATABASE, backup.facts.rows, Path(backup.facts.data))
    return backup


def _matches(file: Path, wanted: str) -> bool:
    try:
        return not file.is_symlink() and hash_file(file) == wanted
    except OSError:
        return False


def restore(folder: Path, data: Path, *, now: datetime, may_replace: bool, tell: Tell) -> Restored:
    """Put a backup in the place of what is in `data`, which is moved aside.

    Raises StoreError where `data` holds anything and `may_replace` is false.
    """
    backup = check_backup(folder, tell)
    make_folder(data, "give another --to")
    with _alone(data):
        held = _held(data)
        if held and not may_replace:
            raise StoreError(
                f"{data} holds {held}: give another --to, or --replace, which moves what is there "
                "aside"
            )
        captures, damages = _stage(backup, data / _COPYING, now, tell)
        (data / _COPYING).rename(data / RESTORING)
        sync_folder(data)
        aside = _move_in(data, now)
    return Restored(backup=backup, aside=aside, captures=captures, damages=damages)


def end_restore(data: Path, *, now: datetime) -> Restored | None:
    """End a restore that was broken off while files were moved; None where there is none."""
    if not (data / RESTORING).is_dir():
        return None
    with _alone(data):
        return Restored(backup=None, aside=_move_in(data, now))


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Keep passes, digests and whoever opens the database out of a data folder."""
    try:
        with (
            hold_lease(data / "run.lock"),
            hold_lease(data / "digest.lock"),
            wait_for_lock(data / "opening.lock"),
        ):
            yield
    except OSError as error:
        place = error.filename or data
        raise StoreError(f"{place}: nothing was restored ({error.strerror})") from error


def _held(data: Path) -> str:
    """Return the name of something in a data folder that a restore would hide, or nothing."""
    names = sorted(
        path.name
        for path in data.iterdir()
        if path.name not in _OURS_BESIDE
        and path.suffix not in (".lock", ".lease")
        and not path.name.startswith("replaced-")
    )
    return next((name for name in (DATABASE, *EVIDENCE, *names) if name in names), "")


def _stage(backup: Backup, target: Path, now: datetime, tell: Tell) -> tuple[int, tuple[str, ...]]:
    """Copy a backup and bring it to this program's schema; return what its proof says."""
    if target.exists():
        shutil.rmtree(target)
    try:
        _copy(backup, target, tell)
        return _settle(backup, target, now, tell)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise


def _copy(backup: Backup, target: Path, tell: Tell) -> None:
    for name in EVIDENCE:
        make_folder(target / name)
    sums = {
        name: wanted
        for name, wanted in read_sums(backup.folder).items()
        if name not in (CONFIG, FACTS, SUMS)
    }
    for number, (name, wanted) in enumerate(sums.items(), start=1):
        make_folder((target / name).parent)
        if copy_file(backup.folder / name, target / name) != wanted:
            raise DamageError(f"{backup.folder / name} changed while it was copied: try again")
        if number % 100 == 0 or number == len(sums):
            tell(f"files {number} of {len(sums)}")


def _settle(backup: Backup, target: Path, now: datetime, tell: Tell) -> tuple[int, tuple[str, ...]]:
    """Note in the copied database what it was restored from, and compare it with its proof."""
    with open_store(target) as store:
        with store.database.writing():
            row = {"backup_at": to_text(backup.facts.made_at), "restored_at": to_text(now)}
            store.database.insert("restored", row)
        tell("comparing every capture and text with its proof")
        try:
            verified = store.verify()
        except EvidenceError as error:
            verified = error.verified
    for left in target.iterdir():  # of the opening: a lock, and the copy before a migration
        if left.name not in (DATABASE, *EVIDENCE):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    return verified.captures, (*verified.damages, *verified.derived)


def _move_in(data: Path, now: datetime) -> str:
    """Move what is there aside and what was staged in; broken off, it can be done again.

    The old database goes first and the new one comes last, so that half a folder has none.
    """
    staged, aside = data / RESTORING, _free(data / f"replaced-{now:%Y%m%dT%H%M%SZ}")
    if (staged / DATABASE).exists():
        for name in _DATABASE_FILES:
            _move(data / name, aside / name)
        for name in EVIDENCE:
            if (staged / name).exists():
                _move(data / name, aside / name)
                _move(staged / name, data / name)
        sync_folder(data)
        _move(staged / DATABASE, data / DATABASE)
    (data / "startup-check.json").unlink(missing_ok=True)
    staged.rmdir()
    for name in EVIDENCE:
        if not any((data / name).iterdir()):
            (data / name).rmdir()
    sync_folder(data)
    return str(aside) if aside.exists() else ""


def _free(path: Path) -> Path:
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.name}-{number}")
    return free


def _move(source: Path, target: Path) -> None:
    if source.exists():
        make_folder(target.parent)
        source.rename(target)
