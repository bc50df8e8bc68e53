"""A fitted mixed model and what it tells: estimates, random effects, predictions, small-sample inference."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike
from scipy import linalg, stats

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.base.threads import one_blas_thread
from xtransfer_stats.mixedmodels.likelihood.criterion import Criterion, Solution
from xtransfer_stats.mixedmodels.likelihood.randomeffects import conditional_means, conditional_variances
from xtransfer_stats.mixedmodels.randomterms import Array, RandomTerm, TermBlock
from xtransfer_stats.mixedmodels.smallsample.dfmethods import METHODS, DfMethod
from xtransfer_stats.mixedmodels.smallsample.information import Information
from xtransfer_stats.mixedmodels.smallsample.secondorder import information

UNRESOLVED = 2000  # sd of a random term over the residual's


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


@dataclass(frozen=True)
class MixedFit:
    """A fitted model y = X beta + sum of random terms + residual."""

    names: tuple[str, ...]  # fixed effects
    beta: Array  # (p,)
    cov_beta: Array  # (p, p), given the estimated variances
    criterion: float  # lme4's REMLcrit, or the ML deviance
    reml: bool
    n: int
    residual_variance: float | Array  # one, or one a residual group
    covariances: tuple[Array, ...]  # (k, k) of each random term
    state: str  # "interior", "boundary" (a covariance is singular: a result, not an error) or "failed"
    gradient_norm: float
    evaluations: int
    notes: tuple[str, ...]
    terms: tuple[RandomTerm, ...] = field(repr=False)
    X: Array = field(repr=False)
    model: Criterion = field(repr=False)
    parameters: Array = field(repr=False)
    curvature: Array | None = field(repr=False, default=None)  # second derivatives of the criterion in the parameters
    weights: Array | None = field(repr=False, default=None)  # (n,) residual variance of a row: sigma2 over its weight

    @cached_property
    def solution(self) -> Solution:
        """The criterion's evaluation at the estimates, in working units."""
        return self.model.solve(self.parameters)

    @property
    def sigma2(self) -> float:
        """Residual variance of the first residual group."""
        return float(np.ravel(self.residual_variance)[0])

    def relative_factors(self) -> tuple[Array, ...]:
        """Lower triangular covariance factor of each block over the residual sd: lme4's theta as matrices."""
        blocks = self.model.layout.blocks
        return tuple(b.inverse_basis @ f for b, f in zip(blocks, self.solution.factors, strict=True))

    @cached_property
    def resolved(self) -> bool:
        """Whether double precision tells errors and df of small samples: they lose digits as a fourth power."""
        return max((float(np.max(np.abs(one))) for one in self.solution.factors), default=0.0) < UNRESOLVED

    def random_effects(self, i: int) -> Array:
        """Conditional means of term i given the data, (levels, k)."""
        means = conditional_means(self.model.cross, self.solution)
        out = np.zeros((self.terms[i].levels, len(self.terms[i].names)))
        for j, block in self._blocks(i):
            out[:, block.columns] = self.model.cross.scale * (self.relative_factors()[j] @ means[j]).T
        return out

    def conditional_sd(self, i: int) -> Array:
        """Conditional sds (levels, k) of term i given data and fixed effects: lme4's condVar."""
        out = np.zeros((self.terms[i].levels, len(self.terms[i].names)))
        for j, block in self._blocks(i):
            inner = conditional_variances(self.model.cross, self.solution, j)
            factor = self.relative_factors()[j]
            out[:, block.columns] = np.einsum("ac,lcd,ad->la", factor, inner, factor)
        return np.sqrt(self.sigma2 * np.maximum(out, 0.0))

    def _blocks(self, i: int) -> list[tuple[int, TermBlock]]:
        return [(j, block) for j, block in enumerate(self.model.layout.blocks) if block.term == i]

    def predict(self, X: Array, terms: Sequence[RandomTerm] = ()) -> Array:
        """Expected response (m,) at X (m, p); `terms`: the random terms as they stand in those m rows."""
        out = np.asarray(X) @ self.beta
        for i, term in enumerate(terms):
            out = out + term.contribution(self.random_effects(i))
        return out

    def fitted(self) -> Array:
        """Fitted values (n,), random effects included."""
        return self.predict(self.X, self.terms)

    def kenward_roger(self, L: ArrayLike, level: float = 0.95) -> Inference:
        """Estimates L beta, L (m, p) or (p,), with Kenward-Roger standard errors and degrees of freedom."""
        return self.inference(L, "kenward_roger", level)

    def satterthwaite(self, L: ArrayLike, level: float = 0.95) -> Inference:
        """Estimates L beta with unadjusted standard errors and Satterthwaite degrees of freedom."""
        return self.inference(L, "satterthwaite", level)

    def wald(self, L: ArrayLike, level: float = 0.95) -> Inference:
        """Estimates L beta against the normal distribution: too liberal with few groups, to compare only."""
        return self.inference(L, "wald", level)

    def inference(self, L: ArrayLike, method: str, level: float = 0.95) -> Inference:
        """Each row of L (m, p) on its own, with two-sided `level` intervals; raises FitError for unknown methods.

        NaN where rounding leaves nothing of errors and df (`resolved`).
        """
        rows, estimate, known = self._hypotheses(L, method)
        variance = np.einsum("mp,pq,mq->m", rows, known.cov, rows)
        held = (variance > 0) & (self.resolved or method == "wald")
        error = self.model.cross.scale * np.sqrt(np.where(held, variance, np.nan))
        df = np.where(held, [known.df(row) for row in rows], np.nan)
        statistic = estimate / error
        reach = stats.t.ppf((1 + level) / 2, df) * error
        p_value = 2 * stats.t.sf(np.abs(statistic), df)
        return Inference(estimate, error, df, statistic, p_value, estimate - reach, estimate + reach, method)

    def f_test(self, L: ArrayLike, method: str = "kenward_roger") -> tuple[float, float, float, float]:
        """Joint test of L beta = 0: (F, numerator df, denominator df, p); rows that repeat others don't count."""
        rows, estimate, known = self._hypotheses(L, method)
        if not (self.resolved or method == "wald"):
            return np.nan, float(len(rows)), np.nan, np.nan
        F, df_num, df = known.joint(rows, estimate / self.model.cross.scale)
        tail = stats.f.sf(F, df_num, df) if np.isfinite(df) else stats.chi2.sf(F * df_num, df_num)
        return F, df_num, df, float(tail)

    def covariance(self, method: str) -> Array:
        """Covariance (p, p) of the coefficients as a method takes it: Kenward-Roger's is the adjusted one."""
        rows, _, known = self._hypotheses(np.eye(len(self.names)), method)
        return self.model.cross.scale**2 * rows @ known.cov @ rows.T

    @cached_property
    def information(self) -> Information:
        """Second-order quantities at the estimates."""
        return information(self.model, self.parameters)

    @cached_property
    def _methods(self) -> dict[str, DfMethod]:
        """The methods asked for so far: each is worked out once."""
        return {}

    @one_blas_thread()
    def _hypotheses(self, L: ArrayLike, method: str) -> tuple[Array, Array, DfMethod]:
        """Rows of L (m, p) in the basis Q, their estimates (m,) in the user's units, and how to judge them."""
        L, cross = np.atleast_2d(L), self.model.cross
        if method not in METHODS:
            raise FitError(f"method {method!r} is not known: choose from {', '.join(METHODS)}")
        if method not in self._methods:
            self._methods[method] = METHODS[method](self.model, self.parameters, self.information)
        if L.shape[1] != len(self.names):
            raise FitError(f"L has {L.shape[1]} columns: it needs one for each of {len(self.names)} fixed effects")
        coefficients = linalg.solve_triangular(cross.triangle, self.solution.effects[cross.layout.rest_width :])
        rows = linalg.solve_triangular(cross.triangle, L.T, trans="T").T
        return rows, L @ (cross.ols + cross.scale * coefficients), self._methods[method]
