"""Language by task count: the effect in each language as a coloured, numbered cell."""

from typing import Any

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import select, theme
from xtransfer_stats.report.charts import layers
from xtransfer_stats.stats.core.results import Analysis

COLUMN = 260  # widest column in pixels
STRONG = 0.6  # share of the scale beyond which a cell is dark enough for a white number


def heatmap(analysis: Analysis) -> Any | None:
    """One column a benchmark and count, one row a language, sorted by the mean of its row."""
    found = select.rows(analysis, select.LANGUAGE)
    found = select.these(found[found["estimate"].notna()])
    if found.empty:
        return None
    cells = _prepared(analysis, found)
    chart = _cells(cells, cells["column"].drop_duplicates().tolist(), _languages(found), _limit(found))
    title = "Effect by language and task count"
    subtitle = "Points; blue: the intermediate tasks help, orange: they hurt."
    return layers.finish(chart, title, subtitle, found["language"].tolist())


def _cells(found: pd.DataFrame, columns: list[str], languages: list[str], limit: float) -> Any:
    import altair as alt

    padding = 18 if any(", " in name for name in columns) else 4  # labels of two lines grow downwards
    axis = alt.Axis(orient="top", labelAngle=0, labelExpr="split(datum.label, ', ')", labelPadding=padding)
    base = alt.Chart(found).encode(
        x=alt.X("column:N", sort=columns, title=None, axis=axis),
        y=alt.Y("language:N", sort=languages, title=None),
        tooltip=[
            "language:N",
            alt.Tooltip("column:N", title="effect"),
            alt.Tooltip("text:N", title="estimate [95 %]"),
        ],
    )
    scale = alt.Scale(range=list(theme.DIVERGING), domain=[-limit, -limit / 2, 0, limit / 2, limit])
    colour = alt.Color("estimate:Q", scale=scale, title="points", legend=alt.Legend(gradientLength=200))
    dark = f"abs(datum.estimate) > {STRONG * limit}"
    text = base.mark_text(fontSize=11).encode(
        text="short:N", color=alt.condition(dark, alt.value("white"), alt.value("black"))
    )
    width, height = min(theme.WIDTH, COLUMN * len(columns)), theme.DENSE_ROW * len(languages)
    return alt.layer(base.mark_rect().encode(color=colour), text).properties(width=width, height=height)


def _prepared(analysis: Analysis, found: pd.DataFrame) -> pd.DataFrame:
    names = select.headings(analysis, found)
    columns = [select.words(names[row.benchmark], formats.count_of_tasks(row.n_tasks)) for row in found.itertuples()]
    order = {key: rank for rank, key in enumerate(names)}
    shown = found.assign(
        column=columns, short=found["estimate"].map(formats.number), rank=found["benchmark"].map(order)
    )
    return shown.sort_values(["rank", "n_tasks"], kind="stable")[["language", "column", "estimate", "short", "text"]]


def _languages(found: pd.DataFrame) -> list[str]:
    return found.groupby("language")["estimate"].mean().sort_values(ascending=False, kind="stable").index.tolist()


def _limit(found: pd.DataFrame) -> float:
    return float(found["estimate"].abs().max()) or 1.0
