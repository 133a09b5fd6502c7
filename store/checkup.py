"""Whether the database can be used, as `vigie doctor` tells it.

It reads and never writes: no lock, no migration, no log made where none lies.
"""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from model.errors import DamageError, StoreError
from store.database import load_migrations
from store.inspection import (
    Owner,
    is_writable,
    kept_beside,
    left_behind,
    look,
    reading,
    refuse_emptied,
)
from store.sqlite import explained
from store.values import to_time_or_none


class Condition(StrEnum):
    """How a database is."""

    GOOD = "good"
    NEW = "new"
    LOST = "lost"
    ANOTHERS = "another's"
    NEWER = "newer"
    DAMAGED = "damaged"
    INTERRUPTED = "interrupted"
    UNREADABLE = "unreadable"


class Checkup(msgspec.Struct, frozen=True, kw_only=True):
    """How a database is: why where it is not good, and what it holds where it is.

    `unstamped` captures were made since the last time stamp.
    """

    condition: Condition
    why: str = ""
    articles: int = 0
    captures: int = 0
    last_run_at: datetime | None = None
    last_stamp_at: datetime | None = None
    unstamped: int = 0


def check_up(file: Path) -> Checkup:
    """Return how the database in a file is; raises nothing for what the file holds."""
    try:
        return _check_up(file)
    except DamageError as error:
        return Checkup(condition=Condition.DAMAGED, why=str(error))
    except StoreError as error:
        left = left_behind(file)
        if left and is_writable(file):
            return Checkup(condition=Condition.INTERRUPTED, why=f"a killed run left {left} behind")
        return Checkup(condition=Condition.UNREADABLE, why=str(error))


def find_saved_queries(file: Path) -> dict[str, str] | None:
    """Return what each saved search asks for, by its name, or None where that cannot be read."""
    try:
        return _read_searches(file) if look(file).owner is Owner.VIGIE else {}
    except StoreError:
        return None


def _read_searches(file: Path) -> dict[str, str]:
    with reading(file) as connection, explained(file):
        # a database that no newer program has opened yet has no such table
        sql = "SELECT count(*) FROM sqlite_schema WHERE name = 'saved_search'"
        if not connection.execute(sql).fetchone()[0]:
            return {}
        return dict(connection.execute("SELECT name, query FROM saved_search").fetchall())


def _check_up(file: Path) -> Checkup:
    refuse_emptied(file)
    if not file.exists() and kept_beside(file):
        why = f"{file} is missing although {kept_beside(file)} were kept"
        return Checkup(condition=Condition.LOST, why=why)
    found, known = look(file), len(load_migrations())
    if found.owner is Owner.NOBODY:
        return Checkup(condition=Condition.NEW, why=f"{file} will be made by the first run")
    if found.owner is Owner.ANOTHER:
        why = f"{file} is another program's database"
        return Checkup(condition=Condition.ANOTHERS, why=why)
    if found.schema > known:
        why = f"{file} has schema {found.schema} and this vigie knows {known}"
        return Checkup(condition=Condition.NEWER, why=why)
    with reading(file) as connection, explained(file):
        return _read(file, connection)


def _read(file: Path, connection: Any) -> Checkup:
    def value(sql: str) -> Any:
        return connection.execute(sql).fetchone()[0]

    problem = " ".join(str(value("PRAGMA quick_check(1)")).split())
    if problem != "ok":
        return Checkup(condition=Condition.DAMAGED, why=f"{file} is damaged ({problem})")
    captures = value("SELECT count(*) FROM capture")
    # a database that no newer program has opened yet has no such table
    has_stamps = value("SELECT count(*) FROM sqlite_schema WHERE name = 'stamp'")
    covered = value("SELECT coalesce(max(captures), 0) FROM stamp") if has_stamps else 0
    last_stamp = value("SELECT max(stamped_at) FROM stamp") if has_stamps else None
    return Checkup(
        condition=Condition.GOOD,
        articles=value("SELECT count(*) FROM article"),
        captures=captures,
        last_run_at=to_time_or_none(value("SELECT max(ended_at) FROM run")),
        last_stamp_at=to_time_or_none(last_stamp),
        unstamped=max(0, captures - covered),
    )
