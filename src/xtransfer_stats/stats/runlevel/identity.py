"""Sensitivity: which intermediate tasks a set holds, as an additive effect of each.

The term of task sets gives way to centred multi-membership, (1 | mm(task_set)): sets that share tasks share luck. Right
where the effects of tasks add up; too sure where sets have luck of their own, so it is shown beside the default
and never for it.
"""

from dataclasses import dataclass

import numpy as np

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.formula import fit_formula
from xtransfer_stats.mixedmodels.mixed import MixedFit
from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.estimands import effects, gap_weights, interaction
from xtransfer_stats.stats.core.inference import BY_PRECISION, Moments
from xtransfer_stats.stats.core.rows import Row, label, moment_rows
from xtransfer_stats.stats.core.termtable import ADDITIVE, IDENTITY, THESE

FORMULA = "g ~ 0 + count + (1 | seed) + (1 | mm(task_set))"
METHOD = "REML, Kenward-Roger, additive tasks"
SENSITIVITY = "sensitivity; sets differ by the added effects of their tasks alone"
LEAST_DF = 1.0  # below it the t distribution has no mean, and an interval reaches everywhere
FEW = "too few task sets for an interval: less than one degree of freedom"
GUESS = "shrunken guess of a task's part in a set, on the interaction; never tested"


@dataclass(frozen=True)
class IdentityResults:
    """rows: of the result frame. notes: why there are none."""

    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()


def identity_results(prepared: CompleteScores, alpha: float) -> IdentityResults:
    """Interactions under additive task effects, and the shrunken part of each intermediate task."""
    if len(prepared.design.seeds) < 2 or not prepared.design.sampled:
        return IdentityResults()
    try:
        fit = _fit(prepared)
    except FitError as error:
        return IdentityResults(notes=(f"No sensitivity to additive task effects: {error}.",))
    return IdentityResults((*_interactions(prepared, fit, alpha), *_guesses(fit, len(prepared.table.runs))))


def _fit(prepared: CompleteScores) -> MixedFit:
    runs = prepared.chains.runs
    numbers = prepared.chains.scores @ gap_weights(prepared.benchmarks, prepared.cells)
    table = runs[["seed", "task_set"]].assign(g=numbers, count=runs["n_tasks"].astype(str))
    return fit_formula(FORMULA, table).fit


def _interactions(prepared: CompleteScores, fit: MixedFit, alpha: float) -> list[Row]:
    one, rows = interaction(prepared.benchmarks, prepared.cells), []
    for contrast in effects(prepared.design.counts):
        L = np.array([(name == f"count[{contrast.high}]") * 1.0 - (name == "count[0]") for name in fit.names])
        found = fit.kenward_roger(L)
        few = found.df < LEAST_DF
        note = FEW if few.any() else ""
        df = np.where(few, np.nan, found.df)
        moments = Moments(found.estimate, found.std_error, df, METHOD, len(prepared.table.runs), note, BY_PRECISION)
        words = label(one, contrast) | {"term": ADDITIVE, "family": "", "note": SENSITIVITY}
        words["contrast"] = f"{words['contrast']} with additive tasks"
        rows += moment_rows(moments, [words], alpha)
    return rows


def _guesses(fit: MixedFit, n_runs: int) -> list[Row]:
    term = fit.terms[-1]
    means, errors = fit.random_effects(len(fit.terms) - 1)[:, 0], fit.conditional_sd(len(fit.terms) - 1)[:, 0]
    blank = dict.fromkeys(("df", "statistic", "p_value", "conf_low", "conf_high"), float("nan"))
    return [
        {
            **blank,
            "term": IDENTITY,
            "contrast": f"interaction, part of {name}",
            "level": name,
            "scope": THESE,
            "estimate": float(mean),
            "std_error": float(error),
            "method": METHOD,
            "n_runs": n_runs,
            "note": GUESS,
        }
        for name, mean, error in zip(term.level_names, means, errors, strict=True)
    ]
