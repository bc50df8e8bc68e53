"""Fixed and random effects predicted together: Henderson's mixed model equations.

A language's effect is a fixed part plus its own random slopes; its error needs the joint covariance of both
(Henderson 1975; Robinson 1991, Statistical Science 6).
"""

import numpy as np
from scipy import linalg, sparse

from xtransfer_stats.mixedmodels.crossproducts import Array
from xtransfer_stats.mixedmodels.mixed import MixedFit, RandomTerm


class Predictor:
    """Predictions K beta + M u of a fit whose random terms are uncorrelated within a level.

    residual: (n,) residual variance of each row. Errors are those given the estimated variances.
    """

    def __init__(self, fit: MixedFit, y: Array, X: Array, residual: Array):
        columns, precision, self._places = _columns(fit)
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


def _columns(fit: MixedFit) -> tuple[list[sparse.csr_matrix], Array, dict[tuple[int, int], int]]:
    """Columns and prior precisions of the random effects with a variance, and where each begins."""
    columns, precision, places, start = [], [np.zeros(0)], {}, 0
    for i, term in enumerate(fit.terms):
        for j, variance in enumerate(np.diag(fit.covariances[i])):
            if variance <= 0:
                continue
            columns.append(_column(term, j))
            precision.append(np.full(term.levels, 1 / variance))
            places[i, j], start = start, start + term.levels
    return columns, np.concatenate(precision), places


def _column(term: RandomTerm, j: int) -> sparse.csr_matrix:
    values, rows, levels = term.weights(j)
    return sparse.csr_matrix((values, (rows, levels)), shape=(len(term.covariates), term.levels))
