"""Rows of the Bayesian route: posterior means, intervals and probabilities; what they rest on, in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.formats import probability, related, tasks
from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.estimands import (
    CountContrast,
    Estimand,
    at_place,
    headline,
    target_tasks,
)
from xtransfer_stats.stats.core.rows import UNTESTED, Row, joined, label
from xtransfer_stats.stats.core.termtable import INTERACTION, LANGUAGE
from xtransfer_stats.stats.core.weights import cell_weights, task_weights
from xtransfer_stats.stats.routes.bayes.fits import FACTORS, LEAST_ESS, MOVED, WORST_R_HAT, ContrastFit, fitted, limits
from xtransfer_stats.stats.routes.bayes.posterior import prior_name
from xtransfer_stats.stats.routes.bayes.request import BayesRequest, refusal
from xtransfer_stats.stats.routes.bayes.sampler import CHAINS
from xtransfer_stats.stats.routes.bayes.summaries import summarised
from xtransfer_stats.stats.runlevel.runlevel import run_numbers, shared_sets

METHOD = "posterior, hierarchical normal model"
# Of docs/calibration.md, 200 studies at each number of seeds.
MEASURED = (
    "In simulated studies whose target tasks differ in variance, the Bayesian 95 % intervals left out the true "
    "interaction in 8.0, 9.0 and 6.5 % at 3, 5 and 10 seeds, a true effect in 0.5, 3.0 and 3.8 %: intervals of "
    "interactions are a little short (docs/calibration.md)."
)


@dataclass(frozen=True)
class BayesResults:
    """rows: the headline, then target tasks and languages. verdict: how sure the interactions are."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    verdict: str


def bayes_results(complete: CompleteScores, request: BayesRequest, seed: int, alpha: float) -> BayesResults:
    """Every row of the route. Raises DataError where the study or the installation has none (`refusal`)."""
    if reason := refusal(complete):
        raise DataError(f"model bayes: {reason}", ["model"])
    top = headline(complete.benchmarks, complete.cells)
    parts = [*target_tasks(complete.cells), *language_effects(complete)]
    everything = run_numbers(complete, np.eye(len(complete.cells)))
    first: list[Row] = []
    rest: list[Row] = []
    fits: dict[CountContrast, ContrastFit] = {}
    for contrast in complete.design.contrasts:
        differences = everything.differences(contrast)
        if len(differences) < 2:
            continue
        watched = [*top, *target_tasks(complete.cells)]
        fit = fits[contrast] = fitted(summarised(differences, complete.cells), request, watched, seed)
        of_runs = everything.contrast(contrast)
        shared = shared_sets(complete.design) if {contrast.low, contrast.high} & set(complete.design.shared) else ""
        about = partial(
            _row, contrast=contrast, fit=fit, request=request, n_runs=of_runs.n_runs, scope=shared, alpha=alpha
        )
        asked = [one for one in top if one.steps or not contrast.low]
        first += [about(one) for one in asked]
        rest += [] if contrast.low else [about(one) for one in parts]
    return BayesResults((*first, *rest), tuple(_notes(fits, first, request)), _verdict(first))


def language_effects(complete: CompleteScores) -> list[Estimand]:
    """Each language's effect within target tasks: its deviations from their means, on the benchmarks' mean effect."""
    cells = complete.cells
    level = np.mean([cell_weights(part, cells) for part in complete.benchmarks.values()], axis=0)
    found = []
    for name in sorted(set(cells.get_level_values("language"))):
        own = [task for task, language in cells if language == name]
        weights = np.mean([_own(task, name, cells) - task_weights(task, cells) for task in own], axis=0) + level
        note = f"exploratory; within {', '.join(own)}"
        found.append(Estimand(LANGUAGE, at_place(f"language {name}"), weights, language=name, note=note))
    return found


def _own(task: str, language: str, cells: pd.MultiIndex) -> np.ndarray:
    return np.array([float(cell == (task, language)) for cell in cells])


