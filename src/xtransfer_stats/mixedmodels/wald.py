"""Wald intervals of the standard deviations of a fit, from the expected information of its variances.

They assume log sd normal, which few levels do not give: `profile` asks the likelihood itself.
"""

import numpy as np
from scipy import linalg, stats

from xtransfer_stats.mixedmodels.crossproducts import Array
from xtransfer_stats.mixedmodels.mixed import MixedFit

Row = tuple[str, str, float, float, float]


def wald_sds(fit: MixedFit, level: float = 0.95) -> list[Row]:
    """(group, covariate, estimate, low, high) of each sd, the residual's last, in the user's units.

    By the fit's own criterion (REML or ML). The interval is symmetric in log sd: se(log sd) = se(variance) / (2
    variance). NaN limits where the sd is estimated as zero: there is no slope to go by.
    """
    quantile, scale = float(stats.norm.ppf((1 + level) / 2)), fit.model.cross.scale
    covariance, sigma2 = _covariance(fit), np.ravel(fit.residual_variance) / scale**2
    rows, start = [], 0
    for block, factor in zip(fit.model.cross.blocks, fit.relative_factors(), strict=True):
        size = len(factor)
        stop = start + size * (size + 1) // 2
        term = fit.terms[block.term]
        for a, covariate in enumerate(block.columns):
            weights = _weights(block.inverse_basis[a])
            variance = float(sigma2[0] * np.sum(factor[a] ** 2))
            error = float(np.sqrt(weights @ covariance[start:stop, start:stop] @ weights))
            rows.append((term.group, term.names[covariate], *_limits(variance, error, quantile, scale)))
        start = stop
    errors = np.sqrt(np.diag(covariance)[start:])
    ends = [_limits(float(v), float(e), quantile, scale) for v, e in zip(sigma2, errors, strict=True)]
    return [*rows, *(("residual", "", *end) for end in ends)]


def _covariance(fit: MixedFit) -> Array:
    """Of the variance estimates in the working basis; ML has no loss for the fixed effects."""
    known = fit.small_sample.information
    return known.W if fit.reml else 2 * linalg.pinvh(known.K)


def _weights(basis: Array) -> Array:
    """Of a block's covariance elements (lower triangle, row by row) in the variance of basis @ effects."""
    rows, columns = np.tril_indices(len(basis))
    return np.where(rows == columns, 1.0, 2.0) * basis[rows] * basis[columns]


def _limits(variance: float, error: float, quantile: float, scale: float) -> tuple[float, float, float]:
    sd = scale * np.sqrt(variance)
    reach = np.exp(quantile * error / (2 * variance)) if variance > 0 else np.nan
    return float(sd), float(sd / reach), float(sd * reach)
