"""Estimates drawn towards their common mean as far as their spread allows (empirical Bayes)."""

import numpy as np
from scipy import optimize

from xtransfer_stats.stats.core.inference import Array


def shrunken(estimates: Array, covariance: Array) -> tuple[Array, Array]:
    """Shrunken estimates and their standard errors, both (n,), from estimates (n,) with covariance (n, n).

    theta ~ N(mu, tau2 I): tau2 makes the generalised sum of squares equal its expectation n - 1 (Paule and Mandel
    1982), zero where it is smaller already; errors include that of mu, not that of tau2.
    """
    tau2 = _between(estimates, covariance)
    precision = np.linalg.inv(covariance + tau2 * np.eye(len(estimates)))
    mean_variance = 1 / precision.sum()
    mean = mean_variance * (precision @ estimates).sum()
    pull = tau2 * precision
    left = (np.eye(len(estimates)) - pull).sum(axis=1)  # what each still leans on the mean
    variance = tau2 - tau2 * np.diag(pull) + mean_variance * left**2
    return mean + pull @ (estimates - mean), np.sqrt(variance)


def _between(estimates: Array, covariance: Array) -> float:
    def excess(tau2: float) -> float:
        precision = np.linalg.inv(covariance + tau2 * np.eye(len(estimates)))
        mean = (precision @ estimates).sum() / precision.sum()
        return float((estimates - mean) @ precision @ (estimates - mean)) - (len(estimates) - 1)

    if excess(0.0) <= 0:
        return 0.0
    return float(optimize.brentq(excess, 0.0, float(np.ptp(estimates) ** 2) * len(estimates)))
