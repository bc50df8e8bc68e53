"""The comparisons of task counts a study reports, and their names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class CountContrast:
    """Score at task count `high` minus score at `low` (0 is the baseline)."""

    low: int
    high: int

    @property
    def name(self) -> str:
        """effect(3) against the baseline, step(3->5) between two counts."""
        return f"step({self.low}->{self.high})" if self.low else f"effect({self.high})"


def effects(counts: Sequence[int]) -> tuple[CountContrast, ...]:
    """Every count against the baseline."""
    return tuple(CountContrast(0, count) for count in counts)


def steps(counts: Sequence[int]) -> tuple[CountContrast, ...]:
    """Every count against the one before it; the first count's step is its effect."""
    return tuple(CountContrast(low, high) for low, high in pairwise(counts))


def at(contrast: str, place: str) -> str:
    """A contrast's name with the place it is taken at: "effect(3) @ task xnli"."""
    return f"{contrast} @ {place}"


Coefficients = Mapping[int, float]  # of the mean at each task count, 0 the baseline


def coefficients(contrast: CountContrast) -> dict[int, float]:
    """A contrast of two counts as a combination."""
    return {contrast.high: 1.0, contrast.low: -1.0}
