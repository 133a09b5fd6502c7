"""What stands where the database is expected, looked at before anything is done to it.

It never writes to the database and makes no lock.
"""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from model.errors import DamageError, StoreError
from store.backup.folders import say_restore
from store.sqlite import explained, sqlite3

APPLICATION_ID = 0x56494749  # "VIGI"
RESTORING = ".restoring"
"""The folder, in a data folder, of what is yet to be moved into its place."""

_TIMEOUT_S = 30
# https://sqlite.org/fileformat.html#file_format_version_numbers
_FORMAT_BYTE, _WAL_FORMAT = 18, 2


class Owner(StrEnum):
    """Whose database a file is."""

    NOBODY = "nobody"
    VIGIE = "vigie"
    ANOTHER = "another"


class Look(msgspec.Struct, frozen=True):
    """Whose database a file is and which schema it has; 0 for none."""

    owner: Owner
    schema: int


def look(file: Path) -> Look:
    """Return whose database a file is, from a connection that cannot write.

    Raises DamageError when it is no database, StoreError when it cannot be read.
    """
    if not file.exists() or file.stat().st_size == 0:
        return Look(Owner.NOBODY, 0)
    # Immutable makes no file beside another program's; what its log holds is seen only without
    mode = "mode=ro" if _has_content(file, "-wal") else "immutable=1"
    with _readable(file), closing(_connect(file, mode)) as connection:
        application = _value(connection, "PRAGMA application_id")
        schema = _value(connection, "PRAGMA user_version")
        held = _value(connection, "SELECT count(*) FROM sqlite_schema")
    if application == APPLICATION_ID:
        return Look(Owner.VIGIE, schema)
    return Look(Owner.ANOTHER if application or schema or held else Owner.NOBODY, schema)


def kept_beside(file: Path) -> str | None:
    """Return which evidence lies beside a database: `captures`, `imports` or none."""
    folders = (file.with_name(name) for name in ("captures", "imports"))
    return next((folder.name for folder in folders if folder.exists()), None)


def refuse_emptied(file: Path) -> None:
    """Stop before an emptied database is taken for a new one: its evidence stands beside it."""
    kept = kept_beside(file)
    if kept and file.exists() and file.stat().st_size == 0:
        raise DamageError(
            f"{file} is empty although {kept} were kept: {say_restore(file.parent)}; or move the "
            "file away to start anew"
        )


def refuse_half_restored(file: Path) -> None:
    """Stop before half a restored folder is taken for a whole one."""
    if (file.parent / RESTORING).exists():
        raise StoreError(
            f"a restore into {file.parent} was broken off: `vigie restore` without more ends it"
        )


def is_writable(file: Path) -> bool:
    """Tell whether a database and the folder of its log can be written."""
    return os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)


@contextmanager
def reading(file: Path) -> Iterator[Any]:
    """Open a database for reading alone, wherever it lies, for the length of a `with`."""
    with _readable(file), closing(connect_to_read(file)) as connection:
        yield connection


def connect_to_read(file: Path) -> Any:
    """Return a connection that cannot write; raises StoreError in one sentence.

    SQLite reads a WAL database where it cannot make its log only as immutable, and that is safe
    while no log lies there: https://sqlite.org/wal.html#read_only_databases
    """
    with _readable(file):
        mode = "mode=ro" if left_behind(file) or not _is_wal(file) else "immutable=1"
        connection = _connect(file, mode)
        try:
            _value(connection, "PRAGMA user_version")
        except BaseException:
            connection.close()
            raise
    return connection


def connect_beside_writers(file: Path) -> Any:
    """Return a connection that changes nothing and sees one state while others write."""
    if not is_writable(file):
        return connect_to_read(file)
    with _readable(file):
        return _connect(file, "mode=rw")


def _connect(file: Path, mode: str) -> Any:
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}?{mode}",
        uri=True,
        timeout=_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA query_only = ON")
    return connection


def _value(connection: Any, sql: str) -> int:
    return int(connection.execute(sql).fetchone()[0])


def left_behind(file: Path) -> str | None:
    """Return the log beside a database, of a run at work or killed, or None."""
    left = (suffix for suffix in ("-wal", "-journal") if _has_content(file, suffix))
    return next((file.name + suffix for suffix in left), None)


def _has_content(file: Path, suffix: str) -> bool:
    beside = file.with_name(file.name + suffix)
    return beside.exists() and beside.stat().st_size > 0


def _is_wal(file: Path) -> bool:
    with file.open("rb") as stream:
        header = stream.read(_FORMAT_BYTE + 1)
    return header[_FORMAT_BYTE:] == bytes([_WAL_FORMAT])


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    """Turn what prevents reading into one sentence with its remedy."""
    try:
        with explained(file):
            yield
    except OSError as error:
        raise StoreError(f"{file} cannot be read ({error.strerror}): mend its modes") from error
    except StoreError as error:
        left = left_behind(file)
        if left and isinstance(error.__cause__, sqlite3.OperationalError):
            raise StoreError(
                f"{file} cannot be read here: a run that was killed left {left} beside it; copy "
                "the folder to where it can be written and open it there"
            ) from error
        raise
