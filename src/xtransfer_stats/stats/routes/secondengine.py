"""`--engine statsmodels`: the run-level mixed model refitted by MixedLM, a second opinion on estimates and errors."""

import numpy as np

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.mixed import fit_mixed
from xtransfer_stats.mixedmodels.secondopinion import second_opinion
from xtransfer_stats.stats.core.design import Layout
from xtransfer_stats.stats.core.inference import Moments
from xtransfer_stats.stats.core.prepare import Prepared
from xtransfer_stats.stats.core.rows import Row, joined, moment_rows
from xtransfer_stats.stats.routes.targets import Target
from xtransfer_stats.stats.runlevel.runreml import run_terms

METHOD = "REML by statsmodels MixedLM"
NO_TEST = "no test: MixedLM refers to the normal distribution"


def second_engine_rows(prepared: Prepared, found: list[Target], alpha: float) -> tuple[list[Row], str]:
    """Estimates and standard errors of every estimand, without tests; or none, and why."""
    try:
        return [_row(prepared, target, alpha) for target in found], ""
    except FitError as error:
        return [], f"No second engine: {error}."


def _row(prepared: Prepared, target: Target, alpha: float) -> Row:
    chains, design = prepared.chains, prepared.design
    levels = np.array([0, *design.counts])
    X = (chains.runs["n_tasks"].to_numpy()[:, None] == levels).astype(float)
    terms = run_terms(chains.runs, design)
    y = chains.scores @ target.estimand.weights
    names = [f"count{level}" for level in levels]
    fit = fit_mixed(y, X, names, terms[:1] if design.layout is Layout.NESTED else terms)
    other = second_opinion(fit, y)
    L = (levels == target.contrast.high).astype(float) - (levels == target.contrast.low)
    nan = np.full(1, np.nan)
    moments = Moments(np.array([L @ other.beta]), np.sqrt([L @ other.cov_beta @ L]), nan, METHOD, target.n_runs)
    row = moment_rows(moments, [target.label], alpha)[0]
    apart = f"criterion {other.criterion:.4f}, ours {fit.criterion:.4f}"
    return {**row, "statistic": np.nan, "note": joined(target.label["note"], NO_TEST, apart)}
