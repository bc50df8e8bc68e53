"""Where everything stands: blocks in the matrices, and parameters in one flat vector."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from xtransfer_stats.mixedmodels.randomterms import Array, Block


@dataclass(frozen=True)
class Layout:
    """Places of a model's blocks: shared by all responses of one design.

    Matrices without the lead have the columns [rest | Q | y]; parameters are the lower triangles of the factors row
    by row, then the log variance ratios but the first.
    """

    blocks: tuple[Block, ...]
    lead: int | None  # index of the block kept apart
    p: int  # fixed effects

    @cached_property
    def rest_columns(self) -> tuple[tuple[int, slice], ...]:
        """(block, its columns) of every block but the lead."""
        rest = [i for i in range(len(self.blocks)) if i != self.lead]
        stops = np.cumsum([self.blocks[i].width for i in rest])
        return tuple(
            (i, slice(int(stop) - self.blocks[i].width, int(stop))) for i, stop in zip(rest, stops, strict=True)
        )

    @property
    def rest_width(self) -> int:
        return self.rest_columns[-1][1].stop if self.rest_columns else 0

    @cached_property
    def block_columns(self) -> tuple[slice, ...]:
        """Columns of each block in a matrix with the lead: it comes first, then the rest."""
        width = 0 if self.lead is None else self.blocks[self.lead].width
        out = [slice(0, width)] * len(self.blocks)
        for i, columns in self.rest_columns:
            out[i] = slice(columns.start + width, columns.stop + width)
        return tuple(out)

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

    def pack(self, factors: Sequence[Array], log_ratios: Array) -> Array:
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
