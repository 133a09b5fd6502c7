"""The SQLite that is used, and its errors in our words.

It is the bundled one where it is installed, else the standard library's. It opens nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model.errors import DamageError, StoreError
from store.backup.folders import say_restore
from store.files import TOO_LONG

try:
    import pysqlite3.dbapi2 as sqlite3
except ImportError:
    import sqlite3

__all__ = ["explained", "is_wal_safe", "sqlite3"]

_WAL_SINCE, _WAL_FIXED = (3, 7, 0), (3, 51, 3)
_WAL_BACKPORTED = {(3, 44, 6), (3, 50, 7)}


def is_wal_safe(version: tuple[int, ...]) -> bool:
    """Tell whether this SQLite is free of the fault that can lose commits in WAL mode.

    It is in 3.7.0 to 3.51.2, except 3.44.6 and 3.50.7: https://sqlite.org/wal.html#walresetbug
    """
    return not (_WAL_SINCE <= version < _WAL_FIXED) or version in _WAL_BACKPORTED


@contextmanager
def explained(file: Path) -> Iterator[None]:
    """Turn SQLite's errors about a file into ours."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StoreError(f"{file}: {_sentence(str(error))}") from error
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as error:
        raise DamageError(f"{file} is damaged ({error}): {say_restore(file.parent)}") from error


def _sentence(message: str) -> str:
    if "locked" in message:
        return TOO_LONG
    if "full" in message:
        return "the disk is full: make room and run again, nothing is lost"
    if "readonly" in message:
        return "it cannot be written: check the modes of the data folder"
    if "unable to open" in message:
        return "it, or its log beside it, cannot be opened: check the modes and the room for files"
    if "no such table" in message:
        return f"{message}: `vigie rebuild` makes again what is derived, a backup holds the rest"
    return f"the database refused ({message})"
