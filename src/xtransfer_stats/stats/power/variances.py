"""The variances of the runs' numbers that power rests on, stated or estimated."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

import numpy as np

from xtransfer_stats.base.errors import DataError


@dataclass(frozen=True)
class Variances:
    """Standard deviations, in points, of one number a run (a benchmark's average, or the gap of two).

    g = count mean + seed + [treated] (seed_effect + task set, none with the whole catalogue + run) + [untreated]
    baseline. seed is the same in all runs of a seed, so it falls out of every seed-paired difference; seed_effect is
    the seed's own effect at a count. language: how the effect differs between languages (scope "such").
    """

    seed: float
    set: float
    run: float
    baseline: float
    seed_effect: float = 0.0
    language: float = 0.0

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if not (np.isfinite(value) and value >= 0):
                raise DataError(f"--sd-{one.name.replace('_', '-')} {value:g}: give a number of points of 0 or more")

    def differences(self, sets: int, baselines: int, *, sampled: bool) -> float:
        """Variance of a seed's own treated mean less its baseline mean, where each seed has sets of its own."""
        drawn = self.set**2 if sampled else 0.0
        several = sets if sampled else 1
        return self.seed_effect**2 + (drawn + self.run**2) / several + self.baseline**2 / baselines


@dataclass(frozen=True)
class Scenarios:
    """The variances at their estimate, and as small and as large as the study they come from leaves open.

    Stated variances have no such reach. source: where they come from, in words. notes: what they cannot tell.
    """

    estimated: Variances
    low: Variances
    high: Variances
    source: str
    notes: tuple[str, ...] = ()

    @property
    def uncertain(self) -> bool:
        """Whether the variances are estimates."""
        return self.low != self.high

    def named(self) -> Mapping[str, Variances]:
        """The three by name."""
        return MappingProxyType({"estimated": self.estimated, "low": self.low, "high": self.high})


def stated(variances: Variances) -> Scenarios:
    """Variances that are taken as known."""
    return Scenarios(variances, variances, variances, "stated standard deviations, taken as known")
