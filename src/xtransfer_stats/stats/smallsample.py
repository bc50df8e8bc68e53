"""Tests and intervals of fixed effects that stay honest with few groups: Kenward-Roger and Satterthwaite.

Kenward & Roger (1997, Biometrics 53, 983-997) as pbkrtest computes it (Halekoh & Hojsgaard 2014, J. Stat. Softw. 59(9));
Satterthwaite's approximation as lmerTest computes it (Kuznetsova, Brockhoff & Christensen 2017, J. Stat. Softw. 82(13)).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from scipy import linalg, stats

from xtransfer_stats.errors import FitError
from xtransfer_stats.stats.criterion import Criterion
from xtransfer_stats.stats.crossproducts import Array
from xtransfer_stats.stats.information import Information, information
from xtransfer_stats.stats.optimise import hessian


@dataclass(frozen=True)
class Inference:
    """One row a hypothesis; df infinite means the normal distribution."""

    estimate: Array  # (m,)
    std_error: Array
    df: Array
    statistic: Array
    p_value: Array
    conf_low: Array
    conf_high: Array
    method: str


class Method(Protocol):
    """How errors and degrees of freedom are got; rows of L stand in the basis Q, values in working units."""

    cov: Array  # (p, p) covariance of the coefficients of Q

    def df(self, row: Array) -> float: ...

    def joint(self, rows: Array, values: Array) -> tuple[float, float, float]:
        """F, numerator and denominator df; rows (m, p), values (m,) their estimates."""
        ...


@dataclass(frozen=True)
class SmallSample:
    """Inference on L beta at the estimated parameters, from cross-products alone."""

    model: Criterion
    parameters: Array

    @cached_property
    def beta(self) -> Array:
        """Coefficients in the user's units, (p,)."""
        cross, solution = self.model.cross, self.model.solve(self.parameters)
        coefficients = solution.effects[cross.rest_width :]
        return cross.ols + cross.scale * linalg.solve_triangular(cross.triangle, coefficients)

    @cached_property
    def information(self) -> Information:
        return information(self.model, self.parameters)

    @cached_property
    def methods(self) -> dict[str, Method]:
        return {}

    def method(self, name: str) -> Method:
        if name not in METHODS:
            raise FitError(f"method {name!r} is not known: choose from {', '.join(METHODS)}")
        if name not in self.methods:
            self.methods[name] = METHODS[name](self)
        return self.methods[name]

    def each(self, L: Array, name: str, level: float) -> Inference:
        """Each row of L (m, p) on its own, with two-sided `level` intervals."""
        method, rows = self.method(name), self._rows(L)
        estimate = L @ self.beta
        error = self.model.cross.scale * np.sqrt(np.einsum("mp,pq,mq->m", rows, method.cov, rows))
        df = np.array([method.df(row) for row in rows])
        statistic = estimate / error
        reach = stats.t.ppf((1 + level) / 2, df) * error
        p_value = 2 * stats.t.sf(np.abs(statistic), df)
        return Inference(estimate, error, df, statistic, p_value, estimate - reach, estimate + reach, name)

    def joint(self, L: Array, name: str) -> tuple[float, float, float, float]:
        """F test of L beta = 0: (F, numerator df, denominator df, p); rows that repeat others don't count."""
        values = L @ self.beta / self.model.cross.scale
        F, df_num, df = self.method(name).joint(self._rows(L), values)
        tail = stats.f.sf(F, df_num, df) if np.isfinite(df) else stats.chi2.sf(F * df_num, df_num)
        return F, df_num, df, float(tail)

    def _rows(self, L: Array) -> Array:
        if L.shape[1] != self.model.cross.p:
            raise FitError(
                f"L has {L.shape[1]} columns: it needs one for each of {self.model.cross.p} fixed effects"
            )
        return linalg.solve_triangular(self.model.cross.triangle, L.T, trans="T").T


def _independent(rows: Array, values: Array) -> tuple[Array, Array]:
    """The same hypothesis as orthonormal rows."""
    left, sizes, right = linalg.svd(rows, full_matrices=False)
    rank = int(np.sum(sizes > 1e-9 * sizes[0]))
    return right[:rank], (left[:, :rank].T @ values) / sizes[:rank]


def _wald(rows: Array, values: Array, cov: Array) -> float:
    """Mean square of the values over their covariance."""
    return float(values @ linalg.solve(rows @ cov @ rows.T, values)) / len(rows)


class KenwardRoger:
    def __init__(self, base: SmallSample) -> None:
        if not base.model.reml:
            raise FitError("Kenward-Roger needs a REML fit: fit again with reml=True")
        self.information = base.information
        self.cov = self.information.adjusted

    def df(self, row: Array) -> float:
        return self._moments(row[None, :])[1]

    def joint(self, rows: Array, values: Array) -> tuple[float, float, float]:
        rows, values = _independent(rows, values)
        scale, df = self._moments(rows)
        return scale * _wald(rows, values, self.cov), float(len(rows)), df

    def _moments(self, rows: Array) -> tuple[float, float]:
        """Scaling of F and denominator df, matching two moments (Kenward & Roger 1997, section 2)."""
        phi, q = self.information.phi, len(rows)
        theta = rows.T @ linalg.solve(rows @ phi @ rows.T, rows)
        steps = theta @ phi @ self.information.P @ phi
        traces = np.trace(steps, axis1=1, axis2=2)
        A1 = float(traces @ self.information.W @ traces)
        A2 = float(np.einsum("ij,iab,jba->", self.information.W, steps, steps))
        B = (A1 + 6 * A2) / (2 * q)
        g = ((q + 1) * A1 - (q + 4) * A2) / ((q + 2) * A2)
        c = np.array([g, q - g, q + 2 - g]) / (3 * q + 2 * (1 - g))
        rho = (1 + c[0] * B) / ((1 - c[1] * B) ** 2 * (1 - c[2] * B)) * (1 - A2 / q) ** 2 / q
        df = 4 + (q + 2) / (q * rho - 1)
        return df * (1 - A2 / q) / (df - 2), df


class Satterthwaite:
    def __init__(self, base: SmallSample) -> None:
        self.cov = base.information.phi
        self.cov_variances, self.slopes = _spread_of_parameters(base)

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


def _spread_of_parameters(base: SmallSample) -> tuple[Array, Array]:
    """Asymptotic covariance (v, v) of (parameters, residual sd), and the derivative (v, p, p) of phi in them."""
    model, sigma = base.model, float(np.sqrt(base.information.sigma2))

    def deviance(x: Array) -> tuple[float, Array]:
        solution = model.solve(x[:-1], sigma2=x[-1] ** 2)
        last = 2 * model.df / x[-1] - 2 * solution.rss / x[-1] ** 3
        return solution.value, np.append(solution.gradient, last)

    roots, axes = linalg.eigh(hessian(deviance, np.append(base.parameters, sigma)))
    held = roots > 1e-8
    cov = 2 * (axes[:, held] / roots[held]) @ axes[:, held].T
    phi = base.information.phi
    slopes = phi @ np.einsum("vi,ipq->vpq", _chain(model, base.parameters, sigma), base.information.P) @ phi
    return cov, slopes


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


class Wald:
    def __init__(self, base: SmallSample) -> None:
        self.cov = base.information.phi

    def df(self, row: Array) -> float:
        return np.inf

    def joint(self, rows: Array, values: Array) -> tuple[float, float, float]:
        rows, values = _independent(rows, values)
        return _wald(rows, values, self.cov), float(len(rows)), np.inf


METHODS = {"kenward_roger": KenwardRoger, "satterthwaite": Satterthwaite, "wald": Wald}
