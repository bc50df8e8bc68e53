"""What several studies have in common: benchmarks, task counts, cells, and seeds with their task sets."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.comparison.common import common
from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.design import Layout
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.runs import CHAIN_KEY

LEAST = 3  # studies; two are a comparison


@dataclass(frozen=True)
class Ground:
    """Studies on the cells and task counts that all have. seeds: those that every study ran on the same sets, or none.

    notes: what was left out.
    """

    studies: tuple[CompleteScores, ...]
    seeds: tuple[int, ...]
    notes: tuple[str, ...]

    @property
    def counts(self) -> tuple[int, ...]:
        """Task counts of all, without the baseline 0."""
        return self.studies[0].design.counts

    @property
    def cells(self) -> pd.MultiIndex:
        """Cells that every run of every study has."""
        return self.studies[0].cells


def ground(studies: Sequence[CompleteScores], names: Sequence[str], *, told_apart: bool = False) -> Ground:
    """The common ground. Raises DataError, naming the two, where studies cannot be compared.

    told_apart: they are known to be different ones, and may have the same scores.
    """
    base = studies[0]
    for other, name in zip(studies[1:], names[1:], strict=True):
        base = _common(base, other, names[0], name, told_apart=told_apart)[0]
    rest = zip(studies[1:], names[1:], strict=True)
    members = (base, *(_common(base, other, names[0], n, told_apart=told_apart)[1] for other, n in rest))
    for i, j in combinations(range(1, len(members)), 2):
        _common(members[i], members[j], names[i], names[j], told_apart=told_apart)  # that none is there twice
    lost = [(name, len(one.cells) - len(base.cells)) for name, one in zip(names, studies, strict=True)]
    notes = [f"{n} cells of {name} are not in all studies and are left out." for name, n in lost if n]
    return Ground(members, _shared_seeds(members), tuple(notes))


def _common(
    a: CompleteScores, b: CompleteScores, *names: str, told_apart: bool
) -> tuple[CompleteScores, CompleteScores]:
    try:
        both = common(a, b, told_apart=told_apart)
    except DataError as error:
        raise DataError(f"{names[0]} (A) and {names[1]} (B): {error}", error.arguments) from None
    return both.a, both.b


def _shared_seeds(studies: Sequence[CompleteScores]) -> tuple[int, ...]:
    """Seeds whose chains, sets and all, every study has; none where sets are crossed with seeds."""
    if any(one.design.layout is not Layout.NESTED for one in studies):
        return ()
    chains = [set(map(tuple, one.chains.runs[CHAIN_KEY].to_numpy())) for one in studies]
    by_seed = [{seed: {c for c in mine if c[0] == seed} for seed, *_ in mine} for mine in chains]
    shared = set.intersection(*(set(one) for one in by_seed))
    counts = {0, *studies[0].design.counts}
    alike = [
        seed
        for seed in shared
        if all(one[seed] == by_seed[0][seed] for one in by_seed) and {c[1] for c in by_seed[0][seed]} == counts
    ]
    return tuple(sorted(map(int, alike)))


def seed_numbers(study: CompleteScores, seeds: Sequence[int], weights: Array) -> Array:
    """Numbers (seeds, 1 + counts, n) of weighted sums of cells, weights (cells, n); a seed's sets are averaged."""
    runs = study.chains.runs
    numbers = pd.DataFrame(study.chains.scores @ weights)
    keys = [runs["seed"].to_numpy(), runs["n_tasks"].to_numpy()]
    means = numbers.groupby(keys).mean()
    counts = (0, *study.design.counts)
    return np.array([[means.loc[(seed, count)].to_numpy() for count in counts] for seed in seeds])
