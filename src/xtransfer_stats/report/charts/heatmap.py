"""Language by task count: the effect in each language as a coloured, numbered cell."""

from typing import Any

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import select, words
from xtransfer_stats.report.charts import layers, theme
from xtransfer_stats.report.charts.layers import alt
from xtransfer_stats.stats.core import termtable
from xtransfer_stats.stats.core.conditions import Measure
from xtransfer_stats.stats.core.results import Analysis

COLUMN = 260  # widest column in pixels


def heatmap(analysis: Analysis) -> Any | None:
    """One column a benchmark and count, one row a language, sorted by the mean of its row."""
    rows = select.rows(analysis, termtable.LANGUAGE)
    rows = select.these(rows[rows["estimate"].notna()])
    if rows.empty:
        return None
    better = words.measure_of(analysis).higher_is_better
    means = rows.groupby("language")["estimate"].mean().sort_values(ascending=not better, kind="stable")
    limit = float(rows["estimate"].abs().max()) or 1.0
    chart = _drawn(_cells(analysis, rows), means.index.tolist(), limit, words.measure_of(analysis))
    title = words.spoken("Effect by language and {unit}", analysis)
    subtitle = words.spoken(
        "{Points}, within target tasks; blue: {helps}, orange: {hurts}.{Lower is better.}", analysis
    )
    return layers.finish(chart, title, subtitle, rows["language"].tolist())


def _drawn(cells: pd.DataFrame, languages: list[str], limit: float, measure: Measure) -> Any:
    columns = cells["column"].drop_duplicates().tolist()
    padding = 18 if any(", " in name for name in columns) else 4  # labels of two lines grow downwards
    axis = alt.Axis(orient="top", labelAngle=0, labelExpr="split(datum.label, ', ')", labelPadding=padding)
    titled = [alt.Tooltip("column:N", title="effect"), alt.Tooltip("text:N", title="estimate [95 %]")]
    base = alt.Chart(cells).encode(
        x=alt.X("column:N", sort=columns, title=None, axis=axis),
        y=alt.Y("language:N", sort=languages, title=None),
        tooltip=[*layers.named("language"), *titled],
    )
    width, height = min(theme.WIDTH, COLUMN * len(columns)), theme.DENSE_ROW * len(languages)
    return layers.cells(base, "estimate", limit, {"width": width, "height": height}, measure)


def _cells(analysis: Analysis, rows: pd.DataFrame) -> pd.DataFrame:
    names = select.headings(analysis, rows)
    called = words.conditions_of(analysis).called
    columns = [select.words(names[row.benchmark], called(row.n_tasks)) for row in rows.itertuples()]
    order = {key: rank for rank, key in enumerate(names)}
    shown = rows.assign(column=columns, short=rows["estimate"].map(formats.number), rank=rows["benchmark"].map(order))
    return shown.sort_values(["rank", "n_tasks"], kind="stable")[["language", "column", "estimate", "short", "text"]]
