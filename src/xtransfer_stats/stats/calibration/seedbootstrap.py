"""Bootstraps over seeds, as stand-ins: the product's own routes take their places in RUN_METHODS."""

import numpy as np
from scipy import stats

from xtransfer_stats.stats.calibration.verdicts import ALPHA, Studies, Verdict, by_interval
from xtransfer_stats.stats.contrasts import CountContrast

REPLICATES = 199


def percentile(studies: Studies, contrast: CountContrast) -> Verdict:
    """Percentile bootstrap over seeds (scipy)."""
    return _scipy_bootstrap(studies, contrast, "percentile")


def bca(studies: Studies, contrast: CountContrast) -> Verdict:
    """Bias-corrected accelerated bootstrap over seeds (scipy)."""
    return _scipy_bootstrap(studies, contrast, "BCa")


def _scipy_bootstrap(studies: Studies, contrast: CountContrast, method: str) -> Verdict:
    found = stats.bootstrap(
        (studies.differences(contrast),), np.mean, axis=0, n_resamples=REPLICATES, method=method, rng=studies.rng
    )
    return by_interval(found.confidence_interval.low, found.confidence_interval.high)


def studentised(studies: Studies, contrast: CountContrast) -> Verdict:
    """Bootstrap-t over seeds; replicates without any spread are left out."""
    d = studies.differences(contrast)
    seeds = len(d)
    replicate = d[studies.rng.integers(seeds, size=(REPLICATES, seeds))]  # (replicates, seeds, studies)
    error = replicate.std(axis=1, ddof=1) / np.sqrt(seeds)
    off = replicate.mean(axis=1) - d.mean(axis=0)
    t = np.divide(off, error, out=np.full(off.shape, np.nan), where=error > 1e-12)
    low, high = np.nanquantile(t, (ALPHA / 2, 1 - ALPHA / 2), axis=0)
    se = d.std(axis=0, ddof=1) / np.sqrt(seeds)
    return by_interval(d.mean(axis=0) - high * se, d.mean(axis=0) - low * se)
