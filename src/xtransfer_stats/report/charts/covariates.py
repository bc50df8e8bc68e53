"""Effect in each language against what is known of it in numbers."""

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import select, theme
from xtransfer_stats.report.charts import layers
from xtransfer_stats.report.charts.placing import placed
from xtransfer_stats.stats.core.results import Analysis
from xtransfer_stats.stats.runlevel.covariates import DISTANCE, WIKIPEDIA

HEIGHT = 260
NARROWEST = 300  # names that do not collide in a plot this wide do not in a wider one
COLUMNS = 2
SIDES = {  # side -> (align, baseline, dx, dy)
    "right": ("left", "middle", 6, 0),
    "left": ("right", "middle", -6, 0),
    "above": ("center", "bottom", 0, -5),
    "below": ("center", "top", 0, 6),
}


@dataclass(frozen=True)
class Scatter:
    """A chart of effects against a column of the languages' facts; the axis is logarithmic where `logarithmic`."""

    column: str
    title: str
    axis: str
    unit: str
    ticks: tuple[float, ...] = ()
    logarithmic: bool = False

    def place(self, value: float) -> float:
        """Where a value stands on the axis."""
        return math.log10(value) if self.logarithmic else value

    def domain(self, reach: list[float]) -> list[float]:
        """The axis' ends from places on it."""
        return [10**value for value in reach] if self.logarithmic else reach


SIZE = Scatter(
    WIKIPEDIA,
    "Effect by size of Wikipedia",
    "million articles (logarithmic)",
    "million articles",
    (0.03, 0.1, 0.3, 1, 3),
    logarithmic=True,
)
SYNTAX = Scatter(DISTANCE, "Effect by distance from English", "syntactic distance from English", "syntactic distance")


def wikipedia(analysis: Analysis) -> Any | None:
    """A point a language by the size of its Wikipedia, one panel a count; x is logarithmic."""
    return _drawn(analysis, SIZE)


def distance(analysis: Analysis) -> Any | None:
    """A point a language by its syntactic distance from English, one panel a count."""
    return _drawn(analysis, SYNTAX)


def _drawn(analysis: Analysis, scatter: Scatter) -> Any | None:
    rows = _rows(analysis, scatter.column)
    if rows.empty:
        return None
    x, y = _reach([scatter.place(value) for value in rows["x"]]), _reach([*rows["estimate"], 0.0])
    counts = select.counts(rows)
    drawn = [_panel(scatter, select.at_count(rows, count), x, y, min(COLUMNS, len(counts))) for count in counts]
    titles = [formats.count_of_tasks(count) for count in counts]
    subtitle = (
        "Effects as in the table of languages, each over the language's own target tasks; exploratory. "
        + _slopes(analysis, scatter.column)
    )
    return layers.finish(layers.panels(drawn, titles, COLUMNS), scatter.title, subtitle, ["−00.0"])


def _rows(analysis: Analysis, column: str) -> pd.DataFrame:
    found = select.these(select.rows(analysis, select.LANGUAGE))
    if column not in analysis.language_facts or found.empty:
        return pd.DataFrame()
    facts = analysis.language_facts.rename(columns={column: "x", "family": "of family"})
    rows = found.merge(facts, on="language").dropna(subset=["x", "estimate"])
    return rows.assign(known=[name or code for name, code in zip(rows["name"], rows["language"], strict=True)])


def _slopes(analysis: Analysis, column: str) -> str:
    found = select.these(select.rows(analysis, select.SLOPE))
    told = [f"{row.contrast}: {row.text} points" for row in found[found["contrast"].str.endswith(column)].itertuples()]
    return f"Slopes inside target tasks, {'; '.join(told)}." if told else ""


def _panel(scatter: Scatter, rows: pd.DataFrame, across: list[float], up: list[float], panels: int) -> Any:
    import altair as alt

    width = theme.panel_width(panels)
    shown = _sided(scatter, rows, across, up, min(width, NARROWEST))
    scale = alt.Scale(type="log") if scatter.logarithmic else alt.Scale(zero=False)
    scale.domain, scale.nice = scatter.domain(across), False
    ticks = list(scatter.ticks) if scatter.ticks else alt.Undefined
    base = alt.Chart(shown).encode(
        x=alt.X(
            "x:Q",
            title=scatter.axis,
            scale=scale,
            axis=alt.Axis(format="~g", values=ticks),
        ),
        y=alt.Y("estimate:Q", title="effect in points", scale=alt.Scale(domain=up, nice=False)),
    )
    tooltip = [
        alt.Tooltip("known:N", title="language"),
        alt.Tooltip("of family:N", title="family"),
        "script:N",
        alt.Tooltip("x:Q", title=scatter.unit),
        alt.Tooltip("text:N", title="estimate [95 %]"),
    ]
    zero = alt.Chart(pd.DataFrame({"at": [0.0]})).mark_rule(color=theme.REFERENCE).encode(y="at:Q")
    dots = base.mark_circle(size=44, opacity=0.9, color=theme.OTHER).encode(tooltip=tooltip)
    names = [_names(base, side) for side in SIDES if (shown["side"] == side).any()]
    return alt.layer(zero, dots, *names).properties(width=width, height=HEIGHT)


def _names(base: Any, side: str) -> Any:
    align, baseline, dx, dy = SIDES[side]
    mark = base.transform_filter(f"datum.side === '{side}'").mark_text(
        align=align, baseline=baseline, dx=dx, dy=dy, fontSize=11, color=theme.INK
    )
    return mark.encode(text="language:N")


def _sided(scatter: Scatter, rows: pd.DataFrame, across: list[float], up: list[float], width: int) -> pd.DataFrame:
    x = [(scatter.place(value) - across[0]) / (across[1] - across[0]) * width for value in rows["x"]]
    y = [(up[1] - value) / (up[1] - up[0]) * HEIGHT for value in rows["estimate"]]
    sides = placed(list(zip(x, y, strict=True)), rows["language"].tolist(), width)
    columns = ["language", "known", "of family", "script", "x", "estimate", "text"]
    return rows[columns].assign(side=sides)


def _reach(values: list[float]) -> list[float]:
    low, high = min(values), max(values)
    margin = 0.06 * (high - low) or 1.0
    return [round(low - margin, 4), round(high + margin, 4)]
