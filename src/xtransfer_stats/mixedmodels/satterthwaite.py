"""Satterthwaite's approximation, as lmerTest computes it.

Kuznetsova, Brockhoff & Christensen (2017), J. Stat. Softw. 82(13).
"""

import numpy as np
from scipy import linalg

from xtransfer_stats.mixedmodels.criterion import Criterion
from xtransfer_stats.mixedmodels.crossproducts import Array
from xtransfer_stats.mixedmodels.information import Information
from xtransfer_stats.mixedmodels.optimise import hessian


class Satterthwaite:
    """Plain covariance of the coefficients, and degrees of freedom from its own uncertainty."""

    def __init__(self, model: Criterion, parameters: Array, known: Information) -> None:
        self.cov = known.phi
        self.cov_variances = _parameter_covariance(model, parameters, known.sigma2)
        chain = _chain(model, parameters, float(np.sqrt(known.sigma2)))
        self.slopes = self.cov @ np.einsum("vi,ipq->vpq", chain, known.P) @ self.cov

    def df(self, row: Array) -> float:
        slope = np.einsum("p,vpq,q->v", row, self.slopes, row)
        return float(2 * (row @ self.cov @ row) ** 2 / (slope @ self.cov_variances @ slope))

    def joint(self, rows: Array, values: Array) -> tuple[float, float, float]:
        sizes, axes = linalg.eigh(rows @ self.cov @ rows.T)
        held = sizes > 1e-9 * sizes[-1]
        sizes, axes = sizes[held], axes[:, held]
        F = float(np.mean((axes.T @ values) ** 2 / sizes))
        return F, float(len(sizes)), _pooled(np.array([self.df(row) for row in axes.T @ rows]))


def _pooled(df: Array) -> float:
    """Denominator df of a mean of squared independent t statistics (Fai & Cornelius 1996)."""
    if np.ptp(df) < 1e-8:
        return float(np.mean(df))
    if np.any(df <= 2):
        return 2.0
    expected = float(np.sum(df / (df - 2)))
    return 2 * expected / (expected - len(df))


def _parameter_covariance(model: Criterion, parameters: Array, sigma2: float) -> Array:
    """Asymptotic covariance (v, v) of (parameters, residual sd); flat directions are left out."""

    def deviance(x: Array) -> tuple[float, Array]:
        solution = model.solve(x[:-1], sigma2=x[-1] ** 2)
        last = 2 * model.df / x[-1] - 2 * solution.rss / x[-1] ** 3
        return solution.value, np.append(solution.gradient, last)

    roots, axes = linalg.eigh(hessian(deviance, np.append(parameters, np.sqrt(sigma2))))
    held = roots > 1e-8
    return 2 * (axes[:, held] / roots[held]) @ axes[:, held].T


def _chain(model: Criterion, parameters: Array, sigma: float) -> Array:
    """Derivatives (v, i) of the covariance elements and residual variances i in (parameters, residual sd)."""

    def variances(x: Array) -> Array:
        factors, log_ratios = model.unpack(x[:-1])
        covariances = [(f @ f.T)[np.tril_indices(len(f))] for f in factors]
        return x[-1] ** 2 * np.concatenate([*covariances, np.exp(log_ratios)])

    x, out = np.append(parameters, sigma), []
    for i in range(len(x)):
        shift = np.zeros(len(x))
        shift[i] = 1e-6 * max(1.0, abs(x[i]))
        out.append((variances(x + shift) - variances(x - shift)) / (2 * shift[i]))
    return np.array(out)
