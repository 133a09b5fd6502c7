"""The data folder: its modes, its locks, and files written whole or not at all.

It never opens the database.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model.errors import BusyError, StoreError

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600


def make_folder(folder: Path) -> None:
    """Make a folder and its missing parents, each for its owner alone whatever the umask."""
    if folder.is_dir():
        return
    try:
        make_folder(folder.parent)
        folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        folder.chmod(PRIVATE_FOLDER)
    except OSError as error:
        raise StoreError(
            f"{folder} cannot be made ({error.strerror}): give another --data"
        ) from error


def touch(file: Path) -> None:
    """Make an empty file for its owner alone, where there is none."""
    os.close(_open(file, os.O_RDWR))


def _open(file: Path, flags: int) -> int:
    """Open or make a file for its owner alone: a umask can only take from the mode given."""
    try:
        handle = os.open(file, flags | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
        os.fchmod(handle, PRIVATE_FILE)
    except OSError as error:
        raise StoreError(f"{file} cannot be opened for writing ({error.strerror})") from error
    return handle


def write_file(file: Path, content: bytes) -> None:
    """Write a file so that it is there whole, or not at all, whenever the machine stops."""
    make_folder(file.parent)
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    try:
        with os.fdopen(_open(partial, os.O_TRUNC | os.O_WRONLY), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(file)
        _sync_folder(file.parent)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise StoreError(
            f"{file} cannot be written ({error.strerror}): make room and retry"
        ) from error


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def wait_for_lock(file: Path) -> Iterator[None]:
    """Hold the lock in `file`, waiting for whoever holds it."""
    handle = _open(file, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def hold_lock(file: Path) -> Iterator[None]:
    """Hold the lock in `file`; the system frees it when this process ends, however it ends.

    Raises BusyError naming the process that holds it.
    """
    handle = _open(file, os.O_RDWR)
    try:
        _take(handle, file)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _take(handle: int, file: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in {errno.EWOULDBLOCK, errno.EACCES}:
            raise StoreError(f"{file} cannot be locked ({error.strerror})") from error
        holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "unknown"
        raise BusyError(
            f"Another vigie (process {holder}) is at work on {file.parent} ({file.stem}): "
            "wait until it ends, or end it"
        ) from error
