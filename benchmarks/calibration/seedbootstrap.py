"""The product's bootstraps over seeds, one study a column."""

import numpy as np
from benchmarks.calibration.verdicts import ALPHA, Studies, Verdict, by_interval

from xtransfer_stats.stats.core.estimands import CountContrast
from xtransfer_stats.stats.routes.sampling import multiplicities
from xtransfer_stats.stats.routes.seedbootstrap import INTERVALS, resampled

REPLICATES = 199


def percentile(studies: Studies, contrast: CountContrast) -> Verdict:
    """Percentile interval."""
    return _intervals(studies, contrast, "percentile")


def bca(studies: Studies, contrast: CountContrast) -> Verdict:
    """Bias-corrected accelerated interval."""
    return _intervals(studies, contrast, "BCa")


def studentised(studies: Studies, contrast: CountContrast) -> Verdict:
    """Studentised interval; replicates without any spread are left out."""
    return _intervals(studies, contrast, "studentised")


def _intervals(studies: Studies, contrast: CountContrast, name: str) -> Verdict:
    differences = studies.differences(contrast)
    weights = multiplicities(studies.rng, REPLICATES, len(differences))
    limits = np.array([INTERVALS[name](resampled(column, weights), ALPHA) for column in differences.T])
    return by_interval(limits[:, 0], limits[:, 1])
