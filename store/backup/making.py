"""A backup of the whole data folder, made while others write, and compared before it counts.

The database is copied by SQLite's own backup from one snapshot; capture files that an earlier
backup holds already are linked to. What is not finished lies under another name and is removed.
It never changes what it copies.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from model.errors import DamageError, StoreError
from store.backup.files import Copied, copy_evidence, copy_file, hash_file
from store.backup.folders import (
    CONFIG,
    DATABASE,
    EVIDENCE,
    FACTS,
    SUMS,
    Backup,
    Facts,
    backups_in,
    note_place,
    say_restore,
)
from store.database import refuse_newer
from store.files import make_folder, sync_folder, touch, write_file
from store.inspection import connect_beside_writers, look, reading
from store.leases import hold_lease
from store.sqlite import explained, sqlite3

_PARTIAL, _GOING = ".partial", ".going"
_PAGES_A_STEP = -1  # all in one: a writer in WAL mode is not held up, and nothing is begun again

Tell = Callable[[str], None]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """How a backup is made; `keep` is how many good ones stay, None for all.

    With `is_full` nothing is linked to: every file is copied and compared anew.
    """

    now: datetime
    program: str
    config: Path | None = None
    keep: int | None = None
    is_full: bool = False


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A backup that was made, what it cost, and which older ones were removed for it."""

    backup: Backup
    copied_files: int
    copied_bytes: int
    linked_files: int
    removed: tuple[str, ...] = ()


def make_backup(data: Path, place: Path, wanted: Wanted, tell: Tell) -> Made:
    """Make a backup of `data` in the folder `place`: whole, or none at all.

    Raises StoreError, DamageError where the database itself is damaged.
    """
    file = data / DATABASE
    schema = look(file).schema
    if not schema:
        raise StoreError(f"{file} holds nothing yet: `vigie run` or `vigie import` first")
    refuse_newer(file, schema)
    if any(place.resolve().is_relative_to((data / name).resolve()) for name in EVIDENCE):
        raise StoreError(f"{place} holds evidence, which is backed up itself: give another --to")
    make_folder(place, "give another --to")
    with hold_lease(place / "backup.lock"):
        _clear(place)
        with _finished(place, wanted.now) as partial:
            base = None if wanted.is_full else _last_good(place, data)
            made = _fill(partial, data, base, wanted, tell)
        backup = Backup(place / partial.name[1 : -len(_PARTIAL)], made.backup.facts)
        made = msgspec.structs.replace(made, backup=backup)
        if os.access(data, os.W_OK):
            note_place(data, place)
        removed = _rotate(place, data, wanted.keep) if backup.is_good and wanted.keep else ()
    return msgspec.structs.replace(made, removed=removed)


@contextmanager
def _finished(place: Path, now: datetime) -> Iterator[Path]:
    """Give a folder to fill, which gets its name in one step when that went well."""
    name = stem = f"vigie-{now:%Y%m%dT%H%M%SZ}"
    number = 1
    while (place / name).exists():
        number += 1
        name = f"{stem}-{number}"
    partial = place / f".{name}{_PARTIAL}"
    make_folder(partial)
    try:
        yield partial
        for folder in sorted(partial.rglob("*/"), reverse=True):
            sync_folder(folder)
        sync_folder(partial)
        partial.rename(place / name)
        sync_folder(place)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise StoreError(
            f"no backup was made, {place} refused it ({error.strerror}): make room or mend it"
        ) from error
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _clear(place: Path) -> None:
    """Remove what a backup that was killed left half done."""
    for left in place.glob(".vigie-*"):
        if left.suffix in (_PARTIAL, _GOING):
            shutil.rmtree(left)


def _last_good(place: Path, data: Path) -> Path | None:
    return next((one.folder for one in backups_in(place, data) if one.is_good), None)


