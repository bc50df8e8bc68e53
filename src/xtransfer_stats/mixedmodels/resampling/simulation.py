"""Responses drawn from a fitted model as sufficient statistics: no replicate ever sees the rows.

With e ~ N(0, s2 I_n), t = W'e is N(0, s2 W'W) for W = [Z Q], and e'e = t' (W'W)^- t + s2 chi2(n - rank W), so
the cross-products of a simulated response are drawn directly.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import linalg

from xtransfer_stats.mixedmodels.likelihood.criterion import Criterion
from xtransfer_stats.mixedmodels.likelihood.crossproducts import CrossProducts, Sums
from xtransfer_stats.mixedmodels.likelihood.levelalgebra import product, roots, transposed
from xtransfer_stats.mixedmodels.mixedfit import MixedFit
from xtransfer_stats.mixedmodels.randomterms import Array
from xtransfer_stats.mixedmodels.search.descent import hessian

FEW = 120  # random effects, whose replicates are better fitted side by side than each with a lead


class Root:
    """Square root of one residual group's [Z Q]'[Z Q]: W'e = root @ z for standard normal z."""

    def __init__(self, sums: Sums, rows: int) -> None:
        self.half, inverse, self.held = roots(sums.lead)  # of each level of the lead; held (k, L)
        self.carry, self.inverse = sums.cross, inverse
        known = sums.cross.reduced(product(inverse, transposed(inverse)))
        sizes, axes = linalg.eigh((sums.dense - known)[:-1, :-1])
        kept = sizes > 1e-10 * max(float(np.max(np.diag(sums.dense)[:-1], initial=0.0)), 1e-300)
        self.root = axes[:, kept] * np.sqrt(sizes[kept])  # (m, r) of what the lead leaves
        self.spare = rows - int(self.held.sum()) - int(kept.sum())  # degrees of freedom of e beyond the columns

    def draw(self, rng: np.random.Generator, sd: float) -> tuple[Array, Array, float]:
        """Lead' e (k, L), rest' e and e'e for residuals with standard deviation `sd`."""
        first = np.where(self.held, rng.standard_normal(self.held.shape), 0.0)
        second = rng.standard_normal((self.root.shape[1],))
        beyond = rng.chisquare(self.spare) if self.spare else 0.0
        length = float(np.vdot(first, first)) + float(second @ second) + beyond
        lead, carried = (product(x, first[:, None])[:, 0] for x in (self.half, self.inverse))
        rest = self.carry.onto(carried)[:-1] + self.root @ second
        return sd * lead, sd * rest, sd**2 * length


@dataclass(frozen=True)
class ReplicatePlan:
    """All that a worker needs."""

    model: Criterion
    parameters: Array
    inverse: Array  # of the criterion's Hessian at the parameters
    sd: Array  # residual standard deviation of each group, working units
    roots: tuple[Root, ...]
    names: tuple[str, ...]
    beta: Array

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Of the table of replicates, from sigma on."""
        theta = [f"theta[{i}]" for i in range(len(self.parameters))]
        return ("sigma", *theta, *(f"{what}[{name}]" for what in ("beta", "se") for name in self.names))


def plan_of(fit: MixedFit) -> ReplicatePlan:
    """What simulating from the fit takes."""
    model, solution = fit.model, fit.solution
    if model.layout.lead and sum(block.width for block in model.layout.blocks) <= FEW:
        model = replace(model, cross=model.cross.without_lead())
    sd = np.sqrt(solution.rss / model.df / solution.weights)
    roots = tuple(Root(s, int(n)) for s, n in zip(model.cross.sums, model.cross.rows, strict=True))
    curvature, axes = linalg.eigh(hessian(model, fit.parameters))
    floor = 1e-6 * max(float(np.max(np.abs(curvature), initial=0.0)), 1e-300)
    inverse = (axes / np.maximum(np.abs(curvature), floor)) @ axes.T
    return ReplicatePlan(model, fit.parameters, inverse, sd, roots, fit.names, fit.beta)


def simulated(plan: ReplicatePlan, rng: np.random.Generator) -> CrossProducts:
    """The cross-products of one response drawn from the fitted model, its fixed effects taken out."""
    cross, layout = plan.model.cross, plan.model.layout
    factors, _ = layout.unpack(plan.parameters)
    first, rest = np.zeros(cross.sums[0].lead.shape[1:]), np.zeros(len(cross.sums[0].dense))
    for i, (block, factor) in enumerate(zip(layout.blocks, factors, strict=True)):
        effects = plan.sd[0] * (factor @ rng.standard_normal((block.size, block.levels)))
        if i in layout.lead:
            first[dict(layout.lead_effects)[i]] = effects
        else:
            rest[dict(layout.rest_columns)[i]] = effects.ravel()
    sums = tuple(
        _respond(s, first, rest, *root.draw(rng, float(sd)))
        for s, root, sd in zip(cross.sums, plan.roots, plan.sd, strict=True)
    )
    return replace(cross, sums=sums, ols=plan.beta)


def _respond(sums: Sums, first: Array, rest: Array, lead_e: Array, rest_e: Array, e_e: float) -> Sums:
    """`sums` with the response Z b + e in place of y."""
    lead_zb = product(sums.lead, first[:, None])[:, 0] + sums.cross.times(rest[:, None])[:, :, 0]
    rest_zb = (sums.cross.onto(first) + sums.dense @ rest)[:-1]
    length = np.vdot(first, lead_zb + 2 * lead_e) + rest[:-1] @ (rest_zb + 2 * rest_e) + e_e
    return sums.with_response(lead_zb + lead_e, rest_zb + rest_e, float(length))


def stacked_responses(plan: ReplicatePlan, rng: np.random.Generator, count: int) -> Array:
    """What `simulated` draws, for a model without a lead: (count, groups, m) products with [rest | Q | itself]."""
    cross, layout = plan.model.cross, plan.model.layout
    factors, _ = layout.unpack(plan.parameters)
    effects = np.zeros((count, len(cross.sums[0].dense)))
    inner = [np.zeros((count, root.root.shape[1])) for root in plan.roots]
    beyond = np.zeros((count, len(plan.roots)))
    for b in range(count):
        effects[b, : layout.rest_width] = rng.standard_normal(layout.rest_width)
        for g, root in enumerate(plan.roots):
            inner[g][b] = rng.standard_normal(inner[g].shape[1])
            beyond[b, g] = rng.chisquare(root.spare) if root.spare else 0.0
    for i, columns in layout.rest_columns:
        own = effects[:, columns].reshape(count, layout.sizes[i], -1)
        effects[:, columns] = plan.sd[0] * (factors[i] @ own).reshape(count, -1)
    parts = zip(cross.sums, plan.roots, plan.sd, inner, beyond.T, strict=True)
    return np.stack(
        [_stacked_group(s.dense, root.root, float(sd), effects, z, far) for s, root, sd, z, far in parts], axis=1
    )


def _stacked_group(dense: Array, root: Array, sd: float, effects: Array, inner: Array, beyond: Array) -> Array:
    """Z b + e of one residual group, (count, m)."""
    rest_e, rest_zb = sd * inner @ root.T, (effects @ dense)[:, :-1]
    e_e = sd**2 * (np.sum(inner**2, axis=1) + beyond)
    length = np.sum(effects[:, :-1] * (rest_zb + 2 * rest_e), axis=1) + e_e
    return np.column_stack([rest_zb + rest_e, length])
