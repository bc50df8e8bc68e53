"""Random effects given the data, alone and together with the fixed ones.

Together they are predicted by Henderson's mixed model equations: a language's effect is a fixed part plus its own
random slopes, and its error needs the joint covariance of both (Henderson 1975; Robinson 1991, Statistical Science 6).
"""

from collections.abc import Sequence

import numpy as np
from scipy import linalg, sparse

from xtransfer_stats.mixedmodels.likelihood.criterion import Solution
from xtransfer_stats.mixedmodels.likelihood.crossproducts import CrossProducts
from xtransfer_stats.mixedmodels.likelihood.levelalgebra import everywhere, product, transposed
from xtransfer_stats.mixedmodels.randomterms import Array, RandomTerm


def conditional_means(cross: CrossProducts, solution: Solution) -> list[Array]:
    """Spherical effects, (k, levels) of each block."""
    layout = cross.layout
    means = [np.zeros((0, 0))] * len(layout.blocks)
    for i, columns in layout.rest_columns:
        means[i] = solution.effects[columns].reshape(layout.blocks[i].size, -1)
    if layout.lead:
        ends = solution.block_factor.apply(np.append(solution.effects, -1.0)[:, None])
        lead, reach = solution.lead, cross.weighted(solution.weights).cross.times(ends)
        whole = -product(product(lead.spread, everywhere(lead.factor.T)), reach.swapaxes(1, 2))[:, 0]
        for i, effects in layout.lead_effects:
            means[i] = whole[effects]
    return means


def conditional_variances(cross: CrossProducts, solution: Solution, block: int) -> Array:
    """Variances (levels, k, k) of the block's spherical effects over the residual's, given beta."""
    layout, whole = cross.layout, solution.inverse
    z = layout.rest_width
    inner = whole[:z, :z] - whole[:z, z:] @ linalg.solve(whole[z:, z:], whole[z:, :z])
    if block in layout.lead:
        effects = dict(layout.lead_effects)[block]
        return np.moveaxis(_lead_variances(cross, solution, inner)[effects, effects], -1, 0)
    columns = dict(layout.rest_columns)[block]
    k, levels = layout.blocks[block].size, layout.blocks[block].levels
    return np.einsum("albl->lab", inner[columns, columns].reshape(k, levels, k, levels))


def _lead_variances(cross: CrossProducts, solution: Solution, inner: Array) -> Array:
    """Of the lead's spherical effects, (k, k, levels); inner: those of the rest's."""
    lead, z = solution.lead, len(inner)
    rest = np.zeros((len(solution.reduced), len(solution.reduced)))
    rest[:z, :z] = inner
    beside = cross.weighted(solution.weights).cross.quadratics(solution.block_factor.around(rest))
    reach = product(lead.spread, everywhere(lead.factor.T))
    return lead.spread + product(product(reach, beside), transposed(reach))


class Predictor:
    """Predictions K beta + M u of a fit whose random terms are uncorrelated within a level.

    residual: (n,) residual variance of each row. Errors are those given the estimated variances.
    """

    def __init__(
        self, terms: Sequence[RandomTerm], covariances: Sequence[Array], y: Array, X: Array, residual: Array
    ) -> None:
        columns, precision, self._places = _columns(terms, covariances)
        W = sparse.hstack([sparse.csr_matrix(X), *columns]).tocsr()
        weighted = W.multiply(1 / residual[:, None]).tocsr()
        left = (W.T @ weighted).toarray()
        p = X.shape[1]
        left[np.arange(p, len(left)), np.arange(p, len(left))] += precision
        self._p = p
        self._factor = linalg.cho_factor(left, lower=True)
        self._solution = linalg.cho_solve(self._factor, weighted.T @ y)

    def combination(self, fixed: Array, random: dict[tuple[int, int], Array]) -> Array:
        """A row (p + q,) from fixed weights (p,) and weights (levels,) of (term, covariate) pairs.

        A pair whose variance is zero has effects of zero and adds nothing.
        """
        row = np.zeros(len(self._solution))
        row[: self._p] = fixed
        for place, weights in random.items():
            if place in self._places:
                row[self._p + self._places[place] + np.arange(len(weights))] = weights
        return row

    def predict(self, rows: Array) -> tuple[Array, Array]:
        """Estimates and standard errors of rows (m, p + q), in points; both (m,)."""
        variance = np.sum(rows.T * linalg.cho_solve(self._factor, rows.T), axis=0)
        return rows @ self._solution, np.sqrt(variance)


def _columns(
    terms: Sequence[RandomTerm], covariances: Sequence[Array]
) -> tuple[list[sparse.csr_matrix], Array, dict[tuple[int, int], int]]:
    """Columns and prior precisions of the random effects with a variance, and where each begins."""
    columns, precision, places, start = [], [np.zeros(0)], {}, 0
    for i, (term, covariance) in enumerate(zip(terms, covariances, strict=True)):
        for j, variance in enumerate(np.diag(covariance)):
            if variance <= 0:
                continue
            columns.append(term.columns(j))
            precision.append(np.full(term.levels, 1 / variance))
            places[i, j], start = start, start + term.levels
    return columns, np.concatenate(precision), places
