"""Backups as they lie on the disk: their list, their facts, and the last good one.

A backup is a folder that got its name in one step, when everything in it had been compared:
`vigie.db`, `captures/`, `imports/`, `config.toml`, `backup.json` with its facts, and `SHA256SUMS`,
which `sha256sum -c` reads. Nothing here makes, changes or removes one.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from model.errors import DamageError, StoreError
from store.files import write_file

FACTS, SUMS = "backup.json", "SHA256SUMS"
DATABASE, CONFIG = "vigie.db", "config.toml"
EVIDENCE = ("captures", "imports")
FOLDER = "backups"
PLACES = "backup-places.json"
"""Lists, in the data folder, the folders that were given to `vigie backup --to`."""

_NAME = re.compile(r"vigie-\d{8}T\d{6}Z(-\d+)?")
_LINE = re.compile(r"([0-9a-f]{64})  ((?:captures|imports)/[^\x00-\x1f]+|[a-z]+\.(?:db|toml|json))")
_FORMAT = 1


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup says of itself; `rows` counts each table, `damages` what was damaged before."""

    format: int = _FORMAT
    made_at: datetime
    program: str
    data: str
    schema: int
    rows: dict[str, int]
    files: int
    total_bytes: int
    damages: tuple[str, ...] = ()


class Backup(msgspec.Struct, frozen=True):
    """A backup and its facts."""

    folder: Path
    facts: Facts

    @property
    def is_good(self) -> bool:
        """Tell whether all that it holds matched its proof when it was made."""
        return not self.facts.damages


def is_backup_name(name: str) -> bool:
    """Tell whether a folder is named as a finished backup is."""
    return _NAME.fullmatch(name) is not None


def read_backup(folder: Path) -> Backup:
    """Return a backup with its facts; raises StoreError, or DamageError where they are spoilt."""
    if folder.name.startswith("."):
        raise StoreError(f"{folder} was never finished: `vigie restore` lists those that were")
    try:
        content = (folder / FACTS).read_bytes()
    except OSError as error:
        raise StoreError(
            f"{folder} is no backup ({FACTS}: {error.strerror}): `vigie restore` lists them"
        ) from error
    try:
        facts = msgspec.json.decode(content, type=Facts)
    except msgspec.DecodeError as error:
        raise DamageError(f"{folder / FACTS} is damaged ({error}): take another backup") from error
    if facts.format > _FORMAT:
        raise StoreError(f"{folder} was made by a newer vigie: restore it with that one")
    return Backup(folder, facts)


def read_sums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of a backup, by its place; raises DamageError."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DamageError(f"{folder / SUMS} cannot be read ({error}): take another") from error
    found = [_LINE.fullmatch(line) for line in lines]
    sums = {one[2]: one[1] for one in found if one and ".." not in one[2].split("/")}
    if len(sums) != len(lines) or DATABASE not in sums:
        raise DamageError(f"{folder / SUMS} is damaged: take another backup")
    return sums


def find_backups(data: Path) -> list[Backup]:
    """Return the backups of a data folder wherever they were put, the newest first."""
    places = dict.fromkeys([data / FOLDER, *map(Path, _places(data))])
    found = [backup for place in places for backup in backups_in(place, data)]
    return sorted(found, key=lambda one: (one.facts.made_at, one.folder.name), reverse=True)


def backups_in(place: Path, data: Path) -> list[Backup]:
    """Return the backups of one data folder in a place, the newest first; spoilt ones are none."""
    found = [one for one in _readable(place) if one.facts.data == str(data.absolute())]
    return sorted(found, key=lambda one: (one.facts.made_at, one.folder.name), reverse=True)


def _readable(place: Path) -> Iterator[Backup]:
    for folder in place.iterdir() if place.is_dir() else ():
        if not is_backup_name(folder.name):
            continue
        try:
            yield read_backup(folder)
        except StoreError:
            continue  # it is named as damaged when somebody asks for it


def note_place(data: Path, place: Path) -> None:
    """Remember where backups of a data folder are put, so that the last good one can be named."""
    known = _places(data)
    added = str(place.absolute())
    if added not in known and place.absolute() != (data / FOLDER).absolute():
        write_file(data / PLACES, msgspec.json.encode([*known, added]))


def _places(data: Path) -> list[str]:
    try:
        return msgspec.json.decode((data / PLACES).read_bytes(), type=list[str])
    except (OSError, msgspec.DecodeError):
        return []  # a list of hints alone: without it the usual place is looked at


def say_restore(data: Path) -> str:
    """Return what to do about damage: restore the last good backup, which is named."""
    try:
        good = next((one for one in find_backups(data) if one.is_good), None)
    except OSError:
        good = None
    if good is None:
        return f"no good backup was found (in {data / FOLDER}): restore your own copy of {data}"
    made = f"{good.facts.made_at:%Y-%m-%d %H:%M} UTC"
    return f"`vigie restore {good.folder} --replace` puts back the last good backup, of {made}"
