"""Columns of Z as codes and covariates, and their cross-products by counting: no column is ever written out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import linalg

from xtransfer_stats.mixedmodels.randomterms import Array, Codes, RandomTerm, TermBlock


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
        return self._sums(product_of(x, known))

    def squares(self) -> Array:
        """Z'Z, block by block diagonal; dense."""
        return np.block([[np.diag(self._sums(product_of(x, y))) for y in self.covariates] for x in self.covariates])

    def by_level(self) -> Array:
        """Z'Z of each level, (k, k, levels)."""
        sums = [[self._sums(product_of(x, y)) for y in self.covariates] for x in self.covariates]
        return np.reshape(sums, (len(sums), len(sums), self.levels))

    def _sums(self, weights: Array | None) -> Array:
        return np.bincount(self.codes, weights, self.levels).astype(float)

    def with_other(self, other: "DesignColumns") -> Array:
        """Z' Z_other, dense."""
        place, shape = self.codes * other.levels + other.codes, (self.levels, other.levels)

        def table(weights: Array | None) -> Array:
            return np.bincount(place, weights, self.levels * other.levels).astype(float).reshape(shape)

        return np.block([[table(product_of(x, y)) for y in other.covariates] for x in self.covariates])


def product_of(first: Array | None, second: Array | None) -> Array | None:
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


def joined(parts: Sequence[DesignColumns]) -> DesignColumns | None:
    """Blocks of one grouping as one; None for none."""
    if not parts:
        return None
    return DesignColumns(parts[0].codes, parts[0].levels, tuple(x for part in parts for x in part.covariates))


def table_of(parts: Sequence[DesignColumns]) -> Array:
    """Z'Z of several blocks, dense."""
    out = [[np.zeros((0, 0))] * len(parts) for _ in parts]
    for i, first in enumerate(parts):
        out[i][i] = first.squares()
        for j in range(i):
            out[i][j] = first.with_other(parts[j])
            out[j][i] = out[i][j].T
    return np.block(out) if parts else np.zeros((0, 0))
