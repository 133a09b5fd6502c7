"""A pass shown while it works: a live bar on a terminal, nothing in a pipe.

It goes to standard error, so that results stay alone on standard output.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from app.parts import Notify, Progress

WORDS = {
    "poll": "asking the sources",
    "read": "reading pages",
    "again": "reading kept articles again",
    "tag": "finding names, dates and quotes",
    "compare": "comparing texts",
    "date": "building the timeline",
}


@contextmanager
def shown_progress() -> Iterator[Notify]:
    """Give a function that shows each step it is told."""
    if not sys.stderr.isatty():
        yield _say_nothing
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description:<34}"), BarColumn(24), MofNCompleteColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks = {step: bars.add_task(words, visible=False) for step, words in WORDS.items()}

        def show(progress: Progress) -> None:
            bars.update(
                tasks[progress.step], completed=progress.done, total=progress.total, visible=True
            )

        yield show


def _say_nothing(progress: Progress) -> None:
    """Take a step without showing it."""
