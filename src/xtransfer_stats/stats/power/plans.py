"""A study to come: how many seeds, sets and baselines, and the chains it would have."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.core.design import Design, Layout


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
                raise DataError(f"--{name} {getattr(self, name)}: power needs {least} or more{_why(name, self)}")
        if not self.counts or not all(0 < count <= self.catalogue for count in self.counts):
            raise DataError(f"--tasks {','.join(map(str, self.counts))}: give task counts from 1 to {self.catalogue}")

    def with_seeds(self, seeds: int) -> "StudyPlan":
        """The same with another number of seeds."""
        return replace(self, seeds=seeds)

    def with_sets(self, sets: int) -> "StudyPlan":
        """The same with another number of task sets."""
        return replace(self, sets=sets)

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
        chains = self.chains
        sets = {
            count: tuple(sorted(chains.loc[chains["n_tasks"] == count, "task_set"].unique())) for count in self.counts
        }
        layout = Layout.CROSSED if self.crossed else Layout.NESTED
        return Design(layout, tuple(range(self.seeds)), self.counts, sets, (), self.catalogue)

    @property
    def runs(self) -> int:
        """How many runs the study has, baselines included."""
        return self.seeds * (self.baselines + sum(self.sets_at(count) for count in self.counts))


def _why(name: str, plan: StudyPlan) -> str:
    return " sets with a crossed design" if name == "sets" and plan.crossed else ""
