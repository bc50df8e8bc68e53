"""From an estimate, its error and its degrees of freedom to test and interval: Student's t, never z."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]
# How an estimate averages the runs: each seed's own number first, the chains of a count alike, or by their precision.
BY_SEED, BY_CHAIN, BY_PRECISION = "by seed", "by chain", "by precision"


@dataclass(frozen=True)
class Moments:
    """Estimates of one contrast for several numbers a run; every array has shape (numbers,).

    estimate, std_error in points; df NaN where there is no replicate. n_runs: runs that entered.
    averaged: how the estimate averages them, BY_SEED, BY_CHAIN or BY_PRECISION.
    """

    estimate: Array
    std_error: Array
    df: Array
    method: str
    n_runs: int
    note: str = ""
    averaged: str = BY_SEED

    def statistic(self, bound: float = 0.0) -> Array:
        """t = (estimate - bound) / std_error; NaN where nothing varies or the error is unknown."""
        apart, varies = self.estimate - bound, self.std_error > 0
        return np.divide(apart, self.std_error, out=np.full(apart.shape, np.nan), where=varies)

    def p_value(self) -> Array:
        """Two-sided p of Student's t."""
        return 2 * stats.t.sf(np.abs(self.statistic()), self.df)

    def p_above(self, bound: float) -> Array:
        """One-sided p of estimate > bound; NaN where the test is."""
        return stats.t.sf(self.statistic(bound), self.df)

    def p_below(self, bound: float) -> Array:
        """One-sided p of estimate < bound; NaN where the test is."""
        return stats.t.cdf(self.statistic(bound), self.df)

    def interval(self, alpha: float) -> tuple[Array, Array]:
        """Limits of the (1 - alpha) interval; NaN where the test is."""
        known = np.isfinite(self.statistic())
        half = np.where(known, stats.t.ppf(1 - alpha / 2, self.df) * self.std_error, np.nan)
        return self.estimate - half, self.estimate + half


def single(
    estimate: float, std_error: float = np.nan, df: float = np.nan, method: str = "none", n_runs: int = 0
) -> Moments:
    """Moments of one number; without an error where nothing tells it."""
    return Moments(np.array([estimate]), np.array([std_error]), np.array([df]), method, n_runs)


def satterthwaite_df(parts: Array, dfs: Array) -> Array:
    """df of a sum of independent mean squares: (sum v)^2 / sum(v^2 / df); axis 0 runs over the parts.

    Satterthwaite (1946). NaN where every part is zero.
    """
    above, below = parts.sum(axis=0) ** 2, (parts**2 / dfs).sum(axis=0)
    return np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below > 0)


def cautious_df(parts: Array, dfs: Array) -> Array:
    """Satterthwaite's df; where the first part has the fewest df, it enters their formula enlarged by 1 + 2/df.

    A mean square on few df that came out small by chance makes the error small and Satterthwaite's df large at once.
    The factor is the expectation of a squared mean square over the square of its expectation. `make calibration`
    compares the two rules: docs/calibration.md. parts (n, numbers), dfs (n, 1).
    """
    factor = np.ones_like(dfs)
    if len(dfs) > 1 and dfs[0] < dfs[1:].min():
        factor[0] += 2 / dfs[0]
    return satterthwaite_df(parts * factor, dfs)
