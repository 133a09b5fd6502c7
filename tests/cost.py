"""What work costs in CPU, the machine's noise left out: the cheapest of a few tries.

For bounds that hostile input must not pass; speed itself is measured by `./run bench`.
"""

import time
from collections.abc import Callable

TRIES = 4


def cheapest_s(work: Callable[[], object], enough_s: float) -> float:
    """Return the least CPU seconds of a few tries; the first under `enough_s` is enough."""
    least = float("inf")
    for _ in range(TRIES):
        started = time.process_time()
        work()
        least = min(least, time.process_time() - started)
        if least < enough_s:
            break
    return least
