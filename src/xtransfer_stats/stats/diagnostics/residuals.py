"""Residuals of the cell-level model: what fixed and random effects leave of each cell's score."""

import numpy as np
import pandas as pd

from xtransfer_stats.stats.celllevel.celldata import CellData
from xtransfer_stats.stats.celllevel.cellmodel import CellModel
from xtransfer_stats.stats.core.results import RESIDUAL_COLUMNS

FAR = 4.0  # residual sds; one of 16,000 normal residuals lies beyond


def residuals(model: CellModel | None, data: CellData | None, runs: pd.Index) -> pd.DataFrame:
    """One row a run and cell; standardised by the residual sd of its target task. Empty without a model."""
    if model is None or data is None:
        return pd.DataFrame(columns=list(RESIDUAL_COLUMNS))
    fitted = model.fit.fitted()
    left = data.score - fitted
    sd = dict(zip(model.tasks, np.sqrt(np.ravel(model.fit.residual_variance)), strict=True))
    columns = {
        "run": runs.to_numpy()[data.run],
        "target_task": data.task,
        "language": data.language,
        "fitted": fitted,
        "residual": left,
        "standardised": left / np.array([sd[task] for task in data.task]),
    }
    return pd.DataFrame(columns)


def by_task(rows: pd.DataFrame) -> pd.DataFrame:
    """target_task, n, sd (points), largest (standardised, absolute), beyond_two (share; 0.046 if normal)."""
    groups = rows.assign(size=rows["standardised"].abs()).groupby("target_task")
    return pd.DataFrame(
        {
            "n": groups.size(),
            "sd": groups["residual"].std(),
            "largest": groups["size"].max(),
            "beyond_two": groups["size"].apply(lambda size: float((size > 2).mean())),
        }
    ).reset_index()


def outliers(rows: pd.DataFrame) -> pd.DataFrame:
    """The residuals beyond FAR standard deviations, the farthest first."""
    far = rows[rows["standardised"].abs() > FAR]
    return far.sort_values("standardised", key=np.abs, ascending=False, kind="stable")


def outlier_notes(rows: pd.DataFrame) -> list[str]:
    """A sentence that names the farthest residual, if any is far."""
    far = outliers(rows)
    if far.empty:
        return []
    first = far.iloc[0]
    where = f"{first['target_task']} in {first['language']}, run {first['run']}"
    return [
        f"{len(far)} cell(s) lie more than {FAR:g} residual standard deviations from the cell-level model's fit; "
        f"the farthest is {where} ({first['residual']:+.2f} points)."
    ]
