"""The files of an evidence folder: for their owner alone, all there or none, each under its hash.

It never writes over what is there.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from app.ending import ending_in_order
from model.errors import ConfigError

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
SUMS = "SHA256SUMS"


def check_folder(folder: Path) -> None:
    """Refuse a folder that is there, or whose parent is not."""
    if folder.exists() or folder.is_symlink():
        raise ConfigError(f"{folder} is there already and is left as it is: name another with --to")
    if not folder.parent.is_dir():
        raise ConfigError(f"{folder.parent} is no folder: make it first, or name another with --to")


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to write in, which becomes `folder` when all went well.

    Raises ConfigError when it is there, or its parent is not.
    """
    check_folder(folder)
    work = folder.with_name(f".{folder.name}.{os.getpid()}.partial")
    with ending_in_order():
        work.mkdir(mode=PRIVATE_FOLDER)
        try:
            yield work
            work.rename(folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)


@contextmanager
def create_file(file: Path) -> Iterator[BinaryIO]:
    """Give a new file to write in."""
    file.parent.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as stream:
        yield stream


def write_file(file: Path, content: bytes) -> None:
    """Write a new file."""
    with create_file(file) as stream:
        stream.write(content)


def write_json(file: Path, value: object) -> None:
    """Write a value as JSON that people can read too."""
    write_file(file, msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n")


def write_sums(work: Path) -> int:
    """Write the hash of every file, as `sha256sum -c` reads them; return how many there are."""
    files = sorted(path for path in work.rglob("*") if path.is_file())
    lines = [f"{_hash(path)}  {path.relative_to(work).as_posix()}\n" for path in files]
    write_file(work / SUMS, "".join(lines).encode())
    return len(files)


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
