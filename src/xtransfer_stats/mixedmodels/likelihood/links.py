"""What the lead's columns share with all others: k tables (levels, m) of cross-products, one an effect of a level.

The m other columns are [rest | Q | y]. Where each level meets few of the rest's columns the tables are sparse there
(`sparselinks`).
"""

from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np

from xtransfer_stats.mixedmodels.likelihood.levelalgebra import product
from xtransfer_stats.mixedmodels.randomterms import Array


class Links(Protocol):
    """k tables (levels, m); weights and results by level are (k, k, levels)."""

    def reduced(self, weights: Array) -> Array:
        """Sum over levels of c' weights c, c (k, m) a level's rows; weights symmetric; (m, m)."""

    def quadratics(self, matrix: Array) -> Array:
        """c matrix c' of each level, matrix (m, m) symmetric; (k, k, levels)."""

    def between(self, matrix: Array, other: Self) -> Array:
        """c matrix o' of each level, o the rows of `other`; (k, k, levels)."""

    def mixed(self, weights: Array) -> Self:
        """The tables whose rows are weights c."""

    def product(self, a: int, b: int) -> Array:
        """Table a' table b, (m, m)."""

    def summed(self, other: Self) -> Array:
        """Sum of table_a' other_a over the k tables, (m, m)."""

    def times(self, matrix: Array) -> Array:
        """Tables times matrix (m, r); (k, levels, r)."""

    def onto(self, values: Array) -> Array:
        """Transposed tables times values (k, levels), summed; (m,)."""

    def scaled(self, weight: float) -> Self:
        """Times a number."""

    def plus(self, other: Self) -> Self:
        """The sum."""

    def with_response(self, column: Array) -> Self:
        """With another last column, (k, levels)."""

    @property
    def response(self) -> Array:
        """The last column, (k, levels)."""

    @property
    def table(self) -> Array:
        """One dense table (k levels, m)."""


@dataclass(frozen=True)
class DenseLinks:
    """Tables as they are; values (k, levels, m)."""

    values: Array

    @property
    def table(self) -> Array:
        """One dense table (k levels, m)."""
        return self.values.reshape(-1, self.values.shape[-1])

    @property
    def response(self) -> Array:
        """The last column, (k, levels)."""
        return self.values[:, :, -1]

    def reduced(self, weights: Array) -> Array:
        """Sum over levels of c' weights c."""
        return self.table.T @ self.mixed(weights).table

    def quadratics(self, matrix: Array) -> Array:
        """c matrix c' of each level."""
        return self.between(matrix, self)

    def between(self, matrix: Array, other: "DenseLinks") -> Array:
        """c matrix o' of each level, o the rows of `other`."""
        reach = self.values @ matrix
        return np.array([[np.einsum("lm,lm->l", x, y) for y in other.values] for x in reach])

    def mixed(self, weights: Array) -> "DenseLinks":
        """The tables whose rows are weights c."""
        if len(weights) == 1:
            return DenseLinks(self.values * weights[0][:, :, None])
        return DenseLinks(product(weights[..., None], self.values[:, None])[:, 0])

    def product(self, a: int, b: int) -> Array:
        """Table a' table b."""
        return self.values[a].T @ self.values[b]

    def summed(self, other: "DenseLinks") -> Array:
        """Sum of table_a' other_a over the k tables."""
        return self.table.T @ other.table

    def times(self, matrix: Array) -> Array:
        """Tables times matrix (m, r)."""
        return self.values @ matrix

    def onto(self, values: Array) -> Array:
        """Transposed tables times values, summed."""
        return values.ravel() @ self.table

    def scaled(self, weight: float) -> "DenseLinks":
        """Times a number."""
        return DenseLinks(weight * self.values)

    def plus(self, other: "DenseLinks") -> "DenseLinks":
        """The sum."""
        return DenseLinks(self.values + other.values)

    def with_response(self, column: Array) -> "DenseLinks":
        """With another last column."""
        return DenseLinks(np.concatenate([self.values[:, :, :-1], column[:, :, None]], axis=2))
