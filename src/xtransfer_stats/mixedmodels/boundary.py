"""Where a covariance is singular: is it exactly so, and does the criterion not fall inwards?"""

import math
from collections.abc import Callable

import numpy as np
from scipy import linalg

from xtransfer_stats.mixedmodels.criterion import Criterion
from xtransfer_stats.mixedmodels.crossproducts import Array

Function = Callable[[Array], tuple[float, Array]]

SINGULAR = 1e-4  # relative sd below which a direction of a covariance counts as zero (lme4's isSingular)
ROUNDING = 1e-11  # relative noise of one evaluation


def is_singular(criterion: Criterion, x: Array) -> bool:
    return any(_flat(factor) for factor in criterion.unpack(x)[0])


def _flat(factor: Array) -> bool:
    """Whether some direction of the factor counts as zero."""
    # The smallest singular value is at least |det| / norm^(k - 1): mostly that settles it.
    size = math.sqrt(np.vdot(factor, factor))
    if abs(math.prod(factor.diagonal())) >= SINGULAR * size ** (len(factor) - 1):
        return False
    return bool(_axes(factor)[1][-1] < SINGULAR)


def snap(criterion: Criterion, function: Function, x: Array) -> Array:
    """Set directions of covariances that are zero but for rounding to zero, where that costs nothing."""
    factors, ratios = criterion.unpack(x)
    if not any(_flat(factor) for factor in factors):
        return x
    trial = criterion.pack([_truncate(f) for f in factors], ratios[1:])
    if np.array_equal(np.abs(trial), np.abs(x)):
        return x
    value, _ = function(x)
    return trial if function(trial)[0] <= value + ROUNDING * max(1.0, abs(value)) else x


def _truncate(factor: Array) -> Array:
    left, sizes = _axes(factor)
    if sizes[-1] >= SINGULAR:
        return factor
    return _lower(left * np.where(sizes < SINGULAR, 0.0, sizes))


def _axes(factor: Array) -> tuple[Array, Array]:
    """Left singular vectors and singular values, largest first; a number is its own."""
    if len(factor) == 1:
        return np.sign(factor) + (factor == 0), np.abs(factor[0])
    left, sizes, _ = np.linalg.svd(factor)
    return left, sizes


def _lower(root: Array) -> Array:
    """Lower triangular factor of root root'."""
    return linalg.qr(root.T, mode="r")[0][: len(root)].T


def inward_of(criterion: Criterion, function: Function, x: Array) -> Array | None:
    """A better point inside the cone, where some covariance is singular and the criterion falls inwards.

    A zero factor has zero gradient whatever the data say: what counts is the derivative in the covariance
    itself.
    """
    factors, ratios = criterion.unpack(x)
    if not any(_flat(factor) for factor in factors):
        return None
    left = [_axes(f) for f in factors]
    slopes = criterion.slopes(criterion.solve(x))
    value, _ = function(x)
    for i, (axes, sizes) in enumerate(left):
        null = axes[:, sizes < SINGULAR]
        if null.shape[1] == 0:
            continue
        roots, directions = linalg.eigh(null.T @ slopes[i] @ null)
        if roots[0] >= 0:
            continue
        direction = null @ directions[:, 0]
        for size in (1.0, 0.3, 0.1, 0.03, 0.01, 0.003):
            root = _lower(np.column_stack([factors[i], size * direction]))
            trial = criterion.pack([*factors[:i], root, *factors[i + 1 :]], ratios[1:])
            if function(trial)[0] < value - 10 * ROUNDING * max(1.0, abs(value)):
                return trial
    return None