def _fill(partial: Path, data: Path, base: Path | None, wanted: Wanted, tell: Tell) -> Made:
    tell("copying the database")
    rows, schema = _copy_database(data / DATABASE, partial / DATABASE)
    tell("checking the copy")
    check_database(partial / DATABASE, rows, data)
    for name in EVIDENCE:
        make_folder(partial / name)
    with reading(partial / DATABASE) as connection:
        copied = copy_evidence(connection, data, partial, base, tell)
    sums = {DATABASE: hash_file(partial / DATABASE), **copied.sums}
    if wanted.config is not None:
        sums[CONFIG] = copy_file(wanted.config, partial / CONFIG)
    facts = Facts(
        made_at=wanted.now,
        program=wanted.program,
        data=str(data.absolute()),
        schema=schema,
        rows=rows,
        files=len(sums),
        total_bytes=sum((partial / name).stat().st_size for name in sums),
        damages=copied.damages,
    )
    _seal(partial, facts, sums)
    return _made(partial, facts, copied)


def _made(partial: Path, facts: Facts, copied: Copied) -> Made:
    database_bytes = (partial / DATABASE).stat().st_size
    return Made(
        backup=Backup(partial, facts),
        copied_files=copied.copied_files,
        copied_bytes=copied.copied_bytes + database_bytes,
        linked_files=len(copied.sums) - copied.copied_files,
    )


def _seal(partial: Path, facts: Facts, sums: dict[str, str]) -> None:
    encoded = msgspec.json.format(msgspec.json.encode(facts), indent=2) + b"\n"
    write_file(partial / FACTS, encoded)
    listed = {**sums, FACTS: hash_file(partial / FACTS)}
    lines = [f"{listed[name]}  {name}\n" for name in sorted(listed)]
    write_file(partial / SUMS, "".join(lines).encode())


def _copy_database(file: Path, target: Path) -> tuple[dict[str, int], int]:
    """Copy one state of the database; return how many rows its tables have, and its schema."""
    touch(target)
    with explained(file), closing(connect_beside_writers(file)) as source:
        source.execute("BEGIN")
        rows, schema = count_rows(source), source.execute("PRAGMA user_version").fetchone()[0]
        _copy_pages(source, target)
        source.execute("ROLLBACK")
    return rows, schema


def _copy_pages(source: Any, target: Path) -> None:
    """Copy all pages within the transaction of `source`, into a file that needs no log to read."""
    with explained(target), closing(sqlite3.connect(str(target), isolation_level=None)) as copy:
        source.backup(copy, pages=_PAGES_A_STEP)
        copy.execute("PRAGMA journal_mode = DELETE").fetchone()
    with target.open("rb") as stream:
        os.fsync(stream.fileno())


def count_rows(connection: Any) -> dict[str, int]:
    """Return how many rows each table has, those behind a search index too."""
    names = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    ).fetchall()
    return {
        name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608
        for (name,) in names
        if '"' not in name
    }


def check_database(file: Path, rows: dict[str, int], data: Path) -> None:
    """Compare a copied database with itself and with the rows it must have.

    Raises DamageError, which names what to restore in `data`.
    """
    with reading(file) as connection, explained(file):
        said = connection.execute("PRAGMA integrity_check(3)").fetchall()
        counted = count_rows(connection) if said == [("ok",)] else {}
    if said != [("ok",)]:
        problems = "; ".join(" ".join(str(one).split()) for (one,) in said)
        raise DamageError(f"{file} is damaged ({problems}): {say_restore(data)}")
    if counted != rows:
        differing = sorted(name for name, _ in rows.items() ^ counted.items())
        raise DamageError(
            f"{file} has not the rows it had ({', '.join(dict.fromkeys(differing))}): try again"
        )


def _rotate(place: Path, data: Path, keep: int) -> tuple[str, ...]:
    """Remove what is older than the last `keep` good backups of this data folder."""
    good = [one for one in backups_in(place, data) if one.is_good]
    if len(good) <= keep:
        return ()
    oldest = good[keep - 1].facts.made_at
    going = [one for one in backups_in(place, data) if one.facts.made_at < oldest]
    for one in going:
        hidden = place / f".{one.folder.name}{_GOING}"
        one.folder.rename(hidden)
        shutil.rmtree(hidden)
    return tuple(str(one.folder) for one in going)
