"""The database file: opened with its guarantees, migrated, written in whole transactions.

It knows no table but the ones of SQLite itself.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from sqlite_utils import Database as Tables

from model.errors import StoreError
from store.files import make_folder, sync_folder, take_turn, touch, wait_for_lock
from store.inspection import (
    APPLICATION_ID,
    Owner,
    connect_to_read,
    is_writable,
    look,
    refuse_emptied,
    refuse_half_restored,
)
from store.sqlite import explained, is_wal_safe, sqlite3

BUSY_TIMEOUT_MS = 30_000
CACHE_KIB = 32_000
"""So much of the file each connection keeps in memory: with SQLite's own 2 MB the pages of 10,000
look-ups among 300,000 articles do not stay, and take 5.3 ms instead of 3.8."""
Row = dict[str, Any]
Parameters = Sequence[Any] | dict[str, Any]


def _spelled_out(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")


class Database:
    """One connection; `warning` says what is less safe than it should be, or is empty.

    `tables` is sqlite-utils over the connection: every statement but the transactions' goes
    through it.
    """

    def __init__(self, file: Path, connection: Any, warning: str) -> None:
        """Wrap an open connection."""
        self.file = file
        self.warning = warning
        self.tables = Tables(connection, execute_plugins=False)
        self._connection = connection

    def rows(self, sql: str, parameters: Parameters = ()) -> Iterator[Row]:
        """Yield the rows of a query, by column name."""
        with explained(self.file):
            cursor = self.tables.execute(sql, parameters)
            columns = [column[0] for column in cursor.description]
            for row in cursor:
                yield dict(zip(columns, row, strict=True))

    def find_row(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """Return the first row of a query, or None."""
        return next(self.rows(sql, parameters), None)

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """Return the first column of the first row, or None."""
        with explained(self.file):
            row = self.tables.execute(sql, parameters).fetchone()
        return None if row is None else row[0]

    def execute(self, sql: str, parameters: Parameters = ()) -> Any:
        """Run one statement within `writing` and return its cursor."""
        return self.tables.execute(sql, parameters)

    def execute_many(self, sql: str, parameters: Sequence[Parameters]) -> None:
        """Run one statement for each of many parameters, within `writing`."""
        self._connection.executemany(sql, parameters)

    def insert(self, table: str, row: Row) -> int:
        """Insert one row within `writing` and return its id."""
        columns = ", ".join(f'"{name}"' for name in row)
        places = ", ".join(f":{name}" for name in row)
        sql = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608 - names are ours
        return int(self.tables.execute(sql, row).lastrowid or 0)

    def insert_many(self, table: str, rows: Sequence[Row]) -> None:
        """Insert rows that all have the same columns, within `writing`."""
        columns = ", ".join(f'"{name}"' for name in rows[0])
        places = ", ".join(f":{name}" for name in rows[0])
        self.execute_many(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)  # noqa: S608

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write what is done inside in one transaction, or nothing of it.

        It takes the write lock first, so that it never has to be upgraded: SQLite would refuse
        at once, whatever the busy timeout.
        """
        turn = take_turn(self.file.parent, BUSY_TIMEOUT_MS / 1000)
        with turn, explained(self.file):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def reading(self) -> "_Snapshot":
        """Return a context in which all queries see one state of the database."""
        return _Snapshot(self._connection)

    @contextmanager
    def any_text(self, read: Callable[[bytes], object] = _spelled_out) -> Iterator[None]:
        """Read text that is no UTF-8, as damage leaves it, with its odd bytes spelled out."""
        before = self._connection.text_factory
        self._connection.text_factory = read
        try:
            yield
        finally:
            self._connection.text_factory = before

    def copy_to(self, file: Path) -> None:
        """Copy the whole database into a new file, for its owner alone."""
        touch(file)
        copy = sqlite3.connect(str(file))
        try:
            with explained(file):
                self._connection.backup(copy)
        finally:
            copy.close()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class _Snapshot:
    """A read transaction."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._nested = connection.in_transaction

    def __enter__(self) -> None:
        if not self._nested:
            self._connection.execute("BEGIN")

    def __exit__(self, *_: object) -> None:
        # nothing was written; and a damaged database refuses even a COMMIT of nothing
        if not self._nested and self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


Completions = Mapping[int, Callable[[Database], None]]
"""What a migration does after its script, in the same transaction, by its number."""


def open_database(file: Path, completions: Completions, *, read_only: bool = False) -> Database:
    """Open, guard and migrate the database in `file`.

    Where nothing may be written, it is opened for reading as it is. Raises StoreError when it is
    not ours, newer than this program, or cannot be opened as asked.
    """
    refuse_half_restored(file)
    if read_only and not file.exists():
        raise StoreError(f"{file} does not exist: run `vigie run` or `vigie import` first")
    _refuse(file)
    if read_only and not is_writable(file):
        return _open_archive(file)
    make_folder(file.parent)
    if not file.exists():
        touch(file)
    connection = sqlite3.connect(str(file), isolation_level=None, check_same_thread=False)
    try:
        # SQLite does not wait, whatever the busy timeout, where two switch to WAL at once
        with wait_for_lock(file.with_name("opening.lock")), explained(file):
            database = Database(file, connection, _guard(connection, file))
            _migrate(database, completions)
            if read_only:
                connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return database


def _refuse(file: Path) -> None:
    """Stop before anything is written to a file that is not ours to write."""
    refuse_emptied(file)
    found = look(file)
    if found.owner is Owner.ANOTHER:
        raise StoreError(f"{file} is another program's database: give another --data")
    refuse_newer(file, found.schema)


def refuse_newer(file: Path, schema: int) -> None:
    """Stop before a file is touched that a newer program wrote."""
    known = len(load_migrations())
    if schema > known:
        raise StoreError(
            f"{file} was written by a newer vigie (schema {schema}, this one knows {known}): "
            "use that one"
        )


def _open_archive(file: Path) -> Database:
    """Open a database where nothing may be written: no lock, no log, no migration."""
    database = Database(file, connect_to_read(file), "")
    schema, known = database.value("PRAGMA user_version"), len(load_migrations())
    if schema < known:
        database.close()
        raise StoreError(
            f"{file} has schema {schema} and this vigie reads {known}: copy the folder to where "
            "it can be written and open it there"
        )
    return database


def _guard(connection: Any, file: Path) -> str:
    """Set what every connection needs, check that it holds, return a warning or nothing."""
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    wanted = "wal" if is_wal_safe(sqlite3.sqlite_version_info) else "delete"
    (mode,) = connection.execute(f"PRAGMA journal_mode = {wanted}").fetchone()
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    expected = {"synchronous": 2, "foreign_keys": 1, "busy_timeout": BUSY_TIMEOUT_MS}
    for name, value in expected.items():
        (found,) = connection.execute(f"PRAGMA {name}").fetchone()
        if found != value:
            raise StoreError(f"{file}: SQLite answers {name} = {found} instead of {value}")
    if mode == "wal":
        return ""
    return (
        f"SQLite {sqlite3.sqlite_version} can lose commits in WAL mode or this disk does not "
        f"allow it: {file.name} uses journal_mode={mode}, which is slower; install "
        "pysqlite3-binary or SQLite 3.51.3"
    )


def _migrate(database: Database, completions: Completions) -> None:
    """Bring the file to this program's schema, step by step, each whole or not at all."""
    steps = load_migrations()
    version = database.value("PRAGMA user_version")
    refuse_newer(database.file, version)
    if version == len(steps):
        return
    if version:
        _back_up(database, version)
    for number in range(version + 1, len(steps) + 1):
        _step(database, number, steps[number - 1], completions.get(number))


