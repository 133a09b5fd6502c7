"""How a program that is told to end takes away what it has half written.

It ends nothing by itself.
"""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

TERMINATED = 143
"""The status by which shells know what SIGTERM ended: 128 and the signal's number, 15."""


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Let SIGTERM end the program as an exit does, so that what stands in `finally` is done."""
    before = signal.signal(signal.SIGTERM, _leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(TERMINATED)
