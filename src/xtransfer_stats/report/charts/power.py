"""The curves of a planning: power by seeds for several effects, detectable effect by seeds and sets."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd

from xtransfer_stats.report.charts import layers, theme
from xtransfer_stats.report.charts.layers import alt
from xtransfer_stats.stats.power.planning import Planning

HEIGHT = 260


def power(planning: Planning) -> Any:
    """Power against seeds, one line an effect, one panel a number of sets; dashed: the power asked for."""
    rows = planning.curves.assign(
        size=[f"{value:.3g} point{'s' if value != 1 else ''}" for value in planning.curves["effect"]]
    )
    sizes = list(dict.fromkeys(rows["size"]))
    parts = [(_sets(planning, float(str(sets))), part) for sets, part in rows.groupby("sets")]
    columns = min(len(parts), 2)
    drawn = [_power_panel(part, sizes, planning.asked.question.wanted, columns) for _, part in parts]
    title = f"Power for the {_estimand(planning)}"
    subtitle = f"{_subtitle(planning)} Dashed: the power asked for. One line a true effect."
    return layers.finish(layers.panels(drawn, [name for name, _ in parts], columns), title, subtitle, ["0.00"])


def detectable(planning: Planning) -> Any:
    """Smallest effect found with the wanted power against seeds, one line a number of sets; bands: its reach."""
    wanted = 100 * planning.asked.question.wanted
    rows = planning.curves.drop_duplicates(["seeds", "sets"])
    rows = rows.assign(design=[_sets(planning, sets) for sets in rows["sets"]])
    order = list(dict.fromkeys(rows["design"]))
    title = f"Smallest {_estimand(planning)} found with {wanted:g} % power"
    band = " Bands: 80 % reach of the estimated variances." if planning.asked.scenarios.uncertain else ""
    return layers.finish(_detectable(rows, order), title, _subtitle(planning) + band, ["00.0"])


CHARTS: Mapping[str, Callable[[Planning], Any]] = MappingProxyType({"power": power, "detectable": detectable})


def _power_panel(rows: pd.DataFrame, sizes: list[str], wanted: float, columns: int) -> Any:
    base = alt.Chart(rows[["seeds", "power", "size"]]).encode(
        x=_seeds(rows),
        y=alt.Y("power:Q", title="power", scale=alt.Scale(domain=[0, 1])),
        color=_colour("size", sizes, "true effect"),
        tooltip=["seeds:Q", alt.Tooltip("power:Q", format=".2f"), alt.Tooltip("size:N", title="true effect")],
    )
    line = layers.line(wanted, "y", strokeDash=layers.DASHED)
    chart = alt.layer(line, base.mark_line(), base.mark_circle(size=36, opacity=1))
    return chart.properties(width=theme.panel_width(columns), height=HEIGHT)


def _detectable(rows: pd.DataFrame, order: list[str]) -> Any:
    fields = ["seeds", "detectable", "detectable_low", "detectable_high", "design"]
    scale = alt.Scale(type="log", nice=False)
    base = alt.Chart(rows[fields]).encode(x=_seeds(rows), color=_colour("design", order, "design"))
    y = alt.Y("detectable:Q", title="points (logarithmic)", scale=scale)
    tooltip = ["seeds:Q", "design:N", alt.Tooltip("detectable:Q", title="points", format=".2f")]
    band = base.mark_area(opacity=0.15).encode(y=alt.Y("detectable_low:Q", scale=scale), y2="detectable_high:Q")
    dots = base.mark_circle(size=36, opacity=1).encode(y=y, tooltip=tooltip)
    return alt.layer(band, base.mark_line().encode(y=y), dots).properties(width=theme.WIDTH, height=HEIGHT)


def _seeds(rows: pd.DataFrame) -> Any:
    ticks = [value for value in (3, 5, 7, 10, 15, 20, 30, 40, 50, 60) if value <= rows["seeds"].max()]
    domain = [int(rows["seeds"].min()), int(rows["seeds"].max())]
    return alt.X("seeds:Q", title="seeds", axis=alt.Axis(values=ticks), scale=alt.Scale(domain=domain, nice=False))


def _colour(field: str, order: list[str], title: str) -> Any:
    scale = alt.Scale(domain=order, range=theme.told_apart(len(order)))
    return alt.Color(f"{field}:N", sort=order, title=title, scale=scale, legend=alt.Legend(symbolOpacity=1))


def _sets(planning: Planning, sets: float) -> str:
    sets = int(sets)
    name = f"{sets} task set{'s' if sets != 1 else ''}"
    return f"{name} for all seeds" if planning.asked.base.crossed else f"{name} a seed and count"


def _estimand(planning: Planning) -> str:
    return "interaction" if planning.estimand == "interaction" else f"effect on {planning.estimand}"


def _subtitle(planning: Planning) -> str:
    counts = ", ".join(map(str, planning.asked.base.counts))
    several = len(planning.asked.base.counts) > 1
    test = f"task counts {counts} (Holm; the count hardest to see)" if several else f"task count {counts}"
    return f"Two-sided at {planning.asked.question.alpha:g}, {test}, scope these languages."
