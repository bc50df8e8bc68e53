"""Tests and intervals of fixed effects that stay honest with few groups: Kenward-Roger and Satterthwaite."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from scipy import linalg, stats

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.criterion import Criterion
from xtransfer_stats.mixedmodels.crossproducts import Array
from xtransfer_stats.mixedmodels.hypotheses import independent, mean_square
from xtransfer_stats.mixedmodels.information import Information, information
from xtransfer_stats.mixedmodels.kenward_roger import KenwardRoger
from xtransfer_stats.mixedmodels.satterthwaite import Satterthwaite


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


class Wald:
    """Plain covariance and the normal distribution."""

    def __init__(self, model: Criterion, parameters: Array, known: Information) -> None:
        self.cov = known.phi

    def df(self, row: Array) -> float:
        return np.inf

    def joint(self, rows: Array, values: Array) -> tuple[float, float, float]:
        rows, values = independent(rows, values)
        return mean_square(rows, values, self.cov), float(len(rows)), np.inf


METHODS: dict[str, Callable[[Criterion, Array, Information], Method]] = {
    "kenward_roger": KenwardRoger,
    "satterthwaite": Satterthwaite,
    "wald": Wald,
}


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
        """The methods asked for so far: each is worked out once."""
        return {}

    def method(self, name: str) -> Method:
        if name not in METHODS:
            raise FitError(f"method {name!r} is not known: choose from {', '.join(METHODS)}")
        if name not in self.methods:
            self.methods[name] = METHODS[name](self.model, self.parameters, self.information)
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
            p = self.model.cross.p
            raise FitError(f"L has {L.shape[1]} columns: it needs one for each of {p} fixed effects")
        return linalg.solve_triangular(self.model.cross.triangle, L.T, trans="T").T
