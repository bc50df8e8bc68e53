"""Random terms, and the blocks that they make in the columns of Z.

Inside a block the covariates are turned to a basis of unit mean square; a lower triangular change of basis,
so that relative covariance factors stay lower triangular and map linearly to those of the user's covariates.

A shared term has several levels a row: which tasks a task set holds. Row r has weight 1/k_r - 1/T for each of its k_r
members and -1/T for every other of the T levels, so that two sets a and b have the covariance
s2 (|a and b| / (k_a k_b) - 1/T): zero for a set of all T, and nothing that the mean of the sets could say. A row
without members has no effect.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import linalg, sparse

from xtransfer_stats.base.errors import FitError

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

LEAST_LEAD = 40  # levels; fewer are cheaper left where they are
LARGEST = 12_000  # random effects beside the lead: a dense matrix of 1.2 GB
JOIN = "+"  # between the members of a row of a shared term


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

    def label(self, covariates: Iterable[int] | None = None) -> str:
        """The term, or some covariates of it, as a formula has it: "(Intercept + count | language)"."""
        names = self.names if covariates is None else [self.names[a] for a in covariates]
        return f"({' + '.join(names)} | {self.group})"

    @property
    def distinct(self) -> Array:
        """The covariates, one row where all rows are one."""
        return self.covariates[:1] if self.covariates.strides[0] == 0 else self.covariates

    def contribution(self, effects: Array) -> Array:
        """What effects (levels, k) add to each row, (n,)."""
        return self.covariates @ effects[:, 0] if self.shared else np.sum(effects[self.codes] * self.covariates, axis=1)

    def columns(self, covariate: int) -> sparse.csr_matrix:
        """A covariate's columns of Z, (n, levels)."""
        if self.shared:
            return sparse.csr_matrix(self.covariates)
        places = np.arange(len(self.codes)), self.codes
        return sparse.csr_matrix((self.covariates[:, covariate], places), (len(self.codes), self.levels))


@dataclass(frozen=True)
class TermBlock:
    """One free covariance matrix: a correlated term, or one covariate of an uncorrelated term."""

    term: int  # index of the user's term
    columns: tuple[int, ...]  # its covariates there
    levels: int
    basis: Array  # (k, k) lower triangular: coefficients in the working basis = basis @ the user's coefficients
    constant: bool  # an intercept, or weights that do not vary: no slope

    @property
    def size(self) -> int:
        """Covariates, k."""
        return len(self.columns)

    @cached_property
    def inverse_basis(self) -> Array:
        """The user's coefficients = inverse_basis @ coefficients in the working basis, (k, k)."""
        return linalg.solve_triangular(self.basis, np.eye(self.size), lower=True)

    @property
    def width(self) -> int:
        """Columns of Z."""
        return self.size * self.levels


def blocks_of(index: int, term: RandomTerm) -> list[TermBlock]:
    """The blocks of a term, the user's `index`-th; raises FitError where its covariates are linearly dependent."""
    if term.shared:
        norm = np.sqrt(np.mean(np.sum(term.covariates**2, axis=1)))
        if norm == 0:
            raise FitError(f"random term (1 | {term.group}): no row has a weight; drop the term")
        return [TermBlock(index, (0,), term.levels, np.array([[norm]]), constant=True)]
    k = term.covariates.shape[1]
    parts = [tuple(range(k))] if term.correlated else [(a,) for a in range(k)]
    still = np.ptp(term.distinct, axis=0) == 0
    single = not term.correlated or k == 1
    return [TermBlock(index, part, term.levels, _basis(term, part), single and bool(still[part[0]])) for part in parts]


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


def lead_of(blocks: Sequence[TermBlock], terms: Sequence[RandomTerm]) -> tuple[int, ...]:
    """The blocks of the grouping with most effects, to be eliminated first; none where that is not worth it."""
    groupings: list[list[int]] = []
    for i, block in enumerate(blocks):
        if not terms[block.term].shared and block.levels >= LEAST_LEAD:
            same = [g for g in groupings if _one_grouping(terms[blocks[g[0]].term], terms[block.term])]
            if same:
                same[0].append(i)
            else:
                groupings.append([i])
    return tuple(max(groupings, key=lambda g: sum(blocks[i].width for i in g), default=()))


def require_held(blocks: Sequence[TermBlock], lead: Sequence[int], terms: Sequence[RandomTerm]) -> None:
    """Raise FitError where the effects beside the lead are more than dense matrices of them can hold."""
    widths = sorted((block.width, terms[block.term].group, i in lead) for i, block in enumerate(blocks))
    if sum(width for width, _, first in widths if not first) > LARGEST:
        named = ", ".join(f"{group} ({width})" for width, group, _ in widths)
        raise FitError(f"too many random effects for dense algebra: {named}; drop a term or join levels")


def _one_grouping(first: RandomTerm, second: RandomTerm) -> bool:
    return first.levels == second.levels and (first is second or np.array_equal(first.codes, second.codes))


def shared_term(label: str, sets: pd.Series) -> RandomTerm:
    """The centred term of texts such as "mnli+qqp"; "" holds nothing.

    Raises FitError unless there are two members or more, and the sets differ.
    """
    texts, where = np.unique(sets.to_numpy(dtype=str), return_inverse=True)
    members = [[name for name in text.split(JOIN) if name] for text in texts]
    levels = sorted({name for names in members for name in names})
    if len(levels) < 2:
        raise FitError(
            f"random term (1 | {label}): {len(levels)} member in all; its column joins the members of a row by "
            f"{JOIN!r}, as in 'mnli{JOIN}qqp'"
        )
    weights = np.array([[name in names for name in levels] for names in members], dtype=float)
    size = weights.sum(axis=1, keepdims=True)
    centred = np.where(size > 0, weights / np.maximum(size, 1) - 1 / len(levels), 0.0)
    if not np.any(np.abs(centred) > 1e-12):
        raise FitError(f"random term (1 | {label}): every row holds all members or none; drop the term")
    nowhere = np.zeros(len(where), dtype=np.int64)
    return RandomTerm(label, nowhere, len(levels), centred[where], ("1",), shared=True, level_names=tuple(levels))
