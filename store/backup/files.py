"""The evidence files of a backup: copied and compared, or linked to an earlier backup's.

A file is linked when it has the size and the time it had then: capture files only ever grow, and
imported records never change. It never links to a file of the data folder, where damage to the
one would be damage to the other.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from model.errors import DamageError, StoreError
from store.backup.folders import EVIDENCE, read_sums
from store.evidence.verification import find_file_fault
from store.files import make_folder, open_private

_PIECE = 1024 * 1024
_COLUMNS = ("id", "file", "offset", "length", "record_sha256", "imported_from")
_MAX_DAMAGES = 20


class Copied(msgspec.Struct, frozen=True, kw_only=True):
    """What was taken over: the SHA-256 of each file, and what was found to be damaged."""

    sums: dict[str, str]
    copied_files: int
    copied_bytes: int
    damages: tuple[str, ...]


def copy_evidence(
    connection: Any, data: Path, target: Path, base: Path | None, tell: Callable[[str], None]
) -> Copied:
    """Take over every capture file and imported record that the copied database may cite.

    `base` is an earlier backup, a good one. What is copied is compared with the rows that cite it.
    """
    return _Copying(connection, data, target, base).make(tell)


class _Copying:
    """One walk over the evidence files."""

    def __init__(self, connection: Any, data: Path, target: Path, base: Path | None) -> None:
        self._connection, self._data, self._target, self._base = connection, data, target, base
        self._known = read_sums(base) if base else {}
        self._cited: dict[str, int] = dict(
            connection.execute("SELECT file, max(offset + length) FROM capture GROUP BY file")
        )
        self._sums: dict[str, str] = {}
        self._copied_files = self._copied_bytes = 0
        self._damages: list[str] = []

    def make(self, tell: Callable[[str], None]) -> Copied:
        names = list(self._names())
        for number, name in enumerate(names, start=1):
            self._take(name)
            if number % 100 == 0 or number == len(names):
                tell(f"files {number} of {len(names)}")
        missing = sorted(self._cited.keys() - set(names))
        self._damages += [f"{name} is missing" for name in missing]
        return Copied(
            sums=self._sums,
            copied_files=self._copied_files,
            copied_bytes=self._copied_bytes,
            damages=tuple(self._damages[:_MAX_DAMAGES]),
        )

    def _names(self) -> Iterator[str]:
        """Yield every evidence file; what a writer has only begun bears another name or no row."""
        for folder in EVIDENCE:
            for path in sorted((self._data / folder).rglob("*")):
                if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                    yield path.relative_to(self._data).as_posix()

    def _take(self, name: str) -> None:
        source, target = self._data / name, self._target / name
        make_folder(target.parent)
        before = source.stat()
        length = self._length(name, before)
        if length and not self._link(name, before, target):
            self._sums[name] = copy_file(source, target, length)
            os.utime(target, ns=(before.st_mtime_ns, before.st_mtime_ns))
            self._copied_files += 1
            self._copied_bytes += length
            self._compare(name)

    def _length(self, name: str, before: os.stat_result) -> int:
        """Return how much of a file is taken: whole, but for a last record that is being written.

        A capture file that grew since the last cited record may be at work: what no row of the
        copied database cites stays out, as a killed run would have left it.
        """
        is_whole = name.startswith("imports/") or before.st_mtime < self._made_at()
        return before.st_size if is_whole else min(before.st_size, self._cited.get(name, 0))

    def _made_at(self) -> float:
        """Return the moment from which on a file may have grown after the database was copied."""
        return (self._target / "vigie.db").stat().st_mtime - 60.0

    def _link(self, name: str, before: os.stat_result, target: Path) -> bool:
        """Link to an earlier backup's file; tell whether that could be done."""
        if self._base is None or name not in self._known:
            return False
        held = self._base / name
        try:
            there = held.stat()
            is_same = (there.st_size, there.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
            if is_same:
                os.link(held, target)
        except OSError:
            return False  # not every disk has links: then it is copied
        if is_same:
            self._sums[name] = self._known[name]
        return is_same

    def _compare(self, name: str) -> None:
        """Compare what was copied with the captures that cite it."""
        sql = f"SELECT {', '.join(_COLUMNS)} FROM capture WHERE file = ?"  # noqa: S608 - ours
        for values in self._connection.execute(sql, (name,)):
            row = dict(zip(_COLUMNS, values, strict=True))
            fault = find_file_fault(row, self._target)
            if fault:
                self._damages.append(f"capture {row['id']}: {fault}")


def copy_file(source: Path, target: Path, length: int | None = None) -> str:
    """Copy a file, or its first bytes, for its owner alone; return its SHA-256 when it is there.

    What was written is read again and compared: raises DamageError when it differs.
    """
    wanted = hashlib.sha256()
    with source.open("rb") as stream, os.fdopen(open_private(target), "wb") as written:
        for piece in _pieces(stream, length):
            wanted.update(piece)
            written.write(piece)
        written.flush()
        os.fsync(written.fileno())
    if hash_file(target) != wanted.hexdigest():
        raise DamageError(f"{target} is not what was written to it: this disk cannot be trusted")
    return wanted.hexdigest()


def _pieces(stream: Any, length: int | None) -> Iterator[bytes]:
    left = length
    while left is None or left > 0:
        piece = stream.read(_PIECE if left is None else min(_PIECE, left))
        if not piece:
            if left:
                raise StoreError(f"{stream.name} became shorter while it was copied")
            return
        left = None if left is None else left - len(piece)
        yield piece


def hash_file(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
