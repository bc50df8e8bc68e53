"""Products with the block-diagonal factor M: L of each block beside the lead, the identity for Q and y."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xtransfer_stats.mixedmodels.crossproducts import Array, CrossProducts


@dataclass(frozen=True)
class Stretch:
    """M at some parameters. scales: (m,) of the blocks of one covariate; mixing: the others' columns and factors."""

    scales: Array
    mixing: tuple[tuple[slice, Array], ...]

    def apply(self, matrix: Array) -> Array:
        """M matrix, for matrix (m, any)."""
        out = matrix * self.scales[:, None]
        for columns, factor in self.mixing:
            out[columns] = (factor @ matrix[columns].reshape(len(factor), -1)).reshape(-1, matrix.shape[1])
        return out

    def around(self, matrix: Array) -> Array:
        """M matrix M', for a symmetric matrix (m, m)."""
        return self.apply(self.apply(matrix).T)

    def transposed(self, matrix: Array) -> Array:
        """M' matrix."""
        out = matrix * self.scales[:, None]
        for columns, factor in self.mixing:
            out[columns] = (factor.T @ matrix[columns].reshape(len(factor), -1)).reshape(-1, matrix.shape[1])
        return out


def stretch(cross: CrossProducts, factors: Sequence[Array]) -> Stretch:
    """M for one factor a block, the lead's not used."""
    scales, mixing = np.ones(cross.rest_width + cross.p + 1), []
    for i, columns in cross.rest_columns:
        if cross.blocks[i].size == 1:
            scales[columns] = factors[i][0, 0]
        else:
            mixing.append((columns, factors[i]))
    return Stretch(scales, tuple(mixing))
