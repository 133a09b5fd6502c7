"""The data folder: its modes, its locks, and files written whole or not at all.

It never opens the database.
"""

import errno
import fcntl
import os
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from model.errors import BusyError, StoreError

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
TOO_LONG = "another program has been writing to it for too long: try again"
_POLLED_EVERY_S = 0.002
_WAITED_FOR_AT_ONCE = 16


def make_folder(folder: Path, otherwise: str = "give another --data") -> None:
    """Make a folder and its missing parents, each for its owner alone whatever the umask."""
    if folder.is_dir():
        return
    try:
        make_folder(folder.parent, otherwise)
        folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        folder.chmod(PRIVATE_FOLDER)
    except OSError as error:
        raise StoreError(f"{folder} cannot be made ({error.strerror}): {otherwise}") from error


def touch(file: Path) -> None:
    """Make an empty file for its owner alone, where there is none."""
    os.close(_open(file, os.O_RDWR))


def open_private(file: Path) -> int:
    """Open a file to be written anew, for its owner alone; raises StoreError."""
    return _open(file, os.O_TRUNC | os.O_WRONLY)


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
    write_files({file: content})


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write files so that each is there whole, or not at all, whenever the machine stops.

    All are written before the first is waited for, and many are waited for at once: the disk takes
    them together. One after the other took twenty times as long (ext4, 250 files of 2 kB).
    """
    partials = {file: file.with_name(f".{file.name}.{os.getpid()}.partial") for file in contents}
    file = Path()
    try:
        for file, content in contents.items():
            make_folder(file.parent)
            with os.fdopen(open_private(partials[file]), "wb") as stream:
                stream.write(content)
        _sync_all(list(partials.values()))
        for file, partial in partials.items():
            partial.replace(file)
        _sync_all(list({file.parent for file in contents}))
    except (OSError, StoreError) as error:
        for partial in partials.values():
            with suppress(OSError):
                partial.unlink(missing_ok=True)
        if isinstance(error, StoreError):
            raise
        raise StoreError(
            f"{file} cannot be written ({error.strerror}): make room and retry"
        ) from error


def _sync_all(paths: Sequence[Path]) -> None:
    """Wait until all of these are on the disk."""
    if len(paths) == 1:
        _sync(paths[0])
        return
    with ThreadPoolExecutor(_WAITED_FOR_AT_ONCE) as pool:
        deque(pool.map(_sync, paths), maxlen=0)


def sync_folder(folder: Path) -> None:
    """Wait until what a folder lists is on the disk."""
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
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
def take_turn(folder: Path, wait_s: float) -> Iterator[None]:
    """Be the one that writes in `folder`, after whoever came before.

    SQLite's own lock goes to whoever asks first after it is free, and who writes one transaction
    after another asks first each time: a rebuild kept a pass waiting for 30 s, until it gave up.
    Whoever has written stands behind those at the gate. Raises StoreError after `wait_s`.
    """
    until = time.monotonic() + wait_s
    with ExitStack() as stack:
        with _polled(folder / "gate.lock", until):
            stack.enter_context(_polled(folder / "writing.lock", until))
        yield


@contextmanager
def _polled(file: Path, until: float) -> Iterator[None]:
    try:
        handle = _open(file, os.O_RDWR)
    except StoreError as error:
        why = getattr(error.__cause__, "strerror", error)
        raise StoreError(f"{file.parent} cannot be written ({why}): check its modes") from error
    try:
        while not _is_taken(handle, file):
            if time.monotonic() >= until:
                raise StoreError(f"{file.parent}: {TOO_LONG}")
            time.sleep(_POLLED_EVERY_S)
        yield
    finally:
        os.close(handle)


def _is_taken(handle: int, file: Path) -> bool:
    """Take a lock, unless somebody has it; tell whether it is ours."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in {errno.EWOULDBLOCK, errno.EACCES}:
            raise StoreError(f"{file} cannot be locked ({error.strerror})") from error
        return False
    return True


@contextmanager
def hold_lock(file: Path) -> Iterator[None]:
    """Hold the lock in `file`; the system frees it when this process ends, however it ends.

    Raises BusyError naming the process that holds it.
    """
    handle = _open(file, os.O_RDWR)
    try:
        _take(handle, file)
        _sign(handle, file)
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _sign(handle: int, file: Path) -> None:
    """Write into a lock who holds it."""
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
    except OSError as error:
        raise StoreError(f"{file} cannot be written ({error.strerror}): make room") from error


def _take(handle: int, file: Path) -> None:
    if not _is_taken(handle, file):
        holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "unknown"
        raise BusyError(
            f"Another vigie (process {holder}) is at work on {file.parent} ({file.stem}): "
            "wait until it ends, or end it"
        )
