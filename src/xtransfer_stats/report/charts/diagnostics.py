"""The charts of the diagnostics: residuals, influence of single levels, normality."""

from typing import Any

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import words
from xtransfer_stats.report.charts import layers, theme
from xtransfer_stats.report.charts.layers import alt
from xtransfer_stats.stats.core.results import OF_PAIR, Analysis
from xtransfer_stats.stats.core.termtable import INTERACTION

HEIGHT, SMALL = 220, 130
MOST_POINTS = 2000  # of the residuals drawn; the farthest are always among them
MOST_LEVELS = 10  # of a kind drawn in the influence chart
MOST_LETTERS = 30
MOST_PAIRS = 6  # interactions of pairs of benchmarks
COLUMNS = 3


def residuals(analysis: Analysis) -> Any | None:
    """Standardised residuals of the cell-level model against fitted scores, and by target task."""
    diagnostics = analysis.diagnostics
    if diagnostics is None or diagnostics.residuals.empty:
        return None
    shown = _thinned(diagnostics.residuals)
    left = len(shown) < len(diagnostics.residuals)
    said = "Cell-level model: score less fit in {points}, over the target task's residual standard deviation."
    subtitle = words.spoken(said, analysis)
    subtitle += f" {len(shown):,} of {len(diagnostics.residuals):,} cells, the farthest among them." if left else ""
    unit = words.measure_of(analysis).unit
    panels = [_against_fitted(shown, words.spoken("fitted {score in points}", analysis), unit), _by_task(shown, unit)]
    chart = layers.panels(panels, ["against the fit", "by target task"])
    return layers.finish(chart, "Residuals", subtitle, shown["target_task"].unique().tolist())


def influence(analysis: Analysis) -> Any | None:
    """Change of the interaction without single runs, seeds, languages and target tasks; the largest of each kind."""
    diagnostics = analysis.diagnostics
    if diagnostics is None or diagnostics.influence.empty:
        return None
    rows, key, remark = _told_apart(analysis, diagnostics.influence)
    counts = list(dict.fromkeys(rows.sort_values("n_tasks", kind="stable")[key]))
    parts = [(f"without one {kind}", _largest(part)) for kind, part in rows.groupby("kind", sort=False)]
    tasks = rows["kind"] == "target task"
    title, change = _heading(analysis, key), words.spoken("change in {points}", analysis)
    reach = {whole: _reach(rows[tasks == whole]) for whole in (True, False)}
    drawn = [
        _changes(part, counts, reach[(part["kind"] == "target task").all()], key, title, change) for _, part in parts
    ]
    subtitle = words.spoken("{Points}, without less with. ", analysis)
    subtitle += f"Up to {MOST_LEVELS} levels of a kind, the most influential. "
    subtitle += f"Target tasks have a scale of their own.{remark}" if tasks.any() else remark
    labels = [name for _, part in parts for name in part["name"]]
    chart = layers.panels(drawn, [name for name, _ in parts])
    return layers.finish(chart, words.spoken("Influence on the {primary}", analysis), subtitle, labels)


def normality(analysis: Analysis) -> Any | None:
    """Normal quantile plots of seed differences and of each random term, with a 95 % envelope a point."""
    diagnostics = analysis.diagnostics
    if diagnostics is None or diagnostics.qq.empty:
        return None
    tested = diagnostics.normality.set_index("panel")
    parts = list(diagnostics.qq.groupby("panel", sort=False))
    tests = [f"{int(tested.loc[name, 'levels'])} levels, p {_p(tested, str(name))}" for name, _ in parts]
    drawn = [
        _quantiles(part, alt.TitleParams(str(name), subtitle=under, fontSize=12, subtitleFontSize=11))
        for (name, part), under in zip(parts, tests, strict=True)
    ]
    subtitle = (
        "Ordered values, standardised ({points} over their standard deviation), against the normal's. Band: 95 % "
    )
    subtitle += "for each point alone, simulated. p: Shapiro-Wilk; few levels show gross departures only."
    return layers.finish(alt.concat(*drawn, columns=COLUMNS), "Normality", words.spoken(subtitle, analysis), ["-2.0"])


def _told_apart(analysis: Analysis, rows: pd.DataFrame) -> tuple[pd.DataFrame, str, str]:
    """Rows with what their colour tells, its column, and a remark: the condition, or one of several interactions."""
    conditions, (key, _) = words.conditions_of(analysis), words.keys_of(analysis)
    if OF_PAIR not in rows:
        return rows.assign(**{key: rows["n_tasks"].map(conditions.called)}), key, ""
    most = rows.groupby(OF_PAIR)["change"].agg(lambda change: change.abs().max()).nlargest(MOST_PAIRS).index
    left = rows[OF_PAIR].nunique() - len(most)
    remark = f" The {len(most)} interactions that move most, of {left + len(most)}." if left else ""
    return rows[rows[OF_PAIR].isin(most)], OF_PAIR, remark


