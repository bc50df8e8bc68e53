"""Minimise the criterion: from start values, by BFGS over unbounded factors, with an honest look at boundaries."""

import math
from dataclasses import dataclass, field, replace

import numpy as np

from xtransfer_stats.mixedmodels.likelihood.criterion import Criterion, Solution
from xtransfer_stats.mixedmodels.randomterms import Array
from xtransfer_stats.mixedmodels.search.descent import CountedCriterion, bfgs, inward_of, is_singular, polish, snap
from xtransfer_stats.mixedmodels.search.valleys import other_valleys

ROUGH = 1e-2  # decrease that the first descents may leave
LOOKS = 4  # times that a deeper valley is taken for the place to look around from
WITHIN_REACH = 2 * math.log(100)  # of the criterion: a hundredth of the likelihood
FAR = 100.0  # relative sd of the second start
LEAST, LEAST_RESIDUAL = 0.01, 0.05  # shares of the variance that a start gives at least
RESTARTS = 8
CONVERGED = 1e-6  # decrease of the criterion that a Newton step may still promise
ENOUGH = 1e-4  # decrease that a replicate may leave: a parameter is then off by 1 % of its error


@dataclass(frozen=True)
class Optimum:
    """Where a minimisation ended."""

    parameters: Array
    value: float
    gradient_norm: float  # largest absolute derivative of the criterion
    evaluations: int
    state: str  # "interior", "boundary" (some covariance is singular) or "failed"
    solution: Solution
    curvature: Array | None = None  # second derivatives, (q, q)
    second: "Descent | None" = None  # the next deepest valley, where it is within reach


@dataclass(frozen=True)
class Descent:
    """Where a descent ended, to ROUGH."""

    value: float
    x: Array = field(compare=False)


def minimise(criterion: Criterion) -> Optimum:
    """Minimum of the criterion to the last digits: the deepest of all valleys that descents and a look around show.

    Descents start from likely and, with slopes, from large variances. Effects that nearly cancel (an intercept, a slope
    far from its origin) can make a second, deeper valley; so can slopes that differ between and within groups.
    """
    counted = CountedCriterion(criterion)
    near, *far = start_values(criterion)
    ends = [_descent(counted, near, likely_inverse(criterion, near)), *(_descent(counted, start) for start in far)]
    best, *rest = _ranked(counted, _looked_around(counted, ends))
    x, _ = bfgs(counted, best.x, likely_inverse(criterion, best.x))
    for _ in range(RESTARTS):
        x, promised, curvature = polish(counted, snap(criterion, counted, x))
        inward = inward_of(criterion, counted, x)
        if inward is None and promised < CONVERGED:
            break
        x, _ = bfgs(counted, x if inward is None else inward)
    x = snap(criterion, counted, x)  # the last Newton steps may have left a zero by a rounding error
    optimum = _optimum(criterion, counted, x, inward is None and promised < CONVERGED)
    return replace(optimum, second=_second(counted, optimum, rest), curvature=curvature)


def _descent(
    counted: CountedCriterion, start: Array, inverse: Array | None = None, tolerance: float = ROUGH
) -> Descent:
    x, _ = bfgs(counted, start, inverse, tolerance)
    return Descent(counted.at(x).value, x)


def _ranked(counted: CountedCriterion, ends: list[Descent]) -> list[Descent]:
    """Deepest first; valleys that are level but for what rough descents leave are followed further down."""
    best, *rest = sorted(ends, key=lambda end: end.value)
    level = [end for end in rest if end.value < best.value + 2 * ROUGH and not _alike(end.x, best.x)]
    if not level:
        return [best, *rest]
    finer = [_descent(counted, end.x, likely_inverse(counted.criterion, end.x), CONVERGED) for end in (best, *level)]
    return sorted([*finer, *(end for end in rest if end not in level)], key=lambda end: end.value)


def _alike(x: Array, y: Array) -> bool:
    """Whether two points stand in one valley; the signs of a factor's columns say nothing."""
    return np.allclose(np.abs(x), np.abs(y), rtol=0.3, atol=0.03)


def _looked_around(counted: CountedCriterion, ends: list[Descent]) -> list[Descent]:
    """The ends of descents, and those of the valleys that are seen from the deepest of them."""
    for _ in range(LOOKS):
        best = min(ends, key=lambda end: end.value)
        starts = other_valleys(counted, best.x)
        others = [_descent(counted, start, likely_inverse(counted.criterion, start)) for start in starts]
        ends = [*ends, *others]
        if not any(end.value < best.value - ROUGH for end in others):
            break
    return ends


