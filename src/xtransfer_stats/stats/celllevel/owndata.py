"""Sensitivity: some intermediate tasks are a target task's own training data, the more so the larger the set.

A covariate own (run, target task) = 1 where the run's task set holds such data is added to the cell-level
model, and the run-level interaction is shown again with its estimated part taken away.
"""

import numpy as np
import pandas as pd

from xtransfer_stats.mixedmodels.mixed import fit_mixed
from xtransfer_stats.stats.celllevel.celldata import CellData
from xtransfer_stats.stats.celllevel.cellmodel import CellModel, fixed_effects
from xtransfer_stats.stats.core.inference import Array, Moments
from xtransfer_stats.stats.core.scores import OwnData

FULL_RANK = 1e-6  # share of the covariate that the fixed effects must leave over


def exposure(task_sets: pd.Series, cells: pd.MultiIndex, own_data: OwnData) -> Array:
    """1 where a run's set holds the target task's own data, else 0; (runs, cells)."""
    tasks = cells.get_level_values("target_task")
    sets = [set(name.split("+")) for name in task_sets]
    return np.array([[float(bool(held & set(own_data.get(task, ())))) for task in tasks] for held in sets])


def own_data_effect(model: CellModel, data: CellData, own: Array) -> Moments | None:
    """Points a target task gains from its own data in the set, from the cell-level model; own is (n,).

    None where the covariate never varies among runs of one count and target task.
    """
    X, names = fixed_effects(data)
    left = own - X @ np.linalg.lstsq(X, own, rcond=None)[0]
    if left @ left <= FULL_RANK * max(float(own @ own), 1.0):
        return None
    fit = fit_mixed(
        data.score,
        np.column_stack([X, own]),
        [*names, "own"],
        model.fit.terms,
        residual_groups=data.joint_codes(data.task)[0],
    )
    L = np.append(np.zeros(X.shape[1]), 1.0)
    answer = fit.kenward_roger(L)
    estimate, error, df = (np.atleast_1d(x).astype(float) for x in (answer.estimate, answer.std_error, answer.df))
    return Moments(estimate, error, df, "cell-level REML, Kenward-Roger", 0)
