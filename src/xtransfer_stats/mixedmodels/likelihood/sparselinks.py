"""Links whose levels meet few of the rest's columns: sparse there, dense with [Q | y].

All k tables have the same places. What a level adds to the others' matrix, and what that matrix's derivative says of
the level, are sums of products of two entries of the level: they are formed once, and each evaluation adds them up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from xtransfer_stats.mixedmodels.likelihood.levelalgebra import product
from xtransfer_stats.mixedmodels.randomterms import Array

CHUNK = 4_000_000  # numbers of a dense table of some levels


@dataclass(frozen=True)
class Places:
    """Where sparse tables have entries: columns `indices[starts[l]:starts[l + 1]]` of level l, of z in all.

    kept: whether the products of entries are few enough to be formed once.
    """

    starts: NDArray[np.int32]
    indices: NDArray[np.int32]
    z: int
    kept: bool

    @property
    def levels(self) -> int:
        """Rows of a table."""
        return len(self.starts) - 1

    @cached_property
    def rows(self) -> NDArray[np.intp]:
        """Level of each entry."""
        return np.repeat(np.arange(self.levels), np.diff(self.starts))

    @cached_property
    def paired(self) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.int32], NDArray[np.intp]]:
        """First and second entry of each pair, its place in a flat (z, z) matrix, and where each level's begin."""
        each = self.starts[1:][self.rows] - np.arange(len(self.indices))
        first = np.repeat(np.arange(len(self.indices)), each)
        second = first + np.arange(len(first)) - np.repeat(np.cumsum(each) - each, each)
        place = self.indices[first] * np.int32(self.z) + self.indices[second]
        return first, second, place, np.concatenate([[0], np.cumsum(each)])[self.starts]

    def __reduce__(self) -> tuple[type["Places"], tuple[object, ...]]:
        return Places, (self.starts, self.indices, self.z, self.kept)  # not what was worked out from them

    def matrix(self, entries: Array) -> sparse.csr_matrix:
        """A table of these entries, (levels, z)."""
        return sparse.csr_matrix((entries, self.indices, self.starts), (self.levels, self.z))


@dataclass(frozen=True)
class SparseTables:
    """k tables (levels, z) with entries (k, number of places)."""

    places: Places
    entries: Array

    def __reduce__(self) -> tuple[type["SparseTables"], tuple[object, ...]]:
        return SparseTables, (self.places, self.entries)

    @cached_property
    def stacked(self) -> sparse.csr_matrix:
        """One table, (k levels, z)."""
        return sparse.vstack([self.places.matrix(row) for row in self.entries], format="csr")

    @cached_property
    def upper(self) -> list[tuple[int, int]]:
        """The pairs of tables a <= b."""
        k = len(self.entries)
        return [(a, b) for a in range(k) for b in range(a, k)]

    @cached_property
    def products(self) -> list[sparse.csr_matrix] | None:
        """Tables (levels, z z) that make c_a M c_b' of each level from the upper triangle of M; None if too many."""
        if not self.places.kept:
            return None
        first, second, place, ends = self.places.paired
        left, right = self.entries[:, first] * np.where(first == second, 0.5, 1.0), self.entries[:, second]
        shape = (self.places.levels, self.places.z**2)
        values = [left[a] * right[b] + left[b] * right[a] for a, b in self.upper]
        return [sparse.csr_matrix((x, place, ends), shape) for x in values]

    def mixed(self, weights: Array) -> "SparseTables":
        """The tables whose rows are weights c; weights (k, k, levels)."""
        return SparseTables(self.places, _mixed(weights[:, :, self.places.rows], self.entries))

    def reduced(self, weights: Array) -> Array:
        """Sum over levels of c' weights c, (z, z)."""
        if self.products is None:
            return np.asarray((self.stacked.T @ self.mixed(weights).stacked).toarray())
        total = np.zeros(self.places.z**2)
        for (a, b), table in zip(self.upper, self.products, strict=True):
            total += table.T @ (weights[a, b] if a != b else weights[a, b] / 2)
        square = total.reshape(self.places.z, -1)
        return square + square.T


def _mixed(weights: Array, tables: Array) -> Array:
    """Weights (k, k, levels) times tables (k, levels, ...), level by level."""
    wide = weights.reshape(*weights.shape, *[1] * (tables.ndim - 2))
    return product(wide, tables[:, None])[:, 0]


