"""The profiled REML or ML criterion with its exact gradient: one Cholesky an evaluation, however many rows.

V = s2 (R + Z L L' Z'): L the relative covariance factors (block by block lower triangular, unbounded), R
diagonal with the variance ratio of each residual group to the first. With the lead eliminated, the Cholesky
factor of

    N = M' C M + I_z,  C = [Z Q y]' R^-1 [Z Q y] less the lead's part,  M = L for Z, the identity beside it

holds the determinants and the residual sum of squares, and its inverse the whole gradient. Values are lme4's
REMLcrit and ML deviance (Bates, Maechler, Bolker & Walker 2015, J. Stat. Softw. 67(1), sections 3.4-3.5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import linalg
from scipy.linalg import lapack

from xtransfer_stats.mixedmodels.likelihood.crossproducts import Array, CrossProducts, Sums
from xtransfer_stats.mixedmodels.likelihood.layout import BlockFactor, ParameterLayout
from xtransfer_stats.mixedmodels.likelihood.lead import Lead
from xtransfer_stats.mixedmodels.likelihood.levelalgebra import product

LARGEST = 1e5  # relative sd beyond which what the fixed effects keep beside Z is lost to rounding


@dataclass(frozen=True)
class Solution:
    """One evaluation, in the working basis and units; m = width of the rest + p + 1."""

    value: float
    gradient: Array
    factors: tuple[Array, ...]  # (k, k) lower triangular, one a block
    weights: Array  # (groups,) inverse variance ratios
    rss: float  # penalised residual sum of squares
    reduced: Array  # (m, m) C
    whole: Array  # (m, m) inverse of N
    derivative: Array  # (m, m) of the criterion in N
    block_factor: BlockFactor  # M
    lead: Lead
    lead_slope: Array  # (k, k) derivative in the lead's relative covariance

    @property
    def inverse(self) -> Array:
        """Inverse of N without y, (m - 1, m - 1)."""
        column = self.whole[:-1, -1]
        return self.whole[:-1, :-1] - self.rss * (column[:, None] * column)

    @property
    def effects(self) -> Array:
        """Spherical effects of the rest, then coefficients of Q, (m - 1,)."""
        return -self.rss * self.whole[:-1, -1]


@dataclass(frozen=True)
class Criterion:
    """-2 log (restricted) likelihood in the factors' lower triangles and the groups' log variance ratios."""

    cross: CrossProducts
    reml: bool = True

    @property
    def layout(self) -> ParameterLayout:
        """Where the blocks and the parameters stand."""
        return self.cross.layout

    @cached_property
    def df(self) -> int:
        """What the residual sum of squares is divided by: rows, by REML less the fixed effects."""
        return self.cross.n - self.layout.p if self.reml else self.cross.n

    @cached_property
    def constant(self) -> float:
        """What the working basis, the units and the rows' weights add to the criterion in the user's."""
        basis = 2 * np.sum(np.log(np.abs(np.diag(self.cross.triangle)))) if self.reml else 0.0
        return float(basis + 2 * self.df * np.log(self.cross.scale) - self.cross.log_weights)

    def __call__(self, parameters: Array) -> tuple[float, Array]:
        """Value and gradient; infinite where rounding would decide."""
        solution = self.attempt(parameters)
        return (np.inf, np.zeros(len(parameters))) if solution is None else (solution.value, solution.gradient)

    def attempt(self, parameters: Array) -> Solution | None:
        """Evaluate; None where rounding would decide."""
        if np.max(np.abs(parameters), initial=0.0) > LARGEST:
            return None
        try:
            # A luck that explains every score leaves no residual: the search turns away from what is not finite.
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                return self.solve(parameters)
        except linalg.LinAlgError:
            return None

    def solve(self, parameters: Array, sigma2: float | None = None) -> Solution:
        """Evaluate, with the first group's residual variance (working units) profiled out unless given."""
        factors, log_ratios = self.layout.unpack(parameters)
        weights = np.exp(-log_ratios)
        sums = self.cross.weighted(weights)
        lead = Lead.at(self.layout.lead_factor(factors), sums.lead)
        reduced = sums.dense - sums.cross.reduced(lead.kappa) if self.layout.lead else sums.dense
        M = BlockFactor(self.layout, factors)
        left = M.apply(reduced, transposed=True)
        logs, rss, whole = self._factorise(M.apply(left.T, transposed=True))
        pull = self.df / rss if sigma2 is None else 1 / sigma2
        derivative = self._derivative(whole, rss, pull)
        value = self.constant + logs + lead.logs + self.cross.rows @ log_ratios
        value += self.df * np.log(2 * np.pi * (sigma2 or rss / self.df)) + rss * pull
        lead_slope, ratios = self._front_gradient(lead, sums, M, derivative, weights)
        theta = self._theta_gradient(factors, left, derivative, lead_slope)
        gradient = np.concatenate([*theta, ratios])
        return Solution(float(value), gradient, factors, weights, rss, reduced, whole, derivative, M, lead, lead_slope)

    def _factorise(self, N: Array) -> tuple[float, float, Array]:
        """Log determinant, residual sum of squares and inverse of N, from one Cholesky; N is used up."""
        z = self.layout.rest_width
        N.flat[: z * len(N) : len(N) + 1] += 1.0
        triangle, info = lapack.dpotrf(N.T, lower=1, overwrite_a=1)
        if info != 0:
            raise linalg.LinAlgError("the criterion's matrix is not positive definite")
        diagonal = triangle.diagonal().copy()
        lower, _ = lapack.dpotri(triangle, lower=1, overwrite_c=1)
        logs = 2 * np.sum(np.log(diagonal[: len(N) - 1 if self.reml else z]))
        return float(logs), float(diagonal[-1] ** 2), np.where(self.layout.below, lower, lower.T)

    def _derivative(self, whole: Array, rss: float, pull: float) -> Array:
        """Derivative of the criterion in N, (m, m)."""
        ends = rss * whole[:, -1]
        if self.reml:
            return whole + ((pull - 1 / rss) * ends)[:, None] * ends
        out = (pull * ends)[:, None] * ends
        z = self.layout.rest_width
        fixed = linalg.cho_factor(whole[z:, z:])
        out[:z, :z] += whole[:z, :z] - whole[:z, z:] @ linalg.cho_solve(fixed, whole[z:, :z])
        return out

    def _theta_gradient(
        self, factors: Sequence[Array], left: Array, derivative: Array, lead_slope: Array
    ) -> list[Array]:
        """left: M' C."""
        out = [np.zeros(0)] * len(factors)
        single = np.einsum("ji,ji->i", left, derivative)
        for i, columns in self.layout.rest_columns:
            k = self.layout.sizes[i]
            if k == 1:
                out[i] = 2 * single[columns].sum(keepdims=True)
            else:
                full = 2 * left.T[columns].reshape(k, -1) @ derivative[columns].reshape(k, -1).T
                out[i] = full[self.layout.triangles[i]]
        for i, effects in self.layout.lead_effects:
            out[i] = 2 * (lead_slope[effects, effects] @ factors[i])[self.layout.triangles[i]]
        return out

    def _front_gradient(
        self, lead: Lead, sums: Sums, M: BlockFactor, derivative: Array, weights: Array
    ) -> tuple[Array, list[float]]:
        """Derivatives in the lead's covariance and in each log variance ratio but the first."""
        if not self.layout.lead and len(weights) == 1:
            return np.zeros((0, 0)), []
        slope = M.around(derivative)
        quadratics = sums.cross.quadratics(slope)
        held = lead.kappa + product(product(lead.kappa, quadratics), lead.kappa) if len(weights) > 1 else lead.kappa
        ratios = []
        for rows, group, weight in zip(self.cross.rows[1:], self.cross.sums[1:], weights[1:], strict=True):
            inner = np.sum(slope * group.dense) + np.sum(group.lead * held)
            twice = np.sum(lead.kappa * sums.cross.between(slope, group.cross))
            ratios.append(rows - weight * (inner - 2 * twice))
        return lead.slope(quadratics), ratios

    def slopes(self, solution: Solution) -> list[Array]:
        """Derivative of the criterion in each block's L L', (k, k): it tells whether a boundary is real."""
        out = [np.zeros((0, 0))] * len(self.layout.sizes)
        for i, effects in self.layout.lead_effects:
            out[i] = solution.lead_slope[effects, effects]
        reach = solution.reduced @ solution.block_factor.around(solution.derivative)
        for i, columns in self.layout.rest_columns:
            k = self.layout.sizes[i]
            rows = solution.reduced[columns]
            own = rows[:, columns].reshape(k, len(rows) // k, k, len(rows) // k)
            through = reach[columns].reshape(k, -1) @ rows.reshape(k, -1).T
            out[i] = np.einsum("albl->ab", own) - through
        return out
