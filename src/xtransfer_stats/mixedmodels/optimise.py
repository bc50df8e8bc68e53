"""Minimise the criterion: BFGS over unbounded factors, an honest look at boundaries, a Newton polish."""

import math
from dataclasses import dataclass, field

import numpy as np
from scipy import linalg

from xtransfer_stats.mixedmodels.boundary import ROUNDING, Function, inward_of, is_singular, snap
from xtransfer_stats.mixedmodels.criterion import Criterion, Solution
from xtransfer_stats.mixedmodels.crossproducts import Array
from xtransfer_stats.mixedmodels.starts import likely_inverse, starts

RESTARTS = 8
CONVERGED = 1e-6  # decrease of the criterion that a Newton step may still promise
ENOUGH = 1e-4  # decrease that a replicate may leave: a parameter is then off by 1 % of its error
SMALL_STEP = 1e-4  # of the differences that make a Hessian from gradients


@dataclass(frozen=True)
class Optimum:
    parameters: Array
    value: float
    gradient_norm: float  # largest absolute derivative of the criterion
    evaluations: int
    converged: bool
    boundary: bool  # some covariance is singular
    solution: Solution


@dataclass
class Counted:
    """A criterion that counts its evaluations and keeps the last."""

    criterion: Criterion
    calls: int = field(default=0)
    last: tuple[Array, Solution | None] | None = field(default=None)

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


def minimise(criterion: Criterion) -> Optimum:
    """Minimum of the criterion to the last digits, by descents from likely and, with slopes, from large variances.

    Effects that nearly cancel (an intercept, a slope far from its origin) can make a second, deeper valley.
    """
    counted = Counted(criterion)
    near, *far = starts(criterion)
    ends = [bfgs(counted, near, likely_inverse(criterion, near), 1e-2)[0]]
    ends += [bfgs(counted, start, None, 1e-2)[0] for start in far]
    best = min(ends, key=lambda end: counted(end)[0])
    x, _ = bfgs(counted, best, likely_inverse(criterion, best))
    for _ in range(RESTARTS):
        x, promised = polish(counted, snap(criterion, counted, x))
        inward = inward_of(criterion, counted, x)
        if inward is None and promised < CONVERGED:
            break
        x, _ = bfgs(counted, x if inward is None else inward)
    return _optimum(criterion, counted, x, inward is None and promised < CONVERGED)


def refit(criterion: Criterion, start: Array, inverse: Array) -> Optimum:
    """Minimum near `start`, to fewer digits, with another response; `inverse`: likely inverse Hessian."""
    counted = Counted(criterion)
    x, promised = bfgs(counted, start, inverse, ENOUGH)
    for _ in range(RESTARTS):
        x = snap(criterion, counted, x)
        inward = inward_of(criterion, counted, x)
        if inward is None:
            break
        x, promised = bfgs(counted, inward, None, ENOUGH)
    return _optimum(criterion, counted, x, inward is None and promised < 10 * ENOUGH)


def _optimum(criterion: Criterion, counted: Counted, x: Array, converged: bool) -> Optimum:
    factors, ratios = criterion.unpack(x)
    x = criterion.pack([f * np.where(np.diag(f) < 0, -1.0, 1.0) for f in factors], ratios[1:])
    solution = counted.at(x)
    largest = float(np.max(np.abs(solution.gradient), initial=0.0))
    sound = converged and bool(np.isfinite(solution.value))
    return Optimum(x, solution.value, largest, counted.calls, sound, is_singular(criterion, x), solution)


def bfgs(function: Counted, x: Array, inverse: Array | None = None, tolerance: float = 1e-8) -> tuple[Array, float]:
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
        move, change = step * direction, new_gradient - gradient
        if rough:
            inverse, rough = np.eye(len(x)) * float(move @ change) / float(change @ change), False
        x, value, gradient = x + move, new_value, new_gradient
        inverse = _update(inverse, move, change)
    return x, promised


def _search(function: Counted, x: Array, value: float, direction: Array, slope: float) -> tuple[float, float, Array]:
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


def hessian(function: Function, x: Array, step: float = SMALL_STEP) -> Array:
    """Second derivatives by central differences of the exact gradient."""
    columns = []
    for i in range(len(x)):
        shift = np.zeros(len(x))
        shift[i] = step * max(1.0, abs(x[i]))
        columns.append((function(x + shift)[1] - function(x - shift)[1]) / (2 * shift[i]))
    square = np.reshape(columns, (len(x), len(x)))
    return (square + square.T) / 2


def polish(function: Counted, x: Array) -> tuple[Array, float]:
    """Newton steps until they promise nothing; returns the point and the decrease still promised there."""
    value, gradient = function(x)
    promised = np.inf
    for _ in range(6):
        step = _newton(hessian(function, x), gradient)
        promised = float(-gradient @ step) / 2
        x, value, gradient, moved = _accept(function, x, value, gradient, step)
        if not moved or promised < 1e-12 * max(1.0, abs(value)):
            break
    return x, promised


def _newton(curvature: Array, gradient: Array) -> Array:
    """A descent step, negative curvature taken for positive."""
    roots, axes = linalg.eigh(curvature)
    floor = 1e-8 * max(float(np.max(np.abs(roots), initial=0.0)), 1e-300)
    return -axes @ ((axes.T @ gradient) / np.maximum(np.abs(roots), floor))


def _accept(
    function: Counted, x: Array, value: float, gradient: Array, step: Array
) -> tuple[Array, float, Array, bool]:
    """The first of the step, its half, its quarter, ... that does not raise the value."""
    for scale in 0.5 ** np.arange(6):
        new_value, new_gradient = function(x + scale * step)
        if new_value <= value + ROUNDING * max(1.0, abs(value)):
            return x + scale * step, new_value, new_gradient, True
    return x, value, gradient, False
