"""Minimise a criterion over variances: a bounded quasi-Newton descent, then Newton steps to the last digits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize

from xtransfer_stats.mixedmodels.blocks import BlockModel, BlockSolution
from xtransfer_stats.mixedmodels.randomterms import Array
from xtransfer_stats.mixedmodels.search.descent import hessian, newton_step

CONVERGED = 1e-5  # decrease of the criterion that a step may still promise
ENOUGH = 1e-13  # the same relative to the criterion, where steps end
ROUGH = 1e-12  # the same, where Newton's steps take over from the descent
STEPS = 12
NEGLIGIBLE = 1e-9  # of a start value: a variance below it counts as zero where that costs nothing


@dataclass(frozen=True)
class VarianceOptimum:
    """Where a minimisation ended. expected: (q, q) expected second derivatives; zero: (q,) variances at their bound.

    state: "interior", "boundary" (some variance is zero: a result, not an error) or "failed".
    """

    solution: BlockSolution
    expected: Array
    zero: NDArray[np.bool_]
    state: str
    evaluations: int

    @property
    def gradient_norm(self) -> float:
        """Largest derivative in the log of a variance that is not zero."""
        return float(np.max(np.abs(self.solution.gradient * self.solution.theta), initial=0.0))

    @property
    def smallest_curvature(self) -> float | None:
        """Least eigenvalue of the expected second derivatives in the logs of the variances that are not zero."""
        theta = self.solution.theta[~self.zero]
        inner = self.expected[np.ix_(~self.zero, ~self.zero)] * np.outer(theta, theta)
        return float(linalg.eigvalsh(inner)[0]) if len(inner) else None


def minimise_variances(model: BlockModel, start: Array, least: Array) -> VarianceOptimum:
    """Minimum over theta >= least, both (q,); least is zero where a variance may vanish."""
    scale = 1 / np.sqrt(np.maximum(np.diag(model.expected(model.solve(start))), 1e-12 / start**2))
    counted = _Scaled(model, scale)
    bounds = list(zip(least / scale, [None] * len(start), strict=True))
    options = {"maxiter": 400, "ftol": ROUGH}
    end = optimize.minimize(counted, start / scale, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    x, promised = _polish(counted, np.maximum(end.x, least / scale), least / scale, NEGLIGIBLE * start / scale)
    solution = model.solve(x * scale)
    zero = solution.theta <= least
    state = "failed" if promised > CONVERGED else "boundary" if np.any(zero & (least == 0)) else "interior"
    return VarianceOptimum(solution, model.expected(solution), zero, state, counted.calls)


@dataclass
class _Scaled:
    """The criterion and its gradient in variances over their likely errors; counts its calls."""

    model: BlockModel
    scale: Array
    calls: int = 0

    def __call__(self, x: Array) -> tuple[float, Array]:
        self.calls += 1
        solution = self.model.solve(x * self.scale)
        return solution.value, solution.gradient * self.scale


def _polish(function: _Scaled, x: Array, least: Array, faint: Array) -> tuple[Array, float]:
    """Newton steps on the variances that are not held at their bound; the point, and the decrease still promised.

    The expected second derivatives would not do: where the criterion is flat they make many short steps.
    """
    promised = np.inf
    for _ in range(STEPS):
        x = np.where(x <= faint, least, x)
        value, gradient = function(x)
        free = (x > least) | (gradient < 0)
        inner = _Free(function, x, free)
        step = np.zeros(len(x))
        step[free] = newton_step(hessian(inner, x[free]), gradient[free])
        promised = float(-gradient @ step) / 2
        for size in 0.5 ** np.arange(12):
            trial = np.maximum(x + size * step, least)
            if function(trial)[0] <= value + ENOUGH * max(1.0, abs(value)):
                break
        else:
            break
        x = trial
        if promised < ENOUGH * max(1.0, abs(value)):
            break
    return x, promised


@dataclass(frozen=True)
class _Free:
    """The criterion in some of its variances, the others held."""

    function: _Scaled
    at: Array
    free: NDArray[np.bool_]

    def __call__(self, x: Array) -> tuple[float, Array]:
        whole = self.at.copy()
        whole[self.free] = x
        value, gradient = self.function(whole)
        return value, gradient[self.free]
