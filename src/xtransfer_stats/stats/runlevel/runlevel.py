"""Contrasts of task counts from the runs' own numbers, g_r = sum over cells of w_c y_rc.

Working on one number a run is exact for these languages and tasks whatever the variances inside a run.
Which recipe gives the errors depends on the design: runlevel/recipe.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.design import Design, Layout
from xtransfer_stats.stats.core.estimands import Coefficients, CountContrast, coefficients
from xtransfer_stats.stats.core.inference import (
    BY_CHAIN,
    BY_GROUP,
    ONE_SEED,
    PAIRED,
    Array,
    Moments,
    cautious_df,
    paired,
    satterthwaite_df,
    variance,
)
from xtransfer_stats.stats.core.pairs import pair
from xtransfer_stats.stats.core.rows import CountModel
from xtransfer_stats.stats.runlevel.meansquares import Labels, recurrence, run_square, set_square
from xtransfer_stats.stats.runlevel.pooling import ALLOWANCE, POOLED, gains, pools, split
from xtransfer_stats.stats.runlevel.recipe import recipe
from xtransfer_stats.stats.runlevel.runreml import RemlNumbers

WELCH = "Welch's t"
MEAN_SQUARES = "mean squares, Satterthwaite df"
RECURRING = "the error holds what {}s that several seeds drew have in common"
ROUNDING = 1e-11  # points
SHARED_SETS = "one {}, shared by all seeds: holds for these {}s only"


def shared_sets(design: Design) -> str:
    """What is said of a row that rests on one draw."""
    return SHARED_SETS.format(design.conditions.draw, "set" if design.conditions.counted else "draw")


def without_rounding(numbers: Array, counts: NDArray[np.int64]) -> Array:
    """Numbers (runs, n), alike for all runs of a task count where they differ there by rounding alone.

    Weighted sums leave 1e-14 where every run has one value, and the luck of such digits is no variation to test by.
    """
    kept = numbers.copy()
    for count in np.unique(counts):
        rows = counts == count
        spread = np.ptp(kept[rows], axis=0)
        alike = (spread > 0) & (spread < ROUNDING)
        kept[np.ix_(rows, alike)] = np.round(kept[rows][:1, alike], 10) + 0.0
    return kept


class RunLevel(CountModel):
    """The benchmark-level model of a study's chains.

    chains: one row a chain (seed, n_tasks, task_set, replicates). numbers: (chains, n), any weighted
    sums of cells, each column estimated on its own. pooled: False where the numbers of different counts are
    different things, whose sets' variances have nothing in common; nested, the seed-paired t then.
    """

    df_rule = staticmethod(cautious_df)  # of a sum of mean squares

    def __init__(self, chains: pd.DataFrame, design: Design, numbers: Array, *, pooled: bool = True):
        self._chains, self._design, self._pooled = chains, design, pooled
        self._numbers = without_rounding(numbers, chains["n_tasks"].to_numpy())
        self._seed = chains["seed"].to_numpy()
        self._count = chains["n_tasks"].to_numpy()
        self._set = chains["task_set"].to_numpy()
        self._pools = pooled and pools(chains, design)
        self._reml = RemlNumbers(chains, design, numbers) if design.layout is Layout.INCOMPLETE else None

    @property
    def formula(self) -> str:
        """The model in lme4's notation."""
        return recipe(self._chains, self._design).formula

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds of the study."""
        return self._design.seeds

    @property
    def fits(self) -> list[dict[str, Any]]:
        """Machine-readable fits of incomplete designs; mean squares need none."""
        return self._reml.fits if self._reml else []

    def combination(self, over_counts: Coefficients) -> Moments:
        """A sum of coefficient times mean over task counts; std_error and df NaN where there is no replicate."""
        used = {count: c for count, c in over_counts.items() if c}
        if self._reml is not None:
            return self._reml.combination(used, self._runs_of(used))
        if self._design.layout is Layout.CROSSED and any(count in self._design.sampled for count in used):
            return self._mean_squares(used)
        return self._over_counts(used) if self._pools and gains(self._design.sampled, used) else self._paired(used)

    def next_seed(self, contrast: CountContrast) -> Moments | None:
        """The contrast that one more seed, with sets of its own, would show; None where chains are missing.

        Its variance is that of the mean and that of one seed's own contrast.
        """
        used, mean = coefficients(contrast), self.contrast(contrast)
        if self._reml is not None or mean.method == WELCH:
            return None
        if mean.method != MEAN_SQUARES:
            single = variance(self._by_seed(used)) if mean.method == PAIRED else mean.std_error**2 * len(self.seeds)
            return replace(mean, std_error=np.sqrt(mean.std_error**2 + single))
        set_parts, dfs = self._set_parts(used)
        seeds, drawn = len(self.seeds), [count for count in used if count in self._design.sampled]
        squared = sum(used[count] ** 2 for count in drawn)
        # A set's and a run's luck: the mean square of sets over seeds, and what of the runs' it lacks.
        parts = [set_parts[0] * (1 + squared / (seeds * self._share(used)))]
        if seeds > 1:
            rest = (mean.std_error**2 - set_parts[0]) * (seeds + 1)
            runs = run_square(map(self._table, self._design.sampled)) * squared * (seeds - 1) / seeds
            fewest = sum(len(self._design.sets[count]) - 1 for count in self._design.sampled) * (seeds - 1)
            parts, dfs = [*parts, rest, runs], [*dfs, seeds - 1.0, max(fewest, 1.0)]
        return self._combined(mean.estimate, np.array(parts), np.array(dfs, dtype=float), mean.n_runs)

    def differences(self, contrast: CountContrast) -> Array:
        """Each seed's own difference, shape (seeds with both counts, n); sets averaged within a seed first.

        Of conditions that are no pairs of seeds none, (0, n).
        """
        own = self._by_seed(coefficients(contrast))
        return own if self._pairs(coefficients(contrast)) else own[:0]

    def _by_seed(self, used: Coefficients) -> Array:
        """Each seed's own combination, (seeds with all its counts, n)."""
        own = np.sum([c * self._seed_means(count) for count, c in used.items()], axis=0)
        return own[~np.isnan(own).any(axis=1)]

    def _paired(self, used: Coefficients) -> Moments:
        if not self._pairs(used):
            return self._unpaired(used)
        moments = paired(self._by_seed(used), self._runs_of(used))
        error, df = self._with_recurring(moments, used)
        here = any(count in self._design.shared for count in used)
        recurring = RECURRING.format(self._design.conditions.draw)
        notes = (moments.note, shared_sets(self._design) if here else "", "" if df is moments.df else recurring)
        note = "; ".join(part for part in notes if part)
        return Moments(moments.estimate, error, df, PAIRED, moments.n_runs, note)

    def _pairs(self, used: Coefficients) -> bool:
        """Whether the conditions are compared within seeds."""
        counted = self._design.conditions.counted
        return counted or pair(*(set(self._seed[self._count == count]) for count in used))

    def _unpaired(self, used: Coefficients) -> Moments:
        """Welch's t (1947): conditions with seeds of their own, each with a variance of its own.

        A seed in two conditions that are taken with opposite signs makes the error too large, never too small; with one
        sign too small, so that such a combination has no error.
        """
        means = {count: self._seed_mean_where(self._count == count) for count in used}
        own = {count: values[~np.isnan(values).any(axis=1)] for count, values in means.items()}
        estimate = np.sum([c * own[count].mean(axis=0) for count, c in used.items()], axis=0)
        n_runs = int(self._chains["replicates"].to_numpy()[np.isin(self._count, list(used))].sum())
        why = self._no_groups(used, own)
        if why:
            unknown = np.full(estimate.shape, np.nan)
            return Moments(estimate, unknown, unknown, WELCH, n_runs, why, BY_GROUP)
        parts = np.array([c**2 * variance(own[count]) / len(own[count]) for count, c in used.items()])
        dfs = np.array([[len(own[count]) - 1.0] for count in used])
        error, df = np.sqrt(parts.sum(axis=0)), satterthwaite_df(parts, dfs)
        return Moments(estimate, error, df, WELCH, n_runs, averaged=BY_GROUP)

    def _no_groups(self, used: Coefficients, own: Mapping[int, Array]) -> str:
        """Why conditions cannot be compared as groups of seeds; "" where they can."""
        single = [self._design.conditions.called(count) for count in used if len(own[count]) < 2]
        if single:
            return f"one seed only of {', '.join(single)}: no replicate, so no error"
        seeds = {count: set(self._seed[self._count == count]) for count in used}
        alike = [(a, b) for a, b in combinations(used, 2) if used[a] * used[b] > 0 and seeds[a] & seeds[b]]
        return "conditions share seeds in part: no error is known" if alike else ""

    def _over_counts(self, used: Coefficients) -> Moments:
        """Mean squares pooled over the sampled counts of a nested study of few seeds."""
        means = {count: self._seed_means(count) for count in (0, *self._design.counts)}
        parts, dfs = split(means, self._design.sampled, used)
        estimate = self._by_seed(used).mean(axis=0)
        # The third part is no third source: df are at most those of the two mean squares.
        df = np.minimum(satterthwaite_df(parts, dfs), dfs[:2].sum())
        return Moments(estimate, np.sqrt(parts.sum(axis=0)), df, POOLED, self._runs_of(used))

    def _with_recurring(self, moments: Moments, used: Coefficients) -> tuple[Array, Array]:
        """Error and df with the variance from sets that several seeds drew; a paired t's own where there are none."""
        whole = self._seeds_with(used)
        kept, variances, dfs = np.isin(self._seed, whole), [moments.std_error**2], [len(whole) - 1.0]
        for count in (count for count in used if count in self._design.sampled):
            rows = kept & (self._count == count)
            part, df = recurrence(self._numbers[rows], self._set[rows], self._seed[rows])
            if part.any():
                variances.append(used[count] ** 2 * part)
                dfs.append(df)
        if len(dfs) == 1:
            return moments.std_error, moments.df
        parts = np.array(variances)
        return np.sqrt(parts.sum(axis=0)), satterthwaite_df(parts, np.array(dfs)[:, None])

    def _mean_squares(self, used: Coefficients) -> Moments:
        seeds = len(self._design.seeds)
        parts, dfs = self._set_parts(used)
        left = self._left_over(used)
        if left is not None:
            parts.append(variance(left) / seeds)
            dfs.append(seeds - 1)
        elif seeds > 1:
            parts.append(self._seed_by_count(used))
            dfs.append(seeds - 1)
        estimate = np.sum([c * self._numbers[self._count == count].mean(axis=0) for count, c in used.items()], axis=0)
        return self._combined(estimate, np.array(parts), np.array(dfs, dtype=float), self._runs_of(used))

    def _set_parts(self, used: Coefficients) -> tuple[list[Array], list[float]]:
        """Variance that the mean square of sets makes, and its df: one of each, or one a count where none is pooled."""
        seeds = len(self._design.seeds)
        drawn = [count for count in used if count in self._design.sampled]
        if not self._pooled:
            squares = {count: set_square([self._table(count)[:2]], seeds) for count in drawn}
            return [squares[c][0] * self._share({c: used[c]}) for c in drawn], [squares[c][1] for c in drawn]
        square, df = set_square([self._table(count)[:2] for count in self._design.sampled], seeds)
        return [square * self._share(used)], [df]

    def _share(self, used: Coefficients) -> float:
        """Of the mean square of sets in the variance of the combination."""
        sets, seeds = self._design.sets, len(self._design.seeds)
        return sum(c**2 / (seeds * len(sets[count])) for count, c in used.items() if count in self._design.sampled)

    def _combined(self, estimate: Array, parts: Array, dfs: Array, n_runs: int) -> Moments:
        if not (dfs > 0).all():
            unknown = np.full(estimate.shape, np.nan)
            return Moments(estimate, unknown, unknown, MEAN_SQUARES, n_runs, ONE_SEED, BY_CHAIN)
        df = self.df_rule(parts, dfs[:, None])
        return Moments(estimate, np.sqrt(parts.sum(axis=0)), df, MEAN_SQUARES, n_runs, averaged=BY_CHAIN)

    def _left_over(self, used: Coefficients) -> Array | None:
        """What each seed adds that the mean square of sets does not hold, (seeds, n); None where it holds all.

        Counts without sampled sets less that seed's other treated runs. Where a seed's own luck does not cancel, or
        nothing is pooled, the seed's whole combination: it counts the runs' luck twice and so errs on the safe side.
        """
        if not self._pooled or abs(sum(used.values())) > 1e-9:
            return self._by_seed(used)
        single = {count: c for count, c in used.items() if count not in self._design.sampled}
        if not single:
            return None
        others = self._seed_mean_where((self._count > 0) & ~np.isin(self._count, list(single)))
        return np.sum([c * (self._seed_means(count) - others) for count, c in single.items()], axis=0)

    def _seed_by_count(self, used: Coefficients) -> Array:
        """Variance that luck of a seed at one count adds to a combination of sampled counts, at least zero.

        What the seeds' own combinations show beyond the luck of runs, which the mean square of sets holds already.
        Without this part seed x count luck of 0.7 of a run's sd makes a step reject up to 14 % (docs/calibration.md).
        """
        spread = variance(self._by_seed(used)) / len(self._design.seeds)
        return np.maximum(
            0.0, spread - ALLOWANCE * run_square(map(self._table, self._design.sampled)) * self._share(used)
        )

    def _table(self, count: int) -> tuple[Array, Labels, Labels]:
        """Numbers, sets and seeds of the chains at a count."""
        rows = self._count == count
        return self._numbers[rows], self._set[rows], self._seed[rows]

    def _seed_means(self, count: int) -> Array:
        return self._seed_mean_where(self._count == count)

    def _seed_mean_where(self, rows: NDArray[np.bool_]) -> Array:
        """Each seed's mean number over some chains, shape (seeds, n); NaN for a seed that has none."""
        means = np.full((len(self._design.seeds), self._numbers.shape[1]), np.nan)
        for i, seed in enumerate(self._design.seeds):
            mine = rows & (self._seed == seed)
            if mine.any():
                means[i] = self._numbers[mine].mean(axis=0)
        return means

    def _seeds_with(self, used: Coefficients) -> Sequence[int]:
        """Seeds that have every count."""
        at_count = [set(self._seed[self._count == count]) for count in used]
        return [seed for seed in self._design.seeds if all(seed in seeds for seeds in at_count)]

    def _runs_of(self, used: Coefficients) -> int:
        rows = np.isin(self._count, list(used))
        if self._reml is None:
            rows &= np.isin(self._seed, self._seeds_with(used))
        return int(self._chains["replicates"].to_numpy()[rows].sum())


def run_numbers(complete: CompleteScores, weights: Array) -> RunLevel:
    """The run-level model of weighted sums of cells; weights (cells, n)."""
    return RunLevel(complete.chains.runs, complete.design, complete.chains.scores @ weights)