@dataclass(frozen=True)
class SparseLinks:
    """The contract of `links.Links`; known (k, levels, p + 1) with [Q | y]."""

    rest: SparseTables
    known: Array

    @property
    def table(self) -> Array:
        """One dense table (k levels, m)."""
        return np.hstack([self.rest.stacked.toarray(), self._flat])

    @property
    def response(self) -> Array:
        """The last column, (k, levels)."""
        return self.known[:, :, -1]

    @property
    def _flat(self) -> Array:
        return self.known.reshape(-1, self.known.shape[-1])

    def reduced(self, weights: Array) -> Array:
        """Sum over levels of c' weights c."""
        known = _mixed(weights, self.known).reshape(self._flat.shape)
        beside = self.rest.stacked.T @ known
        return np.block([[self.rest.reduced(weights), beside], [beside.T, self._flat.T @ known]])

    def quadratics(self, matrix: Array) -> Array:
        """c matrix c' of each level."""
        if self.rest.products is None:
            return self.between(matrix, self)
        z = self.rest.places.z
        reach = self.rest.stacked @ matrix[:z, z:] + self._flat @ (matrix[z:, z:] / 2)
        beside = np.einsum("alm,blm->abl", reach.reshape(self.known.shape), self.known)
        out, upper = beside + beside.swapaxes(0, 1), np.ravel(matrix[:z, :z])
        for (a, b), table in zip(self.rest.upper, self.rest.products, strict=True):
            own = table @ upper
            out[a, b] += own
            if a != b:
                out[b, a] += own
        return out

    def between(self, matrix: Array, other: "SparseLinks") -> Array:
        """c matrix o' of each level, o the rows of `other`."""
        return np.concatenate(list(self._between(matrix, other)), axis=2)

    def _between(self, matrix: Array, other: "SparseLinks") -> Iterator[Array]:
        """Some levels after others: (k, some, m) is dense."""
        step = max(1, CHUNK // len(matrix))
        for start in range(0, self.rest.places.levels, step):
            some = slice(start, start + step)
            reach, beside = (one._some(some) for one in (self, other))
            ahead = [np.asarray(row @ matrix) for row in reach]
            yield np.array([[np.ravel(o.multiply(row).sum(axis=1)) for o in beside] for row in ahead])

    def _some(self, levels: slice) -> list[sparse.csr_matrix]:
        parts = [self.rest.places.matrix(entries)[levels] for entries in self.rest.entries]
        return [
            sparse.hstack([e, sparse.csr_matrix(d[levels])], format="csr")
            for e, d in zip(parts, self.known, strict=True)
        ]

    def mixed(self, weights: Array) -> "SparseLinks":
        """The tables whose rows are weights c."""
        return SparseLinks(self.rest.mixed(weights), _mixed(weights, self.known))

    def product(self, a: int, b: int) -> Array:
        """Table a' table b."""
        return self._only(a).summed(self._only(b))

    def _only(self, a: int) -> "SparseLinks":
        return SparseLinks(SparseTables(self.rest.places, self.rest.entries[[a]]), self.known[[a]])

    def summed(self, other: "SparseLinks") -> Array:
        """Sum of table_a' other_a over the k tables."""
        first, second = self.rest.stacked, other.rest.stacked
        beside, below = first.T @ other._flat, (second.T @ self._flat).T
        return np.block([[(first.T @ second).toarray(), beside], [below, self._flat.T @ other._flat]])

    def times(self, matrix: Array) -> Array:
        """Tables times matrix (m, r)."""
        z = self.rest.places.z
        return np.reshape(self.rest.stacked @ matrix[:z] + self._flat @ matrix[z:], (*self.known.shape[:2], -1))

    def onto(self, values: Array) -> Array:
        """Transposed tables times values, summed."""
        return np.concatenate([self.rest.stacked.T @ values.ravel(), values.ravel() @ self._flat])

    def scaled(self, weight: float) -> "SparseLinks":
        """Times a number."""
        return SparseLinks(SparseTables(self.rest.places, weight * self.rest.entries), weight * self.known)

    def plus(self, other: "SparseLinks") -> "SparseLinks":
        """The sum."""
        rest = SparseTables(self.rest.places, self.rest.entries + other.rest.entries)
        return SparseLinks(rest, self.known + other.known)

    def with_response(self, column: Array) -> "SparseLinks":
        """With another last column."""
        return SparseLinks(self.rest, np.concatenate([self.known[:, :, :-1], column[:, :, None]], axis=2))