def _second(counted: CountedCriterion, optimum: Optimum, ends: list[Descent]) -> Descent | None:
    """The next deepest valley, where it is not too far up to matter: followed down, as a rough end may be none."""
    for end in ends:
        if optimum.value + ROUGH < end.value < optimum.value + WITHIN_REACH:
            lower = _descent(counted, end.x, likely_inverse(counted.criterion, end.x), CONVERGED)
            if lower.value > optimum.value + ROUGH and not _alike(lower.x, optimum.parameters):
                return lower
    return None


def refit(criterion: Criterion, start: Array, inverse: Array) -> Optimum:
    """Minimum near `start`, to fewer digits, with another response; `inverse`: likely inverse Hessian."""
    counted = CountedCriterion(criterion)
    x, promised = bfgs(counted, start, inverse, ENOUGH)
    for _ in range(RESTARTS):
        x = snap(criterion, counted, x)
        inward = inward_of(criterion, counted, x)
        if inward is None:
            break
        x, promised = bfgs(counted, inward, None, ENOUGH)
    return _optimum(criterion, counted, x, inward is None and promised < 10 * ENOUGH)


def _optimum(criterion: Criterion, counted: CountedCriterion, x: Array, converged: bool) -> Optimum:
    factors, ratios = criterion.layout.unpack(x)
    x = criterion.layout.pack([f * np.where(np.diag(f) < 0, -1.0, 1.0) for f in factors], ratios[1:])
    solution = counted.at(x)
    largest = float(np.max(np.abs(solution.gradient), initial=0.0))
    sound = converged and bool(np.isfinite(solution.value))
    state = "failed" if not sound else "boundary" if is_singular(criterion, x) else "interior"
    return Optimum(x, solution.value, largest, counted.calls, state, solution)


def start_values(criterion: Criterion) -> list[Array]:
    """Parameters from moments; where a term has slopes, large variances too."""
    layout, ratios, shares = criterion.layout, np.zeros(len(criterion.cross.rows) - 1), _shares(criterion)
    left = max(1.0 - sum(float(np.mean(share)) for share in shares), LEAST_RESIDUAL)
    near = layout.pack([np.diag(np.sqrt(share / left)) for share in shares], ratios)
    if all(block.constant for block in layout.blocks):
        return [near]
    return [near, layout.pack([FAR * np.eye(k) for k in layout.sizes], ratios)]


def likely_inverse(criterion: Criterion, parameters: Array) -> Array:
    """A rough inverse Hessian: in the log of a relative sd, with L levels, the curvature is about 4 L."""
    layout = criterion.layout
    factors = zip(layout.unpack(parameters)[0], layout.triangles, strict=True)
    squares = [np.maximum(np.diag(factor), LEAST)[rows] ** 2 for factor, (rows, _) in factors]
    levels = [np.full(len(x), block.levels) for x, block in zip(squares, layout.blocks, strict=True)]
    groups = 1 / (2 * criterion.cross.rows[1:])
    return np.diag(np.concatenate([*(x / (4 * n) for x, n in zip(squares, levels, strict=True)), groups]))


def _shares(criterion: Criterion) -> list[Array]:
    """Share of the variance for each covariate of each block: (sum (z'y)^2 - tr Z'Z) / tr (Z'Z)^2.

    The expectation is exact for one block alone; y has variance 1 in working units.
    """
    cross, layout = criterion.cross, criterion.layout
    sums = cross.weighted(np.ones(len(cross.rows)))
    shares = [np.zeros(0)] * len(layout.blocks)
    for i, columns in layout.rest_columns:
        shares[i] = _share(sums.dense[columns, -1], np.diag(sums.dense)[columns], layout.blocks[i].size)
    for i, effects in layout.lead_effects:
        squares = np.einsum("aal->al", sums.lead[effects, effects])
        shares[i] = _share(sums.cross.response[effects], squares, layout.blocks[i].size)
    return shares


def _share(products: Array, squares: Array, covariates: int) -> Array:
    products, squares = products.reshape(covariates, -1), squares.reshape(covariates, -1)
    above = np.sum(products**2 - squares, axis=1)
    return np.clip(above / np.maximum(np.sum(squares**2, axis=1), 1e-300), LEAST, 1.0)
