"""Parametric bootstrap of a mixed model on its sufficient statistics: no replicate ever sees the rows.

With e ~ N(0, s2 I_n), t = W'e is N(0, s2 W'W) for W = [Z Q], and e'e = t' (W'W)^- t + s2 chi2(n - rank W), so
the cross-products of a simulated response are drawn directly. Replicates come in blocks, each with a seed of
its own: the table does not depend on the number of workers.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context

import numpy as np
import pandas as pd
from scipy import linalg

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.base.processes import without_main
from xtransfer_stats.base.threads import hold_one_blas_thread, one_blas_thread
from xtransfer_stats.mixedmodels.criterion import Criterion
from xtransfer_stats.mixedmodels.crossproducts import CrossProducts, Sums
from xtransfer_stats.mixedmodels.descent import hessian
from xtransfer_stats.mixedmodels.levelalgebra import product, roots, transposed
from xtransfer_stats.mixedmodels.mixed import fixed_effects
from xtransfer_stats.mixedmodels.mixedfit import MixedFit
from xtransfer_stats.mixedmodels.optimise import refit
from xtransfer_stats.mixedmodels.randomterms import Array

BLOCK = 20  # replicates drawn from one seed

Row = dict[str, float | str]


@dataclass(frozen=True)
class Bootstrap:
    """Replicates of a fit; `boundary` counts singular ones within the `converged`."""

    table: pd.DataFrame  # one row a replicate: criterion, state, sigma, theta[i], beta[name], se[name]
    asked: int
    converged: int
    boundary: int
    failed: int
    names: tuple[str, ...]
    beta: Array  # (p,) of the fit that was simulated
    std_error: Array

    def intervals(self, level: float = 0.95) -> pd.DataFrame:
        """Studentised intervals, one row a fixed effect: term, estimate, conf_low, conf_high.

        They invert the replicates of (estimate - truth) / standard error (Davison & Hinkley 1997, section
        5.2.1); percentiles of the raw estimates are too narrow with few groups.
        """
        held = self.table[self.table["state"] != "failed"]
        if len(held) < 2:
            raise FitError(f"{len(held)} replicates converged: an interval needs more; raise the number of replicates")
        rows = []
        for name, beta, error in zip(self.names, self.beta, self.std_error, strict=True):
            pivots = (held[f"beta[{name}]"] - beta) / held[f"se[{name}]"]
            low, high = np.quantile(pivots, [(1 - level) / 2, (1 + level) / 2])
            rows.append((name, beta, beta - high * error, beta - low * error))
        return pd.DataFrame(rows, columns=["term", "estimate", "conf_low", "conf_high"])


class _Root:
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
    roots: tuple[_Root, ...]
    names: tuple[str, ...]
    beta: Array


@one_blas_thread()
def parametric_bootstrap(
    fit: MixedFit,
    replicates: int,
    seed: int,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
    known: pd.DataFrame | None = None,
) -> Bootstrap:
    """Simulate `replicates` responses from the fit, fit each; `progress` is told how many more are done.

    known: the table of an earlier bootstrap of this fit from this seed; its whole blocks are kept, so that the result
    is the same as of one run.
    """
    if replicates < 1 or workers < 1:
        raise FitError(f"replicates ({replicates}) and workers ({workers}) must be at least 1")
    sizes = [min(BLOCK, replicates - start) for start in range(0, replicates, BLOCK)]
    blocks = list(zip(np.random.SeedSequence(seed).spawn(len(sizes)), sizes, strict=True))
    whole = 0 if known is None else min(len(known), replicates) // BLOCK * BLOCK
    rows: list[Row] = [] if known is None else known.drop(columns="replicate").head(whole).to_dict("records")
    for block in _blocks(plan_of(fit), blocks[len(rows) // BLOCK :], workers):
        rows += block
        if progress is not None:
            progress(len(block))
    table = pd.DataFrame(rows)
    table.insert(0, "replicate", np.arange(len(table)))
    failed = int((table["state"] == "failed").sum())
    boundary = int((table["state"] == "boundary").sum())
    error = np.sqrt(np.diag(fit.cov_beta))
    return Bootstrap(table, len(table), len(table) - failed, boundary, failed, fit.names, fit.beta, error)


def _blocks(
    plan: ReplicatePlan, blocks: Sequence[tuple[np.random.SeedSequence, int]], workers: int
) -> Iterable[list[Row]]:
    if workers == 1:
        yield from map(partial(_block, plan), blocks)
        return
    with ProcessPoolExecutor(workers, get_context("spawn"), hold_one_blas_thread) as pool:
        with without_main():
            rows = pool.map(partial(_block, plan), blocks)
        yield from rows


def plan_of(fit: MixedFit) -> ReplicatePlan:
    """What simulating from the fit takes."""
    model, solution = fit.model, fit.solution
    sd = np.sqrt(solution.rss / model.df / solution.weights)
    roots = tuple(_Root(s, int(n)) for s, n in zip(model.cross.sums, model.cross.rows, strict=True))
    curvature, axes = linalg.eigh(hessian(model, fit.parameters))
    floor = 1e-6 * max(float(np.max(np.abs(curvature), initial=0.0)), 1e-300)
    inverse = (axes / np.maximum(np.abs(curvature), floor)) @ axes.T
    return ReplicatePlan(model, fit.parameters, inverse, sd, roots, fit.names, fit.beta)


def _block(plan: ReplicatePlan, block: tuple[np.random.SeedSequence, int]) -> list[Row]:
    rng = np.random.default_rng(block[0])
    return [_replicate(plan, rng) for _ in range(block[1])]


def _replicate(plan: ReplicatePlan, rng: np.random.Generator) -> Row:
    cross = simulated(plan, rng)
    model = Criterion(cross, plan.model.reml)
    optimum = refit(model, plan.parameters, plan.inverse)
    solution = optimum.solution
    sigma2 = cross.scale**2 * solution.rss / model.df
    beta, cov = fixed_effects(cross, solution, sigma2)
    row: Row = {"criterion": optimum.value, "state": optimum.state, "sigma": float(np.sqrt(sigma2))}
    relative = [b.inverse_basis @ f for b, f in zip(cross.layout.blocks, solution.factors, strict=True)]
    theta = model.layout.pack(relative, -np.log(solution.weights[1:]))
    row |= {f"theta[{i}]": float(value) for i, value in enumerate(theta)}
    row |= {f"beta[{name}]": float(value) for name, value in zip(plan.names, beta, strict=True)}
    return row | {f"se[{name}]": float(e) for name, e in zip(plan.names, np.sqrt(np.diag(cov)), strict=True)}


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
