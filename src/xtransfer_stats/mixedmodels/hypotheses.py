"""Linear hypotheses on fixed effects: rows without repetition, and their mean square."""

import numpy as np
from scipy import linalg

from xtransfer_stats.mixedmodels.crossproducts import Array


def independent(rows: Array, values: Array) -> tuple[Array, Array]:
    """The same hypothesis as orthonormal rows."""
    left, sizes, right = linalg.svd(rows, full_matrices=False)
    rank = int(np.sum(sizes > 1e-9 * sizes[0]))
    return right[:rank], (left[:, :rank].T @ values) / sizes[:rank]


def mean_square(rows: Array, values: Array, cov: Array) -> float:
    """Mean square of the values over their covariance."""
    return float(values @ linalg.solve(rows @ cov @ rows.T, values)) / len(rows)
