"""Other valleys of the criterion: where the scale of one term's covariance, all else held, leads to another minimum.

Where a covariate's slope differs between and within groups, the criterion has two minima in the group's sd: a small
one, whose slope is mostly that between groups, and a large one, whose slope is that within. A descent finds the one on
its side of the ridge; heights and slopes at a few scales show the other.
"""

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from xtransfer_stats.mixedmodels.likelihood.criterion import Criterion
from xtransfer_stats.mixedmodels.randomterms import Array
from xtransfer_stats.mixedmodels.search.descent import CountedCriterion

Height = tuple[float, float, float]  # a scale, the criterion there, its derivative in the scale's log
Floor = tuple[float, float]  # a scale, and the criterion that is expected there
SCALES = (0.2, 1.5, 12.0, 100.0, 1000.0, 8000.0)  # relative sds
FAR_UP = 20.0  # above the lowest minimum known: a floor that is expected there leads to none deeper


def other_valleys(counted: CountedCriterion, x: Array) -> Iterator[Array]:
    """Points near other minima than the one at x, on the line of each block's scale."""
    lowest = counted.at(x).value
    for block in range(len(counted.criterion.layout.sizes)):
        own, direction = _scale(counted.criterion, x, block)
        points = {scale: _at(counted.criterion, x, block, scale * direction) for scale in SCALES}
        heights = [(scale, *_height(counted, point, block)) for scale, point in points.items()]
        for scale, expected in _floors(own, [height for height in heights if np.isfinite(height[1])]):
            if expected < lowest + FAR_UP:
                yield _at(counted.criterion, x, block, scale * direction)


def _floors(own: float, heights: list[Height]) -> Iterator[Floor]:
    """Of the valleys along one line, but for the one that holds the scale `own`."""
    if not heights:
        return
    first, last = heights[0], heights[-1]
    if own > first[0] and first[2] > 0:
        yield first[0] / 2, first[1]
    for low, high in pairwise(heights):
        if not low[0] <= own <= high[0] and (floor := _between(low, high)):
            yield floor
    if own < last[0] and last[2] < 0:
        yield last[:2]


def _between(low: Height, high: Height) -> Floor | None:
    """The minimum between two heights of the cubic through them, in the log of the scale."""
    width = math.log(high[0] / low[0])
    rise, start, end = high[1] - low[1], width * low[2], width * high[2]
    a, b = start + end - 2 * rise, 3 * rise - 2 * start - end  # low + start t + b t^2 + a t^3
    inside = b * b - 3 * a * start
    if inside <= 0:
        return None
    # The zero of the slope where it rises, in the form that is sound where a is zero.
    t = -start / (b + math.sqrt(inside)) if b > 0 else (math.sqrt(inside) - b) / (3 * a) if a else math.nan
    return (low[0] * math.exp(t * width), low[1] + t * (start + t * (b + t * a))) if 0 < t < 1 else None


def _scale(criterion: Criterion, x: Array, block: int) -> tuple[float, Array]:
    """Root mean square of a block's relative sds, and its factor at scale one."""
    factor = criterion.layout.unpack(x)[0][block]
    size = float(np.linalg.norm(factor)) / math.sqrt(len(factor))
    return size, factor / size if size > SCALES[0] / 100 else np.eye(len(factor))


def _at(criterion: Criterion, x: Array, block: int, factor: Array) -> Array:
    """x with another factor of one block."""
    factors, ratios = criterion.layout.unpack(x)
    return criterion.layout.pack([*factors[:block], factor, *factors[block + 1 :]], ratios[1:])


def _height(counted: CountedCriterion, point: Array, block: int) -> tuple[float, float]:
    """The criterion and its derivative in the log of the block's scale; infinite where rounding would decide."""
    place = counted.criterion.layout.places[block]
    value, gradient = counted(point)
    return value, float(gradient[place] @ point[place])