def _heading(analysis: Analysis, key: str) -> str:
    return INTERACTION if key == OF_PAIR else words.spoken("{unit}", analysis)


def _reach(rows: pd.DataFrame) -> float:
    """Half the width of a scale that holds all changes."""
    return 1.08 * float(rows["change"].abs().max()) if len(rows) and rows["change"].any() else 1.0


def _thinned(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.sort_values("standardised", key=abs, ascending=False, kind="stable").reset_index(drop=True)
    step = -(-len(rows) // MOST_POINTS)
    return rows[(rows.index < 50) | (rows.index % step == 0)]


def _against_fitted(rows: pd.DataFrame, title: str, unit: str) -> Any:
    x = alt.X("fitted:Q", title=title, scale=alt.Scale(zero=False))
    mark = alt.Chart(rows).mark_circle(size=14, opacity=0.45, color=theme.BLUE)
    dots = mark.encode(x=x, y=alt.Y("standardised:Q", title="standardised residual"), tooltip=_cell(unit))
    return alt.layer(layers.line(0.0, "y"), dots, width=theme.panel_width(2), height=HEIGHT)


def _by_task(rows: pd.DataFrame, unit: str) -> Any:
    tasks = sorted(rows["target_task"].unique())
    y = alt.Y("target_task:N", sort=tasks, title=None)
    x = alt.X("standardised:Q", title="standardised residual")
    mark = alt.Chart(rows).mark_tick(opacity=0.4, color=theme.VERMILLION, thickness=1)
    ticks = mark.encode(x=x, y=y, tooltip=_cell(unit))
    return alt.layer(layers.line(0.0, "x"), ticks, width=theme.panel_width(2) - 60, height=HEIGHT)


def _cell(unit: str) -> list[Any]:
    points = alt.Tooltip("residual:Q", title=unit, format=".2f")
    return [*layers.named("target_task", "language", "run"), points]


def _largest(rows: pd.DataFrame) -> pd.DataFrame:
    """The most influential levels at any count, named as the axis can show them."""
    size = rows.assign(size=rows["change"].abs()).groupby("level")["size"].max()
    kept = size.sort_values(ascending=False, kind="stable").index[:MOST_LEVELS]
    shown = rows[rows["level"].isin(kept)]
    rank = {level: place for place, level in enumerate(kept)}
    shown = shown.assign(rank=shown["level"].map(rank), name=shown["level"].map(_short))
    return shown.sort_values(["rank", "n_tasks"], kind="stable")


def _short(name: str) -> str:
    return name if len(name) <= MOST_LETTERS else f"{name[:18]}…{name[-11:]}"


def _changes(rows: pd.DataFrame, counts: list[str], reach: float, key: str, title: str, change: str) -> Any:
    order = list(dict.fromkeys(rows["name"]))
    colours = alt.Scale(domain=counts, range=theme.told_apart(len(counts)))
    legend = alt.Legend() if len(counts) > 1 else None
    numbers = [alt.Tooltip(f"{field}:Q", format=".2f") for field in ("change", "estimate")]
    base = alt.Chart(rows[["name", "level", key, "change", "estimate", "change_in_se"]]).encode(
        y=alt.Y("name:N", sort=order, title=None),
        color=alt.Color(f"{key}:N", scale=colours, title=title, legend=legend),
        tooltip=[*layers.named("level", key), *numbers],
    )
    x = alt.X("change:Q", title=change, scale=alt.Scale(domain=[-reach, reach]), axis=alt.Axis(tickCount=5))
    dots = base.mark_point(filled=True, size=50, opacity=0.85).encode(x=x)
    return alt.layer(layers.line(0.0, "x"), dots, width=190, height=max(60, theme.DENSE_ROW * len(order)))


def _quantiles(rows: pd.DataFrame, title: Any) -> Any:
    x = alt.X("theoretical:Q", title="normal quantile", axis=alt.Axis(tickCount=5))
    y = alt.Y("observed:Q", title="observed", axis=alt.Axis(tickCount=5))
    base = alt.Chart().encode(x=x)
    band = base.mark_area(color=theme.OTHER, opacity=0.18).encode(
        y=alt.Y("low:Q", title="observed"), y2=alt.Y2("high:Q")
    )
    line = base.mark_line(color=theme.REFERENCE, strokeDash=layers.DASHED).encode(y=alt.Y("theoretical:Q"))
    dots = base.mark_circle(color=theme.BLUE, size=28, opacity=0.8).encode(y=y)
    return alt.layer(band, line, dots, data=rows, width=theme.panel_width(COLUMNS) - 20, height=SMALL, title=title)


def _p(tested: pd.DataFrame, name: str) -> str:
    text = formats.p_value(float(tested.loc[name, "p_value"]))
    return text if text.startswith("<") else f"= {text}"
