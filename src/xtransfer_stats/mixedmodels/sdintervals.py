"""Intervals of the standard deviations of a fit: by profile likelihood, and Wald's from the expected information.

Wald's assume log sd normal, which few levels do not give; the profile asks the likelihood itself, by ML. The deviance
is minimised with one sd held at a value; the interval holds the values where it stays within the chi-square quantile
(1 df) of its minimum. Holding sd_a = sigma |row_a| gives sigma from the factors, so that the rest is free of
constraints.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy import linalg, optimize, stats

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.base.threads import one_blas_thread
from xtransfer_stats.mixedmodels.likelihood.criterion import Criterion
from xtransfer_stats.mixedmodels.likelihood.crossproducts import Array
from xtransfer_stats.mixedmodels.mixedfit import MixedFit
from xtransfer_stats.mixedmodels.search.optimise import minimise

NEAR_ZERO = 1e-2  # of the upper end: a lower limit below it is reported as 0
SdInterval = tuple[str, str, float, float, float]
Held = Callable[[Array, float], tuple[float, Array]]


@one_blas_thread()
def profile_sds(fit: MixedFit, level: float = 0.95) -> list[SdInterval]:
    """(group, covariate, ML estimate, low, high) of each sd, in the user's units; the residual's is the last.

    A lower limit below a hundredth of the upper one is told as zero. Raises FitError for residual variances by group.
    """
    if np.ndim(fit.residual_variance):
        raise FitError(
            "profile: residual variances by group are not profiled; leave out residual.", ["profile:", "residual."]
        )
    model = replace(fit.model, reml=False)
    best = minimise(model)
    allowed = best.value + float(stats.chi2.ppf(level, 1))
    sigma = float(np.sqrt(best.solution.rss / model.df))
    rows, unit = [], model.cross.scale
    for i, block in enumerate(model.layout.blocks):
        term = fit.terms[block.term]
        for a, covariate in enumerate(block.columns):
            reach = _reach(model, i, a)
            sd = sigma * float(np.linalg.norm(reach @ best.parameters))
            low, high = _limits(_held_row(model, reach), best.parameters, sd, sigma, allowed)
            rows.append((term.group, term.names[covariate], sd * unit, low * unit, high * unit))
    low, high = _limits(_held_residual(model), best.parameters, sigma, sigma, allowed)
    return [*rows, ("residual", "", sigma * unit, low * unit, high * unit)]


def _reach(model: Criterion, i: int, a: int) -> Array:
    """Matrix from the parameters to row a of block i's relative factor in the user's covariates."""
    basis, width = model.layout.blocks[i].inverse_basis, model.layout.stops[-1] + len(model.cross.rows) - 1
    return np.column_stack([basis[a] @ model.layout.unpack(unit)[0][i] for unit in np.eye(width)])


def _held_row(model: Criterion, reach: Array) -> Held:
    def value(x: Array, sd: float) -> tuple[float, Array]:
        row = reach @ x
        square = float(row @ row)
        if square == 0 or np.max(np.abs(x)) > 1e5:
            return np.inf, np.zeros(len(x))
        solution = model.solve(x, sigma2=sd**2 / square)
        pull = model.df - solution.rss * square / sd**2
        return solution.value, solution.gradient - 2 * pull * (reach.T @ row) / square

    return value


def _held_residual(model: Criterion) -> Held:
    def value(x: Array, sd: float) -> tuple[float, Array]:
        solution = model.solve(x, sigma2=sd**2)
        return solution.value, solution.gradient

    return value


def _limits(held: Held, x: Array, sd: float, sigma: float, allowed: float) -> tuple[float, float]:
    def excess(log_sd: float) -> float:
        ends = [
            optimize.minimize(held, start, args=(np.exp(log_sd),), jac=True, method="BFGS").fun
            for start in (np.where(x == 0, 0.1, x), np.where(x == 0, 0.1, x) * np.exp(log_sd) / max(sd, 1e-3 * sigma))
        ]
        return float(min(ends)) - allowed

    start = np.log(max(sd, 1e-2 * sigma))
    top = start + 0.5
    while excess(top) < 0:
        top += 0.5
    high = optimize.brentq(excess, top - 0.5 if sd == 0 or top > start + 0.5 else start, top, xtol=1e-6)
    bottom = high + np.log(NEAR_ZERO)
    if sd == 0 or bottom > start or excess(bottom) < 0:
        return 0.0, float(np.exp(high))
    return float(np.exp(optimize.brentq(excess, bottom, start, xtol=1e-6))), float(np.exp(high))


def wald_sds(fit: MixedFit, level: float = 0.95) -> list[SdInterval]:
    """(group, covariate, estimate, low, high) of each sd, the residual's last, in the user's units.

    By the fit's own criterion (REML or ML). The interval is symmetric in log sd: se(log sd) = se(variance) / (2
    variance). NaN limits where the sd is estimated as zero: there is no slope to go by.
    """
    quantile, scale = float(stats.norm.ppf((1 + level) / 2)), fit.model.cross.scale
    # Covariance of the variance estimates in the working basis; ML has no loss for the fixed effects.
    covariance = fit.information.W if fit.reml else 2 * linalg.pinvh(fit.information.K)
    sigma2 = np.ravel(fit.residual_variance) / scale**2
    rows, start = [], 0
    layout = fit.model.layout
    for block, factor, stop in zip(layout.blocks, fit.relative_factors(), layout.stops, strict=True):
        term = fit.terms[block.term]
        for a, covariate in enumerate(block.columns):
            weights = _weights(block.inverse_basis[a])
            variance = float(sigma2[0] * np.sum(factor[a] ** 2))
            error = float(np.sqrt(weights @ covariance[start:stop, start:stop] @ weights))
            rows.append((term.group, term.names[covariate], *_wald_limits(variance, error, quantile, scale)))
        start = stop
    errors = np.sqrt(np.diag(covariance)[start:])
    ends = [_wald_limits(float(v), float(e), quantile, scale) for v, e in zip(sigma2, errors, strict=True)]
    return [*rows, *(("residual", "", *end) for end in ends)]


def _weights(basis: Array) -> Array:
    """Of a block's covariance elements (lower triangle, row by row) in the variance of basis @ effects."""
    rows, columns = np.tril_indices(len(basis))
    return np.where(rows == columns, 1.0, 2.0) * basis[rows] * basis[columns]


def _wald_limits(variance: float, error: float, quantile: float, scale: float) -> tuple[float, float, float]:
    sd = scale * np.sqrt(variance)
    reach = np.exp(quantile * error / (2 * variance)) if variance > 0 else np.nan
    return float(sd), float(sd / reach), float(sd * reach)
