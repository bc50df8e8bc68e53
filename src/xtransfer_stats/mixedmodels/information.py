"""What the variance parameters do to the precision of the fixed effects, on cross-products alone.

The covariance parameters are the elements of each block's covariance (lower triangle, row by row) and the
residual variance of each group; V = sum_i s_i V_i is linear in them. The n x n traces of Kenward & Roger
(1997, Biometrics 53, 983-997) reduce to products of [Z Q]' V^-1 V_i V^-1 [Z Q], so their cost does not grow
with the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from scipy import linalg

from xtransfer_stats.mixedmodels.criterion import Criterion, Solution, gram
from xtransfer_stats.mixedmodels.crossproducts import Array
from xtransfer_stats.mixedmodels.layout import CovarianceElement, covariance_elements


@dataclass(frozen=True)
class Information:
    """Second-order quantities, in the working basis and units: p coefficients, v variances."""

    sigma2: float  # residual variance of the first group
    phi: Array  # (p, p) covariance of the coefficients of Q
    P: Array  # (v, p, p) X' V^-1 V_i V^-1 X
    Q: Array  # (v, v, p, p) X' V^-1 V_i V^-1 V_j V^-1 X
    K: Array  # (v, v) tr(V^-1 V_i V^-1 V_j)

    @cached_property
    def expected(self) -> Array:
        """Expected second derivatives of -2 log restricted likelihood, tr(P V_i P V_j), (v, v)."""
        smoothed = self.phi @ self.P
        twice = np.einsum("ab,ijba->ij", self.phi, self.Q)
        return np.asarray(self.K - 2 * twice + np.einsum("iab,jba->ij", smoothed, smoothed))

    @cached_property
    def W(self) -> Array:  # noqa: N802 - Kenward and Roger's letter
        """Covariance of the variance estimates (v, v): twice the inverse of the expected information."""
        return 2 * linalg.pinvh(self.expected)

    @cached_property
    def adjusted(self) -> Array:
        """Kenward and Roger's covariance of the coefficients, (p, p)."""
        return adjusted_covariance(self, self.W)


def adjusted_covariance(known: Information, W: Array) -> Array:
    """The coefficients' covariance (p, p), adjusted for what is not known of the variances; W (v, v) their own."""
    # sum_ij W_ij (Q_ij - P_i phi P_j), summed over i first: v products of p x p matrices instead of v squared.
    weighted = np.einsum("ij,iab->jab", W, known.P)
    through = (weighted @ known.phi @ known.P).sum(axis=0)
    middle = np.einsum("ij,ijab->ab", W, known.Q) - through
    return known.phi + 2 * known.phi @ (middle + middle.T) / 2 @ known.phi


def information(model: Criterion, parameters: Array) -> Information:
    """Information at `parameters`, with the residual variance profiled."""
    lead = model.layout.lead
    if lead is not None and len(model.cross.rows) == 1:
        return lead_information(model, model.solve(parameters), lead)
    return dense_information(model, parameters)


def dense_information(model: Criterion, parameters: Array) -> Information:
    """`information` on matrices of all random effects."""
    space = _DenseSpace(model, parameters)
    effects, groups, z = (
        covariance_elements(model.layout, enumerate(model.layout.block_columns)),
        range(len(model.cross.rows)),
        space.z,
    )
    reach = [space.full[:, :z] @ e.act(space.full[:z, z:]) for e in effects]
    reach += [space.residual(g)[:, z:] for g in groups]
    P = np.array([r[z:] for r in reach])
    Q = np.zeros((len(reach), *P.shape))
    for j, effect in enumerate(effects):
        acted = effect.act(space.full[:z, z:])
        for i, rows in enumerate(reach):
            Q[i, j] = rows[:z].T @ acted
            Q[j, i] = Q[i, j].T
    k = len(effects)
    for g in groups:
        Q[k + g, k:] = [space.residual_pair(g, h) for h in groups]
    return Information(space.sigma2, linalg.inv(space.full[z:, z:]), P, Q, _traces(space, effects))


def _traces(space: "_DenseSpace", effects: Sequence[CovarianceElement]) -> Array:
    k, groups, z = len(effects), range(len(space.weights)), space.z
    K = np.zeros((k + len(groups), k + len(groups)))
    for i, effect in enumerate(effects):
        for j in range(i + 1):
            K[i, j] = K[j, i] = effect.pair(effects[j], space.full[:z, :z])
    for g in groups:
        inner = space.residual(g)[:z, :z]
        K[k + g, :k] = K[:k, k + g] = [effect.trace(inner) for effect in effects]
        K[k + g, k:] = [space.residual_trace(g, h) for h in groups]
    return K


