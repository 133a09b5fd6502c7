"""The SQLite that is used: the bundled one where it is installed, else the standard library's.

It opens nothing.
"""

try:
    import pysqlite3.dbapi2 as sqlite3
except ImportError:
    import sqlite3

__all__ = ["is_wal_safe", "sqlite3"]

_WAL_SINCE, _WAL_FIXED = (3, 7, 0), (3, 51, 3)
_WAL_BACKPORTED = {(3, 44, 6), (3, 50, 7)}


def is_wal_safe(version: tuple[int, ...]) -> bool:
    """Tell whether this SQLite is free of the fault that can lose commits in WAL mode.

    It is in 3.7.0 to 3.51.2, except 3.44.6 and 3.50.7: https://sqlite.org/wal.html#walresetbug
    """
    return not (_WAL_SINCE <= version < _WAL_FIXED) or version in _WAL_BACKPORTED
