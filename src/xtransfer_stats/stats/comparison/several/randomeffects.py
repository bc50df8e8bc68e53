"""The mean over independent studies by random effects, how much they differ, and what a further one may give.

theta_i ~ N(mu, tau^2), y_i ~ N(theta_i, v_i). tau^2 by Paule and Mandel (1982); the interval of mu by Hartung and Knapp
(2001) with k - 1 df, its factor not below one (Knapp and Hartung 2003). The interval of tau^2 by the Q-profile
(Viechtbauer 2007) and the test of no difference by Q, both with Welch's (1951) F in the place of chi-square, as the
studies' own errors have few df; I^2 of Higgins and Thompson (2002). The prediction interval is that of Higgins,
Thompson and Spiegelhalter (2009), k - 2 df.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from xtransfer_stats.stats.core.inference import Array


@dataclass(frozen=True)
class Spread:
    """How much studies differ, points. share: of the variance of a study's estimate that is between studies.

    tau, tau_low, tau_high: sd between studies and its interval. share, share_low, share_high: in [0, 1]. statistic on
    (df, df_error) and p_value: of no difference.
    predict_low, predict_high: prediction interval for a further study.
    """

    tau: float
    tau_low: float
    tau_high: float
    share: float
    share_low: float
    share_high: float
    statistic: float
    df: float
    df_error: float
    p_value: float
    predict_low: float
    predict_high: float


@dataclass(frozen=True)
class PooledMean:
    """estimate and std_error in points; df of its t."""

    estimate: float
    std_error: float
    df: float
    spread: Spread


def random_effects(estimates: Array, errors: Array, dfs: Array, alpha: float) -> PooledMean:
    """The mean over studies; estimates, standard errors and their df (k,), k at least 2, errors above zero."""
    y, v, k = estimates, errors**2, len(estimates)
    tau2 = _root(lambda t: (k - 1) - _q(y, v + t), y, v)
    weights = 1 / (v + tau2)
    error = float(np.sqrt(max(1.0, _q(y, v + tau2) / (k - 1)) / weights.sum()))
    mean = float(weights @ y / weights.sum())
    low, high = (_limit(y, v, dfs, p) for p in (alpha / 2, 1 - alpha / 2))
    half = stats.t.ppf(1 - alpha / 2, k - 2) * np.sqrt(tau2 + error**2) if k > 2 else np.nan
    statistic, df_error = _welch(y, v, dfs, 0.0)
    typical = _typical(v)
    spread = Spread(
        tau=tau2**0.5,
        tau_low=low**0.5,
        tau_high=high**0.5,
        share=tau2 / (tau2 + typical),
        share_low=low / (low + typical),
        share_high=high / (high + typical),
        statistic=statistic,
        df=k - 1.0,
        df_error=df_error,
        p_value=_p(y, v, dfs, 0.0),
        predict_low=mean - float(half),
        predict_high=mean + float(half),
    )
    return PooledMean(mean, error, k - 1.0, spread)


def _q(y: Array, variances: Array) -> float:
    """The generalised sum of squares around the weighted mean."""
    weights = 1 / variances
    return float(weights @ (y - weights @ y / weights.sum()) ** 2)


def _welch(y: Array, v: Array, dfs: Array, tau2: float) -> tuple[float, float]:
    """Welch's F of no spread beyond tau2, and its error df; a study's df are those of its own part of the variance."""
    k, weights = len(y), 1 / (v + tau2)
    own = dfs * ((v + tau2) / v) ** 2
    loss = float(((1 - weights / weights.sum()) ** 2 / own).sum())
    scaled = _q(y, v + tau2) / (k - 1) / (1 + 2 * (k - 2) / (k**2 - 1) * loss)
    return float(scaled), (k**2 - 1) / (3 * loss)


def _p(y: Array, v: Array, dfs: Array, tau2: float) -> float:
    """p of a spread of tau2 or less."""
    F, df_error = _welch(y, v, dfs, tau2)
    return float(stats.f.sf(F, len(y) - 1, df_error))


def _limit(y: Array, v: Array, dfs: Array, p: float) -> float:
    """tau^2 of which the p-value is p."""
    return _root(lambda tau2: _p(y, v, dfs, tau2) - p, y, v)


def _root(above: Callable[[float], float], y: Array, v: Array) -> float:
    """tau^2 at which an increasing function crosses zero; zero where it has done so already."""
    if above(0.0) >= 0:
        return 0.0
    top = float(np.ptp(y) ** 2 + v.max())
    while above(top) < 0:
        top *= 10
    return float(optimize.brentq(above, 0.0, top))


def _typical(v: Array) -> float:
    """Higgins and Thompson's typical variance of a study's own error."""
    w = 1 / v
    return float((len(v) - 1) * w.sum() / (w.sum() ** 2 - (w**2).sum()))
