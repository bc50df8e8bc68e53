"""Charts of a published table: where each setting's average gain comes from, and every gain."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report.charts import layers, theme
from xtransfer_stats.report.charts.layers import alt
from xtransfer_stats.stats.core.termtable import SETTING_GAIN
from xtransfer_stats.stats.published.analysis import PublishedAnalysis

CAP = 10.0  # points; larger gains have the strongest colour, so that the small ones can be told apart
CELL = 58
TRAINED, UNTRAINED = "tasks with training of their own", "tasks without (retrieval)"


def sources(analysis: PublishedAnalysis) -> Any | None:
    """Average gain of each setting, split into what trained and untrained target tasks add to it."""
    parts = _contributions(analysis)
    if parts["kind"].nunique() < 2:
        return None
    order = _averages(analysis).index.tolist()
    scale = alt.Scale(domain=[TRAINED, UNTRAINED], range=[theme.BLUE, theme.VERMILLION])
    base = alt.Chart(parts).encode(
        y=alt.Y("run:N", sort=order, title=None),
        tooltip=["run:N", "kind:N", alt.Tooltip("points:Q", format=".2f"), alt.Tooltip("share:N", title="share")],
    )
    bars = base.mark_bar().encode(
        x=alt.X("points:Q", title="points of the average gain", stack="zero"),
        color=alt.Color("kind:N", scale=scale, title=None, legend=alt.Legend(symbolType="square", labelLimit=0)),
    )
    whole = parts.drop_duplicates("run")
    dots = alt.Chart(whole).mark_point(filled=True, size=60, color=theme.INK, opacity=1)
    drawn = alt.layer(bars, dots.encode(x="average:Q", y=alt.Y("run:N", sort=order)), layers.line(0.0, "x"))
    title = "Where the average gain comes from"
    subtitle = "Bars add up to the average gain (dot). One run each: no intervals."
    return layers.finish(drawn.properties(width=theme.WIDTH, height=theme.ROW * len(order)), title, subtitle, order)


def gains(analysis: PublishedAnalysis) -> Any:
    """Every gain over the baseline: settings by target tasks."""
    order = _averages(analysis).index.tolist()
    cells = analysis.gains.assign(short=analysis.gains["gain"].map(lambda value: formats.number(value, 1)))
    tasks = list(dict.fromkeys(cells["target_task"]))
    base = alt.Chart(cells[["run", "target_task", "baseline", "gain", "short"]]).encode(
        x=alt.X("target_task:N", sort=tasks, title=None, axis=alt.Axis(orient="top", labelAngle=0)),
        y=alt.Y("run:N", sort=order, title=None),
        tooltip=["run:N", "target_task:N", *(alt.Tooltip(f"{x}:Q", format=".2f") for x in ("baseline", "gain"))],
    )
    width = min(theme.WIDTH, CELL * len(tasks))
    subtitle = f"Points over the one baseline run; beyond {CAP:g} the colour stays."
    sized = layers.cells(base, "gain", CAP, {"width": width, "height": 22 * len(order)}, clamp=True)
    return layers.finish(sized, "Gain of every setting on every target task", subtitle, order)


CHARTS: Mapping[str, Callable[[PublishedAnalysis], Any | None]] = MappingProxyType({"sources": sources, "gains": gains})


def _averages(analysis: PublishedAnalysis) -> pd.Series:
    """The average gain of each setting from the result frame, the largest first."""
    rows = analysis.results[analysis.results["term"] == SETTING_GAIN]
    return rows.set_index("level")["estimate"].sort_values(ascending=False, kind="stable")


def _contributions(analysis: PublishedAnalysis) -> pd.DataFrame:
    average, tasks = _averages(analysis), analysis.gains["target_task"].nunique()
    sums = (
        analysis.gains.groupby(["run", "untrained"], sort=False)["gain"].sum().div(tasks).rename("points").reset_index()
    )
    share = 100 * sums["points"] / sums["run"].map(average)
    kinds = sums["untrained"].map({False: TRAINED, True: UNTRAINED})
    return sums.assign(kind=kinds, average=sums["run"].map(average), share=share.map("{:.1f} %".format))
