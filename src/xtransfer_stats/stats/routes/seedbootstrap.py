"""The bootstrap over seeds: its intervals (Davison & Hinkley 1997, ch. 5), their coverage, and which are offered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np
from scipy import stats

from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.rows import NOTHING_VARIES, UNTESTED, Row, joined
from xtransfer_stats.stats.routes.sampling import RouteTarget, Sampling, multiplicities, replicated

# In %: `make calibration`, bootstrap part, nested design, set and run luck of one size, 400 studies of 199 replicates,
# mean over the five contrasts of docs/calibration.md.
COVERAGE = MappingProxyType(
    {
        ("studentised", 3): 84.8,
        ("studentised", 5): 94.2,
        ("studentised", 10): 94.0,
        ("percentile", 3): 72.8,
        ("percentile", 5): 81.9,
        ("percentile", 10): 89.6,
        ("BCa", 3): 71.8,
        ("BCa", 5): 81.7,
        ("BCa", 10): 89.5,
    }
)
LEAST_SEEDS = MappingProxyType({"studentised": 5, "percentile": 10, "BCa": 10})
METHOD = "{} bootstrap over seeds"


def measured(name: str, target: RouteTarget) -> str:
    """The coverage measured at the largest number of seeds not above these; where sets are shared, that there is none.

    It was measured on nested sets and holds there alone.
    """
    if target.seeds_only:
        return target.over
    seeds = len(target.differences)
    known = [n for method, n in COVERAGE if method == name and n <= seeds]
    if not known:
        return ""
    at = f"{max(known)} seeds, nested sets"
    return f"measured coverage of a nominal 95 % interval at {at}: {COVERAGE[name, max(known)]:g} %"


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


def studentised(replicates: Resampled, alpha: float) -> tuple[float, float]:
    """Mean less the upper and lower quantile of the pivots times the standard error."""
    low, high = np.quantile(replicates.pivots, [alpha / 2, 1 - alpha / 2])
    centre = replicates.sample.mean()
    return float(centre - high * replicates.std_error), float(centre - low * replicates.std_error)


def percentile(replicates: Resampled, alpha: float) -> tuple[float, float]:
    """Quantiles of the replicates' means."""
    low, high = np.quantile(replicates.means, [alpha / 2, 1 - alpha / 2])
    return float(low), float(high)


def bca(replicates: Resampled, alpha: float) -> tuple[float, float]:
    """Quantiles corrected for bias and acceleration (Efron 1987); acceleration of a mean from its jackknife."""
    centre = replicates.sample.mean()
    below = (np.mean(replicates.means < centre) + np.mean(replicates.means <= centre)) / 2
    bias = stats.norm.ppf(below)
    away = replicates.sample - centre
    acceleration = np.sum(away**3) / (6 * np.sum(away**2) ** 1.5)
    shifted = bias + stats.norm.ppf([alpha / 2, 1 - alpha / 2])
    low, high = np.quantile(replicates.means, stats.norm.cdf(bias + shifted / (1 - acceleration * shifted)))
    return float(low), float(high)


def studentised_p(replicates: Resampled) -> float:
    """Two-sided p that agrees with the equal-tailed interval: 2 (1 + hits) / (1 + replicates), at most 1."""
    observed, pivots = replicates.sample.mean() / replicates.std_error, replicates.pivots
    hits = min(int(np.sum(pivots >= observed)), int(np.sum(pivots <= observed)))
    return min(1.0, 2 * (1 + hits) / (1 + len(pivots)))


INTERVALS: Mapping[str, Callable[[Resampled, float], tuple[float, float]]] = MappingProxyType(
    {"studentised": studentised, "percentile": percentile, "BCa": bca}
)


def seed_weights(counts: set[int], sampling: Sampling) -> dict[int, Array]:
    """Multiplicities (replicates, seeds) by number of seeds; drawn once, so that all estimands share them."""
    return {
        n: replicated(partial(multiplicities, n=n), sampling) for n in sorted(counts) if n >= min(LEAST_SEEDS.values())
    }


def seed_rows(targets: Sequence[RouteTarget], weights: dict[int, Array], alpha: float) -> list[Row]:
    """Three rows an estimand, one an interval; without limits, and with the reason, where it is not offered."""
    rows = []
    for target in targets:
        n = len(target.differences)
        sample = resampled(target.differences, weights[n]) if n in weights else None
        rows += [_row(target, name, sample, alpha) for name in INTERVALS]
    return rows


def _row(target: RouteTarget, name: str, sample: Resampled | None, alpha: float) -> Row:
    n = len(target.differences)
    estimate = float(target.differences.mean()) if n else np.nan
    row = {**target.label, **UNTESTED, "estimate": estimate, "method": METHOD.format(name), "n_runs": target.n_runs}
    if sample is None or n < LEAST_SEEDS[name]:
        refusal = f"no {name} interval: needs {LEAST_SEEDS[name]} seeds, here {n}"
        return {**row, "note": joined(row["note"], refusal, measured(name, target))}
    if sample.std_error <= 1e-12 * max(1.0, float(np.abs(sample.sample).max())):
        return {**row, "std_error": 0.0, "note": joined(row["note"], NOTHING_VARIES)}
    low, high = INTERVALS[name](sample, alpha)
    p = studentised_p(sample) if name == "studentised" else np.nan
    note = joined(row["note"], measured(name, target), _lost(name, sample))
    return {**row, "std_error": sample.std_error, "p_value": p, "conf_low": low, "conf_high": high, "note": note}


def _lost(name: str, sample: Resampled) -> str:
    if name != "studentised" or not sample.degenerate:
        return ""
    return f"{sample.degenerate} of {len(sample.means)} replicates drew one seed only and are left out"
