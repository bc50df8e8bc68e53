"""A study to come: its seeds, sets, baselines and chains, the variances of its numbers, and its costs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from types import MappingProxyType

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.stats.core.design import Design, Layout

MOST_POINTS = 100.0  # between two scores
MOST_SD = 1e6  # points; the upper reach of a deviation that two seeds tell is far beyond any score
MOST_HOURS = 1e9  # of a run
MOST = {"seeds": 1000, "sets": 100, "baselines": 1000}  # of a design


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
            if not 0 <= value <= MOST_SD:
                name = f"sd_{one.name}"
                raise DataError(f"{name} {value:g}: give a number of points from 0 to {MOST_SD:g}", [name])

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


@dataclass(frozen=True)
class StudyPlan:
    """sets: task sets a seed and count (nested), or shared by all seeds (crossed). counts: without the baseline.

    catalogue: how many intermediate tasks sets are drawn from.
    """

    seeds: int
    sets: int = 1
    counts: tuple[int, ...] = (3,)
    crossed: bool = False
    baselines: int = 1
    catalogue: int = field(kw_only=True)

    def __post_init__(self) -> None:
        for name, least in (("seeds", 2), ("sets", 2 if self.crossed else 1), ("baselines", 1)):
            if getattr(self, name) < least:
                why = " sets with a crossed design" if name == "sets" and self.crossed else ""
                raise DataError(f"{name} {shown(getattr(self, name))}: power needs {least} or more{why}", [name])
            if getattr(self, name) > MOST[name]:
                raise DataError(f"{name} {shown(getattr(self, name))}: a design has {MOST[name]} at most", [name])
        if not self.counts or not all(0 < count <= self.catalogue for count in self.counts):
            counts = ",".join(map(shown, self.counts[:10]))
            raise DataError(f"tasks {counts}: give task counts from 1 to {self.catalogue}", ["tasks"])
        if len(set(self.counts)) < len(self.counts):
            raise DataError(f"tasks {','.join(map(str, self.counts[:10]))}: give each task count once", ["tasks"])

    def sampled(self, count: int) -> bool:
        """Whether the sets of a count are a draw from many."""
        return count < self.catalogue

    def sets_at(self, count: int) -> int:
        """Task sets a seed has at a count: one where the set is the whole catalogue."""
        return self.sets if self.sampled(count) else 1

    @cached_property
    def chains(self) -> pd.DataFrame:
        """seed, n_tasks, task_set, replicates: one row a chain, baseline replicates averaged."""
        return pd.DataFrame(list(self._rows()), columns=["seed", "n_tasks", "task_set", "replicates"])

    def _rows(self) -> Iterator[tuple[int, int, str, int]]:
        for seed in range(self.seeds):
            yield seed, 0, "", self.baselines
            for count in self.counts:
                for index in range(self.sets_at(count)):
                    own = self.sampled(count) and not self.crossed
                    yield seed, count, f"{count}:{index}" + (f":{seed}" if own else ""), 1

    @cached_property
    def design(self) -> Design:
        """The layout that the analysis would find."""
        names = self.chains.groupby("n_tasks")["task_set"]
        sets = {count: tuple(sorted(names.get_group(count).unique())) for count in self.counts}
        layout = Layout.CROSSED if self.crossed else Layout.NESTED
        return Design(layout, tuple(range(self.seeds)), self.counts, sets, (), self.catalogue)

    @property
    def runs(self) -> int:
        """How many runs the study has, baselines included."""
        return self.seeds * (self.baselines + sum(self.sets_at(count) for count in self.counts))


@dataclass(frozen=True)
class RunHours:
    """Hours of one baseline run and of one treated run by task count; once: what all runs share.

    unit: "GPU hours" or "hours on one core". A count that is not listed costs what the nearest listed one does.
    """

    baseline: float
    treated: Mapping[int, float]
    once: float = 0.0
    unit: str = "GPU hours"
    source: str = ""

    def __post_init__(self) -> None:
        for hours in (self.baseline, self.once, *self.treated.values()):
            if not 0 <= hours <= MOST_HOURS:
                raise DataError(f"hours {hours:g} of a run: give a number from 0 to {MOST_HOURS:g}")

    def of(self, plan: StudyPlan) -> float:
        """Hours of a whole study."""
        treated = sum(plan.sets_at(count) * self._at(count) for count in plan.counts)
        return self.once + plan.seeds * (plan.baselines * self.baseline + treated)

    def _at(self, count: int) -> float:
        return self.treated[min(self.treated, key=lambda known: (abs(known - count), known))]
