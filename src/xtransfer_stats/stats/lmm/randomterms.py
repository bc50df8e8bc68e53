"""Random terms, and the columns of Z that they make.

Inside a block the covariates are turned to a basis of unit mean square; a lower triangular change of basis,
so that relative covariance factors stay lower triangular and map linearly to those of the user's covariates.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from xtransfer_stats.errors import FitError

Array = NDArray[np.float64]


@dataclass(frozen=True)
class RandomTerm:
    """Random effects of one grouping: `covariates` (n, k) times coefficients that vary by level."""

    group: str  # "seed:target_task"
    codes: NDArray[np.int64]  # (n,) level of each row, 0..levels-1
    levels: int
    covariates: Array  # (n, k); a column of ones is the intercept
    names: tuple[str, ...]  # k covariate names
    correlated: bool = True  # False: diagonal covariance, lme4's ||


@dataclass(frozen=True)
class Block:
    """One free covariance matrix: a correlated term, or one covariate of an uncorrelated term."""

    term: int  # index of the user's term
    columns: tuple[int, ...]  # its covariates there
    levels: int
    basis: Array  # (k, k) lower triangular: coefficients in the working basis = basis @ the user's coefficients

    @property
    def size(self) -> int:
        return len(self.columns)

    @property
    def width(self) -> int:
        return self.size * self.levels


def blocks_of(index: int, term: RandomTerm) -> list[Block]:
    k = term.covariates.shape[1]
    parts = [tuple(range(k))] if term.correlated else [(a,) for a in range(k)]
    return [Block(index, part, term.levels, _basis(term, part)) for part in parts]


def _basis(term: RandomTerm, part: tuple[int, ...]) -> Array:
    """Lower triangular B with mean(x x') = B' B: the working covariates x B^-1 have unit mean square."""
    x = term.covariates[:, part]
    norms = np.sqrt(np.mean(x**2, axis=0))
    moments = (x / np.where(norms > 0, norms, 1.0)).T @ (x / np.where(norms > 0, norms, 1.0)) / len(x)
    if np.any(norms == 0) or linalg.eigvalsh(moments)[0] < 1e-12:
        named = ", ".join(term.names[a] for a in part)
        raise FitError(f"random term ({named} | {term.group}): its covariates are linearly dependent; drop one")
    flipped = linalg.cholesky(moments[::-1, ::-1], lower=True)
    return flipped[::-1, ::-1].T * norms


def lead_of(blocks: tuple[Block, ...]) -> int | None:
    single = [i for i, block in enumerate(blocks) if block.size == 1]
    return max(single, key=lambda i: blocks[i].levels) if single else None


def columns_of(term: RandomTerm, block: Block) -> sparse.csr_matrix:
    """The block's columns of Z in the working basis, (n, size * levels)."""
    x = linalg.solve_triangular(block.basis, term.covariates[:, block.columns].T, lower=True, trans="T").T
    n = len(term.codes)
    columns = term.codes[:, None] + np.arange(block.size) * block.levels
    starts = np.arange(0, n * block.size + 1, block.size)
    return sparse.csr_matrix((x.ravel(), columns.ravel(), starts), shape=(n, block.width))