def _row(
    one: Estimand,
    contrast: CountContrast,
    fit: ContrastFit,
    request: BayesRequest,
    n_runs: int,
    scope: str,
    alpha: float,
) -> Row:
    """scope: what else the row holds for alone, in words."""
    margin = request.margin
    draws, named = fit.main.of(one.weights), label(one, contrast)
    named.pop("weights")  # a posterior mean is no sum of the runs' scores
    row = {**named, **UNTESTED, "family": "", "method": METHOD, "n_runs": n_runs, "estimate": float(draws.mean())}
    if not fit.converged:
        return {**row, "note": joined(named["note"], scope, f"no interval: {_quality(fit)}; raise draws")}
    low, high = limits(draws, alpha)
    above = float((draws > margin).mean()) if margin is not None else np.nan
    row |= {"std_error": float(draws.std(ddof=1)), "conf_low": low, "conf_high": high}
    row |= {"prob_positive": float((draws > 0).mean()), "prob_above_margin": above}
    row |= {"prior_moves": fit.moved(one.weights, alpha)}
    return {**row, "note": joined(named["note"], scope, _probabilities(row, margin), _rests(row, one, fit, alpha))}


def _probabilities(row: Row, margin: float | None) -> str:
    beyond = "" if margin is None else f", P(> {margin:g}) {related(probability(row['prob_above_margin']))}"
    return f"P(> 0) {related(probability(row['prob_positive']))}{beyond}"


def _rests(row: Row, one: Estimand, fit: ContrastFit, alpha: float) -> str:
    if not row["prior_moves"] > MOVED:
        return ""
    return f"the prior decides part of it: {fit.under_others(one.weights, alpha)} the priors"


def _quality(fit: ContrastFit) -> str:
    r_hat, ess = fit.r_hat_and_ess
    return f"R-hat {r_hat:.3f} (at most {WORST_R_HAT:g}), effective sample size {ess:.0f} (at least {LEAST_ESS})"


def _notes(fits: dict[CountContrast, ContrastFit], rows: Sequence[Row], request: BayesRequest) -> list[str]:
    """Priors, sampler, sensitivity; what the prior decides."""
    worst = [fit.r_hat_and_ess for fit in fits.values()]
    diverged = sum(fit.main.divergences for fit in fits.values())
    return [
        f"Priors of the Bayesian route, in points: {request.priors.words()}. Change them with prior (docs/routes.md).",
        f"Its sampler: {CHAINS} chains of {request.draws:,} draws a contrast, largest R-hat "
        f"{max(r_hat for r_hat, _ in worst):.3f}, smallest effective sample size {min(ess for _, ess in worst):.0f}, "
        f"{diverged} divergent draw{'s' if diverged != 1 else ''} of {CHAINS * request.draws * len(fits):,}"
        + (": tails may be short, and raise draws if there are many." if diverged else "."),
        *([MEASURED] if any(row["term"] == INTERACTION for row in rows) else []),
        *(_sensitivity(rows) if request.sensitivity else []),
        *(_ruled(contrast, fit) for contrast, fit in fits.items() if fit.ruled_by_prior),
    ]


def _sensitivity(rows: Sequence[Row]) -> list[str]:
    known = [row for row in rows if np.isfinite(row.get("prior_moves", np.nan))]
    if not known:
        return []
    most = max(known, key=lambda row: row["prior_moves"])
    moved = f"{100 * most['prior_moves']:.0f} % of the interval's width ({most['contrast']})"
    decides = [row["contrast"] for row in known if row["prior_moves"] > MOVED]
    verdict = f"The prior decides part of {', '.join(decides)}: say so, or add seeds." if decides else ""
    factors = " and ".join(f"{factor:g}" for factor in FACTORS)
    return [f"With all priors at {factors} times, a limit moves by {moved} at most. {verdict}".strip()]


def _ruled(contrast: CountContrast, fit: ContrastFit) -> str:
    names = ", ".join(f"{sd.replace('_', ' ')} (prior {prior_name(sd)})" for sd in fit.ruled_by_prior)
    return f"Of these standard deviations in {contrast.name} the data tell less than the prior: {names}."


def _verdict(rows: Sequence[Row]) -> str:
    found = [row for row in rows if row["term"] == INTERACTION and np.isfinite(row.get("prob_positive", np.nan))]
    if not found:
        return "how sure the difference is cannot be said: the sampler did not converge"
    each = ", ".join(f"{probability(row['prob_positive'])} at {tasks(row['n_tasks'])}" for row in found)
    return f"the posterior probability of a difference above zero is {each}"
