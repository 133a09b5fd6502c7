"""Where exports go and what they ask: a file written whole or not at all, or standard output.

It knows no format.
"""

import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import click

from app.asking import opened
from app.ending import ending_in_order
from app.output import note, printable
from app.workplace import Workplace, utc_now
from model.errors import ConfigError
from model.plurals import count
from model.secrets import holds_secret
from store.exports import Exported

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

PRIVATE_FILE = 0o600

Write = Callable[[Iterable[Exported], BinaryIO], None]
"""How a format writes what it is given, one article after another."""

query_argument = click.argument("query", nargs=-1, type=click.UNPROCESSED)
to_option = click.option(
    "--to",
    "to",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The file, readable by you alone (default: standard output).",
)
TAKES_QUERY = {"ignore_unknown_options": True}
"""The settings of a command whose query may hold words to leave out, with their hyphen."""


def asked_query(words: Sequence[str]) -> str:
    """Return the query that was typed as words, as `vigie search` takes it."""
    for word in words:
        if word.startswith("--"):
            raise click.UsageError(
                f"there is no option {printable(word)}; a word to leave out has one hyphen"
            )
    # bytes that are no text came as lone surrogates, which nothing can print or store
    return " ".join(words).encode("utf-8", "ignore").decode()


def export_query(workplace: Workplace, words: Sequence[str], to: Path | None, write: Write) -> int:
    """Write the articles that answer, tell how many on standard error, and return it."""
    asked = asked_query(words)
    with opened(workplace) as held:
        query = held.query(asked)
        # closed before the store is, also where a reader of the pipe leaves early
        with closing(held.store.export_articles(query, now=utc_now())) as articles:
            counted = Counted(articles)
            with open_output(to) as out:
                write(counted, out)
    tell(counted, to, asked)
    return counted.number


class Counted:
    """Articles that are counted as they go by."""

    def __init__(self, articles: Iterable[Exported]) -> None:
        """Count none yet."""
        self.number = 0
        self.secrets = 0
        self._articles = articles

    def __iter__(self) -> Iterator[Exported]:
        for article in self._articles:
            self.number += 1
            self.secrets += any(map(holds_secret, article.addresses))
            yield article


def tell(counted: Counted, to: Path | None, asked: str) -> None:
    """Say how much was written, and what to look at before it is handed on."""
    place = f" in {to}, readable by you alone" if to is not None and to.is_file() else ""
    note(f"{count(counted.number, 'article')}{place}.")
    if not counted.number and asked.strip():
        note(f"Nothing held answers {asked!r}; `vigie search` takes the same query.")
    if counted.secrets:
        note(
            f"Note: the addresses of {count(counted.secrets, 'article')} hold what may let a"
            " reader in (a password, a token or a key): look at them before you hand this on."
        )


def refuse_terminal(to: Path | None, command: str) -> None:
    """Stop before bytes that are no text are written onto a terminal."""
    if not _is_file(to) and sys.stdout.isatty():
        raise click.UsageError(f"this is no text for a terminal: add --to FILE, or `{command} > …`")


def _is_file(to: Path | None) -> bool:
    return to is not None and str(to) != "-"


@contextmanager
def open_output(to: Path | None) -> Iterator[BinaryIO]:
    """Give what to write to: a file that is there whole or not at all, or standard output.

    A file is for its owner alone. What is no regular file (a pipe, a device) is written to as it
    is. On a terminal control characters are made visible.
    """
    if to is None or not _is_file(to):
        yield from _standard_output()
        return
    target = to.resolve()
    if target.is_dir():
        raise ConfigError(f"{to} is a folder: name a file in it")
    if not target.parent.is_dir():
        raise ConfigError(f"the folder {to.parent} does not exist: make it, or name another file")
    if target.exists() and not target.is_file():
        with _written(target, to, os.O_WRONLY) as stream:
            yield stream
        return
    with ending_in_order(), _replaced(target, to) as stream:
        yield stream


@contextmanager
def _replaced(target: Path, told: Path) -> Iterator[BinaryIO]:
    """Write beside a file first, and put it in its place once it is safe on the disk."""
    partial = target.with_name(f".vigie-{os.getpid()}.partial")
    partial.unlink(missing_ok=True)
    try:
        with _written(partial, told, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


@contextmanager
def _written(file: Path, told: Path, flags: int) -> Iterator[BinaryIO]:
    """Open a file to write in, which a refusal of the system calls by the name it was told."""
    try:
        handle = os.open(file, flags, PRIVATE_FILE)
    except OSError as error:
        error.filename = str(told)
        raise
    with io.BufferedWriter(_Named(handle, told), 1 << 16) as stream:
        yield cast("BinaryIO", stream)


class _Named(io.FileIO):
    """A file whose name is told when it cannot be written, as on a full disk."""

    def __init__(self, handle: int, told: Path) -> None:
        super().__init__(handle, "wb")
        self._told = str(told)

    def write(self, piece: "ReadableBuffer") -> int:
        try:
            return super().write(piece)
        except OSError as error:
            error.filename = self._told
            raise


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _standard_output() -> Iterator[BinaryIO]:
    stream = sys.stdout.buffer
    yield cast("BinaryIO", _Visible(stream)) if sys.stdout.isatty() else stream
    # a reader that left is told of here, not when the program ends
    stream.flush()


class _Visible:
    """A terminal: what sites publish must not drive it. Each piece written is whole lines."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, piece: bytes) -> int:
        text = printable(piece.decode("utf-8", "replace").replace("\r\n", "\n"))
        self._stream.write(text.encode("utf-8", "replace"))
        self._stream.flush()
        return len(piece)
