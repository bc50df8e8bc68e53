"""Which variances the rows determine: the criterion's curvature at its minimum, judged.

Where the criterion is level in some direction of the covariances, a fit is one of many that are as good: only a sum of
variances, or nothing, can be estimated. Random terms that say the same thing twice do so, and a random term for the
levels of a fixed effect.
"""

import numpy as np
from scipy import linalg

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.mixedfit import MixedFit
from xtransfer_stats.mixedmodels.randomterms import Array
from xtransfer_stats.mixedmodels.search.descent import interior

# Second derivative of the criterion in a relative sd (in its log, where it is above one): the standard error of that
# sd would be 200 times itself. Differences of gradients leave 1e-6.
LEVEL = 5e-5
TAKES_PART = 0.05  # of the largest change of a covariance along a direction


def require_determined(fit: MixedFit) -> None:
    """Raise FitError that names the random terms whose variances the rows do not determine, and what to drop."""
    direction = _level_direction(fit)
    if direction is None:
        return
    layout, terms = fit.model.layout, fit.terms
    factors, moves = layout.unpack(fit.parameters)[0], layout.unpack(direction)[0]
    changes = [float(np.linalg.norm(move @ L.T + L @ move.T)) for move, L in zip(moves, factors, strict=True)]
    blocks = [block for block, change in zip(layout.blocks, changes, strict=True) if change > TAKES_PART * max(changes)]
    labels = [terms[block.term].label(block.columns) for block in blocks]
    if len(labels) > 1:
        raise FitError(
            f"random terms {' and '.join(labels)}: the rows determine only the sum of some of their variances and "
            "covariances, so that none of them can be given; leave one of the terms out"
        )
    if labels and blocks[0].size > 1:
        raise FitError(
            f"random term {labels[0]}: the rows do not determine all of its variances and covariances (as where no "
            "group has two of the levels that it varies by); write || in place of |, or leave an effect out"
        )
    if labels:
        raise FitError(
            f"random term {labels[0]}: the rows say nothing of its variance (as where a fixed effect has a level for "
            "each of its groups); leave the random term or that fixed effect out"
        )


def _level_direction(fit: MixedFit) -> Array | None:
    """The direction of covariances that are not singular in which the criterion is level; None where there is none."""
    layout, x = fit.model.layout, fit.parameters
    free = interior(fit.model, x)
    free[max(layout.stops, default=0) :] = False  # ratios of residual variances
    if fit.curvature is None or not free.any():
        return None
    scale = np.maximum(np.abs(x[free]), 1.0)
    roots, axes = linalg.eigh(fit.curvature[np.ix_(free, free)] * np.outer(scale, scale))
    if roots[0] > LEVEL:
        return None
    direction = np.zeros(len(x))
    direction[free] = axes[:, 0]
    return direction
