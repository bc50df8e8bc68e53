"""Bootstrap intervals of a mean of seed differences: studentised, percentile, BCa (Davison & Hinkley 1997, ch. 5)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from scipy import stats

from xtransfer_stats.stats.core.inference import Array

LEAST_SEEDS = MappingProxyType({"studentised": 5, "percentile": 10, "BCa": 10})


@dataclass(frozen=True)
class Resampled:
    """A sample (seeds,) and its replicates' means and standard errors (replicates,)."""

    sample: Array
    means: Array
    errors: Array

    @property
    def std_error(self) -> float:
        """Of the sample's own mean."""
        return float(self.sample.std(ddof=1) / np.sqrt(len(self.sample)))

    @property
    def pivots(self) -> Array:
        """(mean* - mean) / error* of the replicates in which something varies."""
        varies = self.errors > 1e-9 * max(self.std_error, 1e-300)
        return (self.means[varies] - self.sample.mean()) / self.errors[varies]

    @property
    def degenerate(self) -> int:
        """Replicates that drew one seed's value only."""
        return len(self.means) - len(self.pivots)


def resampled(sample: Array, weights: Array) -> Resampled:
    """Means and errors of a sample (seeds,) under multiplicities (replicates, seeds)."""
    n = len(sample)
    centred = sample - sample.mean()
    means = weights @ centred / n
    squares = np.maximum(weights @ centred**2 / n - means**2, 0.0)
    return Resampled(sample, means + sample.mean(), np.sqrt(squares / (n - 1)))


def studentised(found: Resampled, alpha: float) -> tuple[float, float]:
    """Mean less the upper and lower quantile of the pivots times the standard error."""
    low, high = np.quantile(found.pivots, [alpha / 2, 1 - alpha / 2])
    centre = found.sample.mean()
    return float(centre - high * found.std_error), float(centre - low * found.std_error)


def percentile(found: Resampled, alpha: float) -> tuple[float, float]:
    """Quantiles of the replicates' means."""
    low, high = np.quantile(found.means, [alpha / 2, 1 - alpha / 2])
    return float(low), float(high)


def bca(found: Resampled, alpha: float) -> tuple[float, float]:
    """Quantiles corrected for bias and acceleration (Efron 1987); acceleration of a mean from its jackknife."""
    centre = found.sample.mean()
    below = (np.mean(found.means < centre) + np.mean(found.means <= centre)) / 2
    bias = stats.norm.ppf(below)
    away = found.sample - centre
    acceleration = np.sum(away**3) / (6 * np.sum(away**2) ** 1.5)
    shifted = bias + stats.norm.ppf([alpha / 2, 1 - alpha / 2])
    low, high = np.quantile(found.means, stats.norm.cdf(bias + shifted / (1 - acceleration * shifted)))
    return float(low), float(high)


def studentised_p(found: Resampled) -> float:
    """Two-sided p that agrees with the equal-tailed interval: 2 (1 + hits) / (1 + replicates), at most 1."""
    observed, pivots = found.sample.mean() / found.std_error, found.pivots
    hits = min(int(np.sum(pivots >= observed)), int(np.sum(pivots <= observed)))
    return min(1.0, 2 * (1 + hits) / (1 + len(pivots)))


INTERVALS: Mapping[str, Callable[[Resampled, float], tuple[float, float]]] = MappingProxyType(
    {"studentised": studentised, "percentile": percentile, "BCa": bca}
)
