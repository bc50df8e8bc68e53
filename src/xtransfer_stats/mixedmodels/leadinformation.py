"""Second-order quantities where a large factor was eliminated: no matrix has its levels on any side.

V_0 is the covariance of the residuals and the lead alone; R are the other random columns, F (m, m) their conditional
covariance: V^-1 = V_0^-1 - V_0^-1 R F R' V_0^-1 (Woodbury). Products with the lead's columns enter as C' w C alone,
C the lead's cross-products with [R Q]. What the residual does follows from V^-1 = sum_i s_i V^-1 V_i V^-1.
"""

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from xtransfer_stats.mixedmodels.criterion import Criterion, Solution, gram
from xtransfer_stats.mixedmodels.crossproducts import Array
from xtransfer_stats.mixedmodels.layout import CovarianceElement, covariance_elements

Second = tuple[float, Array, Array, Array, Array]  # as the fields of Information


def lead_information(model: Criterion, solution: Solution, lead: int) -> Second:
    """sigma2, phi, P, Q, K as `Information` has them; for one residual variance, `lead` the block kept apart."""
    space, sigma2 = _space(model, solution), solution.rss / model.df
    layout = model.layout
    P, Q, K, traces = _quantities(space, covariance_elements(layout, layout.rest_columns))
    # The covariance elements' values over the residual variance, (v,), in the order of the blocks.
    sizes = np.concatenate([(f @ f.T)[t] for f, t in zip(solution.factors, layout.triangles, strict=True)])
    before, others = layout.stops[lead] - 1, layout.stops[-1] - 1
    order = [*range(before), others, *range(before, others)]  # `_quantities` has the lead's element last
    P, Q, K, traces = P[order], Q[np.ix_(order, order)], K[np.ix_(order, order)], traces[order]
    own = space.full[space.m :, space.m :] - np.tensordot(sizes, P, 1)
    edge = P - np.tensordot(Q, sizes, ([1], [0]))
    Q = _bordered(Q, edge, own - np.tensordot(sizes, edge, 1))
    side = traces - K @ sizes
    K = _bordered(K, side, np.asarray(model.cross.n - traces @ sizes - sizes @ side))
    phi = sigma2 * linalg.inv(space.full[space.m :, space.m :])
    return sigma2, phi, np.concatenate([P, own[None]]) / sigma2**2, Q / sigma2**3, K / sigma2**2


def _bordered(square: Array, edge: Array, corner: Array) -> Array:
    """A symmetric table (v, v, ...) with one element more: edge (v, ...) beside it, its transposes below."""
    below = np.concatenate([np.swapaxes(edge, -1, -2) if edge.ndim > 1 else edge, corner[None]])
    return np.concatenate([np.concatenate([square, edge[:, None]], axis=1), below[None]])


@dataclass(frozen=True)
class _Space:
    """V in units of the residual variance, seen from [R Q]."""

    m: int
    full: Array  # (m + p, m + p) [R Q]' V^-1 [R Q]
    through: Array  # (m + p, m + p) [R Q]' V^-1 Z Z' V^-1 [R Q], Z the lead's columns
    twice: Array  # (p, p) X' V^-1 Z Z' V^-1 Z Z' V^-1 X
    trace: float  # tr Z' V^-1 Z
    square: float  # tr (Z' V^-1 Z)^2


def _space(model: Criterion, solution: Solution) -> _Space:
    cross, m = model.cross, model.layout.rest_width
    sums = cross.weighted(solution.weights)
    shrink = solution.lead.shrink
    own = sums.lead * shrink  # diagonal of Z' V_0^-1 Z
    near, far = (gram(sums.cross, w)[:-1, :-1] for w in (shrink**2, shrink**2 * own))
    T = solution.reduced[:-1, :-1]
    root = solution.block_factor.apply(np.eye(m + cross.layout.p + 1)[:, :m])[:m]
    F = root @ linalg.solve(root.T @ T[:m, :m] @ root + np.eye(m), root.T, assume_a="pos")
    project = np.eye(m + cross.layout.p)
    project[:m] -= F @ T[:m]
    reach = F @ near[:m]
    last = project[:, m:]
    return _Space(
        m=m,
        full=T @ project,
        through=project.T @ near @ project,
        twice=last.T @ (far - near[:, :m] @ reach) @ last,
        trace=float(own.sum() - np.sum(F * near[:m, :m])),
        square=float(own @ own - 2 * np.sum(F * far[:m, :m]) + np.sum(reach[:, :m] * reach[:, :m].T)),
    )


def _quantities(space: _Space, others: list[CovarianceElement]) -> tuple[Array, Array, Array, Array]:
    """P, Q, K and tr V^-1 V_i of the other blocks' elements and then the lead's."""
    m, p = space.m, len(space.twice)
    core, far, near = space.full[:m, :m], space.full[:m, m:], space.through[m:, :m]
    acted = [e.act(far) for e in others]
    P = np.array([*(far.T @ x for x in acted), space.through[m:, m:]])
    Q = np.array([[x.T @ core @ y for y in acted] for x in acted]).reshape(len(others), len(others), p, p)
    beside = np.array([(near @ x).T for x in acted]).reshape(-1, p, p)
    K = np.array([[e.pair(f, core) for f in others] for e in others]).reshape(len(others), len(others))
    side = np.array([e.trace(space.through[:m, :m]) for e in others])
    traces = np.array([*(e.trace(core) for e in others), space.trace])
    return P, _bordered(Q, beside, space.twice), _bordered(K, side, np.asarray(space.square)), traces
