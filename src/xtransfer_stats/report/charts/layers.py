"""What several charts share: the forest plot (one row an estimate), its scale, its panels."""

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Any

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report.charts import theme
from xtransfer_stats.stats.core.conditions import POINTS, Measure
from xtransfer_stats.stats.core.results import Analysis

if TYPE_CHECKING:
    import altair as alt
else:

    class _Altair:
        """Altair, which takes long to load, from the first chart on that is drawn."""

        def __getattr__(self, name: str) -> Any:
            import altair

            return getattr(altair, name)

    alt = _Altair()

CHARACTER = 6.3  # mean width in pixels of a letter of an axis label
LINE = 95  # letters of a subtitle's line
DASHED = [4, 3]
STRONG = 0.6  # share of a colour scale beyond which a cell is dark enough for a white number
DOTS_BELOW = 8  # pixels that a seed's dot stands below its estimate, so that neither hides the other


@dataclass(frozen=True)
class Forest:
    """Rows of a forest plot: `label, estimate, conf_low, conf_high, text, colour`, in drawing order.

    dots: `label, value, colour, tip`, one a run, drawn below the row of its label.
    beside: `label, estimate, text, colour`, a second estimate of a row, drawn as a hollow diamond.
    reference: a dashed line at this value, NaN for none.
    """

    rows: pd.DataFrame
    dots: pd.DataFrame | None = None
    title: str = ""
    row_height: int = theme.ROW
    reference: float = float("nan")
    beside: pd.DataFrame | None = None


