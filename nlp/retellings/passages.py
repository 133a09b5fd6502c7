"""Which passages two texts share, word for word but for what was changed in between.

It says where they stand in both, and never what that means.
"""

from collections.abc import Sequence

import msgspec

from nlp.remembering import MOST_WORDS, remember
from nlp.retellings.prints import RUN_WORDS, Words, run_hashes

MAX_GAP = 12
"""So many words without a shared run of three end a passage."""
MAX_SLIDE = 8
"""So many words more or fewer may have come in between two shared runs."""
COMMON = 4
"""A run that a text repeats more often (a refrain, a list) places nothing."""
MAX_OPEN = 64


class Passage(msgspec.Struct):
    """Words `start` to `end` (not included) of one text, `of_start` to `of_end` of the other.

    `matched` counts the words of the first that stand in shared runs of three.
    """

    start: int
    end: int
    of_start: int
    of_end: int
    matched: int = RUN_WORDS

    @property
    def words(self) -> int:
        """Return how many words the longer side holds."""
        return max(self.end - self.start, self.of_end - self.of_start)

    def takes(self, start: int, of_start: int) -> bool:
        """Say whether a shared run goes on with this passage."""
        return (
            start - self.end <= MAX_GAP
            and start > self.end - RUN_WORDS
            and of_start > self.of_end - RUN_WORDS
            and abs((start - self.end) - (of_start - self.of_end)) <= MAX_SLIDE
        )

    def take(self, start: int, of_start: int) -> None:
        """Add a shared run."""
        self.matched += min(RUN_WORDS, start + RUN_WORDS - self.end)
        self.end, self.of_end = start + RUN_WORDS, of_start + RUN_WORDS


def shared_passages(new: Words, old: Words) -> list[Passage]:
    """Return the passages that two texts share, in the order of the first."""
    known, old_runs = _places(old), runs_of(old)
    head, tail = _ends(new.folded, old.folded)
    open_ones, closed = head, tail
    for start, run in enumerate(runs_of(new)):
        closed += [one for one in open_ones if start - one.end > MAX_GAP]
        open_ones = [one for one in open_ones if start - one.end <= MAX_GAP]
        places = known.get(run)
        if places is None:
            continue
        for of_start in places or _expected(open_ones, start, run, old_runs):
            _extend(open_ones, start, of_start)
    return _without_overlaps([*closed, *open_ones])


def _expected(
    open_ones: Sequence[Passage], start: int, run: int, old_runs: Sequence[int]
) -> list[int]:
    """Return where a run that a text repeats goes on with what is open."""
    going_on = [one for one in open_ones if one.takes(start, one.of_end + start - one.end)]
    places = {one.of_end + start - one.end for one in going_on}
    return [at for at in places if 0 <= at < len(old_runs) and old_runs[at] == run]


def _ends(new: Sequence[str], old: Sequence[str]) -> tuple[list[Passage], list[Passage]]:
    """Return what both texts begin with and what they end with, which needs no places."""
    shorter = min(len(new), len(old))
    first = next((at for at in range(shorter) if new[at] != old[at]), shorter)
    last = next((at for at in range(shorter) if new[-1 - at] != old[-1 - at]), shorter)
    head = Passage(0, first, 0, first, first)
    tail = Passage(len(new) - last, len(new), len(old) - last, len(old), last)
    is_apart = first < shorter and last >= RUN_WORDS
    return [head] if first >= RUN_WORDS else [], [tail] if is_apart else []


def _extend(open_ones: list[Passage], start: int, of_start: int) -> None:
    """Let the passage that fits best take a shared run; open one where none does."""
    fitting = [one for one in open_ones if one.takes(start, of_start)]
    if fitting:
        best = min(fitting, key=lambda one: (_slide(one, start, of_start), -one.matched))
        best.take(start, of_start)
    elif len(open_ones) < MAX_OPEN:
        open_ones.append(Passage(start, start + RUN_WORDS, of_start, of_start + RUN_WORDS))


def _slide(passage: Passage, start: int, of_start: int) -> int:
    return abs((start - passage.end) - (of_start - passage.of_end))


def _without_overlaps(passages: list[Passage]) -> list[Passage]:
    """Return the passages that tell most words, none beginning inside another of the first text."""
    kept: list[Passage] = []
    for one in sorted(passages, key=lambda one: (-one.matched, one.start)):
        if not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


@remember(MOST_WORDS)
def runs_of(words: Words) -> tuple[int, ...]:
    """Return a number for each run of three words, in order."""
    return tuple(run_hashes(words.folded).tolist())


@remember(MOST_WORDS)
def _places(words: Words) -> dict[int, tuple[int, ...]]:
    """Return where each run of three words stands; nowhere for one that is often repeated."""
    places: dict[int, list[int]] = {}
    for place, run in enumerate(runs_of(words)):
        places.setdefault(run, []).append(place)
    return {run: tuple(found) if len(found) <= COMMON else () for run, found in places.items()}
