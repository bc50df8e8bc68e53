"""Gaussian mixed models with crossed random effects and correlated slopes: the fit, and what it tells."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import linalg

from xtransfer_stats.mixedmodels import blups, smallsample
from xtransfer_stats.mixedmodels.criterion import Criterion, Solution
from xtransfer_stats.mixedmodels.crossproducts import Array, Block, CrossProducts, RandomTerm, cross_products
from xtransfer_stats.mixedmodels.estimable import require_estimable
from xtransfer_stats.mixedmodels.optimise import Optimum, minimise
from xtransfer_stats.mixedmodels.smallsample import Inference

__all__ = ["Inference", "MixedFit", "RandomTerm", "fit_mixed"]


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

    @cached_property
    def solution(self) -> Solution:
        return self.model.solve(self.parameters)

    @property
    def sigma2(self) -> float:
        """Residual variance of the first residual group."""
        return float(np.ravel(self.residual_variance)[0])

    @cached_property
    def small_sample(self) -> smallsample.SmallSample:
        return smallsample.SmallSample(self.model, self.parameters)

    def relative_factors(self) -> tuple[Array, ...]:
        """Lower triangular covariance factor of each block over the residual sd: lme4's theta as matrices."""
        blocks = self.model.cross.blocks
        return tuple(b.inverse_basis @ f for b, f in zip(blocks, self.solution.factors, strict=True))

    def random_effects(self, i: int) -> Array:
        """Conditional means of term i given the data, (levels, k)."""
        means = blups.conditional_means(self.model.cross, self.solution)
        out = np.zeros((self.terms[i].levels, len(self.terms[i].names)))
        for j, block in self._blocks(i):
            out[:, block.columns] = self.model.cross.scale * (self.relative_factors()[j] @ means[j]).T
        return out

    def conditional_sd(self, i: int) -> Array:
        """Conditional sds (levels, k) of term i given data and fixed effects: lme4's condVar."""
        out = np.zeros((self.terms[i].levels, len(self.terms[i].names)))
        for j, block in self._blocks(i):
            inner = blups.conditional_variances(self.model.cross, self.solution, j)
            factor = self.relative_factors()[j]
            out[:, block.columns] = np.einsum("ac,lcd,ad->la", factor, inner, factor)
        return np.sqrt(self.sigma2 * np.maximum(out, 0.0))

    def _blocks(self, i: int) -> list[tuple[int, Block]]:
        return [(j, block) for j, block in enumerate(self.model.cross.blocks) if block.term == i]

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
        return self._infer(L, "kenward_roger", level)

    def satterthwaite(self, L: ArrayLike, level: float = 0.95) -> Inference:
        """Estimates L beta with unadjusted standard errors and Satterthwaite degrees of freedom."""
        return self._infer(L, "satterthwaite", level)

    def wald(self, L: ArrayLike, level: float = 0.95) -> Inference:
        """Estimates L beta against the normal distribution: too liberal with few groups, to compare only."""
        return self._infer(L, "wald", level)

    def f_test(self, L: ArrayLike, method: str = "kenward_roger") -> tuple[float, float, float, float]:
        """Joint test of L beta = 0: (F, numerator df, denominator df, p)."""
        return self.small_sample.joint(np.atleast_2d(L), method)

    def _infer(self, L: ArrayLike, method: str, level: float) -> Inference:
        return self.small_sample.each(np.atleast_2d(L), method, level)


def fit_mixed(
    y: ArrayLike,
    X: ArrayLike,
    names: Sequence[str],
    terms: Sequence[RandomTerm],
    *,
    reml: bool = True,
    residual_groups: NDArray[np.int64] | None = None,
) -> MixedFit:
    """Fit by REML or ML; `residual_groups` (n,) gives each group of rows a residual variance of its own.

    y is (n,), X (n, p) of full column rank. Raises FitError when the model cannot be estimated from these
    rows.
    """
    y, X = np.asarray(y, dtype=float), np.asarray(X, dtype=float)
    require_estimable(y, X, names, terms)
    groups = None if residual_groups is None else _groups(residual_groups)
    model = Criterion(cross_products(y, X, terms, groups), reml)
    optimum = minimise(model)
    return assemble(model, optimum, tuple(names), tuple(terms), X, groups is not None)


def assemble(
    model: Criterion,
    optimum: Optimum,
    names: tuple[str, ...],
    terms: tuple[RandomTerm, ...],
    X: Array,
    grouped: bool,
) -> MixedFit:
    """The fit in the user's units from the optimum in the working ones."""
    cross, solution = model.cross, optimum.solution
    variances = cross.scale**2 * solution.rss / model.df / solution.weights
    beta, cov_beta = fixed_effects(cross, solution, float(variances[0]))
    covariances = tuple(_covariance(cross, solution, i, term, variances[0]) for i, term in enumerate(terms))
    state = "failed" if not optimum.converged else "boundary" if optimum.boundary else "interior"
    return MixedFit(
        names=names,
        beta=beta,
        cov_beta=cov_beta,
        criterion=optimum.value,
        reml=model.reml,
        n=cross.n,
        residual_variance=variances if grouped else float(variances[0]),
        covariances=covariances,
        state=state,
        gradient_norm=optimum.gradient_norm,
        evaluations=optimum.evaluations,
        notes=tuple(_boundary_notes(terms, covariances)) if state == "boundary" else (),
        terms=terms,
        X=X,
        model=model,
        parameters=optimum.parameters,
    )


def fixed_effects(cross: CrossProducts, solution: Solution, sigma2: float) -> tuple[Array, Array]:
    """Coefficients (p,) and their covariance (p, p), in the user's units."""
    z = cross.rest_width
    back = linalg.solve_triangular(cross.triangle, np.eye(cross.p))
    beta = cross.ols + cross.scale * back @ solution.effects[z:]
    return beta, sigma2 * back @ solution.inverse[z:, z:] @ back.T


def _covariance(cross: CrossProducts, solution: Solution, i: int, term: RandomTerm, sigma2: float) -> Array:
    out = np.zeros((len(term.names), len(term.names)))
    for block, factor in zip(cross.blocks, solution.factors, strict=True):
        if block.term == i:
            root = block.inverse_basis @ factor
            out[np.ix_(block.columns, block.columns)] = sigma2 * root @ root.T
    return out


def _boundary_notes(terms: Sequence[RandomTerm], covariances: Sequence[Array]) -> list[str]:
    notes = []
    for term, covariance in zip(terms, covariances, strict=True):
        sds = np.sqrt(np.diag(covariance))
        zero = [name for name, sd in zip(term.names, sds, strict=True) if sd == 0]
        label = f"({' + '.join(term.names)} | {term.group})"
        if zero:
            notes.append(f"{label}: the variance of {', '.join(zero)} is estimated as zero")
        elif linalg.eigvalsh(covariance / np.outer(sds, sds))[0] < 1e-6:
            notes.append(f"{label}: its effects are estimated as perfectly correlated")
    return notes


def _groups(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.unique(codes, return_inverse=True)[1].astype(np.int64)
