"""Replicates of a fit, each a response drawn from it and the model fitted anew: one row of the bootstrap's table."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from xtransfer_stats.mixedmodels.likelihood.criterion import Criterion
from xtransfer_stats.mixedmodels.likelihood.crossproducts import CrossProducts
from xtransfer_stats.mixedmodels.mixed import fixed_effects
from xtransfer_stats.mixedmodels.randomterms import Array
from xtransfer_stats.mixedmodels.resampling.simulation import ReplicatePlan, simulated, stacked_responses
from xtransfer_stats.mixedmodels.resampling.stacked import StackedCriterion
from xtransfer_stats.mixedmodels.resampling.stackeddescent import Descents, descend
from xtransfer_stats.mixedmodels.search.descent import SINGULAR
from xtransfer_stats.mixedmodels.search.optimise import ENOUGH, refit

Row = dict[str, float | str]


def replicates_of(plan: ReplicatePlan, blocks: Sequence[tuple[np.random.SeedSequence, int]]) -> list[Row]:
    """Each block so many replicates drawn from one seed: which blocks come together does not change them."""
    drawn = [(np.random.default_rng(seed), size) for seed, size in blocks]
    if is_stacked(plan):
        return _together(plan, np.concatenate([stacked_responses(plan, rng, size) for rng, size in drawn]))
    each = (simulated(plan, rng) for rng, size in drawn for _ in range(size))
    return [_alone(plan, cross, plan.parameters, plan.inverse) for cross in each]


def is_stacked(plan: ReplicatePlan) -> bool:
    """Whether replicates are fitted side by side: where one's work is large, as with a lead, nothing is gained."""
    return not plan.model.layout.lead


def _alone(plan: ReplicatePlan, cross: CrossProducts, start: Array, inverse: Array) -> Row:
    optimum = refit(Criterion(cross, plan.model.reml), start, inverse)
    solution = optimum.solution
    sigma2 = cross.scale**2 * solution.rss / plan.model.df
    beta, cov = fixed_effects(cross, solution, sigma2)
    found = np.concatenate(
        [[optimum.value, np.sqrt(sigma2)], _theta(plan, optimum.parameters), beta, np.sqrt(np.diag(cov))]
    )
    return _row(plan, optimum.state, found)


def _theta(plan: ReplicatePlan, x: Array) -> Array:
    """lme4's theta and the log variance ratios of parameters."""
    factors, ratios = plan.model.layout.unpack(x)
    relative = [b.inverse_basis @ f for b, f in zip(plan.model.layout.blocks, factors, strict=True)]
    return plan.model.layout.pack(relative, ratios[1:])


def _row(plan: ReplicatePlan, state: str, found: Array) -> Row:
    """found: criterion, sigma, theta, coefficients and errors."""
    value, *others = found.tolist()
    return {"criterion": value, "state": state, **dict(zip(plan.columns, others, strict=True))}


def _together(plan: ReplicatePlan, responses: Array) -> list[Row]:
    """Side by side; what ends at a singular covariance, or nowhere, is followed up alone."""
    done = descend(StackedCriterion(plan.model, responses), plan.parameters, plan.inverse, ENOUGH)
    sound = done.ended & (done.promised < 10 * ENOUGH)
    clear = sound & ~_near_flat(plan, done.x)
    found, rows = _found(plan, done), []
    for b, response in enumerate(responses):
        if clear[b]:
            rows.append(_row(plan, "interior", found[b]))
        else:
            start = (done.x[b], done.inverse[b]) if sound[b] else (plan.parameters, plan.inverse)
            rows.append(_alone(plan, with_response(plan, response), *start))
    return rows


def with_response(plan: ReplicatePlan, response: Array) -> CrossProducts:
    """The cross-products with a response (groups, m)."""
    none = np.zeros((0, 0))
    groups = zip(plan.model.cross.sums, response, strict=True)
    sums = tuple(one.with_response(none, drawn[:-1], float(drawn[-1])) for one, drawn in groups)
    return replace(plan.model.cross, sums=sums, ols=plan.beta)


def _near_flat(plan: ReplicatePlan, x: Array) -> NDArray[np.bool_]:
    """Where a covariance may be singular: it is told apart as in `descent.is_flat`."""
    near = np.zeros(len(x), dtype=bool)
    for factors in _factors(plan, x):
        size = np.linalg.norm(factors, axis=(1, 2))
        near |= np.abs(np.prod(np.einsum("saa->sa", factors), axis=1)) <= SINGULAR * size ** (factors.shape[1] - 1)
    return near


def _factors(plan: ReplicatePlan, x: Array) -> list[Array]:
    """The factor of each block, (s, k, k), from parameters (s, q)."""
    layout, out = plan.model.layout, []
    for k, (rows, columns), place in zip(layout.sizes, layout.triangles, layout.places, strict=True):
        factor = np.zeros((len(x), k, k))
        factor[:, rows, columns] = x[:, place]
        out.append(factor)
    return out


def _found(plan: ReplicatePlan, done: Descents) -> Array:
    """Criterion, sigma, theta, coefficients and errors of each response."""
    cross, layout = plan.model.cross, plan.model.layout
    theta = done.x.copy()
    for block, factors, (rows, columns), place in zip(
        layout.blocks, _factors(plan, done.x), layout.triangles, layout.places, strict=True
    ):
        signs = np.where(np.einsum("saa->sa", factors) < 0, -1.0, 1.0)[:, None]
        theta[:, place] = (block.inverse_basis @ (factors * signs))[:, rows, columns]
    sigma2 = cross.scale**2 * done.rss / plan.model.df
    back = linalg.solve_triangular(cross.triangle, np.eye(layout.p))
    column = done.ends[:, :-1, -1]
    beta = plan.beta - cross.scale * (done.rss[:, None] * column) @ back.T
    inverse = done.ends[:, :-1, :-1] - done.rss[:, None, None] * column[:, :, None] * column[:, None]
    errors = np.sqrt(sigma2[:, None] * np.einsum("pa,sab,pb->sp", back, inverse, back))
    return np.column_stack([done.value, np.sqrt(sigma2), theta, beta, errors])
