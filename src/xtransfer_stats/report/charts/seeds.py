"""Spread of the effect: what each run differs from its seed's baseline, one row a seed."""

from typing import Any

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import select, theme
from xtransfer_stats.report.charts import layers
from xtransfer_stats.stats.core.results import Analysis

COLUMNS = 3


def seeds(analysis: Analysis) -> Any | None:
    """Each run's own effect by seed, one panel an estimand; the shape tells the task counts apart."""
    effects = select.run_effects(analysis)
    if effects.empty:
        return None
    names = {name: name for name in analysis.facts.benchmarks} | {"": select.INTERACTION}
    present = [key for key in names if (effects["benchmark"] == key).any()]
    domain = _domain(effects)
    drawn = [_panel(analysis, effects[effects["benchmark"] == key], key, domain, len(present)) for key in present]
    subtitle = "Each mark is a run of that seed less the seed's baseline; marks of one seed and shape are task sets."
    labels = [f"seed {seed}" for seed in analysis.facts.seeds]
    chart = layers.panels(drawn, [names[key] for key in present], COLUMNS)
    return layers.finish(chart, "Effect by seed and task set", subtitle, labels)


def _panel(analysis: Analysis, rows: pd.DataFrame, benchmark: str, domain: list[float], panels: int) -> Any:
    import altair as alt

    shown = rows.assign(
        row=[f"seed {seed}" for seed in rows["seed"]], count=rows["n_tasks"].map(formats.count_of_tasks)
    )
    counts = list(dict.fromkeys(shown.sort_values("n_tasks")["count"]))
    shape = alt.Shape("count:N", sort=counts, title="task count", legend=alt.Legend() if len(counts) > 1 else None)
    marks = alt.Chart(shown[["row", "run", "task_set", "count", "value"]]).mark_point(
        size=55, strokeWidth=2, opacity=0.85, color=layers.colours(analysis)[benchmark]
    )
    x = alt.X("value:Q", title="points", scale=alt.Scale(domain=domain, nice=False), axis=alt.Axis(tickCount=5))
    y = alt.Y("row:N", sort=[f"seed {seed}" for seed in analysis.facts.seeds], title=None)
    tooltip = ["run:N", "task_set:N", "count:N", alt.Tooltip("value:Q", format=f".{formats.DIGITS}f")]
    zero = alt.Chart(pd.DataFrame({"at": [0.0]})).mark_rule(color=theme.REFERENCE).encode(x="at:Q")
    height = max(60, 20 * len(analysis.facts.seeds))
    chart = alt.layer(zero, marks.encode(x=x, y=y, shape=shape, tooltip=tooltip))
    return chart.properties(width=theme.panel_width(min(panels, COLUMNS)), height=height)


def _domain(effects: pd.DataFrame) -> list[float]:
    low, high = min(0.0, effects["value"].min()), max(0.0, effects["value"].max())
    margin = 0.06 * (high - low) or 1.0
    return [round(low - margin, 4), round(high + margin, 4)]
