"""What the commands of backups say: their facts, their sizes, how far they are."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
import msgspec

from app.output import printable

if TYPE_CHECKING:
    from store.backup.folders import Backup

_STEPS = ("kB", "MB", "GB")


def facts_of(backup: "Backup") -> dict[str, object]:
    """Return a backup as `--json` gives it."""
    facts = msgspec.structs.asdict(backup.facts)
    return {"backup": str(backup.folder), "is_good": backup.is_good} | facts


def size(total_bytes: int) -> str:
    """Return a number of bytes in words, `1.5 MB`."""
    amount, step = total_bytes / 1000, 0
    while amount >= 1000 and step < len(_STEPS) - 1:
        amount, step = amount / 1000, step + 1
    return f"{amount:.1f} {_STEPS[step]}"


@contextmanager
def telling() -> Iterator[Callable[[str], None]]:
    """Give what shows how far something is, on one line of a terminal alone."""
    is_terminal = sys.stderr.isatty()

    def tell(text: str) -> None:
        if is_terminal:
            click.echo(f"\r\033[K{printable(text[:78])}", nl=False, err=True)

    try:
        yield tell
    finally:
        if is_terminal:
            click.echo("\r\033[K", nl=False, err=True)
