"""Where two long sequences are surely the same: runs that stand once in each, in the same order.

It is what Bram Cohen's patience diff does with lines. Pure; it compares nothing in between.
"""

from bisect import bisect_left
from collections.abc import Iterator


def split_at_anchors(before: str, after: str, run: int) -> Iterator[tuple[str, str]]:
    """Yield both sequences in parts that belong together; every second pair is the same.

    Each character is an element, and an anchor a run of `run` of them. Joined, the parts are the
    sequences.
    """
    start, other_start = 0, 0
    for at, other_at in _anchors(before, after, run):
        if at < start or other_at < other_start:
            continue
        length = _shared(before, after, at, other_at)
        yield before[start:at], after[other_start:other_at]
        yield before[at : at + length], after[other_at : other_at + length]
        start, other_start = at + length, other_at + length
    yield before[start:], after[other_start:]


def _anchors(before: str, after: str, run: int) -> list[tuple[int, int]]:
    """Return the longest list of places of anchors that is in order on both sides."""
    theirs = _standing_once(after, run)
    pairs = [
        (at, theirs[what]) for what, at in _standing_once(before, run).items() if what in theirs
    ]
    # the longest rising subsequence, by the smallest end of each length
    ends: list[int] = []
    chosen: list[int] = []
    previous: list[int] = []
    for number, (_, other_at) in enumerate(pairs):
        length = bisect_left(ends, other_at)
        ends[length : length + 1] = [other_at]
        chosen[length : length + 1] = [number]
        previous.append(chosen[length - 1] if length else -1)
    found: list[tuple[int, int]] = []
    number = chosen[-1] if chosen else -1
    while number >= 0:
        found.append(pairs[number])
        number = previous[number]
    return found[::-1]


def _standing_once(sequence: str, run: int) -> dict[str, int]:
    """Return the places of the runs that stand once, in order."""
    places: dict[str, int] = {}
    again: set[str] = set()
    for at in range(len(sequence) - run + 1):
        what = sequence[at : at + run]
        if places.setdefault(what, at) != at:
            again.add(what)
    return {what: at for what, at in places.items() if what not in again}


def _shared(before: str, after: str, at: int, other_at: int) -> int:
    """Return for how long both go on the same."""
    length, most = 0, min(len(before) - at, len(after) - other_at)
    while length < most and before[at + length] == after[other_at + length]:
        length += 1
    return length
