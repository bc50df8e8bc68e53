"""Intermediate task by target task: what each task trained alone gains, as a coloured, numbered cell."""

from typing import Any

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report.charts import layers, theme
from xtransfer_stats.report.charts.layers import alt
from xtransfer_stats.report.tables.singles import ordered
from xtransfer_stats.stats.core.results import Analysis

COLUMN = 90  # widest column in pixels
MARK = "*"
DIGITS = 1  # as Phang et al. print them: ten columns in one of a paper leave room for no more


def singles(analysis: Analysis) -> Any | None:
    """One row an intermediate task trained alone, one column a target task; starred by corrected intervals."""
    gains = analysis.singles.gains
    if gains.empty or gains["estimate"].isna().all():
        return None
    limit = float(gains["estimate"].abs().max()) or 1.0
    parts = {str(name): rows for name, rows in gains.groupby("benchmark", sort=False)}
    chart = layers.panels([_drawn(rows, limit) for rows in parts.values()], list(parts), columns=1)
    subtitle = (
        "Points over the baseline; blue: the task helps, orange: it hurts. Starred: the interval that holds for the "
        "whole family (Bonferroni) leaves out 0. Sorted by the gain on the average."
    )
    return layers.finish(chart, "Gain of each intermediate task alone", subtitle, gains["intermediate_task"].tolist())


def _drawn(rows: pd.DataFrame, limit: float) -> Any:
    targets, tasks = rows["target_task"].drop_duplicates().tolist(), ordered(rows)
    axis = alt.Axis(orient="top", labelAngle=-45 if len(targets) > 6 else 0)
    base = alt.Chart(_cells(rows)).encode(
        x=alt.X("target_task:N", sort=targets, title=None, axis=axis),
        y=alt.Y("intermediate_task:N", sort=tasks, title=None),
        tooltip=[
            alt.Tooltip("intermediate_task:N", title="trained on"),
            alt.Tooltip("target_task:N", title="target task"),
            alt.Tooltip("text:N", title="gain [95 %]"),
            alt.Tooltip("corrected:N", title="for the whole family"),
        ],
    )
    width, height = min(theme.WIDTH, COLUMN * len(targets)), theme.ROW * len(tasks)
    return layers.cells(base, "estimate", limit, {"width": width, "height": height})


def _cells(rows: pd.DataFrame) -> pd.DataFrame:
    held = (rows["corrected_low"] > 0) | (rows["corrected_high"] < 0)
    short = [formats.number(value, DIGITS) + MARK * found for value, found in zip(rows["estimate"], held, strict=True)]
    limits = {"text": ("conf_low", "conf_high"), "corrected": ("corrected_low", "corrected_high")}
    said = {
        name: [formats.estimate(*one) for one in rows[["estimate", *ends]].itertuples(index=False)]
        for name, ends in limits.items()
    }
    return rows.assign(short=short, **said)[["intermediate_task", "target_task", "estimate", "short", *limits]]
