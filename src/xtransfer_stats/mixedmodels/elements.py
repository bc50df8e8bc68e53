"""The elements of the random terms' covariances, and what each does to a matrix of random effects."""

from dataclasses import dataclass

import numpy as np

from xtransfer_stats.mixedmodels.layout import Layout
from xtransfer_stats.mixedmodels.randomterms import Array


@dataclass(frozen=True)
class Element:
    """An element of a block's covariance: V_i = Z E Z', E exchanging these two column ranges of Z."""

    left: slice
    right: slice

    def act(self, matrix: Array) -> Array:
        """E matrix, for matrix (q, any)."""
        out = np.zeros_like(matrix)
        out[self.left] = matrix[self.right]
        out[self.right] = matrix[self.left]
        return out

    @property
    def parts(self) -> tuple[tuple[slice, slice], ...]:
        """The identity blocks of E."""
        both = ((self.left, self.right), (self.right, self.left))
        return both[:1] if self.left == self.right else both

    def trace(self, matrix: Array) -> float:
        """tr(E matrix)."""
        return sum(float(np.trace(matrix[b, a])) for a, b in self.parts)

    def pair(self, other: "Element", matrix: Array) -> float:
        """tr(E matrix E_other matrix), matrix symmetric."""
        return sum(float(np.sum(matrix[b, c] * matrix[a, d])) for a, b in self.parts for c, d in other.parts)


def elements(layout: Layout) -> list[Element]:
    """The covariance elements of all blocks, lower triangles row by row, in a matrix with the lead."""
    return [e for i, columns in enumerate(layout.block_columns) for e in block_elements(layout, i, columns.start)]


def block_elements(layout: Layout, block: int, start: int) -> list[Element]:
    """The elements of one block whose columns begin at `start`."""
    size, levels = layout.blocks[block].size, layout.blocks[block].levels
    ranges = [slice(start + a * levels, start + (a + 1) * levels) for a in range(size)]
    return [Element(ranges[a], ranges[b]) for a in range(size) for b in range(a + 1)]
