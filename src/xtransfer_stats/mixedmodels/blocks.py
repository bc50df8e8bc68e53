"""REML of models whose rows fall into independent blocks with few patterns: V of a block is a sum of known kernels.

V_b = sum_i theta_i K_bi, theta the variances that all blocks share. Blocks of one pattern have the same kernels, so
that one Cholesky serves them all, and what an evaluation costs does not grow with their number. A model may have
several parts with fixed effects of their own, and pooled squares: a sum of squares that is theta_i times chi-square.
The criterion is -2 log restricted likelihood less its terms in X'X and the basis (Harville 1974), the quantities of
its second order are those of Kenward & Roger (1997, Biometrics 53, 983-997).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from xtransfer_stats.mixedmodels.randomterms import Array
from xtransfer_stats.mixedmodels.smallsample.information import Information


@dataclass(frozen=True)
class BlockPattern:
    """m blocks of n rows that share their kernels.

    index (v,): the place in theta of each kernel. kernels (v, n, n). X (m, n, p), y (m, n). places (m, n): where each
    row stands among all of its part.
    """

    index: NDArray[np.int64]
    kernels: Array
    X: Array
    y: Array
    places: NDArray[np.int64]

    def covariance(self, theta: Array) -> Array:
        """V of a block, (n, n)."""
        return np.tensordot(theta[self.index], self.kernels, 1)


@dataclass(frozen=True)
class PooledSquares:
    """Sums of squares with expectation df times a variance; index, df and squares are (g,)."""

    index: NDArray[np.int64]
    df: Array
    squares: Array


@dataclass(frozen=True)
class PartSolution:
    """A part at some variances. weighted: V^-1 (y - X beta) of each pattern's blocks, (m, n) each."""

    patterns: Sequence[BlockPattern]
    inverses: tuple[Array, ...]  # (n, n) V^-1 of each pattern
    beta: Array  # (p,)
    phi: Array  # (p, p) covariance of beta
    weighted: tuple[Array, ...]
    value: float
    slopes: Array  # (q,) derivatives of the value in theta

    @cached_property
    def pulls(self) -> Array:
        """V^-1 (y - X beta) of every row, in the order of their places."""
        out = np.zeros(sum(pattern.y.size for pattern in self.patterns))
        for pattern, values in zip(self.patterns, self.weighted, strict=True):
            out[pattern.places] = values
        return out

    @cached_property
    def information(self) -> Information:
        """Kenward and Roger's quantities of this part alone, over all q variances."""
        q, p = len(self.slopes), len(self.beta)
        P, Q, K = np.zeros((q, p, p)), np.zeros((q, q, p, p)), np.zeros((q, q))
        for pattern, inverse in zip(self.patterns, self.inverses, strict=True):
            here, reach = np.ix_(pattern.index, pattern.index), inverse @ pattern.X  # (m, n, p)
            touched = pattern.kernels[:, None] @ reach  # (v, m, n, p)
            np.add.at(P, pattern.index, np.tensordot(touched, reach, ([1, 2], [0, 1])))
            Q[here] += np.tensordot(touched, inverse @ touched, ([1, 2], [1, 2])).transpose(0, 2, 1, 3)
            turned = inverse @ pattern.kernels
            traces = [[np.einsum("ab,ba->", one, other) for other in turned] for one in turned]
            K[here] += len(pattern.y) * np.array(traces)
        return Information(1.0, self.phi, P, Q, K)


@dataclass(frozen=True)
class BlockSolution:
    """The criterion at some variances theta (q,)."""

    theta: Array
    value: float
    gradient: Array
    parts: tuple[PartSolution, ...]


@dataclass(frozen=True)
class BlockModel:
    """parts: patterns that share fixed effects. constant: what the basis adds to the criterion. size: of theta."""

    parts: tuple[tuple[BlockPattern, ...], ...]
    pooled: PooledSquares
    size: int
    constant: float = 0.0

    def solve(self, theta: Array) -> BlockSolution:
        """Evaluate; raises LinAlgError where a covariance is not positive definite."""
        parts = tuple(_part(patterns, theta) for patterns in self.parts)
        own, squares, df = theta[self.pooled.index], self.pooled.squares, self.pooled.df
        value = self.constant + sum(part.value for part in parts)
        value += float(np.sum(df * np.log(2 * np.pi * own) + squares / own))
        gradient = np.sum([part.slopes for part in parts], axis=0)
        np.add.at(gradient, self.pooled.index, df / own - squares / own**2)
        return BlockSolution(theta, value, gradient, parts)

    def expected(self, solution: BlockSolution) -> Array:
        """Expected second derivatives of the criterion, tr(P V_i P V_j); (q, q)."""
        total = np.sum([part.information.expected for part in solution.parts], axis=0)
        np.add.at(
            total, (self.pooled.index, self.pooled.index), self.pooled.df / solution.theta[self.pooled.index] ** 2
        )
        return np.asarray(total)


def _part(patterns: Sequence[BlockPattern], theta: Array) -> PartSolution:
    inverses, logs, p = [], 0.0, patterns[0].X.shape[2]
    square, rows = np.zeros((p + 1, p + 1)), 0
    reaches = []
    for pattern in patterns:
        factor = linalg.cholesky(pattern.covariance(theta), lower=True)
        inverse = linalg.cho_solve((factor, True), np.eye(len(factor)))
        both = np.concatenate([pattern.X, pattern.y[:, :, None]], axis=2)
        reach = inverse @ both
        square += np.tensordot(both, reach, ([0, 1], [0, 1]))
        logs += 2 * len(pattern.y) * float(np.log(np.diag(factor)).sum())
        rows += pattern.y.size
        inverses.append(inverse)
        reaches.append(reach)
    factor = linalg.cholesky(square[:p, :p], lower=True)
    phi = linalg.cho_solve((factor, True), np.eye(p))
    beta = phi @ square[:p, p]
    last = np.append(-beta, 1.0)
    logs += 2 * float(np.log(np.diag(factor)).sum())
    value = logs + float(last @ square @ last) + (rows - p) * np.log(2 * np.pi)
    weighted = tuple(reach @ last for reach in reaches)
    slopes = np.zeros(len(theta))
    for pattern, inverse, reach, residual in zip(patterns, inverses, reaches, weighted, strict=True):
        through = reach[:, :, :p]
        inner = len(residual) * inverse - np.tensordot(through @ phi, through, ([0, 2], [0, 2])) - residual.T @ residual
        np.add.at(slopes, pattern.index, np.tensordot(pattern.kernels, inner, 2))
    return PartSolution(patterns, tuple(inverses), beta, phi, weighted, value, slopes)
