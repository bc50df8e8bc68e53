"""Routes that do not resample: seed-paired tests, the cell-level model's own estimates, a second engine's refit."""

from collections.abc import Mapping, Sequence

import numpy as np

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.mixed import fit_mixed
from xtransfer_stats.mixedmodels.secondopinion import second_opinion
from xtransfer_stats.stats.celllevel.cellresults import cell_means
from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.design import Layout
from xtransfer_stats.stats.core.inference import Array, Moments, paired
from xtransfer_stats.stats.core.rows import Row, joined, moment_rows
from xtransfer_stats.stats.core.signflip import sign_flip
from xtransfer_stats.stats.routes.sampling import RouteTarget, Sampling, route_targets
from xtransfer_stats.stats.runlevel.runreml import run_terms

CELL_METHOD = "cell-level model, Kenward-Roger"
ENGINE_METHOD = "REML by statsmodels MixedLM"
NO_TEST = "no test: MixedLM refers to the normal distribution"


def paired_rows(complete: CompleteScores, alpha: float, sampling: Sampling) -> list[Row]:
    """Each seed's own difference: p_value is Student's t's, sign_flip_p (a column of its own) of flipped signs."""
    rows = []
    for target in route_targets(complete):
        row = moment_rows(paired(target.differences[:, None], target.n_runs), [target.label], alpha)[0]
        p, wording = sign_flip(target.differences, sampling.replicates, sampling.seed)
        note = joined(row["note"], f"{wording} p = {p:.3g}" if wording else "", target.over)
        rows.append({**row, "sign_flip_p": p, "note": note})
    return rows


def cell_level_rows(
    complete: CompleteScores, targets: Sequence[RouteTarget], trainings: Mapping[str, str | None] | None, alpha: float
) -> tuple[list[Row], str]:
    """The cell-level model's own benchmark-level estimates, a check on the run-level route; or none and the reason.

    Every cell mean at every count is a fixed effect, as in the table of terms: on complete data the estimates are
    those of the run level whatever languages the benchmarks share, and what can differ is the error, which rests on one
    residual variance a target task and on luck that is alike at every count.
    """
    if len(complete.design.seeds) < 2:
        return [], "No cell-level route: one seed only."
    try:
        fit = cell_means(complete, trainings)
    except FitError as error:
        return [], f"No cell-level route: {error}."
    places = complete.cells.get_indexer(fit.data.cells)  # a task that never varies adds nothing
    L = np.array([np.outer(_signs(t, (0, *fit.data.counts)), t.estimand.weights[places]) for t in targets])
    moments = fit.cell_moments(L)
    numbers = np.array([moments.estimate, moments.std_error, moments.df])[:, :, None].swapaxes(0, 1)
    return [
        moment_rows(Moments(each[0], each[1], each[2], CELL_METHOD, target.n_runs), [target.label], alpha)[0]
        for target, each in zip(targets, numbers, strict=True)
    ], ""


def second_engine_rows(complete: CompleteScores, targets: list[RouteTarget], alpha: float) -> tuple[list[Row], str]:
    """The run-level model refitted by MixedLM: estimates and standard errors, without tests; or none, and why."""
    try:
        return [_refitted(complete, target, alpha) for target in targets], ""
    except FitError as error:
        return [], f"No second engine: {error}."


def _refitted(complete: CompleteScores, target: RouteTarget, alpha: float) -> Row:
    chains, design = complete.chains, complete.design
    levels = (0, *design.counts)
    X = (chains.runs["n_tasks"].to_numpy()[:, None] == np.array(levels)).astype(float)
    terms = run_terms(chains.runs, design)
    y = chains.scores @ target.estimand.weights
    fit = fit_mixed(y, X, [f"count{level}" for level in levels], terms[:1] if design.layout is Layout.NESTED else terms)
    other = second_opinion(fit, y)
    L = _signs(target, levels)
    error, nan = np.sqrt([L @ other.cov_beta @ L]), np.full(1, np.nan)
    moments = Moments(np.array([L @ other.beta]), error, nan, ENGINE_METHOD, target.n_runs)
    row = moment_rows(moments, [target.label], alpha)[0]
    apart = f"criterion {other.criterion:.4f}, ours {fit.criterion:.4f}"
    return {**row, "statistic": np.nan, "note": joined(target.label["note"], NO_TEST, apart)}


def _signs(target: RouteTarget, levels: Sequence[int]) -> Array:
    """+1 at the contrast's higher count, -1 at its lower one; (levels,)."""
    return np.array([(level == target.contrast.high) * 1.0 - (level == target.contrast.low) for level in levels])
