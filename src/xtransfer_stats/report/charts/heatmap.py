"""Language by task count: the effect in each language as a coloured, numbered cell."""

from typing import Any

import pandas as pd

from xtransfer_stats.report import formats, select, theme
from xtransfer_stats.report.charts import layers
from xtransfer_stats.stats.results import Analysis

STRONG = 0.6  # share of the scale beyond which a cell is dark enough for a white number


def heatmap(analysis: Analysis) -> Any | None:
    """One column a benchmark and count, one row a language, sorted by the mean of its row."""
    found = select.rows(analysis, select.LANGUAGE)
    found = found[found["estimate"].notna() & (found["scope"] == select.THESE)]
    if found.empty:
        return None
    chart = _cells(_prepared(found), _columns(analysis, found), _languages(found), _limit(found))
    title = "Effect by language and task count"
    subtitle = "Points; blue: the intermediate tasks help, orange: they hurt. No cell: the benchmark lacks the language."
    return layers.finish(chart, title, subtitle, found["language"].tolist())


def _cells(found: pd.DataFrame, columns: list[str], languages: list[str], limit: float) -> Any:
    import altair as alt

    base = alt.Chart(found).encode(
        x=alt.X(
            "column:N",
            sort=columns,
            title=None,
            axis=alt.Axis(orient="top", labelAngle=0, labelExpr=_TWO_LINES),
        ),
        y=alt.Y("language:N", sort=languages, title=None),
        tooltip=[
            "language:N",
            alt.Tooltip("column:N", title="effect"),
            alt.Tooltip("text:N", title="estimate [95 %]"),
        ],
    )
    scale = alt.Scale(range=list(theme.DIVERGING), domain=[-limit, -limit / 2, 0, limit / 2, limit])
    colour = alt.Color("estimate:Q", scale=scale, title="points", legend=alt.Legend(gradientLength=200))
    text = base.mark_text(fontSize=11).encode(
        text="short:N",
        color=alt.condition(
            f"abs(datum.estimate) > {STRONG * limit}", alt.value("white"), alt.value("black")
        ),
    )
    return alt.layer(base.mark_rect().encode(color=colour), text).properties(
        width=theme.WIDTH, height=theme.DENSE_ROW * len(languages)
    )


_TWO_LINES = "split(datum.label, ', ')"


def _prepared(found: pd.DataFrame) -> pd.DataFrame:
    shown = found.assign(column=_column_names(found), short=found["estimate"].map(formats.number))
    return shown[["language", "column", "estimate", "short", "text"]]


def _column_names(found: pd.DataFrame) -> list[str]:
    return [
        f"{select.estimand(row.benchmark)}, {formats.count_of_tasks(row.n_tasks)}".rstrip(", ")
        for row in found.itertuples()
    ]


def _columns(analysis: Analysis, found: pd.DataFrame) -> list[str]:
    order = {name: rank for rank, name in enumerate(select.estimands(analysis, found))}
    by = found.assign(rank=found["benchmark"].map(order), column=_column_names(found))
    return by.sort_values(["rank", "n_tasks"])["column"].drop_duplicates().tolist()


def _languages(found: pd.DataFrame) -> list[str]:
    return (
        found.groupby("language")["estimate"]
        .mean()
        .sort_values(ascending=False, kind="stable")
        .index.tolist()
    )


def _limit(found: pd.DataFrame) -> float:
    return float(found["estimate"].abs().max()) or 1.0
