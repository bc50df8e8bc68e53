"""What routes share: their estimands, replicates in blocks, what chains and languages weigh when drawn again.

The table of replicates does not depend on the number of workers.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.design import Layout
from xtransfer_stats.stats.core.estimands import CountContrast, Estimand, headline
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.rows import Row, label
from xtransfer_stats.stats.core.weights import Benchmark, language_shares, restricted, task_shares, weights_in
from xtransfer_stats.stats.routes.draws import Sampling as Sampling
from xtransfer_stats.stats.runlevel.runlevel import run_numbers

BLOCK = 128  # replicates drawn from one seed
SEEDS_ONLY = "over seeds only, these sets: all seeds share them"
Draw = Callable[[np.random.Generator, int], Array]


@dataclass(frozen=True, eq=False)
class RouteTarget:
    """One estimand. differences: (seeds with both counts,), points, task sets averaged within a seed.

    seeds_only: whether seeds share the task sets, so that differences between seeds say nothing of other sets.
    """

    label: Row
    estimand: Estimand
    contrast: CountContrast
    differences: Array
    n_runs: int
    seeds_only: bool = False

    @property
    def over(self) -> str:
        """A note on what differences between seeds generalise over; "" where that is seeds and sets."""
        return SEEDS_ONLY if self.seeds_only else ""


def route_targets(complete: CompleteScores) -> list[RouteTarget]:
    """Every estimand of scope "these", in the order of the mixed analysis."""
    estimands = headline(complete.benchmarks, complete.cells)
    model = run_numbers(complete, np.array([one.weights for one in estimands]).T)
    return [
        RouteTarget(label(one, contrast), one, contrast, differences[:, i], n_runs, shares_sets(complete, contrast))
        for contrast in complete.design.contrasts
        for differences, n_runs in [(model.differences(contrast), model.contrast(contrast).n_runs)]
        for i, one in enumerate(estimands)
        if one.steps or not contrast.low
    ]


def shares_sets(complete: CompleteScores, contrast: CountContrast) -> bool:
    """Whether the sets that the contrast rests on are a draw that all seeds share."""
    design, counts = complete.design, {contrast.low, contrast.high}
    met = design.layout is not Layout.NESTED and bool(counts & set(design.sampled))
    return met or bool(counts & set(design.shared))


def drawn_weights(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex, drawn: Array, names: list[str]) -> Array:
    """Weights (size, n, cells) of the headline's numbers; drawn (size, languages) are multiplicities.

    NaN where a target task of the benchmark has none of the drawn languages.
    """
    averages = [_average(part, cells, drawn, names) for part in benchmarks.values()]
    gaps = [second - first for first, second in combinations(averages, 2)]
    return np.stack([*averages, *gaps], axis=1)


def _average(benchmark: Benchmark, cells: pd.MultiIndex, drawn: Array, names: list[str]) -> Array:
    part, weighted = restricted(benchmark, cells), any(weights_in(benchmark))
    out, tasks = np.zeros((len(drawn), len(cells))), task_shares(part)
    for task, languages in part.items():
        places = [cells.get_loc((task, language)) for language in languages]
        mine = drawn[:, [names.index(language) for language in languages]]
        if weighted:
            mine = mine * np.array(list(language_shares(part, task).values()))
        total = mine.sum(axis=1, keepdims=True)
        share = np.divide(mine, total, out=np.full(mine.shape, np.nan), where=total > 0)
        out[:, places] = share * tasks[task] if weighted else share / len(part)
    return out


def replicated(draw: Draw, sampling: Sampling) -> Array:
    """Replicates (replicates, ...) of draw(generator, size) -> (size, ...), in the order of the blocks.

    Raises RecipeError below 99 replicates.
    """
    replicates = sampling.replicates
    if replicates < 99:
        raise RecipeError(
            f"bootstrap {replicates}: a 95 % interval needs 99 replicates or more; the default is 1999", ["bootstrap"]
        )
    sizes = [min(BLOCK, replicates - start) for start in range(0, replicates, BLOCK)]
    seeds = np.random.SeedSequence(sampling.seed).spawn(len(sizes))
    parts = []
    with ThreadPoolExecutor(max_workers=sampling.workers) as pool:
        drawn = pool.map(lambda pair: draw(np.random.default_rng(pair[0]), pair[1]), zip(seeds, sizes, strict=True))
        for size, part in zip(sizes, drawn, strict=True):
            parts.append(part)
            if sampling.drawn:
                sampling.drawn(size)
    return np.concatenate(parts)


def multiplicities(rng: np.random.Generator, size: int, n: int) -> Array:
    """How often each of n is drawn in a sample of n with replacement, (size, n)."""
    return rng.multinomial(n, np.full(n, 1 / n), size=size).astype(float)


class ChainSampler:
    """Draws multiplicities of chains: seeds anew and, where sets are crossed with seeds, sets of a count anew."""

    def __init__(self, complete: CompleteScores, *, sets: bool):
        chains, design = complete.chains.runs, complete.design
        self.count = chains["n_tasks"].to_numpy()
        self.seeds, self._seed = len(design.seeds), np.searchsorted(design.seeds, chains["seed"].to_numpy())
        names = chains["task_set"].to_numpy()
        crossed = sets and design.layout is not Layout.NESTED
        self._drawn = [self._codes(names, c) for c in design.sampled if crossed and len(design.sets[c]) > 1]

    def _codes(self, names: NDArray[np.object_], count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        rows = np.flatnonzero(self.count == count)
        return rows, np.unique(names[rows], return_inverse=True)[1]

    def draw(self, rng: np.random.Generator, size: int) -> Array:
        """Multiplicities (size, chains)."""
        drawn = multiplicities(rng, size, self.seeds)[:, self._seed]
        for rows, codes in self._drawn:
            drawn[:, rows] *= multiplicities(rng, size, codes.max() + 1)[:, codes]
        return drawn

    def contrast(self, drawn: Array, contrast: CountContrast) -> Array:
        """Weights (size, chains) of count `high` less count `low`; NaN where a count was not drawn."""
        return self._share(drawn, contrast.high) - self._share(drawn, contrast.low)

    def _share(self, drawn: Array, count: int) -> Array:
        mine = drawn * (self.count == count)
        total = mine.sum(axis=1, keepdims=True)
        return np.divide(mine, total, out=np.full(mine.shape, np.nan), where=total > 0)
