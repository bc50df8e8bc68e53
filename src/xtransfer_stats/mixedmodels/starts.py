"""Where the descents begin."""

import numpy as np

from xtransfer_stats.mixedmodels.criterion import Criterion
from xtransfer_stats.mixedmodels.crossproducts import Array, Sums
from xtransfer_stats.mixedmodels.randomterms import Block

FAR = 100.0  # relative sd of the second start
LEAST, LEAST_RESIDUAL = 0.01, 0.05  # shares of the variance that a start gives at least


def starts(criterion: Criterion) -> list[Array]:
    """Parameters from moments; where a term has slopes, large variances too."""
    cross = criterion.cross
    ratios = np.zeros(len(cross.rows) - 1)
    shares = _shares(criterion)
    left = max(1.0 - sum(float(np.mean(share)) for share in shares), LEAST_RESIDUAL)
    near = criterion.pack([np.diag(np.sqrt(share / left)) for share in shares], ratios)
    if all(block.constant for block in cross.blocks):
        return [near]
    return [near, criterion.pack([FAR * np.eye(k) for k in criterion.sizes], ratios)]


def likely_inverse(criterion: Criterion, parameters: Array) -> Array:
    """A rough inverse Hessian: in the log of a relative sd, with L levels, the curvature is about 4 L."""
    factors = criterion.unpack(parameters)[0]
    layout = criterion.cross.layout
    squares = [np.maximum(np.diag(f), LEAST)[t[0]] ** 2 for f, t in zip(factors, layout.triangles, strict=True)]
    levels = [np.full(len(x), block.levels) for x, block in zip(squares, layout.blocks, strict=True)]
    groups = 1 / (2 * criterion.cross.rows[1:])
    return np.diag(np.concatenate([*(x / (4 * n) for x, n in zip(squares, levels, strict=True)), groups]))


def _shares(criterion: Criterion) -> list[Array]:
    """Share of the variance for each covariate of each block: (sum (z'y)^2 - tr Z'Z) / tr (Z'Z)^2.

    The expectation is exact for one block alone; y has variance 1 in working units.
    """
    cross = criterion.cross
    sums = cross.weighted(np.ones(len(cross.rows)))
    out = [np.zeros(0)] * len(cross.blocks)
    for i, columns in cross.rest_columns:
        out[i] = _moments(sums.dense[columns, -1], np.diag(sums.dense)[columns], cross.blocks[i])
    if cross.lead is not None:
        out[cross.lead] = _moments(_last(sums), sums.lead, cross.blocks[cross.lead])
    return out


def _last(sums: Sums) -> Array:
    return sums.cross[:, -1] if isinstance(sums.cross, np.ndarray) else sums.cross[:, [-1]].toarray().ravel()


def _moments(products: Array, squares: Array, block: Block) -> Array:
    by_covariate = products.reshape(block.size, -1), squares.reshape(block.size, -1)
    above = np.sum(by_covariate[0] ** 2 - by_covariate[1], axis=1)
    return np.clip(above / np.maximum(np.sum(by_covariate[1] ** 2, axis=1), 1e-300), LEAST, 1.0)
