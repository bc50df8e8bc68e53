"""Minimise a criterion over variances: a bounded quasi-Newton descent, then Fisher scoring to the last digits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize

from xtransfer_stats.mixedmodels.blocks import BlockModel, BlockSolution
from xtransfer_stats.mixedmodels.randomterms import Array

CONVERGED = 1e-6  # decrease of the criterion that a scoring step may still promise
ENOUGH = 1e-13  # the same relative to the criterion, where scoring ends
ROUGH = 1e-8  # the same, where scoring takes over from the descent
STEPS = 60
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
    first = model.solve(start)
    scale = 1 / np.sqrt(np.maximum(np.diag(model.expected(first)), 1e-12 / start**2))
    calls = 1

    def scaled(x: Array) -> tuple[float, Array]:
        nonlocal calls
        calls += 1
        solution = model.solve(x * scale)
        return solution.value, solution.gradient * scale

    bounds = list(zip(least / scale, [None] * len(start), strict=True))
    options = {"maxiter": 400, "ftol": ROUGH}
    end = optimize.minimize(scaled, start / scale, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    solution, promised, steps = _score(model, model.solve(np.maximum(end.x * scale, least)), start, least)
    zero = solution.theta <= least
    state = "failed" if promised > CONVERGED else "boundary" if np.any(zero & (least == 0)) else "interior"
    return VarianceOptimum(solution, model.expected(solution), zero, state, calls + steps)


def _score(model: BlockModel, solution: BlockSolution, start: Array, least: Array) -> tuple[BlockSolution, float, int]:
    """Fisher scoring on the variances that are not held at their bound; the decrease it still promises; evaluations."""
    promised, steps = np.inf, 0
    for _ in range(STEPS):
        theta = np.where(solution.theta <= NEGLIGIBLE * start, least, solution.theta)
        free = (theta > least) | (solution.gradient < 0)
        step = np.zeros(len(theta))
        gradient = solution.gradient[free]
        step[free] = -linalg.pinvh(model.expected(solution)[np.ix_(free, free)]) @ gradient
        promised = float(-gradient @ step[free]) / 2
        if promised < ENOUGH * max(1.0, abs(solution.value)) and np.array_equal(theta, solution.theta):
            break
        for size in 0.5 ** np.arange(12):
            trial = model.solve(np.maximum(theta + size * step, least))
            steps += 1
            if trial.value <= solution.value + ENOUGH * max(1.0, abs(solution.value)):
                break
        else:
            break
        solution = trial
    return solution, promised, steps
