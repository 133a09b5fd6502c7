"""Contenders measured in turn, so that what disturbs the machine disturbs them all alike.

It compares CPU seconds with CPU seconds, and never looks at a wall clock.
"""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar


class HasCpu(Protocol):
    """A measure that knows what it cost."""

    @property
    def cpu_s(self) -> float:
        """Return the CPU seconds."""
        ...


Measure = TypeVar("Measure", bound=HasCpu)


def best_interleaved(
    contenders: Mapping[str, Callable[[], Measure]], repeats: int
) -> dict[str, Measure]:
    """Return each contender's cheapest measure of `repeats` rounds, each round asking all in turn.

    Other work on a machine only ever adds: the least is the nearest to the truth.
    """
    rounds = [{name: measure() for name, measure in contenders.items()} for _ in range(repeats)]
    return {name: min((one[name] for one in rounds), key=_cost) for name in contenders}


def _cost(measure: HasCpu) -> float:
    return measure.cpu_s
