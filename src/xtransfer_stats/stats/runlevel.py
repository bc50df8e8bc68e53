"""Contrasts of task counts from the runs' own numbers, g_r = sum over cells of w_c y_rc.

Working on one number a run is exact for these languages and tasks whatever the variances inside a run.
The model is g ~ 0 + count + (1 | seed) when sets are nested in seeds, and
g ~ 0 + count + (1 | seed) + (0 + sampled | task_set) + (0 + base | run) when they are crossed.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.stats.contrasts import CountContrast
from xtransfer_stats.stats.design import Design, Layout
from xtransfer_stats.stats.inference import Array, Moments, cautious_df, satterthwaite_df
from xtransfer_stats.stats.meansquares import recurrence, run_square, set_square
from xtransfer_stats.stats.pairedt import ONE_SEED, PAIRED, paired, variance
from xtransfer_stats.stats.runreml import RemlNumbers

MEAN_SQUARES = "mean squares, Satterthwaite df"
NESTED_FORMULA = "g ~ 0 + count + (1 | seed)"
CROSSED_FORMULA = f"{NESTED_FORMULA} + (0 + sampled | task_set) + (0 + base | run)"
ALLOWANCE = 1.25  # of the runs' mean square, so that where seeds have no such luck chance seldom adds any
RECURRING = "the error holds what task sets that several seeds drew have in common"
SHARED_SETS = "one task set, shared by all seeds: holds for these sets only"


class RunLevel:
    """The benchmark-level model of a study's chains.

    chains: one row a chain (seed, n_tasks, task_set, replicates). numbers: (chains, n), any weighted
    sums of cells, each column estimated on its own.
    """

    df_rule = staticmethod(cautious_df)  # of a sum of mean squares

    def __init__(self, chains: pd.DataFrame, design: Design, numbers: Array):
        self._chains, self._design, self._numbers = chains, design, numbers
        self._seed = chains["seed"].to_numpy()
        self._count = chains["n_tasks"].to_numpy()
        self._set = chains["task_set"].to_numpy()
        self._reml = RemlNumbers(chains, design, numbers) if design.layout is Layout.INCOMPLETE else None

    @property
    def formula(self) -> str:
        """The model in lme4's notation."""
        return NESTED_FORMULA if self._design.layout is Layout.NESTED else CROSSED_FORMULA

    @property
    def fits(self) -> list[dict]:
        """Machine-readable fits of incomplete designs; mean squares need none."""
        return self._reml.fits if self._reml else []

    def contrast(self, contrast: CountContrast) -> Moments:
        """The contrast for every number; std_error and df NaN where there is no replicate."""
        if self._reml is not None:
            return self._reml.contrast(contrast, self._runs_of(contrast))
        sampled = self._design.sampled
        if self._design.layout is Layout.CROSSED and (contrast.low in sampled or contrast.high in sampled):
            return self._mean_squares(contrast)
        return self._paired(contrast)

    def differences(self, contrast: CountContrast) -> Array:
        """Each seed's own difference, shape (seeds with both counts, n); sets averaged within a seed first."""
        high, low = self._seed_means(contrast.high), self._seed_means(contrast.low)
        difference = high - low
        return difference[~np.isnan(difference).any(axis=1)]

    def _paired(self, contrast: CountContrast) -> Moments:
        moments = paired(self.differences(contrast), self._runs_of(contrast))
        error, df = self._with_recurring(moments, contrast)
        here = contrast.low in self._design.shared or contrast.high in self._design.shared
        notes = (moments.note, SHARED_SETS if here else "", "" if df is moments.df else RECURRING)
        note = "; ".join(part for part in notes if part)
        return Moments(moments.estimate, error, df, PAIRED, moments.n_runs, note)

    def _with_recurring(self, moments: Moments, contrast: CountContrast) -> tuple[Array, Array]:
        """Error and df with the variance from sets that several seeds drew; a paired t's own where there are none."""
        both = [set(self._seed[self._count == count]) for count in (contrast.low, contrast.high)]
        kept = np.isin(self._seed, list(both[0] & both[1]))
        tables = [kept & rows for rows in self._sampled_rows((contrast.low, contrast.high))]
        parts = [recurrence(self._numbers[rows], self._set[rows], self._seed[rows]) for rows in tables if rows.any()]
        found = [(part, df) for part, df in parts if part.any()]
        if not found:
            return moments.std_error, moments.df
        variances = np.array([moments.std_error**2, *(part for part, _ in found)])
        dfs = np.array([len(both[0] & both[1]) - 1.0, *(df for _, df in found)])
        return np.sqrt(variances.sum(axis=0)), satterthwaite_df(variances, dfs[:, None])

    def _mean_squares(self, contrast: CountContrast) -> Moments:
        sides = [self._side(count) for count in (contrast.high, contrast.low)]
        estimate = self._mean(contrast.high) - self._mean(contrast.low)
        seeds = len(self._design.seeds)
        square, df = set_square([(self._numbers[rows], self._set[rows]) for rows in self._sampled_rows()], seeds)
        share = sum(
            1 / (seeds * len(self._design.sets[c])) for c in (contrast.low, contrast.high) if c in self._design.sampled
        )
        parts, dfs = [square * share], [df]
        for single in (side for side in sides if side is not None):
            parts.append(single / seeds)
            dfs.append(seeds - 1)
        if len(parts) == 1 and seeds > 1:
            parts.append(self._seed_by_count(contrast, share))
            dfs.append(seeds - 1)
        return self._combined(estimate, np.array(parts), np.array(dfs, dtype=float), self._runs_of(contrast))

    def _combined(self, estimate: Array, parts: Array, dfs: Array, n_runs: int) -> Moments:
        if not (dfs > 0).all():
            unknown = np.full(estimate.shape, np.nan)
            return Moments(estimate, unknown, unknown, MEAN_SQUARES, n_runs, ONE_SEED)
        df = self.df_rule(parts, dfs[:, None])
        return Moments(estimate, np.sqrt(parts.sum(axis=0)), df, MEAN_SQUARES, n_runs)

    def _side(self, count: int) -> Array | None:
        """Variance over seeds of a count without sampled sets, less the mean of that seed's treated runs."""
        if count in self._design.sampled:
            return None
        others = self._seed_mean_where((self._count > 0) & (self._count != count))
        with np.errstate(invalid="ignore"):
            return variance(self._seed_means(count) - others)

    def _seed_by_count(self, contrast: CountContrast, share: float) -> Array:
        """Variance that luck of a seed at one count adds to a difference of two counts, at least zero.

        What the seeds' own differences show beyond the luck of runs, which the mean square of sets holds already.
        Without this part seed x count luck of 0.7 of a run's sd makes a step reject up to 14 % (docs/calibration.md).
        """
        spread = variance(self.differences(contrast)) / len(self._design.seeds)
        tables = [(self._numbers[rows], self._set[rows], self._seed[rows]) for rows in self._sampled_rows()]
        return np.maximum(0.0, spread - ALLOWANCE * run_square(tables) * share)

    def _sampled_rows(self, counts: Sequence[int] = ()) -> list[NDArray[np.bool_]]:
        """Chains of each sampled count, or of those among some."""
        return [self._count == count for count in self._design.sampled if not counts or count in counts]

    def _mean(self, count: int) -> Array:
        return self._numbers[self._count == count].mean(axis=0)

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

    def _runs_of(self, contrast: CountContrast) -> int:
        rows = np.isin(self._count, (contrast.low, contrast.high))
        if self._reml is None:
            both = [set(self._seed[self._count == count]) for count in (contrast.low, contrast.high)]
            rows &= np.isin(self._seed, list(both[0] & both[1]))
        return int(self._chains["replicates"].to_numpy()[rows].sum())