class _DenseSpace:
    """V^-1 at the parameters, seen from the columns [Z Q]."""

    def __init__(self, model: Criterion, parameters: Array) -> None:
        cross = model.cross
        factors, log_ratios = model.layout.unpack(parameters)
        self.rows = cross.rows
        self.sigma2 = model.solve(parameters).rss / model.df
        self.weights = np.exp(-log_ratios) / self.sigma2  # residual precisions
        self.grams = [cross.whole(sums)[:-1, :-1] for sums in cross.sums]
        self.z = len(self.grams[0]) - cross.layout.p
        gram = sum((w * c for w, c in zip(self.weights, self.grams, strict=True)), np.zeros_like(self.grams[0]))
        self.spread = _conditional(model, factors, gram[: self.z, : self.z] * self.sigma2) * self.sigma2
        self.project = np.eye(len(gram))
        self.project[: self.z] -= self.spread @ gram[: self.z]
        self.full = gram @ self.project  # [Z Q]' V^-1 [Z Q]

    @lru_cache(maxsize=64)  # noqa: B019 - lives as long as one call of `information`
    def residual(self, g: int) -> Array:
        """[Z Q]' V^-1 I_g V^-1 [Z Q]."""
        return self.weights[g] ** 2 * self.project.T @ self.grams[g] @ self.project

    def _touch(self, g: int) -> Array:
        """Z' I_g V^-1 X."""
        return self.weights[g] * self.grams[g][: self.z] @ self.project[:, self.z :]

    def residual_pair(self, g: int, h: int) -> Array:
        """X' V^-1 I_g V^-1 I_h V^-1 X."""
        between = -self.weights[g] * self.weights[h] * self._touch(g).T @ self.spread @ self._touch(h)
        own = self.weights[g] * self.residual(g)[self.z :, self.z :]
        return between + own if g == h else between

    def residual_trace(self, g: int, h: int) -> float:
        """tr(V^-1 I_g V^-1 I_h)."""
        z, w = self.z, self.weights
        first, second = self.spread @ self.grams[g][:z, :z], self.spread @ self.grams[h][:z, :z]
        between = w[g] ** 2 * w[h] ** 2 * float(np.sum(first * second.T))
        own = w[g] ** 2 * self.rows[g] - 2 * w[g] ** 3 * float(np.trace(first))
        return between + own if g == h else between


def _conditional(model: Criterion, factors: Sequence[Array], gram: Array) -> Array:
    """L (L' gram L + I)^-1 L': conditional covariance of the random effects over the residual variance."""
    root = np.zeros_like(gram)
    for block, columns, factor in zip(model.layout.blocks, model.layout.block_columns, factors, strict=True):
        root[columns, columns] = np.kron(factor, np.eye(block.levels))
    inner = linalg.cho_factor(root.T @ gram @ root + np.eye(len(gram)))
    return root @ linalg.cho_solve(inner, root.T)


def lead_information(model: Criterion, solution: Solution, lead: int) -> Information:
    """`information` with one residual variance, on no matrix that has the lead's levels on any side.

    V_0 is the covariance of the residuals and the lead alone; R are the other random columns, F (m, m) their
    conditional covariance: V^-1 = V_0^-1 - V_0^-1 R F R' V_0^-1 (Woodbury). Products with the lead's columns enter as
    C' w C alone, C the lead's cross-products with [R Q]. What the residual does follows from
    V^-1 = sum_i s_i V^-1 V_i V^-1.
    """
    space, sigma2 = _LeadSpace(model, solution), solution.rss / model.df
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
    return Information(sigma2, phi, np.concatenate([P, own[None]]) / sigma2**2, Q / sigma2**3, K / sigma2**2)


def _bordered(square: Array, edge: Array, corner: Array) -> Array:
    """A symmetric table (v, v, ...) with one element more: edge (v, ...) beside it, its transposes below."""
    below = np.concatenate([np.swapaxes(edge, -1, -2) if edge.ndim > 1 else edge, corner[None]])
    return np.concatenate([np.concatenate([square, edge[:, None]], axis=1), below[None]])


class _LeadSpace:
    """V in units of the residual variance, seen from [R Q]; Z are the lead's columns."""

    def __init__(self, model: Criterion, solution: Solution) -> None:
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
        self.m = m
        self.full = T @ project  # (m + p, m + p) [R Q]' V^-1 [R Q]
        self.through = project.T @ near @ project  # (m + p, m + p) [R Q]' V^-1 Z Z' V^-1 [R Q]
        self.twice = last.T @ (far - near[:, :m] @ reach) @ last  # (p, p) X' V^-1 Z Z' V^-1 Z Z' V^-1 X
        self.trace = float(own.sum() - np.sum(F * near[:m, :m]))  # tr Z' V^-1 Z
        square = own @ own - 2 * np.sum(F * far[:m, :m]) + np.sum(reach[:, :m] * reach[:, :m].T)
        self.square = float(square)  # tr (Z' V^-1 Z)^2


def _quantities(space: _LeadSpace, others: list[CovarianceElement]) -> tuple[Array, Array, Array, Array]:
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
