"""The shape of a model: where its blocks and parameters stand, and products with what is made of blocks.

Matrices without the lead have the columns [rest | Q | y], m in all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from xtransfer_stats.mixedmodels.randomterms import Array, TermBlock


@dataclass(frozen=True)
class ParameterLayout:
    """Places of a model's blocks: shared by all responses of one design.

    The parameters are the lower triangles of the factors row by row, then the log variance ratios but the first.
    """

    blocks: tuple[TermBlock, ...]
    lead: tuple[int, ...]  # indices of the blocks kept apart, of one grouping
    p: int  # fixed effects

    @cached_property
    def rest_columns(self) -> tuple[tuple[int, slice], ...]:
        """(block, its columns) of every block but the lead."""
        rest = [i for i in range(len(self.blocks)) if i not in self.lead]
        stops = np.cumsum([self.blocks[i].width for i in rest])
        return tuple(
            (i, slice(int(stop) - self.blocks[i].width, int(stop))) for i, stop in zip(rest, stops, strict=True)
        )

    @property
    def rest_width(self) -> int:
        """Columns of all blocks but the lead."""
        return self.rest_columns[-1][1].stop if self.rest_columns else 0

    @cached_property
    def block_columns(self) -> tuple[slice, ...]:
        """Columns of each block in a matrix with the lead: it comes first, then the rest."""
        out, width = [slice(0, 0)] * len(self.blocks), 0
        for i in self.lead:
            out[i] = slice(width, width + self.blocks[i].width)
            width = out[i].stop
        for i, columns in self.rest_columns:
            out[i] = slice(columns.start + width, columns.stop + width)
        return tuple(out)

    @cached_property
    def lead_effects(self) -> tuple[tuple[int, slice], ...]:
        """(block, its effects among the k of a level) of the lead."""
        stops = np.cumsum([0, *(self.blocks[i].size for i in self.lead)])
        return tuple((i, slice(int(a), int(b))) for i, a, b in zip(self.lead, stops, stops[1:], strict=False))

    def lead_factor(self, factors: Sequence[Array]) -> Array:
        """The lead's factor, (k, k): its blocks' along the diagonal."""
        if len(self.lead) == 1:
            return factors[self.lead[0]]
        k = sum(self.blocks[i].size for i in self.lead)
        out = np.zeros((k, k))
        for i, effects in self.lead_effects:
            out[effects, effects] = factors[i]
        return out

    @cached_property
    def below(self) -> NDArray[np.bool_]:
        """Where the lower triangle of a matrix of [rest | Q | y] lies."""
        return np.tri(self.rest_width + self.p + 1, dtype=bool)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """k of each block's factor (k, k)."""
        return tuple(block.size for block in self.blocks)

    @cached_property
    def triangles(self) -> tuple[tuple[NDArray[np.intp], NDArray[np.intp]], ...]:
        """Row and column indices of each factor's lower triangle."""
        return tuple(np.tril_indices(k) for k in self.sizes)

    @cached_property
    def stops(self) -> tuple[int, ...]:
        """Where each factor's parameters end."""
        return tuple(int(stop) for stop in np.cumsum([k * (k + 1) // 2 for k in self.sizes]))

    @cached_property
    def places(self) -> tuple[slice, ...]:
        """Where each factor's parameters stand."""
        return tuple(map(slice, (0, *self.stops[:-1]), self.stops))

    def pack(self, factors: Sequence[Array], log_ratios: Array) -> Array:
        """The flat vector of what `unpack` gives, the first ratio left out."""
        return np.concatenate([f[t] for f, t in zip(factors, self.triangles, strict=True)] + [np.asarray(log_ratios)])

    def unpack(self, parameters: Array) -> tuple[tuple[Array, ...], Array]:
        """Factors, one a block, and log variance ratios, one a residual group (the first is 0)."""
        factors, start = [], 0
        for k, triangle, stop in zip(self.sizes, self.triangles, self.stops, strict=True):
            factor = np.zeros((k, k))
            factor[triangle] = parameters[start:stop]
            factors.append(factor)
            start = stop
        return tuple(factors), np.concatenate([[0.0], parameters[start:]])


class BlockFactor:
    """M, block-diagonal: the relative covariance factor of each block beside the lead, the identity for Q and y.

    scales: (m,) of the blocks of one covariate; mixing: the others' columns and factors.
    """

    def __init__(self, layout: ParameterLayout, factors: Sequence[Array]) -> None:
        self.scales = np.ones(layout.rest_width + layout.p + 1)
        self.mixing: list[tuple[slice, Array]] = []
        for i, columns in layout.rest_columns:
            if layout.blocks[i].size == 1:
                self.scales[columns] = factors[i][0, 0]
            else:
                self.mixing.append((columns, factors[i]))

    def apply(self, matrix: Array, *, transposed: bool = False) -> Array:
        """M matrix, or M' matrix, for matrix (m, any)."""
        out = matrix * self.scales[:, None]
        for columns, factor in self.mixing:
            left = factor.T if transposed else factor
            out[columns] = (left @ matrix[columns].reshape(len(factor), -1)).reshape(-1, matrix.shape[1])
        return out

    def around(self, matrix: Array) -> Array:
        """M matrix M', for a symmetric matrix (m, m)."""
        return self.apply(self.apply(matrix).T)


@dataclass(frozen=True)
class CovarianceElement:
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

    def pair(self, other: "CovarianceElement", matrix: Array) -> float:
        """tr(E matrix E_other matrix), matrix symmetric."""
        return sum(float(np.sum(matrix[b, c] * matrix[a, d])) for a, b in self.parts for c, d in other.parts)


def covariance_elements(layout: ParameterLayout, places: Iterable[tuple[int, slice]]) -> list[CovarianceElement]:
    """The elements of some blocks' covariances, lower triangles row by row; places: (block, its columns) of each."""
    elements = []
    for block, columns in places:
        size, levels = layout.blocks[block].size, layout.blocks[block].levels
        ranges = [slice(columns.start + a * levels, columns.start + (a + 1) * levels) for a in range(size)]
        elements += [CovarianceElement(ranges[a], ranges[b]) for a in range(size) for b in range(a + 1)]
    return elements
