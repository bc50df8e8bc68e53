"""Columns of Z as codes and covariates, and their cross-products by counting: no column is ever written out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import linalg, sparse

from xtransfer_stats.mixedmodels.randomterms import Array, Codes, RandomTerm, TermBlock

SPARSE = 4  # a table with more entries than so many times the rows is mostly empty
SMALL = 10_000  # entries; so small a table is kept dense anyway


@dataclass(frozen=True)
class DesignColumns:
    """A block's columns, covariate by covariate, levels side by side; a covariate None is a column of ones."""

    codes: Codes  # (n,)
    levels: int
    covariates: tuple[Array | None, ...]  # (n,) each

    def rows(self, mask: "slice | np.ndarray") -> "DesignColumns":
        """The columns of some rows."""
        parts = tuple(None if x is None else x[mask] for x in self.covariates)
        return DesignColumns(self.codes[mask], self.levels, parts)

    def onto(self, known: Array) -> Array:
        """Z' known for known (p, n); (width, p)."""
        return np.vstack([np.array([self._products(x, k) for k in known]).T for x in self.covariates])

    def _products(self, x: Array | None, known: Array) -> Array:
        """Sums of x times one row of known by level; counts do for a row that is one number."""
        if len(known) and known[0] == known[-1] and np.all(known == known[0]):
            return known[0] * self._sums(x)
        return self._sums(_product(x, known))

    def squares(self) -> Array:
        """Z'Z, block by block diagonal; dense."""
        return np.block([[np.diag(self._sums(_product(x, y))) for y in self.covariates] for x in self.covariates])

    def diagonal(self) -> Array:
        """Diagonal of Z'Z of one covariate, (levels,)."""
        return self._sums(_product(self.covariates[0], self.covariates[0]))

    def _sums(self, weights: Array | None) -> Array:
        return np.bincount(self.codes, weights, self.levels).astype(float)

    def with_other(self, other: "DesignColumns") -> Array:
        """Z' Z_other, dense."""
        place, shape = self.codes * other.levels + other.codes, (self.levels, other.levels)

        def table(weights: Array | None) -> Array:
            return np.bincount(place, weights, self.levels * other.levels).astype(float).reshape(shape)

        return np.block([[table(_product(x, y)) for y in other.covariates] for x in self.covariates])

    def sparse_with(self, other: "DesignColumns") -> sparse.csr_matrix:
        """Z' Z_other of a block of one covariate, sparse."""
        places, shape, ones = (self.codes, other.codes), (self.levels, other.levels), np.ones(len(self.codes))
        weights = [_product(self.covariates[0], y) for y in other.covariates]
        parts = [sparse.coo_matrix((ones if w is None else w, places), shape).tocsr() for w in weights]
        return sparse.hstack(parts, format="csr")


def _product(first: Array | None, second: Array | None) -> Array | None:
    """Of two columns, None one of ones."""
    if first is None or second is None:
        return second if first is None else first
    return first * second


def columns_of(term: RandomTerm, block: TermBlock) -> DesignColumns:
    """The block's columns of Z in the working basis."""
    if term.shared:
        weights = term.covariates / block.basis[0, 0]
        nowhere = np.zeros(len(weights), dtype=np.int64)
        return DesignColumns(nowhere, 1, tuple(np.ascontiguousarray(w) for w in weights.T))
    if block.constant:
        return DesignColumns(term.codes, block.levels, (None,))
    x = linalg.solve_triangular(block.basis, term.covariates[:, block.columns].T, lower=True, trans="T")
    return DesignColumns(term.codes, block.levels, tuple(np.ascontiguousarray(row) for row in x))


def table_of(parts: Sequence[DesignColumns]) -> Array:
    """Z'Z of several blocks, dense."""
    out = [[np.zeros((0, 0))] * len(parts) for _ in parts]
    for i, first in enumerate(parts):
        out[i][i] = first.squares()
        for j in range(i):
            out[i][j] = first.with_other(parts[j])
            out[j][i] = out[i][j].T
    return np.block(out) if parts else np.zeros((0, 0))


def mostly_empty(lead: DesignColumns, rest: Sequence[DesignColumns]) -> bool:
    """Whether the lead's table with the rest is better kept sparse: one answer for all residual groups."""
    width = sum(part.levels * len(part.covariates) for part in rest)
    return lead.levels * width > SPARSE * len(lead.codes) + SMALL


def links_of(
    lead: DesignColumns, rest: Sequence[DesignColumns], known: Array, *, empty: bool
) -> "Array | sparse.csr_matrix":
    """lead' [rest | known], known (p, n); (levels, m): sparse where it is mostly `empty`."""
    beside = lead.onto(known)
    if not empty:
        return np.hstack([*(lead.with_other(part) for part in rest), beside])
    parts = [lead.sparse_with(part) for part in rest]
    return sparse.hstack([*parts, sparse.csr_matrix(beside)], format="csr")