def _step(
    database: Database, number: int, script: str, complete: Callable[[Database], None] | None
) -> None:
    with database.writing():
        for statement in _statements(script):
            database.execute(statement)
        if complete is not None:
            complete(database)
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {number}")


def _back_up(database: Database, version: int) -> None:
    folder = database.file.parent / "backups"
    make_folder(folder)
    target = folder / f"{database.file.stem}-before-schema-{version + 1}.db"
    partial = target.with_name(f".{target.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        database.copy_to(partial)
        partial.replace(target)
        sync_folder(folder)
    except OSError as error:
        raise StoreError(
            f"{target} cannot be written ({error.strerror}): nothing was migrated, make room"
        ) from error
    finally:
        for left in folder.glob(f"{partial.name}*"):
            left.unlink()


def load_migrations() -> tuple[str, ...]:
    """Return the scripts in order; script `n` brings schema `n - 1` to `n`."""
    folder = resources.files("store") / "migrations"
    names = sorted(f.name for f in folder.iterdir() if re.fullmatch(r"\d{4}_\w+\.sql", f.name))
    return tuple((folder / name).read_text("utf-8") for name in names)


def load_schema() -> list[tuple[str, str, str]]:
    """Return what makes up an empty database: each name, the table it belongs to, and its SQL."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for statement in (one for script in load_migrations() for one in _statements(script)):
            connection.execute(statement)
        sql = "SELECT name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid"
        return [(name, table, made) for name, table, made in connection.execute(sql)]
    finally:
        connection.close()


def _statements(script: str) -> Iterator[str]:
    """Split a script where SQLite says that a statement is complete (triggers hold semicolons)."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if line.rstrip().endswith(";") and sqlite3.complete_statement(pending):
            yield pending
            pending = ""
