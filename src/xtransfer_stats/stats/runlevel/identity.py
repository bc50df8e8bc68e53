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
from xtransfer_stats.stats.core.estimands import headline, primary_weights
from xtransfer_stats.stats.core.inference import BY_PRECISION, Moments
from xtransfer_stats.stats.core.rows import Row, label, moment_rows
from xtransfer_stats.stats.core.termtable import ADDITIVE, ADDITIVE_FORMULA, IDENTITY, THESE
from xtransfer_stats.stats.core.validate import UNNAMED

METHOD = "REML, Kenward-Roger, additive tasks"
SENSITIVITY = "sensitivity; sets differ by the added effects of their tasks alone"
LEAST_DF = 1.0  # below it the t distribution has no mean, and an interval reaches everywhere
FEW = "too few task sets for an interval: less than one degree of freedom"
GUESS = "shrunken guess of a task's part in a set, on the {}; never tested"


@dataclass(frozen=True)
class IdentityResults:
    """rows: of the result frame. notes: why there are none."""

    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()


def identity_results(complete: CompleteScores, alpha: float) -> IdentityResults:
    """Interactions under additive task effects, and the shrunken part of each intermediate task."""
    if len(complete.design.seeds) < 2 or not complete.design.sampled or not complete.design.conditions.counted:
        return IdentityResults()
    if complete.chains.runs["task_set"].str.startswith(UNNAMED).any():
        return IdentityResults()
    runs, gap = complete.chains.runs, primary_weights(complete.benchmarks, complete.cells)
    table = runs[["seed", "task_set"]].assign(g=complete.chains.scores @ gap, count=runs["n_tasks"].astype(str))
    try:
        fit = fit_formula(ADDITIVE_FORMULA, table).fit
    except FitError as error:
        return IdentityResults(notes=(f"No sensitivity to additive task effects: {error}.",))
    return IdentityResults(
        (
            *_interactions(complete, fit, alpha),
            *_guesses(fit, len(complete.table.runs), headline(complete.benchmarks, complete.cells)[-1].term),
        )
    )


def _interactions(complete: CompleteScores, fit: MixedFit, alpha: float) -> list[Row]:
    one, rows = headline(complete.benchmarks, complete.cells)[-1], []
    for contrast in complete.design.effects:
        L = np.array([(name == f"count[{contrast.high}]") * 1.0 - (name == "count[0]") for name in fit.names])
        tests = fit.kenward_roger(L)
        few = ~(tests.df >= LEAST_DF)  # NaN too
        note = FEW if few.any() else ""
        df = np.where(few, np.nan, tests.df)
        moments = Moments(tests.estimate, tests.std_error, df, METHOD, len(complete.table.runs), note, BY_PRECISION)
        words = label(one, contrast) | {"term": ADDITIVE, "family": "", "note": SENSITIVITY}
        words["contrast"] = f"{words['contrast']} with additive tasks"
        rows += moment_rows(moments, [words], alpha)
    return rows


def _guesses(fit: MixedFit, n_runs: int, primary: str) -> list[Row]:
    term = fit.terms[-1]
    means, errors = fit.random_effects(len(fit.terms) - 1)[:, 0], fit.conditional_sd(len(fit.terms) - 1)[:, 0]
    return [
        {
            "term": IDENTITY,
            "contrast": f"{primary}, part of {name}",
            "level": name,
            "scope": THESE,
            "estimate": float(mean),
            "std_error": float(error),
            "method": METHOD,
            "n_runs": n_runs,
            "note": GUESS.format(primary),
        }
        for name, mean, error in zip(term.level_names, means, errors, strict=True)
    ]