def forest(plot: Forest, domain: Sequence[float], axis: str, width: int) -> Any:
    """The rows of `plot` with their intervals, a line at zero and the runs' dots below."""
    order = plot.rows["label"].tolist()
    x = alt.X("estimate:Q", title=axis, axis=alt.Axis(tickCount=max(3, width // 60)), scale=_scale(domain))
    y = alt.Y("label:N", sort=order, title=None)
    colour = alt.Color("colour:N", scale=None)
    tooltip = [alt.Tooltip("label:N", title="row"), alt.Tooltip("text:N", title="estimate [95 %]")]
    shown = plot.rows[["label", "estimate", "conf_low", "conf_high", "text", "colour"]]
    base = alt.Chart(shown).encode(y=y, color=colour, tooltip=tooltip)
    bars = base.transform_filter("isValid(datum.conf_low) && isValid(datum.conf_high)")
    low = alt.X("conf_low:Q", scale=_scale(domain))
    layers = [line(0.0, "x", strokeDash=[]), bars.mark_rule(strokeWidth=2).encode(x=low, x2=alt.X2("conf_high:Q"))]
    if plot.dots is not None and len(plot.dots):
        layers.append(_dots(plot.dots, y))
    if not math.isnan(plot.reference):
        layers.insert(1, line(plot.reference, "x", strokeDash=DASHED))
    layers.append(base.mark_point(filled=True, size=70, opacity=1).encode(x=x))
    if plot.beside is not None and len(plot.beside):
        other = alt.Chart(plot.beside[["label", "estimate", "text", "colour"]])
        mark = other.mark_point(shape="diamond", size=60, opacity=1, strokeWidth=1.5)
        layers.append(mark.encode(x=x, y=y, color=colour, tooltip=tooltip))
    height = plot.row_height * len(order) + (DOTS_BELOW if plot.dots is not None else 0)
    return alt.layer(*layers, width=width, height=max(height, 40))


def _dots(dots: pd.DataFrame, y: Any) -> "alt.Chart":
    mark = alt.Chart(dots).mark_circle(size=26, opacity=0.55, yOffset=DOTS_BELOW)
    return mark.encode(
        x=alt.X("value:Q"),
        y=y,
        color=alt.Color("colour:N", scale=None),
        tooltip=[alt.Tooltip("tip:N", title="run"), alt.Tooltip("value:Q", format=f".{formats.DIGITS}f")],
    )


def _scale(domain: Sequence[float]) -> "alt.Scale":
    return alt.Scale(domain=list(domain), nice=False, zero=False)


def line(value: float, axis: str, **mark: Any) -> "alt.Chart":
    """A line across the panel at a value of the axis "x" or "y", zero above all."""
    channels: Mapping[str, Any] = {axis: {"x": alt.X, "y": alt.Y}[axis]("at:Q")}
    return alt.Chart(pd.DataFrame({"at": [value]})).mark_rule(color=theme.REFERENCE, **mark).encode(**channels)


def named(*fields: str) -> list[Any]:
    """Tooltips that show fields as they are. Altair reads a mere name in milliseconds, an object of its own at once."""
    return [alt.Tooltip(f"{field}:N") for field in fields]


def reach(values: Iterable[float], margin: float = 0.06) -> list[float]:
    """The ends of a scale that holds all values, with a share of their range at each side."""
    present = [value for value in values if not math.isnan(value)]
    low, high = min(present), max(present)
    beyond = margin * (high - low) or 1.0
    digits = max(4, 4 - math.floor(math.log10(beyond)) - 3)  # more than four where all values are tiny
    return [round(low - beyond, digits), round(high + beyond, digits)]


def cells(
    base: Any, value: str, limit: float, size: Mapping[str, float], measure: Measure = POINTS, **scale: Any
) -> Any:
    """Cells coloured by a field of `base`, strongest at the limits, with the field `short` written in them.

    size: width and height in pixels. measure: of the field; what is better is blue.
    """
    domain = [-limit, -limit / 2, 0, limit / 2, limit]
    colours = alt.Scale(range=list(theme.DIVERGING)[:: measure.sign], domain=domain, **scale)
    colour = alt.Color(f"{value}:Q", scale=colours, title=measure.unit, legend=alt.Legend(gradientLength=200))
    ink = alt.condition(f"abs(datum.{value}) > {STRONG * limit}", alt.value("white"), alt.value("black"))
    text = base.mark_text(fontSize=11).encode(text=alt.Text("short:N"), color=ink)
    return alt.layer(base.mark_rect().encode(color=colour), text, **size)


def domain(forests: Sequence[Forest]) -> list[float]:
    """One scale for all panels: every estimate, bound, dot and zero, with a margin of 4 %."""
    values = [0.0]
    for plot in forests:
        values += plot.rows[["estimate", "conf_low", "conf_high"]].to_numpy(dtype=float).ravel().tolist()
        values += [] if plot.dots is None else plot.dots["value"].tolist()
        values += [] if plot.beside is None else plot.beside["estimate"].tolist()
        values.append(plot.reference)
    return reach(values, 0.04)


def forests(plots: Sequence[Forest], axis: str, columns: int, *, own: bool = False) -> Any:
    """One forest alone, or several as panels, so many in a row, on one scale; own: each on a scale of its own."""
    scale = domain(plots)
    width = theme.panel_width(columns if len(plots) > 1 else 1)
    drawn = [forest(plot, domain([plot]) if own else scale, axis, width) for plot in plots]
    return panels(drawn, [plot.title for plot in plots], columns)


def panels(drawn: Sequence[Any], titles: Sequence[str], columns: int = 2) -> Any:
    """Charts side by side, so many in a row, each under its title; one alone stays as it is."""
    if len(drawn) == 1:
        return drawn[0]
    for chart, title in zip(drawn, titles, strict=True):
        chart.title = alt.TitleParams(title, fontSize=12)
    return alt.concat(*drawn, columns=columns)


def finish(chart: Any, title: str, subtitle: str, labels: Sequence[str]) -> Any:
    """Title, description for screen readers, theme, and the room its labels need at any width."""
    usermeta = {"labels": _room(labels)}
    if any(", " in label for label in labels):
        usermeta["folded"] = _room([part for label in labels for part in label.split(", ", 1)])
    # Set in place: `properties` and `configure` copy the whole chart, which takes longer than drawing it.
    chart.title = alt.TitleParams(title, subtitle=textwrap.wrap(subtitle, LINE) or [""])
    chart.description = f"{title}. {subtitle} The same numbers stand in the tables."
    chart.usermeta, chart.config = usermeta, alt.Config(**theme.CONFIG)
    return chart


def _room(labels: Sequence[str]) -> int:
    return min(round(CHARACTER * max(map(len, labels), default=0)), 220) + 24


def colours(analysis: Analysis) -> dict[str, str]:
    """The colour of each benchmark, and of what belongs to neither ("")."""
    return {**dict(zip(analysis.facts.benchmarks, cycle(theme.SERIES), strict=False)), "": theme.OTHER}
