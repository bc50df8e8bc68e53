"""Algebra of small matrices, one a level: arrays (k, k, levels), so that every step is one over all levels."""

import numpy as np
from numpy.typing import NDArray

from xtransfer_stats.mixedmodels.randomterms import Array


def product(first: Array, second: Array) -> Array:
    """Level by level; (a, b, levels) and (b, c, levels) give (a, c, levels). One of them may have one level for all."""
    if len(second) == 1:
        return first * second
    out = np.zeros((len(first), *second.shape[1:])) if not len(second) else first[:, 0, None] * second[0]
    for b in range(1, len(second)):
        out += first[:, b, None] * second[b]
    return out


def transposed(matrices: Array) -> Array:
    """Level by level."""
    return matrices.swapaxes(0, 1)


def everywhere(matrix: Array) -> Array:
    """A matrix (a, b) that is the same for all levels."""
    return matrix[:, :, None]


def inverted(matrices: Array) -> tuple[Array, float]:
    """Inverses of positive definite matrices, and the sum of the logs of their determinants: Gauss and Jordan's way.

    Without exchanges of rows: a positive definite matrix needs none.
    """
    if len(matrices) == 1:
        return 1 / matrices, float(np.sum(np.log(matrices)))
    out, logs = matrices.copy(), 0.0
    for k in range(len(out)):
        pivot, column = out[k, k].copy(), out[:, k].copy()
        logs += float(np.sum(np.log(pivot)))
        out[k, k], column[k] = 1.0, 0.0
        out[:, k] *= np.arange(len(out))[:, None] == k
        out[k] /= pivot
        out -= column[:, None] * out[k]
    return out, logs


def roots(matrices: Array) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Roots R, R R' the positive semi-definite matrix, with (R R')^- R; and which columns (k, levels) are not zero."""
    if len(matrices) == 1:
        root = np.sqrt(matrices)
        held = root > 0
        return root, np.divide(1.0, root, out=np.zeros_like(root), where=held), held[0]
    sizes, axes = np.linalg.eigh(np.moveaxis(matrices, -1, 0))
    held = sizes > 1e-10 * np.max(sizes, axis=1, initial=1e-300, keepdims=True)
    halves = np.sqrt(np.where(held, sizes, 0.0))
    inverses = np.divide(1.0, halves, out=np.zeros_like(halves), where=held)
    root, back = (np.ascontiguousarray(np.moveaxis(axes * x[:, None], 0, -1)) for x in (halves, inverses))
    return root, back, np.ascontiguousarray(held.T)
