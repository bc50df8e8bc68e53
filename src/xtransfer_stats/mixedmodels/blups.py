"""Random effects given the data: conditional means and variances of the spherical effects, block by block."""

import numpy as np
from scipy import linalg

from xtransfer_stats.mixedmodels.criterion import Solution
from xtransfer_stats.mixedmodels.crossproducts import Array, CrossProducts


def conditional_means(cross: CrossProducts, solution: Solution) -> list[Array]:
    """Spherical effects, (k, levels) of each block."""
    out = [np.zeros((0, 0))] * len(cross.blocks)
    for i, columns in cross.rest_columns:
        out[i] = solution.effects[columns].reshape(cross.blocks[i].size, -1)
    if cross.lead is not None:
        ends = np.append(solution.effects, -1.0)[:, None]
        _, reach = _lead_rows(cross, solution, cross.lead)
        out[cross.lead] = -(reach @ ends).T
    return out


def conditional_variances(cross: CrossProducts, solution: Solution, block: int) -> Array:
    """Variances (levels, k, k) of the block's spherical effects over the residual's, given beta."""
    z = cross.rest_width
    whole = solution.inverse
    inner = whole[:z, :z] - whole[:z, z:] @ linalg.solve(whole[z:, z:], whole[z:, :z])
    if block == cross.lead:
        shrink, reach = _lead_rows(cross, solution, block)
        rest = reach[:, :z]
        return (shrink + np.sum((rest @ inner) * rest, axis=1))[:, None, None]
    columns = dict(cross.rest_columns)[block]
    k, levels = cross.blocks[block].size, cross.blocks[block].levels
    return np.einsum("albl->lab", inner[columns, columns].reshape(k, levels, k, levels))


def _lead_rows(cross: CrossProducts, solution: Solution, lead: int) -> tuple[Array, Array]:
    """Inverse of the lead's diagonal block (L,), and that times its rows of N, (L, m)."""
    factor = float(solution.factors[lead][0, 0])
    sums = cross.weighted(solution.weights)
    shrink = 1 / (1 + factor**2 * sums.lead)
    return shrink, factor * shrink[:, None] * solution.stretch.transposed(sums.table.T).T
