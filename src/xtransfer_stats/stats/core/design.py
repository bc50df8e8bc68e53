"""How the runs of a study are laid out: which seeds met which task sets."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from xtransfer_stats.stats.core.conditions import COUNTS, Conditions
from xtransfer_stats.stats.core.estimands import CountContrast, all_contrasts, effects


class Layout(StrEnum):
    """Decides which errors are valid over seeds and task sets."""

    NESTED = "nested"  # each seed has its own sets; also a study whose only sets are shared by all seeds
    CROSSED = "crossed"  # every seed met every set
    INCOMPLETE = "incomplete"  # crossed, with chains missing


@dataclass(frozen=True)
class Design:
    """counts: without the baseline 0. sets: the distinct sets of each count.

    shared: sampled counts with one and the same set in all of two or more seeds: nothing
    there can be said of other sets.
    """

    layout: Layout
    seeds: tuple[int, ...]
    counts: tuple[int, ...]
    sets: dict[int, tuple[str, ...]]
    shared: tuple[int, ...]
    catalogue: int
    conditions: Conditions = COUNTS  # what the counts stand for

    @property
    def sampled(self) -> tuple[int, ...]:
        """Counts whose sets are a draw from many."""
        return _sampled(self.counts, self.catalogue, self.conditions)

    @property
    def effects(self) -> tuple[CountContrast, ...]:
        """Every condition against the baseline."""
        return effects(self.counts, self.conditions)

    @property
    def contrasts(self) -> tuple[CountContrast, ...]:
        """Effects, then steps where conditions have an order."""
        return all_contrasts(self.counts, self.conditions)

    def of(self, chains: pd.DataFrame) -> "Design":
        """The design of some of the study's chains."""
        return detect(chains, self.catalogue, self.conditions)


def _sampled(counts: Sequence[int], catalogue: int, conditions: Conditions) -> tuple[int, ...]:
    return tuple(c for c in counts if (c < catalogue if conditions.counted else c in conditions.drawn))


def detect(chains: pd.DataFrame, catalogue: int, conditions: Conditions = COUNTS) -> Design:
    """The design of chains (columns seed, n_tasks, task_set; replicates already averaged).

    catalogue: how many tasks sets are drawn from; at this count one set exists, and the set effect is zero.
    conditions: what the counts stand for.
    """
    seeds = tuple(int(seed) for seed in sorted(chains["seed"].unique()))
    counts = tuple(int(count) for count in sorted(chains["n_tasks"].unique()) if count)
    groups = {count: chains[chains["n_tasks"] == count] for count in counts}
    sets = {count: tuple(sorted(group["task_set"].unique())) for count, group in groups.items()}
    sampled = _sampled(counts, catalogue, conditions)
    shared = tuple(c for c in sampled if len(sets[c]) == 1 and groups[c]["seed"].nunique() > 1)
    crossed = [c for c in sampled if len(sets[c]) > 1 and _met_by_most(groups[c])]
    whole = Layout.CROSSED if _factorial(chains, seeds, counts, sets) else Layout.INCOMPLETE
    layout = whole if crossed else Layout.NESTED
    return Design(layout, seeds, counts, sets, shared, catalogue, conditions)


def _met_by_most(chains: pd.DataFrame) -> bool:
    # Nested draws meet by chance at times (nine tasks have but 126 sets of five), and a factorial may
    # have holes: what counts is whether seeds per set lie nearer to all the seeds than to one.
    seeds_per_set = len(chains) / chains["task_set"].nunique()
    return seeds_per_set > 1 and seeds_per_set >= (1 + chains["seed"].nunique()) / 2


def _factorial(
    chains: pd.DataFrame, seeds: Sequence[int], counts: Sequence[int], sets: dict[int, tuple[str, ...]]
) -> bool:
    present = set(zip(chains["seed"], chains["n_tasks"], chains["task_set"], strict=True))
    every = {(seed, count, name) for seed in seeds for count in counts for name in sets[count]}
    return every | {(seed, 0, "") for seed in seeds} == present


def describe(design: Design) -> str:
    """The design in one sentence, for the notes and the methods paragraph."""
    seeds = f"{len(design.seeds)} seed{'s' if len(design.seeds) != 1 else ''}"
    drawn = ", ".join(f"{len(design.sets[c])} at count {c}" for c in design.counts)
    how = {
        Layout.NESTED: "task sets drawn balanced, nested in seeds",
        Layout.CROSSED: "task sets drawn balanced, crossed with seeds",
        Layout.INCOMPLETE: "task sets drawn balanced, crossed with seeds, some chains missing",
    }[design.layout]
    if design.sampled and design.shared == design.sampled:
        how = "one task set a count, shared by all seeds"
    return f"{seeds}; {how} (distinct sets: {drawn})."
