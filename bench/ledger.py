"""CPU seconds of this process, by part of the work.

It knows nothing of the work it times.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class Ledger:
    """Seconds by part; a part inside another is counted for itself alone."""

    def __init__(self, clock: Callable[[], float] = time.process_time) -> None:
        """Begin with no part open; what passes while none is open is not counted."""
        self.seconds: dict[str, float] = {}
        self._open: list[str] = []
        self._clock = clock
        self._since = clock()

    @property
    def total(self) -> float:
        """Return the seconds of all parts."""
        return sum(self.seconds.values())

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Count what is done inside for one part."""
        self._charge()
        self._open.append(name)
        try:
            yield
        finally:
            self._charge()
            self._open.pop()

    def turn(self, name: str) -> None:
        """Count what follows in the open part for another one."""
        self._charge()
        self._open[-1] = name

    def _charge(self) -> None:
        now = self._clock()
        if self._open:
            part = self._open[-1]
            self.seconds[part] = self.seconds.get(part, 0.0) + now - self._since
        self._since = now


class Timed:
    """Stands for another object and counts each call of its methods for one part.

    `turns` names the methods with whose call another part of the work begins.
    """

    def __init__(
        self, inner: object, ledger: Ledger, part: str, turns: dict[str, str] | None = None
    ) -> None:
        """Stand for `inner`."""
        self._inner = inner
        self._ledger = ledger
        self._part = part
        self._turns = turns or {}

    def __getattr__(self, name: str) -> Any:
        """Return what the other object has under this name, timed when it can be called."""
        value = getattr(self._inner, name)
        return self._timed(name, value) if callable(value) else value

    def _timed(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if name in self._turns:
                self._ledger.turn(self._turns[name])
            with self._ledger.part(self._part):
                return method(*args, **kwargs)

        return call
