"""Random terms, and the columns of Z that they make.

Inside a block the covariates are turned to a basis of unit mean square; a lower triangular change of basis,
so that relative covariance factors stay lower triangular and map linearly to those of the user's covariates.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from xtransfer_stats.base.errors import FitError

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class RandomTerm:
    """Random effects of one grouping: `covariates` (n, k) times coefficients that vary by level."""

    group: str  # "seed:target_task"
    codes: Codes  # (n,) level of each row, 0..levels-1
    levels: int
    covariates: Array  # (n, k); a column of ones is the intercept
    names: tuple[str, ...]  # k covariate names
    correlated: bool = True  # False: diagonal covariance, lme4's ||
    shared: bool = False  # a row belongs to several levels: `covariates` (n, levels) are its weights, codes unused
    level_names: tuple[str, ...] = ()  # where they matter

    @property
    def distinct(self) -> Array:
        """The covariates, one row where all rows are one."""
        return self.covariates[:1] if self.covariates.strides[0] == 0 else self.covariates

    def contribution(self, effects: Array) -> Array:
        """What effects (levels, k) add to each row, (n,)."""
        return self.covariates @ effects[:, 0] if self.shared else np.sum(effects[self.codes] * self.covariates, axis=1)

    def weights(self, covariate: int) -> tuple[Array, Codes, Codes]:
        """Entries of a covariate's columns of Z: values, rows and levels."""
        rows = np.arange(len(self.covariates))
        if not self.shared:
            return self.covariates[:, covariate], rows, self.codes
        where = np.nonzero(self.covariates)
        return self.covariates[where], where[0], where[1]


@dataclass(frozen=True)
class Block:
    """One free covariance matrix: a correlated term, or one covariate of an uncorrelated term."""

    term: int  # index of the user's term
    columns: tuple[int, ...]  # its covariates there
    levels: int
    basis: Array  # (k, k) lower triangular: coefficients in the working basis = basis @ the user's coefficients
    diagonal: bool  # one covariate and one level a row: Z'Z of the block is diagonal
    constant: bool  # an intercept, or weights that do not vary: no slope

    @property
    def size(self) -> int:
        return len(self.columns)

    @cached_property
    def inverse_basis(self) -> Array:
        """The user's coefficients = inverse_basis @ coefficients in the working basis, (k, k)."""
        return linalg.solve_triangular(self.basis, np.eye(self.size), lower=True)

    @property
    def width(self) -> int:
        return self.size * self.levels


def blocks_of(index: int, term: RandomTerm) -> list[Block]:
    if term.shared:
        norm = np.sqrt(np.mean(np.sum(term.covariates**2, axis=1)))
        if norm == 0:
            raise FitError(f"random term (1 | {term.group}): no row has a weight; drop the term")
        return [Block(index, (0,), term.levels, np.array([[norm]]), diagonal=False, constant=True)]
    k = term.covariates.shape[1]
    parts = [tuple(range(k))] if term.correlated else [(a,) for a in range(k)]
    still = np.ptp(term.distinct, axis=0) == 0
    return [
        Block(index, part, term.levels, _basis(term, part), len(part) == 1, len(part) == 1 and bool(still[part[0]]))
        for part in parts
    ]


def _basis(term: RandomTerm, part: tuple[int, ...]) -> Array:
    """Lower triangular B with mean(x x') = B' B: the working covariates x B^-1 have unit mean square."""
    x = term.distinct[:, part]
    norms = np.sqrt(np.mean(x**2, axis=0))
    scaled = x / np.where(norms > 0, norms, 1.0)
    moments = scaled.T @ scaled / len(x)
    if np.any(norms == 0) or linalg.eigvalsh(moments)[0] < 1e-12:
        named = ", ".join(term.names[a] for a in part)
        raise FitError(f"random term ({named} | {term.group}): its covariates are linearly dependent; drop one")
    flipped = linalg.cholesky(moments[::-1, ::-1], lower=True)
    return flipped[::-1, ::-1].T * norms


LEAST_LEAD = 40  # levels; fewer are cheaper left where they are


def lead_of(blocks: tuple[Block, ...]) -> int | None:
    """The diagonal block with most levels, to be eliminated first, if that is worth it."""
    single = [i for i, block in enumerate(blocks) if block.diagonal and block.levels >= LEAST_LEAD]
    return max(single, key=lambda i: blocks[i].levels) if single else None
