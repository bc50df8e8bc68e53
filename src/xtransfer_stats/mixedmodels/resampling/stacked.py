"""The criterion of many responses of one design at once: a stack of matrices costs little more than its algebra.

A bootstrap fits thousands of small models, whose time goes into calls of a function rather than into the function.
Here each step is one call for all responses of a stack; their factorisations alone are done one by one. For designs
without a lead; values, gradients and units are those of `Criterion`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from xtransfer_stats.mixedmodels.likelihood.criterion import LARGEST, Criterion
from xtransfer_stats.mixedmodels.randomterms import Array

Picked = NDArray[np.intp]
NEAR = 40_000  # numbers of a stack of matrices that stays in a core's own memory


@dataclass(frozen=True)
class Heights:
    """One evaluation each of s responses, infinite values where rounding would decide."""

    values: Array  # (s,)
    gradients: Array  # (s, q)
    rss: Array  # (s,) penalised residual sums of squares
    ends: Array  # (s, p + 1, p + 1) inverse of the criterion's matrix, its part of [Q y]


class StackedCriterion:
    """responses (s, groups, m): products of each response with [rest | Q | itself], by residual group."""

    def __init__(self, model: Criterion, responses: Array) -> None:
        self.model, self.layout, self.responses = model, model.layout, responses
        self.design = np.array([sums.dense for sums in model.cross.sums])  # (groups, m, m)
        self.diagonal = np.arange(self.layout.rest_width)

    def at(self, parameters: Array, which: Picked) -> Heights:
        """Evaluate the responses `which` (s,) at parameters (s, q), as many at a time as stay near."""
        step = max(1, NEAR // self.design[0].size)
        parts = [self._at(parameters[i : i + step], which[i : i + step]) for i in range(0, len(which), step)]
        columns = zip(*((h.values, h.gradients, h.rss, h.ends) for h in parts), strict=True)
        return Heights(*map(np.concatenate, columns))

    def _at(self, parameters: Array, which: Picked) -> Heights:
        sound = np.max(np.abs(parameters), axis=1, initial=0.0) <= LARGEST
        x = np.where(sound[:, None], parameters, 0.0)
        factors, log_ratios = self._unpack(x)
        weights = np.exp(-log_ratios)
        whole_C = self._weighted(weights, which)
        left = self._apply(whole_C, factors)
        logs, rss, whole, held = self._factorise(self._apply(left.swapaxes(1, 2), factors))
        sound &= held
        with np.errstate(divide="ignore", invalid="ignore"):
            pull = self.model.df / rss
            values = self.model.constant + logs + np.sum(log_ratios * self.model.cross.rows, axis=1)
            values = values + self.model.df * (np.log(2 * np.pi * rss / self.model.df) + 1)
            derivative = self._derivative(whole, rss, pull)
            gradients = self._gradients(factors, weights, left, derivative, which)
        sound &= np.isfinite(values) & np.all(np.isfinite(gradients), axis=1)
        ends = whole[:, self.layout.rest_width :, self.layout.rest_width :].copy()  # a view would hold all of it
        return Heights(np.where(sound, values, np.inf), np.where(sound[:, None], gradients, 0.0), rss, ends)

    def _unpack(self, x: Array) -> tuple[list[Array], Array]:
        factors = []
        for k, (rows, columns), place in zip(self.layout.sizes, self.layout.triangles, self.layout.places, strict=True):
            factor = np.zeros((len(x), k, k))
            factor[:, rows, columns] = x[:, place]
            factors.append(factor)
        ratios = x[:, self.layout.stops[-1] if self.layout.stops else 0 :]
        return factors, np.concatenate([np.zeros((len(x), 1)), ratios], axis=1)

    def _weighted(self, weights: Array, which: Picked) -> Array:
        """C of each response, (s, m, m)."""
        out = weights[:, 0, None, None] * self.design[0]
        for g in range(1, len(self.design)):
            out += weights[:, g, None, None] * self.design[g]
        last = np.einsum("sg,sgm->sm", weights, self.responses[which])
        out[:, -1], out[:, :, -1] = last, last
        return out

    def _apply(self, stack: Array, factors: list[Array]) -> Array:
        """M' times each matrix of the stack (s, m, m)."""
        out = np.empty(stack.shape)
        z = self.layout.rest_width
        out[:, z:] = stack[:, z:]
        for i, columns in self.layout.rest_columns:
            rows, factor = stack[:, columns], factors[i]
            if self.layout.sizes[i] == 1:
                np.multiply(rows, factor, out=out[:, columns])
            else:
                mixed = factor.swapaxes(1, 2) @ rows.reshape(len(rows), len(factor[0]), -1)
                out[:, columns] = mixed.reshape(rows.shape)
        return out

    def _factorise(self, stack: Array) -> tuple[Array, Array, Array, NDArray[np.bool_]]:
        """Log determinants, residual sums of squares and inverses; False where a matrix is not positive definite."""
        stack[:, self.diagonal, self.diagonal] += 1.0
        diagonals, held = np.ones(stack.shape[:2]), np.ones(len(stack), dtype=bool)
        for b, matrix in enumerate(stack):
            triangle, info = lapack.dpotrf(matrix.T, lower=1, overwrite_a=1)
            held[b] = info == 0
            if held[b]:
                diagonals[b] = triangle.diagonal()
                lower, _ = lapack.dpotri(triangle, lower=1, overwrite_c=1)
                matrix[:] = lower.T
            else:
                matrix[:] = 0.0
        every = np.arange(stack.shape[1])
        stack[:, every, every] /= 2  # the other triangle is zero
        whole = stack + stack.swapaxes(1, 2)
        counted = diagonals[:, : -1 if self.model.reml else self.layout.rest_width]
        return 2 * np.log(counted).sum(axis=1), diagonals[:, -1] ** 2, whole, held

    def _derivative(self, whole: Array, rss: Array, pull: Array) -> Array:
        """Derivatives of the criterion in its matrix, (s, m, m)."""
        ends = rss[:, None] * whole[:, :, -1]
        if self.model.reml:
            return whole + ((pull - 1 / rss)[:, None] * ends)[:, :, None] * ends[:, None]
        out, z = (pull[:, None] * ends)[:, :, None] * ends[:, None], self.layout.rest_width
        taken = np.linalg.solve(whole[:, z:, z:], whole[:, z:, :z])
        out[:, :z, :z] += whole[:, :z, :z] - whole[:, :z, z:] @ taken
        return out

    def _gradients(self, factors: list[Array], weights: Array, left: Array, derivative: Array, which: Picked) -> Array:
        out = np.empty((len(left), self.layout.stops[-1] if self.layout.stops else 0))
        back = left.swapaxes(1, 2)
        for i, columns in self.layout.rest_columns:
            k = self.layout.sizes[i]
            first, second = back[:, columns], derivative[:, columns]
            if k == 1:
                full = np.einsum("sij,sij->s", first, second)[:, None, None]
            else:
                first, second = (x.reshape(len(x), k, -1) for x in (first, second))
                full = first @ second.swapaxes(1, 2)
            rows, places = self.layout.triangles[i]
            out[:, self.layout.places[i]] = 2 * full[:, rows, places]
        if weights.shape[1] == 1:
            return out
        slope = self._around(derivative, factors)
        ratios = [self._ratio(g, weights[:, g], slope, which) for g in range(1, weights.shape[1])]
        return np.column_stack([out, *ratios])

    def _around(self, derivative: Array, factors: list[Array]) -> Array:
        """M D M'."""
        turned = [factor.swapaxes(1, 2) for factor in factors]
        return self._apply(self._apply(derivative, turned).swapaxes(1, 2), turned)

    def _ratio(self, group: int, weight: Array, slope: Array, which: Picked) -> Array:
        """Derivative in a log variance ratio, (s,)."""
        own, response = self.design[group], self.responses[which, group]
        inner = np.einsum("sij,ij->s", slope[:, :-1, :-1], own[:-1, :-1])
        inner += 2 * np.einsum("sj,sj->s", slope[:, -1, :-1], response[:, :-1]) + slope[:, -1, -1] * response[:, -1]
        return self.model.cross.rows[group] - weight * inner
