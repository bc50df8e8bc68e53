"""V^-1 at some variances, seen from the columns [R Q y] and, level by level, from the lead's.

V, in units of the first residual variance, is W^-1 + Z S Z' + R T R': Z the lead's columns, R the other random ones,
W the residual weights. With V_0 = W^-1 + Z S Z', F the conditional covariance of R's effects and c = Z' W [R Q y] level
by level,

    V_0^-1 [R Q y] = W ([R Q y] - Z kappa c),    V^-1 = V_0^-1 - V_0^-1 R F R' V_0^-1    (Woodbury).

No matrix here has the lead's levels on two sides.
"""

from functools import cached_property

import numpy as np
from scipy import linalg

from xtransfer_stats.mixedmodels.likelihood.criterion import Criterion, Solution
from xtransfer_stats.mixedmodels.likelihood.layout import CovarianceElement, covariance_elements
from xtransfer_stats.mixedmodels.likelihood.levelalgebra import product, transposed
from xtransfer_stats.mixedmodels.likelihood.links import Links
from xtransfer_stats.mixedmodels.randomterms import Array

Pairs = tuple[tuple[int, int], ...]


class PrecisionSpace:
    """Matrices have the M columns [R Q y], of which `random` and `fixed` are R's and Q's."""

    def __init__(self, model: Criterion, solution: Solution) -> None:
        cross, layout, z = model.cross, model.layout, model.layout.rest_width
        self.random, self.fixed = slice(0, z), slice(z, z + layout.p)
        self.lead, self.links = solution.lead, cross.weighted(solution.weights).cross
        self.pairs = lead_pairs(model)
        self.elements: list[CovarianceElement] = covariance_elements(layout, layout.rest_columns)
        T = solution.reduced
        root = solution.block_factor.apply(np.eye(len(T)))[:z, :z]
        self.F = np.zeros_like(T)
        if z:
            self.F[:z, :z] = root @ linalg.solve(root.T @ T[:z, :z] @ root + np.eye(z), root.T, assume_a="pos")
        self.project = np.eye(len(T)) - self.F @ T
        self.full = T @ self.project  # [R Q y]' V^-1 [R Q y]
        self.last = self.project[:, self.fixed]  # [R Q y] last: W^-1 V_0 V^-1 X

    @cached_property
    def smooth(self) -> Links:
        """t = Z' V_0^-1 [R Q y]."""
        return self.links.mixed(transposed(self.lead.shrink))

    @cached_property
    def own(self) -> Array:
        """Z' V_0^-1 Z of each level, (k, k, levels)."""
        return product(self.lead.gram, self.lead.shrink)

    @cached_property
    def within(self) -> Array:
        """t F t' of each level, (k, k, levels): Z' V^-1 Z is `own` less this."""
        return self.smooth.quadratics(self.F)

    @cached_property
    def reach(self) -> Array:
        """Z' V^-1 X, (k, levels, p)."""
        return self.smooth.times(self.last)

    @cached_property
    def near(self) -> dict[tuple[int, int], Array]:
        """t_a' t_b for all pairs of the lead's effects: [R Q y]' V_0^-1 Z_a Z_b' V_0^-1 [R Q y]."""
        k = len(self.lead.factor)
        upper = {(a, b): self.smooth.product(a, b) for a in range(k) for b in range(a, k)}
        return upper | {(b, a): table.T for (a, b), table in upper.items()}

    @cached_property
    def through(self) -> list[Array]:
        """[R Q y]' V^-1 V_i V^-1 [R Q y] of the lead's elements."""
        return [self.project.T @ sum(self.near[pair] for pair in pairs) @ self.project for pairs in self.pairs]


def lead_pairs(model: Criterion) -> list[Pairs]:
    """For each element of the lead's covariance the pairs (a, b) of which V_i is the sum of Z_a Z_b'."""
    layout = model.layout
    elements = [
        (effects.start + a, effects.start + b)
        for i, effects in layout.lead_effects
        for a, b in zip(*layout.triangles[i], strict=True)
    ]
    return [((a, b), (b, a)) if a != b else ((a, a),) for a, b in elements]


class GroupShare:
    """One residual group's rows I_g in a space: N = D' I_g D and v = Z' I_g D, D = [R Q y] - Z kappa c."""

    def __init__(self, space: PrecisionSpace, model: Criterion, group: int, weight: float) -> None:
        sums, kappa = model.cross.sums[group], space.lead.kappa
        self.weight, self.rows, self.gram = weight, int(model.cross.rows[group]), sums.lead
        self.N = sums.dense
        if len(kappa):
            held = product(kappa, sums.lead)
            self.links = sums.cross.plus(space.links.mixed(-transposed(held)))
            between = space.links.mixed(kappa).summed(sums.cross)
            self.N = sums.dense - between - between.T + space.links.reduced(product(held, kappa))
        self.through = weight**2 * space.project.T @ self.N @ space.project  # [R Q y]' V^-1 I_g V^-1 [R Q y]
