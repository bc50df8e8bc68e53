"""The mean over studies of any contrast of task counts: crossed with seeds they share, or of independent ones."""

from abc import abstractmethod
from collections.abc import Sequence

import numpy as np

from xtransfer_stats.stats.comparison.several.crossed import crossed_mean
from xtransfer_stats.stats.comparison.several.ground import Ground, seed_numbers
from xtransfer_stats.stats.comparison.several.randomeffects import PooledMean, random_effects
from xtransfer_stats.stats.core.estimands import Coefficients
from xtransfer_stats.stats.core.inference import Array, Moments
from xtransfer_stats.stats.core.rows import CountModel
from xtransfer_stats.stats.runlevel.runlevel import RunLevel

CROSSED = "mean squares of {} and seeds, Satterthwaite df"
RANDOM = "random effects (Paule-Mandel), Hartung-Knapp"
NO_ERROR = "no mean: a study has no error here, or one of zero"


class MeanModel(CountModel):
    """What the mean over studies answers. method: how. n_runs: of all studies."""

    def __init__(self, method: str, n_runs: int, alpha: float):
        self._method, self._n_runs, self._alpha = method, n_runs, alpha

    @abstractmethod
    def pooled(self, over_counts: Coefficients) -> list[PooledMean | None]:
        """The mean of a combination for every number; None where a study has no error of its own."""

    def combination(self, over_counts: Coefficients) -> Moments:
        """The mean of a combination for every number; NaN where there is none."""
        found = self.pooled(over_counts)
        columns = [(np.nan,) * 3 if one is None else (one.estimate, one.std_error, one.df) for one in found]
        estimate, error, df = np.array(columns).T
        note = NO_ERROR if all(one is None for one in found) else ""
        return Moments(estimate, error, df, self._method, self._n_runs, note)


class CrossedMean(MeanModel):
    """Studies that share seeds and sets. factor: what they are called."""

    def __init__(self, shared: Ground, weights: Array, factor: str, alpha: float):
        super().__init__(CROSSED.format(factor), sum(len(one.table.runs) for one in shared.studies), alpha)
        self._counts = (0, *shared.counts)
        self._numbers = np.array([seed_numbers(one, shared.seeds, weights) for one in shared.studies])

    def pooled(self, over_counts: Coefficients) -> list[PooledMean | None]:
        """The mean over studies and seeds of a combination, for every number."""
        signs = np.array([over_counts.get(count, 0.0) for count in self._counts])
        tables = np.einsum("k,cskn->ncs", signs, self._numbers)
        return [crossed_mean(table, self._alpha) if np.ptp(table) > 0 else None for table in tables]


class RandomMean(MeanModel):
    """Independent studies, each with its own run-level estimate, error and df."""

    def __init__(self, models: Sequence[RunLevel], n_runs: int, alpha: float):
        super().__init__(RANDOM, n_runs, alpha)
        self._models = models

    def pooled(self, over_counts: Coefficients) -> list[PooledMean | None]:
        """The mean over studies of a combination, for every number."""
        own = [model.combination(over_counts) for model in self._models]
        estimates, errors, dfs = (
            np.array([getattr(one, name) for one in own]) for name in ("estimate", "std_error", "df")
        )
        return [
            random_effects(*numbers, self._alpha) if (numbers[1] > 0).all() else None
            for numbers in zip(estimates.T, errors.T, dfs.T, strict=True)
        ]
