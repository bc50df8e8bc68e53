"""A small crossed design that the tests of the mixed model share, with its dense matrices."""

import numpy as np

from xtransfer_stats.mixedmodels.likelihood.crossproducts import RandomTerm
from xtransfer_stats.mixedmodels.mixed import fit_mixed
from xtransfer_stats.mixedmodels.mixedfit import MixedFit


class Example:
    """A crossed design with a correlated slope, an intercept term and an uncorrelated pair."""

    def __init__(self, seed: int = 0, n: int = 90) -> None:
        rng = np.random.default_rng(seed)
        self.x = rng.normal(2, 1, n)
        ones = np.ones((n, 1))
        both = np.column_stack([ones[:, 0], self.x])
        g, h, k = rng.integers(0, 6, n), rng.integers(0, 9, n), rng.integers(0, 5, n)
        u, v, w = rng.normal(0, [2, 1], (6, 2)), rng.normal(0, 1.5, 9), rng.normal(0, [1, 0.7], (5, 2))
        self.X = both
        self.groups = rng.integers(0, 3, n)
        noise = rng.normal(0, np.array([1.0, 0.5, 2.0])[self.groups])
        self.y = 40 + 3 * self.x + np.sum(both * (u[g] + w[k]), axis=1) + v[h] + noise
        self.terms = (
            RandomTerm("g", g, 6, both, ("one", "x")),
            RandomTerm("h", h, 9, ones, ("one",)),
            RandomTerm("k", k, 5, both, ("one", "x"), correlated=False),
        )

    def fit(self, **options) -> MixedFit:
        return fit_mixed(self.y, self.X, ("one", "x"), self.terms, **options)

    def Z(self) -> list[np.ndarray]:  # noqa: N802
        """(n, k * levels) of each term, level by level within covariate."""
        rows = np.arange(len(self.y))
        out = []
        for term in self.terms:
            block = np.zeros((len(rows), len(term.names), term.levels))
            for a in range(len(term.names)):
                block[rows, a, term.codes] = term.covariates[:, a]
            out.append(block.reshape(len(rows), -1))
        return out

    def V(self, fit: MixedFit) -> np.ndarray:  # noqa: N802
        """Covariance of the response by the fitted variances, (n, n)."""
        residual = np.atleast_1d(fit.residual_variance)
        V = np.diag(residual[self.groups] if len(residual) > 1 else np.full(len(self.y), residual[0]))
        for Z, covariance, term in zip(self.Z(), fit.covariances, self.terms, strict=True):
            V = V + Z @ np.kron(covariance, np.eye(term.levels)) @ Z.T
        return V
