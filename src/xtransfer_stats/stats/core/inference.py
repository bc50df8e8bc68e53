"""From an estimate, its error and its degrees of freedom to test, interval and corrected p: Student's t, never z."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
import scipy  # its parts are loaded when they are first used, which takes most of a second
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
# How an estimate averages the runs: each seed's own number first, the chains of a count alike, or by their precision.
BY_SEED, BY_CHAIN, BY_PRECISION = "by seed", "by chain", "by precision"
BY_GROUP = "by seed, each condition's own"  # of conditions that are no pairs of seeds
PAIRED = "seed-paired t"
ONE_SEED = "one seed only: no replicate, so no error"


@dataclass(frozen=True)
class Moments:
    """Estimates of one contrast for several numbers a run; every array has shape (numbers,).

    estimate, std_error in points; df NaN where there is no replicate. n_runs: runs that entered.
    averaged: how the estimate averages them, BY_SEED, BY_GROUP, BY_CHAIN or BY_PRECISION.
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
        return 2 * scipy.stats.t.sf(np.abs(self.statistic()), self.df)

    def p_above(self, bound: float) -> Array:
        """One-sided p of estimate > bound; NaN where the test is."""
        return scipy.stats.t.sf(self.statistic(bound), self.df)

    def p_below(self, bound: float) -> Array:
        """One-sided p of estimate < bound; NaN where the test is."""
        return scipy.stats.t.cdf(self.statistic(bound), self.df)

    def interval(self, alpha: float) -> tuple[Array, Array]:
        """Limits of the (1 - alpha) interval; NaN where the test is."""
        known = np.isfinite(self.statistic())
        half = np.where(known, scipy.stats.t.ppf(1 - alpha / 2, self.df) * self.std_error, np.nan)
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


def paired(differences: Array, n_runs: int) -> Moments:
    """Student's paired t of seed differences, shape (seeds, n); df = seeds - 1."""
    seeds, numbers = differences.shape
    unknown = np.full(numbers, np.nan)
    if seeds == 0:
        return Moments(unknown, unknown, unknown, PAIRED, 0, "no seed has both task counts")
    estimate = differences.mean(axis=0)
    if seeds == 1:
        return Moments(estimate, unknown, unknown, PAIRED, n_runs, ONE_SEED)
    return Moments(estimate, np.sqrt(variance(differences) / seeds), np.full(numbers, float(seeds - 1)), PAIRED, n_runs)


def variance(values: Array) -> Array:
    """Variance over rows, (n,); NaN for one row, zero where rounding alone differs."""
    if len(values) < 2:
        return np.full(values.shape[1], np.nan)
    # Rounding leaves 1e-15 where every seed has one value: that is no variation.
    spread = values.var(axis=0, ddof=1)
    scale = np.abs(values).max(axis=0)
    return np.where(spread <= (1e-12 * np.maximum(scale, 1.0)) ** 2, 0.0, spread)


class Correction(StrEnum):
    """How the p-values of a family are corrected."""

    HOLM = "holm"  # any dependence; family-wise error (Holm 1979)
    BH = "fdr_bh"  # false discovery rate, exploratory (Benjamini and Hochberg 1995)

    @property
    def called(self) -> str:
        """Its name in sentences."""
        return "Holm" if self is Correction.HOLM else "Benjamini-Hochberg"


# One fact, one place: which family is corrected how. Rows outside a family carry no p_adjusted.
FAMILIES = {
    "primary": Correction.HOLM,
    "target tasks": Correction.BH,
    "languages": Correction.BH,
    "groups": Correction.BH,
    "claims": Correction.HOLM,  # over every p-value that could give a verdict: stats/claims/verdict.py
    "language families": Correction.BH,
    "scripts": Correction.BH,
}


# Families of studies of conditions: all pairs, effects on several benchmarks, own groups of languages. No other study
# speaks of them.
ASKED_FAMILIES = {"pairs": Correction.HOLM, "effects": Correction.HOLM, "language groups": Correction.BH}


def named(families: Iterable[str] = FAMILIES) -> str:
    """Families with their corrections as signatures name them: "primary=holm,target-tasks=fdr_bh"."""
    return ",".join(f"{family.replace(' ', '-')}={FAMILIES[family]}" for family in families)


def families_note(primary: str = "interactions") -> str:
    """Which family of tests is corrected how, as a sentence; what the primary one is of."""
    members = {rule: [family for family, its in FAMILIES.items() if its is rule] for rule in Correction}
    parts = (
        f"{', '.join(members[rule])} ({rule.called}{', exploratory' if rule is Correction.BH else ''})"
        for rule in Correction
    )
    listed = "; ".join(parts).replace("primary", f"the primary {primary}", 1)
    return f"Families of tests, each corrected on its own: {listed}. Other rows are uncorrected."


def adjusted(p_values: ArrayLike, correction: Correction) -> NDArray[np.float64]:
    """Corrected p-values, shape (n,); NaN (not testable) stays NaN and does not count in the family."""
    p = np.asarray(p_values, dtype=float)
    result = np.full(p.shape, np.nan)
    tested = np.isfinite(p)
    if tested.any():
        correct = _holm if Correction(correction) is Correction.HOLM else scipy.stats.false_discovery_control
        result[tested] = correct(p[tested])
    return result


def _holm(p: NDArray[np.float64]) -> NDArray[np.float64]:
    # statsmodels' multipletests collects garbage at every call: a tenth of a second for each family.
    order = np.argsort(p)
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    result = np.empty(len(p))
    result[order] = np.minimum(1.0, stepped)
    return result


def with_families(results: pd.DataFrame) -> pd.DataFrame:
    """The result frame with p_adjusted filled in, family by family."""
    filled = results.copy()
    for family, correction in (FAMILIES | ASKED_FAMILIES).items():
        members = filled["family"] == family
        filled.loc[members, "p_adjusted"] = adjusted(filled.loc[members, "p_value"], correction)
    return filled
