"""Student's paired t over seeds, for many numbers at once."""

import numpy as np

from xtransfer_stats.stats.core.inference import Array, Moments

PAIRED = "seed-paired t"
ONE_SEED = "one seed only: no replicate, so no error"


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
