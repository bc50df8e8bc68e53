"""Evidence that a fit stands at a minimum: slope and curvature of the criterion there, directions at the boundary."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from xtransfer_stats.mixedmodels.boundary import SINGULAR
from xtransfer_stats.mixedmodels.mixed import MixedFit
from xtransfer_stats.mixedmodels.optimise import hessian
from xtransfer_stats.mixedmodels.starts import starts


def convergence(fit: MixedFit) -> dict[str, Any]:
    """Largest gradient and smallest curvature in the working parameters, evaluations, starts, boundary terms.

    `smallest_curvature` is the least eigenvalue of the criterion's Hessian over the parameters of covariances
    that are not singular; None when there are none. A singular covariance has no curvature to speak of in its
    own factor: its term is named in `boundary` instead.
    """
    inner = hessian(fit.model, fit.parameters)[np.ix_(*[_interior(fit)] * 2)]
    return {
        "state": fit.state,
        "gradient": float(fit.gradient_norm),
        "smallest_curvature": float(linalg.eigvalsh(inner)[0]) if len(inner) else None,
        "evaluations": int(fit.evaluations),
        "starts": len(starts(fit.model)),
        "boundary": [_name(fit, i) for i, singular in enumerate(_singular(fit)) if singular],
    }


def _singular(fit: MixedFit) -> list[bool]:
    return [bool(linalg.svdvals(factor)[-1] < SINGULAR) for factor in fit.solution.factors]


def _interior(fit: MixedFit) -> NDArray[np.intp]:
    """Positions of the parameters that belong to no singular covariance."""
    flags = [np.full((k, k), 0.0 if s else 1.0) for k, s in zip(fit.model.sizes, _singular(fit), strict=True)]
    return np.flatnonzero(fit.model.pack(flags, np.ones(len(fit.model.cross.rows) - 1)))


def _name(fit: MixedFit, i: int) -> str:
    block = fit.model.cross.blocks[i]
    term = fit.terms[block.term]
    return f"({' + '.join(term.names[a] for a in block.columns)} | {term.group})"
