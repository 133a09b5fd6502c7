"""A pass shown while it works: live bars on a terminal, nothing in a pipe.

It goes to standard error, so that results stay alone on standard output.
"""

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from app.output import note
from app.steps.parts import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

WORDS = {
    "judge": "asking the rule of what is held",
    "poll": "asking the sources",
    "read": "reading pages",
    "again": "reading kept articles again",
    "tag": "finding names, dates and quotes",
    "compare": "comparing texts",
}


class Shower:
    """Shows what `notify` is told; a context manager that leaves the screen as it was."""

    def __init__(self) -> None:
        """Show nothing yet."""
        self._bars = _make_bars() if sys.stderr.isatty() else None
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        if self._bars is not None:
            self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.clear()
        if self._bars is not None:
            self._bars.stop()

    def notify(self, progress: Progress) -> None:
        """Show one step of the work."""
        if self._bars is None:
            return
        if progress.step not in self._tasks:
            self._tasks[progress.step] = self._bars.add_task(WORDS[progress.step])
        self._bars.update(self._tasks[progress.step], completed=progress.done, total=progress.total)

    def say(self, text: str) -> None:
        """Print a line on standard error, above the bars."""
        if self._bars is None:
            note(text)
        else:
            self._bars.console.print(text, highlight=False, markup=False)

    def clear(self) -> None:
        """Take all bars away."""
        if self._bars is not None:
            for task in self._tasks.values():
                self._bars.remove_task(task)
        self._tasks = {}


def _make_bars() -> "Bars":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as RichProgress

    columns = (TextColumn("{task.description:<34}"), BarColumn(24), MofNCompleteColumn())
    return RichProgress(*columns, console=Console(stderr=True), transient=True)
