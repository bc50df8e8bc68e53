"""The charts of a fitted formula: its coefficients, its random effects by level, and its residuals."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from xtransfer_stats.report.charts import layers, theme
from xtransfer_stats.report.charts.layers import alt

INTERCEPT = "Intercept"
MOST_LEVELS = 40  # of a grouping that its chart shows
MOST_POINTS = 2000  # of the residuals drawn; the farthest are always among them
MOST_LETTERS = 34  # of a level's name on an axis
HEIGHT = 260


@dataclass(frozen=True)
class Drawn:
    """What the charts are drawn from.

    fixed: term, estimate, conf_low, conf_high. effects: group, term, level, estimate, low, high. residuals: fitted,
    standardised; one row a row of the fit. interval: what the limits of the fixed effects are.
    """

    formula: str
    response: str
    fixed: pd.DataFrame
    effects: pd.DataFrame
    residuals: pd.DataFrame
    interval: str


def charts(drawn: Drawn) -> dict[str, Callable[[Drawn], Any | None]]:
    """File name -> what draws it: one for the random effects of each grouping."""
    groups = list(dict.fromkeys(drawn.effects["group"]))
    one_each = {f"random_effects_{place}": partial(random_effects, group=name) for place, name in enumerate(groups, 1)}
    return {"fixed_effects": fixed_effects, **one_each, "residuals": residuals, "normality": normality}


def fixed_effects(drawn: Drawn) -> Any:
    """Forest of the coefficients with their intervals; the intercept, of another size, stands in the table alone."""
    others = drawn.fixed[drawn.fixed["term"] != INTERCEPT]
    rows = others if len(others) else drawn.fixed
    shown = _rows(rows["term"], rows["estimate"], rows["conf_low"], rows["conf_high"], theme.BLUE)
    said = " The intercept is in the table." if len(others) < len(drawn.fixed) and len(others) else ""
    change = f"Change of {drawn.response} for a unit, or from the reference level."
    subtitle = f"{drawn.formula}. 95 % intervals, {drawn.interval}. {change}{said}"
    axis = f"change of {drawn.response}"
    return layers.finish(
        layers.forests([layers.Forest(shown)], axis, 1), "Fixed effects", subtitle, list(shown["label"])
    )


def random_effects(drawn: Drawn, group: str) -> Any:
    """Caterpillar of one grouping, sorted: conditional means with 95 % intervals, a panel an effect."""
    rows = drawn.effects[drawn.effects["group"] == group]
    panels, cut = [], 0
    width = theme.panel_width(min(2, rows["term"].nunique()))
    for term, part in rows.groupby("term", sort=False):
        kept = part.sort_values("estimate", key=abs, ascending=False, kind="stable").head(MOST_LEVELS)
        cut = len(part) - len(kept)
        kept = kept.sort_values(["estimate", "level"], ascending=[False, True], kind="stable")
        shown = _rows(_short(kept["level"]), kept["estimate"], kept["low"], kept["high"], theme.VERMILLION)
        forest = layers.Forest(shown, title=str(term), row_height=theme.DENSE_ROW)
        panels.append(layers.forest(forest, layers.domain([forest]), "effect", width))
    more = f" The {MOST_LEVELS} farthest from zero of {cut + MOST_LEVELS} levels." if cut else ""
    subtitle = f"Conditional means given the data, 95 % intervals (lme4's condVar), in units of {drawn.response}.{more}"
    labels = rows["level"].astype(str).tolist()
    titles = [str(term) for term in dict.fromkeys(rows["term"])]
    if len(panels) == 1:
        return layers.finish(panels[0], f"Random effects of {group}: {titles[0]}", subtitle, labels)
    return layers.finish(layers.panels(panels, titles), f"Random effects of {group}", subtitle, labels)


def residuals(drawn: Drawn) -> Any:
    """Standardised residuals against fitted values, with lines at -2 and 2."""
    shown, said = _thinned(drawn.residuals)
    x = alt.X("fitted:Q", title=f"fitted {drawn.response}", scale=alt.Scale(zero=False))
    y = alt.Y("standardised:Q", title="standardised residual")
    mark = alt.Chart(shown).mark_circle(size=26, opacity=0.55, color=theme.BLUE)
    dots = mark.encode(x=x, y=y, tooltip=[_number("fitted"), _number("standardised")])
    lines = [layers.line(0.0, "y"), *(layers.line(at, "y", strokeDash=layers.DASHED) for at in (-2.0, 2.0))]
    chart = alt.layer(*lines, dots, width=theme.panel_width(1), height=HEIGHT)
    subtitle = f"Response less fit, over its residual standard deviation; dashed: -2 and 2.{said}"
    return layers.finish(chart, "Residuals against fitted values", subtitle, ["-2.0"])


def normality(drawn: Drawn) -> Any:
    """Ordered standardised residuals against the quantiles of a normal distribution."""
    ordered = np.sort(drawn.residuals["standardised"].to_numpy(dtype=float))
    quantiles = stats.norm.ppf((np.arange(1, len(ordered) + 1) - 0.5) / len(ordered))
    rows = pd.DataFrame({"theoretical": quantiles, "standardised": ordered})
    shown, said = _thinned(rows)
    ends = pd.DataFrame({"theoretical": [quantiles[0], quantiles[-1]]})
    x = alt.X("theoretical:Q", title="normal quantile")
    diagonal = alt.Chart(ends).mark_line(color=theme.REFERENCE, strokeDash=layers.DASHED)
    dots = alt.Chart(shown).mark_circle(size=26, opacity=0.6, color=theme.BLUE)
    y = alt.Y("standardised:Q", title="standardised residual")
    drawn_dots = dots.encode(x=x, y=y, tooltip=[_number("theoretical"), _number("standardised")])
    chart = alt.layer(
        diagonal.encode(x=x, y=alt.Y("theoretical:Q", title="standardised residual")),
        drawn_dots,
        width=theme.panel_width(1),
        height=HEIGHT,
    )
    subtitle = f"Ordered standardised residuals against the normal's quantiles; dashed: where they would lie.{said}"
    return layers.finish(chart, "Normality of the residuals", subtitle, ["-2.0"])


def _rows(labels: pd.Series, estimate: pd.Series, low: pd.Series, high: pd.Series, colour: str) -> pd.DataFrame:
    rows = pd.DataFrame({"label": labels.astype(str), "estimate": estimate, "conf_low": low, "conf_high": high})
    text = [_interval(*row) for row in zip(estimate, low, high, strict=True)]
    return rows.assign(text=text, colour=colour).reset_index(drop=True)


def _short(names: pd.Series) -> pd.Series:
    """Names that an axis can show: the long ones lose their middle, unless two would look alike."""
    texts = names.astype(str)
    cut = texts.map(lambda one: one if len(one) <= MOST_LETTERS else f"{one[:20]}…{one[-13:]}")
    return cut if cut.nunique() == texts.nunique() else texts


def _interval(estimate: float, low: float, high: float) -> str:
    return f"{estimate:.4g}" if math.isnan(low) else f"{estimate:.4g} [{low:.4g}, {high:.4g}]"


def _thinned(rows: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """At most about MOST_POINTS rows, the farthest among them, and the sentence that says so."""
    rows = rows.sort_values("standardised", key=abs, ascending=False, kind="stable").reset_index(drop=True)
    step = -(-len(rows) // MOST_POINTS)
    shown = rows[(rows.index < 50) | (rows.index % step == 0)]
    return shown, f" {len(shown):,} of {len(rows):,} rows, the farthest among them." if step > 1 else ""


def _number(field: str) -> Any:
    return alt.Tooltip(f"{field}:Q", format=".3g")
