"""Errors and degrees of freedom that stay honest with few groups: Kenward-Roger and Satterthwaite, beside plain Wald.

Kenward & Roger (1997, Biometrics 53, 983-997) as pbkrtest computes it (Halekoh & Hojsgaard 2014, J. Stat. Softw.
59(9)); Satterthwaite as lmerTest does (Kuznetsova, Brockhoff & Christensen 2017, J. Stat. Softw. 82(13)).
"""

from collections.abc import Callable

import numpy as np
from scipy import linalg

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.likelihood.criterion import Criterion
from xtransfer_stats.mixedmodels.randomterms import Array
from xtransfer_stats.mixedmodels.search.descent import differences, hessian
from xtransfer_stats.mixedmodels.smallsample.information import Information


class DfMethod:
    """How errors and degrees of freedom are got; rows of L stand in the basis Q, values in working units.

    By itself it is Wald's: the plain covariance and the normal distribution.
    """

    cov: Array  # (p, p) covariance of the coefficients of Q

    def __init__(self, model: Criterion, parameters: Array, known: Information) -> None:
        self.cov = known.phi

    def df(self, row: Array) -> float:
        """Degrees of freedom of the estimate row @ beta, t squared being F; row (p,)."""
        return self._moments(row[None, :])[1]

    def joint(self, rows: Array, values: Array) -> tuple[float, float, float]:
        """F, numerator and denominator df; rows (m, p), values (m,) their estimates."""
        left, sizes, right = linalg.svd(rows, full_matrices=False)  # the same hypothesis as orthonormal rows
        rank = int(np.sum(sizes > 1e-9 * sizes[0]))
        rows, values = right[:rank], (left[:, :rank].T @ values) / sizes[:rank]
        scale, df = self._moments(rows)
        square = float(values @ linalg.solve(rows @ self.cov @ rows.T, values)) / len(rows)
        return scale * square, float(len(rows)), df

    def _moments(self, rows: Array) -> tuple[float, float]:
        """Scaling of F and denominator df."""
        return 1.0, np.inf


class KenwardRoger(DfMethod):
    """Adjusted covariance of the coefficients, and degrees of freedom that match two moments of F."""

    def __init__(self, model: Criterion, parameters: Array, known: Information) -> None:
        if not model.reml:
            raise FitError("Kenward-Roger needs a REML fit: fit again with reml=True")
        self.information = known
        self.cov = known.adjusted

    def _moments(self, rows: Array) -> tuple[float, float]:
        """Scaling of F and denominator df, matching two moments (Kenward & Roger 1997, section 2)."""
        phi = self.information.phi
        theta = rows.T @ linalg.solve(rows @ phi @ rows.T, rows)
        return kenward_roger_moments(theta @ phi @ self.information.P @ phi, self.information.W, len(rows))


def kenward_roger_moments(steps: Array, W: Array, q: int) -> tuple[float, float]:
    """Scaling of F and denominator df of a hypothesis of rank q.

    steps (v, m, m): inverse of the hypothesis's covariance times its derivative in each variance, less the sign; W
    (v, v): covariance of the variances' estimates.
    """
    traces = np.trace(steps, axis1=1, axis2=2)
    A1 = float(traces @ W @ traces)
    A2 = float(np.einsum("ij,iab,jba->", W, steps, steps))
    if q == 1:  # the formulas below come down to this, where they do not divide by zero
        return 1.0, 2 / A2 if A2 > 0 else np.inf if A2 == 0 else np.nan  # below zero: rounding alone
    B = (A1 + 6 * A2) / (2 * q)
    g = ((q + 1) * A1 - (q + 4) * A2) / ((q + 2) * A2)
    c = np.array([g, q - g, q + 2 - g]) / (3 * q + 2 * (1 - g))
    rho = (1 + c[0] * B) / ((1 - c[1] * B) ** 2 * (1 - c[2] * B)) * (1 - A2 / q) ** 2 / q
    df = 4 + (q + 2) / (q * rho - 1)
    return df * (1 - A2 / q) / (df - 2), df


class Satterthwaite(DfMethod):
    """Plain covariance of the coefficients, and degrees of freedom from its own uncertainty."""

    def __init__(self, model: Criterion, parameters: Array, known: Information) -> None:
        self.cov = known.phi
        self.cov_variances = _parameter_covariance(model, parameters, known.sigma2)
        chain = _chain(model, parameters, float(np.sqrt(known.sigma2)))
        self.slopes = self.cov @ np.einsum("vi,ipq->vpq", chain, known.P) @ self.cov

    def df(self, row: Array) -> float:
        """From the variance of the estimate's own variance."""
        slope = np.einsum("p,vpq,q->v", row, self.slopes, row)
        return float(2 * (row @ self.cov @ row) ** 2 / (slope @ self.cov_variances @ slope))

    def joint(self, rows: Array, values: Array) -> tuple[float, float, float]:
        """The mean of the squared t statistics of independent combinations of the rows."""
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
        factors, log_ratios = model.layout.unpack(x[:-1])
        covariances = [(f @ f.T)[np.tril_indices(len(f))] for f in factors]
        return x[-1] ** 2 * np.concatenate([*covariances, np.exp(log_ratios)])

    return np.array(differences(variances, np.append(parameters, sigma), 1e-6))


METHODS: dict[str, Callable[[Criterion, Array, Information], DfMethod]] = {
    "kenward_roger": KenwardRoger,
    "satterthwaite": Satterthwaite,
    "wald": DfMethod,
}
