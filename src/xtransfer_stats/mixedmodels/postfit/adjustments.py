"""p-values and interval widths of several tests judged together, from their t statistics and degrees of freedom."""

from functools import cache

import numpy as np
from scipy import optimize, stats

from xtransfer_stats.mixedmodels.randomterms import Array

# Name -> how captions call it. "mvt" is exact for any family (Dunnett's, where each is compared with one reference).
ADJUSTMENTS = {
    "tukey": "Tukey (studentised range)",
    "holm": "Holm",
    "bonferroni": "Bonferroni",
    "sidak": "Sidak",
    "mvt": "multivariate t",
    "bh": "Benjamini-Hochberg",
    "none": "none",
}
STEPWISE = ("holm", "bh")  # have no intervals of their own: Bonferroni's stand beside them
SEED = 2005  # of the points that the integral of the multivariate t is taken at
POINTS = 100_000


def adjusted(name: str, t: Array, df: Array, correlation: Array, *, tests: int, means: int) -> Array:
    """Adjusted two-sided p-values (k,) of one family.

    correlation: (k, k) of the estimates. tests: how many were asked for, those without an estimate too. means: how many
    Tukey's pairs compare.
    """
    p = np.asarray(2 * stats.t.sf(np.abs(t), df))
    if tests == 1 or name == "none":
        return p
    if name == "tukey":
        joint = np.array([_range_tail(np.sqrt(2) * abs(one), means, d) for one, d in zip(t, df, strict=True)])
        return np.clip(joint, p, means * (means - 1) / 2 * p)  # its bounds, where the integral's rounding shows
    if name == "mvt":
        joint = np.array([1 - _inside(abs(one), d, correlation) for one, d in zip(t, df, strict=True)])
        return np.clip(joint, p, np.minimum(1, tests * p))
    if name in STEPWISE:
        return _stepwise(name, p, tests)
    return np.asarray(np.minimum(1, tests * p) if name == "bonferroni" else 1 - (1 - p) ** tests)


def _stepwise(name: str, p: Array, tests: int) -> Array:
    """Holm's p-values, from the smallest up, or Benjamini and Hochberg's, from the largest down."""
    order, rank = np.argsort(p, kind="stable"), np.arange(len(p))
    out = np.empty(len(p))
    if name == "holm":
        out[order] = np.minimum(1, np.maximum.accumulate((tests - rank) * p[order]))
    else:
        out[order] = np.minimum(1, np.minimum.accumulate((tests / (rank + 1) * p[order])[::-1])[::-1])
    return out


def reaches(name: str, level: float, df: Array, correlation: Array, *, tests: int, means: int) -> Array:
    """How many standard errors (k,) an interval of joint coverage `level` reaches to each side."""
    if tests == 1 or name == "none":
        return np.asarray(stats.t.ppf((1 + level) / 2, df))
    if name == "tukey":
        return np.array([_range_quantile(level, means, d) for d in df]) / np.sqrt(2)
    if name == "mvt":
        known = {d: _equicoordinate(level, d, correlation) for d in set(np.round(df, 6))}
        return np.array([known[d] for d in np.round(df, 6)])
    share = level ** (1 / tests) if name == "sidak" else 1 - (1 - level) / tests
    return np.asarray(stats.t.ppf((1 + share) / 2, df))


@cache
def _range_tail(q: float, means: int, df: float) -> float:
    return float(np.clip(stats.studentized_range.sf(q, means, df), 0, 1))


@cache
def _range_quantile(level: float, means: int, df: float) -> float:
    return float(stats.studentized_range.ppf(level, means, df))


def _inside(reach: float, df: float, correlation: Array) -> float:
    """Probability that all of several correlated t variables stay within +-reach (Genz & Bretz 2009, ch. 4)."""
    k = len(correlation)
    limit = np.full(k, reach)
    known = stats.multivariate_t(np.zeros(k), correlation, df=df, allow_singular=True, seed=SEED)
    return float(np.clip(known.cdf(limit, maxpts=POINTS, lower_limit=-limit, random_state=SEED), 0, 1))


def _equicoordinate(level: float, df: float, correlation: Array) -> float:
    low = stats.t.ppf((1 + level) / 2, df)
    high = stats.t.ppf(1 - (1 - level) / 2 / len(correlation), df)
    if _inside(high, df, correlation) <= level:
        return float(high)
    return float(optimize.brentq(lambda c: _inside(c, df, correlation) - level, low * 0.999, high, xtol=1e-5))
