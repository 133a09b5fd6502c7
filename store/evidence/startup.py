"""The check at the start of the program: once a day, for a few seconds, each day another part.

Tables are checked by SQLite itself, capture files and texts against their hashes, from where the
last check ended. What it finds stands in a file beside the database, and from then on the folder
is opened for reading alone. It changes nothing in the database; `vigie verify` checks all of it.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from model.errors import DamageError, StoreError
from store.backup.folders import say_restore
from store.evidence.verification import find_file_fault
from store.files import write_file
from store.identity import hash_text
from store.inspection import Owner, connect_beside_writers, is_writable, look, refuse_half_restored
from store.sqlite import sqlite3

STATE = "startup-check.json"
EVERY = timedelta(days=1)
BUDGET_S = 3.0
_NEWEST = 50
_STEPS_BETWEEN_LOOKS = 10_000

_CAPTURES = (
    "SELECT id, url, file, offset, length, record_sha256, imported_from FROM capture WHERE id > ?"
    " ORDER BY id"
)
_TEXTS = (
    "SELECT id, article_id, number, title, text, summary, authors, text_sha256 FROM version"
    " WHERE id > ? ORDER BY id"
)


class State(msgspec.Struct, kw_only=True):
    """Where the next check goes on, what was found, and what a person lives with."""

    checked_at: datetime | None = None
    table: str = ""
    capture: int = 0
    version: int = 0
    damages: list[str] = []
    accepted: list[str] = []


def check_at_start(
    data: Path, *, now: datetime, clock: Callable[[], float] = time.monotonic
) -> tuple[str, ...]:
    """Check a part of what is held, where no check was made within a day; return the damages.

    What was found before stays found until a restore, or until `vigie verify` says otherwise.
    """
    file, state = data / "vigie.db", load_state(data)
    refuse_half_restored(file)
    if state.damages or not _is_due(state, now) or not is_writable(file):
        return tuple(state.damages)
    try:
        if look(file).owner is not Owner.VIGIE:
            return ()
        with closing(connect_beside_writers(file)) as connection:
            found = _Check(connection, data, state, clock).make()
    except DamageError as error:
        found = [str(error)]
    state.damages = [said for said in found if said not in state.accepted]
    state.checked_at = now
    save_state(data, state)
    return tuple(state.damages)


def _is_due(state: State, now: datetime) -> bool:
    """Tell whether a day has gone by since the last check, by a clock that may have jumped."""
    return state.checked_at is None or abs(now - state.checked_at) >= EVERY


class _Check:
    """One check, until its time is over."""

    def __init__(
        self, connection: Any, data: Path, state: State, clock: Callable[[], float]
    ) -> None:
        self._connection, self._data, self._state = connection, data, state
        self._clock, self._end = clock, clock() + BUDGET_S

    def make(self) -> list[str]:
        self._connection.row_factory = sqlite3.Row
        self._connection.text_factory = lambda raw: raw.decode("utf-8", "backslashreplace")
        checks = (self._newest(), self._tables(), self._captures(), self._texts())
        return list(dict.fromkeys(said for check in checks for said in self._whole(check)))

    def _whole(self, check: Iterator[str]) -> Iterator[str]:
        try:
            yield from check
        except sqlite3.OperationalError as error:
            if not self._is_over():  # else it was our own clock that broke it off
                said = f"{self._data}: the check at the start failed ({error}): try again"
                raise StoreError(said) from error
        except sqlite3.DatabaseError as error:
            yield f"{self._data / 'vigie.db'} is damaged ({error})"

    def _is_over(self) -> bool:
        return self._clock() >= self._end

    def _newest(self) -> Iterator[str]:
        """Compare the last captures with their bytes: what stopped the machine hit these."""
        (last,) = self._connection.execute("SELECT coalesce(max(id), 0) FROM capture").fetchone()
        for row in self._connection.execute(_CAPTURES, (last - _NEWEST,)):
            yield from self._of_capture(row)

    def _tables(self) -> Iterator[str]:
        sql = (
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            " AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name <= ?, name"
        )
        names = [name for (name,) in self._connection.execute(sql, (self._state.table,)).fetchall()]
        self._connection.set_progress_handler(self._is_over, _STEPS_BETWEEN_LOOKS)
        try:
            for name in names:
                if self._is_over():
                    return
                # noted before: a table that takes all the time does not hold up the others
                self._state.table = name
                yield from self._of_table(name)
        finally:
            self._connection.set_progress_handler(None, 0)

    def _of_table(self, name: str) -> Iterator[str]:
        quoted = name.replace("'", "''")
        (said,) = self._connection.execute(f"PRAGMA quick_check('{quoted}')").fetchone()
        if said != "ok":
            problem = " ".join(str(said).split())
            yield f"{self._data / 'vigie.db'} is damaged ({problem})"

    def _captures(self) -> Iterator[str]:
        self._end = max(self._end, self._clock() + BUDGET_S / 3)  # whatever the tables took
        for row in self._connection.execute(_CAPTURES, (self._state.capture,)):
            if self._is_over():
                return
            self._state.capture = row["id"]
            yield from self._of_capture(row)
        self._state.capture = 0

    def _of_capture(self, row: Any) -> Iterator[str]:
        fault = find_file_fault(dict(row), self._data)
        if fault:
            yield f"capture {row['id']} ({row['url']}): {fault}"

    def _texts(self) -> Iterator[str]:
        self._end = max(self._end, self._clock() + BUDGET_S / 3)
        for row in self._connection.execute(_TEXTS, (self._state.version,)):
            if self._is_over():
                return
            self._state.version = row["id"]
            columns = (str(row[name]) for name in ("title", "text", "summary", "authors"))
            if hash_text(*columns) != row["text_sha256"]:
                yield (
                    f"version {row['number']} of article {row['article_id']}: its title, text,"
                    " summary or authors were changed"
                )
        self._state.version = 0


def refuse_damaged(data: Path) -> None:
    """Stop before anything is written to a folder in which damage was found."""
    state = load_state(data)
    if state.damages:
        raise DamageError(say_damages(data, state.damages))


def say_damages(data: Path, damages: Sequence[str]) -> str:
    """Return what was found, and what a person can do about it."""
    return "\n".join((*damages, say_remedy(data)))


def say_remedy(data: Path) -> str:
    """Return what follows from damage, and what a person can do about it."""
    return (
        f"Nothing more is written to {data}: {say_restore(data)}; `vigie verify` checks "
        "everything, and `vigie verify --accept` goes on with what is damaged"
    )


def settle(data: Path, damages: Sequence[str], *, is_accepted: bool) -> bool:
    """Note what a check of everything found; tell whether anything may still be written.

    From then on the folder is opened for reading alone, unless nothing was found or a person lives
    with all of it. Raises DamageError where the database itself is damaged: nobody can live with
    that.
    """
    before = load_state(data)
    state = msgspec.structs.replace(before, damages=list(damages))
    if is_accepted:
        own = [said for said in damages if said.startswith(f"{data / 'vigie.db'} is damaged")]
        if own:
            raise DamageError(f"{own[0]}: this cannot be accepted; {say_restore(data)}")
        state.accepted = list(dict.fromkeys([*before.accepted, *before.damages, *damages]))
    state.damages = [said for said in damages if said not in state.accepted]
    if (state.damages, state.accepted) != (before.damages, before.accepted) and is_writable(
        data / "vigie.db"
    ):
        save_state(data, state)
    return not state.damages


def load_state(data: Path) -> State:
    """Return what the last check left, or the beginning where there is none that can be read."""
    with suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode((data / STATE).read_bytes(), type=State)
    return State()


def save_state(data: Path, state: State) -> None:
    """Save what the next check goes on from."""
    write_file(data / STATE, msgspec.json.encode(state))
