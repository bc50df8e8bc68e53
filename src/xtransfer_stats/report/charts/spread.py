"""Run-level spread: what each run scored, its seed's runs joined by a line."""

from typing import Any

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import theme
from xtransfer_stats.report.charts import layers
from xtransfer_stats.stats.core.results import Analysis

HEIGHT = 240


def spread(analysis: Analysis) -> Any | None:
    """Official average of every run against the task count, one panel a benchmark, one line a seed."""
    scores = analysis.run_scores.dropna(subset=["score"])
    present = [name for name in analysis.facts.benchmarks if (scores["benchmark"] == name).any()]
    if not present:
        return None
    drawn = [_panel(analysis, scores[scores["benchmark"] == name], name, len(present)) for name in present]
    subtitle = "Dots: runs. Thin lines: a seed's runs (means where it has several). Thick line: mean over seeds."
    return layers.finish(layers.panels(drawn, present), "Run-level spread", subtitle, ["00.00"])


def _panel(analysis: Analysis, scores: pd.DataFrame, benchmark: str, panels: int) -> Any:
    import altair as alt

    counts = [formats.count_of_tasks(count) for count in sorted(scores["n_tasks"].unique())]
    x = alt.X(
        "count:N",
        sort=counts,
        title=None,
        axis=alt.Axis(labelAngle=0),
        scale=alt.Scale(type="point", padding=0.4),
    )
    y = alt.Y("score:Q", title="average score in points", scale=alt.Scale(zero=False))
    runs, seeds, mean = _levels(scores)
    colour = layers.colours(analysis)[benchmark]
    thin = alt.Chart(seeds).mark_line(color=colour, opacity=0.45, strokeWidth=1).encode(x=x, y=y, detail="seed:N")
    dots = alt.Chart(runs).mark_circle(color=colour, size=40, opacity=0.7).encode(x=x, y=y, tooltip=_tooltip())
    thick = alt.Chart(mean).mark_line(color=colour, strokeWidth=4, point=alt.OverlayMarkDef(size=90, color=colour))
    return alt.layer(thin, thick.encode(x=x, y=y), dots).properties(width=theme.panel_width(panels), height=HEIGHT)


def _levels(scores: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Runs, means of a seed's runs, and means over seeds, each with its count in words."""
    seeds = scores.groupby(["n_tasks", "seed"], as_index=False)["score"].mean()
    mean = seeds.groupby("n_tasks", as_index=False)["score"].mean()
    runs = scores[["n_tasks", "seed", "task_set", "score"]]
    worded = [frame.assign(count=frame["n_tasks"].map(formats.count_of_tasks)) for frame in (runs, seeds, mean)]
    return worded[0], worded[1], worded[2]


def _tooltip() -> list[Any]:
    import altair as alt

    return ["seed:N", "task_set:N", alt.Tooltip("score:Q", format=f".{formats.DIGITS}f")]
