"""Quasi-Newton descents of many responses side by side: `descent.bfgs`, a step of all of them at a time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xtransfer_stats.mixedmodels.randomterms import Array
from xtransfer_stats.mixedmodels.resampling.stacked import Heights, StackedCriterion
from xtransfer_stats.mixedmodels.search.descent import ROUNDING

ROUNDS = 200


@dataclass
class Descents:
    """Where each of s responses stands: x, gradient, direction (s, q), inverse (s, q, q), heights of x; else (s,)."""

    x: Array
    value: Array
    gradient: Array
    rss: Array
    ends: Array
    inverse: Array
    direction: Array
    promised: Array  # decrease
    evaluations: NDArray[np.int64]
    ended: NDArray[np.bool_]  # where a minimum was reached, to the tolerance


def descend(function: StackedCriterion, start: Array, inverse: Array, tolerance: float) -> Descents:
    """From one start (q,) with one likely inverse Hessian (q, q), for every response."""
    size = len(function.responses)
    x, every = np.tile(start, (size, 1)), np.arange(size)
    now = function.at(x, every)
    state = Descents(
        x=x,
        value=now.values,
        gradient=now.gradients,
        rss=now.rss,
        ends=now.ends,
        inverse=np.tile(inverse, (size, 1, 1)),
        direction=np.zeros_like(x),
        promised=np.zeros(size),
        evaluations=np.ones(size, dtype=np.int64),
        ended=np.zeros(size, dtype=bool),
    )
    _point(state, every)
    state.ended = state.promised < tolerance
    step, low, high = np.ones(size), np.zeros(size), np.full(size, np.inf)
    for _ in range(ROUNDS):
        which = np.flatnonzero(~state.ended & (state.evaluations < ROUNDS) & np.isfinite(state.value))
        if not len(which):
            break
        trial = state.x[which] + step[which, None] * state.direction[which]
        heights = function.at(trial, which)
        state.evaluations[which] += 1
        taken = _judge(state, which, heights, step, low, high)
        if taken.any():
            some = which[taken]
            _move(state, some, trial[taken], _picked(heights, taken), tolerance)
            step[some], low[some], high[some] = 1.0, 0.0, np.inf
    return state


def _picked(heights: Heights, which: NDArray[np.bool_]) -> Heights:
    return Heights(heights.values[which], heights.gradients[which], heights.rss[which], heights.ends[which])


def _point(state: Descents, which: NDArray[np.intp]) -> None:
    """Directions from the gradients, and the decreases that they promise."""
    direction = -(state.inverse[which] @ state.gradient[which, :, None])[:, :, 0]
    state.direction[which] = direction
    state.promised[which] = -np.sum(direction * state.gradient[which], axis=1)


def _judge(
    state: Descents, which: NDArray[np.intp], heights: Heights, step: Array, low: Array, high: Array
) -> NDArray[np.bool_]:
    """Which steps have sufficient decrease and less slope; the others' are doubled or halved."""
    slope = -state.promised[which]
    short = ~(heights.values <= state.value[which] + 1e-4 * step[which] * slope)
    steep = ~short & (np.sum(heights.gradients * state.direction[which], axis=1) < 0.9 * slope)
    high[which[short]], low[which[steep]] = step[which[short]], step[which[steep]]
    again = which[short | steep]
    step[again] = np.where(np.isinf(high[again]), 2 * low[again], (low[again] + high[again]) / 2)
    return ~(short | steep)


def _move(state: Descents, which: NDArray[np.intp], x: Array, heights: Heights, tolerance: float) -> None:
    decrease, size = state.value[which] - heights.values, np.maximum(1.0, np.abs(state.value[which]))
    noise = (decrease < ROUNDING * size) & (state.promised[which] < 1)
    _update(state, which, x - state.x[which], heights.gradients - state.gradient[which])
    state.x[which], state.value[which], state.gradient[which] = x, heights.values, heights.gradients
    state.rss[which], state.ends[which] = heights.rss, heights.ends
    _point(state, which)
    state.ended[which] = noise | (state.promised[which] < tolerance)


def _update(state: Descents, which: NDArray[np.intp], move: Array, change: Array) -> None:
    """The inverse Hessians, where the step saw positive curvature."""
    curvature = np.sum(move * change, axis=1)
    lengths = np.sqrt(np.sum(move**2, axis=1) * np.sum(change**2, axis=1))
    seen = curvature > 1e-14 * lengths
    which, move, change, curvature = which[seen], move[seen], change[seen], curvature[seen]
    reach = (state.inverse[which] @ change[:, :, None])[:, :, 0]
    both = reach[:, :, None] * move[:, None]
    own = (1 + np.sum(change * reach, axis=1) / curvature)[:, None, None] * (move[:, :, None] * move[:, None])
    state.inverse[which] += (own - both - both.swapaxes(1, 2)) / curvature[:, None, None]
