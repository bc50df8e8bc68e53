"""The tables of a study's diagnostics."""

from dataclasses import dataclass

import pandas as pd

RESIDUAL_COLUMNS = ("run", "target_task", "language", "fitted", "residual", "standardised")
INFLUENCE_COLUMNS = (
    "kind",  # run, seed, language, target task
    "level",
    "n_tasks",
    "estimate",  # of the interaction without the level, in points
    "change",  # without minus with, in points
    "change_in_se",  # the same in standard errors of the whole study; NaN where there is none
    "std_error",  # without the level
    "p_value",  # without the level, uncorrected
    "changes_verdict",  # uncorrected at alpha: below zero, above zero or neither, with the level and without
)
QQ_COLUMNS = ("panel", "level", "theoretical", "observed", "low", "high")
NORMALITY_COLUMNS = ("panel", "levels", "statistic", "p_value", "outside", "note")
CONVERGENCE_COLUMNS = ("model", "criterion", "state", "gradient", "curvature", "note")


@dataclass(frozen=True)
class Diagnostics:
    """residuals of the cell-level model (points; standardised by the target task's residual sd). influence of single
    runs, seeds, languages and target tasks on the interaction. qq: ordered standardised values against the normal's
    with a 95 % envelope for each point. normality: Shapiro-Wilk a panel. convergence: one row a fitted model.
    """

    residuals: pd.DataFrame
    influence: pd.DataFrame
    qq: pd.DataFrame
    normality: pd.DataFrame
    convergence: pd.DataFrame
    notes: tuple[str, ...] = ()
