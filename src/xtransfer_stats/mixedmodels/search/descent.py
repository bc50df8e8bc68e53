"""The moves of a minimisation: quasi-Newton descent, Newton polish, and what a singular covariance asks for.

Where a covariance is singular: is it exactly so (`snap`), and does the criterion not fall inwards (`inward_of`)?
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from xtransfer_stats.mixedmodels.likelihood.criterion import Criterion, Solution
from xtransfer_stats.mixedmodels.likelihood.crossproducts import Array

Function = Callable[[Array], tuple[float, Array]]

SINGULAR = 1e-4  # relative sd below which a direction of a covariance counts as zero (lme4's isSingular)
ROUNDING = 1e-11  # relative noise of one evaluation
SMALL_STEP = 1e-4  # of the differences that make a Hessian from gradients


@dataclass
class CountedCriterion:
    """A criterion that counts its evaluations and keeps the last."""

    criterion: Criterion
    calls: int = 0
    last: tuple[Array, Solution | None] | None = None

    def __call__(self, x: Array) -> tuple[float, Array]:
        """Value and gradient; infinite where rounding would decide."""
        solution = self.criterion.attempt(x)
        self.calls, self.last = self.calls + 1, (x, solution)
        return (np.inf, np.zeros(len(x))) if solution is None else (solution.value, solution.gradient)

    def at(self, x: Array) -> Solution:
        """The evaluation at x, again only where it was not the last."""
        if self.last is not None and self.last[1] is not None and np.array_equal(self.last[0], x):
            return self.last[1]
        self.calls += 1
        return self.criterion.solve(x)


def bfgs(
    function: CountedCriterion, x: Array, inverse: Array | None = None, tolerance: float = 1e-8
) -> tuple[Array, float]:
    """Quasi-Newton descent; returns the point and the decrease still promised there.

    The search for a step bisects to the weak Wolfe conditions (Lewis & Overton 2013): infinities don't upset
    it.
    """
    value, gradient = function(x)
    rough = inverse is None
    inverse = np.eye(len(x)) / max(1.0, float(np.linalg.norm(gradient))) if inverse is None else inverse
    for _ in range(300):
        direction = -inverse @ gradient
        promised = float(-gradient @ direction)
        if promised < tolerance:
            break
        step, new_value, new_gradient = _search(function, x, value, direction, -promised)
        if step == 0.0:
            break
        if value - new_value < ROUNDING * max(1.0, abs(value)) and promised < 1:  # noise alone would go on for ever
            return x + step * direction, promised
        move, change = step * direction, new_gradient - gradient
        if rough and change.any():
            inverse, rough = np.eye(len(x)) * float(move @ change) / float(change @ change), False
        x, value, gradient = x + move, new_value, new_gradient
        inverse = _update(inverse, move, change)
    return x, promised


def _search(
    function: CountedCriterion, x: Array, value: float, direction: Array, slope: float
) -> tuple[float, float, Array]:
    """A step with sufficient decrease and less slope; step 0 when rounding hides any decrease."""
    low, high, step = 0.0, np.inf, 1.0
    for _ in range(40):
        new, gradient = function(x + step * direction)
        if not new <= value + 1e-4 * step * slope:
            high = step
        elif gradient @ direction < 0.9 * slope:
            low = step
        else:
            return step, new, gradient
        step = 2 * low if np.isinf(high) else (low + high) / 2
    return (low, *function(x + low * direction)) if low > 0 else (0.0, value, direction)


def _update(inverse: Array, move: Array, change: Array) -> Array:
    curvature = float(move @ change)
    if curvature <= 1e-14 * math.sqrt(float(move @ move) * float(change @ change)):
        return inverse
    reach = inverse @ change
    both = reach[:, None] * move
    own = (1 + float(change @ reach) / curvature) * (move[:, None] * move)
    return inverse + (own - both - both.T) / curvature


def hessian(function: Function, x: Array) -> Array:
    """Second derivatives by central differences of the exact gradient."""
    square = np.reshape(differences(lambda at: function(at)[1], x, SMALL_STEP), (len(x), len(x)))
    return (square + square.T) / 2


def differences(function: Callable[[Array], Array], x: Array, step: float) -> list[Array]:
    """Derivative of the function in each element of x, by central differences."""
    rows = []
    for i in range(len(x)):
        shift = np.zeros(len(x))
        shift[i] = step * max(1.0, abs(x[i]))
        rows.append((function(x + shift) - function(x - shift)) / (2 * shift[i]))
    return rows


def polish(function: CountedCriterion, x: Array) -> tuple[Array, float, Array]:
    """Newton steps until they promise nothing; returns the point, the decrease still promised, and the curvature."""
    value, gradient = function(x)
    promised = np.inf
    for _ in range(6):
        curvature = hessian(function, x)
        step = newton_step(curvature, gradient)
        promised = float(-gradient @ step) / 2
        for scale in 0.5 ** np.arange(6):  # the first that does not raise the value
            new_value, new_gradient = function(x + scale * step)
            if new_value <= value + ROUNDING * max(1.0, abs(value)):
                break
        else:
            break
        x, value, gradient = x + scale * step, new_value, new_gradient
        if promised < 1e-12 * max(1.0, abs(value)):
            break
    return x, promised, curvature


def newton_step(curvature: Array, gradient: Array) -> Array:
    """A descent step from second derivatives (n, n) and gradient (n,), negative curvature taken for positive."""
    roots, axes = linalg.eigh(curvature)
    floor = 1e-8 * max(float(np.max(np.abs(roots), initial=0.0)), 1e-300)
    return -axes @ ((axes.T @ gradient) / np.maximum(np.abs(roots), floor))


def is_singular(criterion: Criterion, x: Array) -> bool:
    """Whether the covariance of some block is singular at x."""
    return any(is_flat(factor) for factor in criterion.layout.unpack(x)[0])


def is_flat(factor: Array) -> bool:
    """Whether some direction of the factor counts as zero."""
    # The smallest singular value is at least |det| / norm^(k - 1): mostly that settles it.
    size = math.sqrt(np.vdot(factor, factor))
    if abs(math.prod(factor.diagonal())) > SINGULAR * size ** (len(factor) - 1):
        return False
    return bool(_axes(factor)[1][-1] < SINGULAR)


def interior(criterion: Criterion, x: Array) -> NDArray[np.bool_]:
    """Which parameters belong to no singular covariance, (q,)."""
    layout, inside = criterion.layout, np.ones(len(x), dtype=bool)
    for place, factor in zip(layout.places, layout.unpack(x)[0], strict=True):
        inside[place] = not is_flat(factor)
    return inside


def snap(criterion: Criterion, function: Function, x: Array) -> Array:
    """Set directions of covariances that are zero but for rounding to zero, where that costs nothing."""
    factors, ratios = criterion.layout.unpack(x)
    if not any(is_flat(factor) for factor in factors):
        return x
    trial = criterion.layout.pack([_truncate(f) for f in factors], ratios[1:])
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
    factors, ratios = criterion.layout.unpack(x)
    if not any(is_flat(factor) for factor in factors):
        return None
    slopes = criterion.slopes(criterion.solve(x))
    value, _ = function(x)
    for i, (axes, sizes) in enumerate(map(_axes, factors)):
        null = axes[:, sizes < SINGULAR]
        if null.shape[1] == 0:
            continue
        roots, directions = linalg.eigh(null.T @ slopes[i] @ null)
        if roots[0] >= 0:
            continue
        direction = null @ directions[:, 0]
        for size in (1.0, 0.3, 0.1, 0.03, 0.01, 0.003):
            root = _lower(np.column_stack([factors[i], size * direction]))
            trial = criterion.layout.pack([*factors[:i], root, *factors[i + 1 :]], ratios[1:])
            if function(trial)[0] < value - 10 * ROUNDING * max(1.0, abs(value)):
                return trial
    return None
