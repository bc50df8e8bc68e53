"""Effect in each language against what is known of it in numbers, a name at each point where there is room for it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import select, words
from xtransfer_stats.report.charts import layers, theme
from xtransfer_stats.report.charts.layers import alt
from xtransfer_stats.stats.core import termtable
from xtransfer_stats.stats.core.results import Analysis
from xtransfer_stats.stats.core.scores import DISTANCE, TRAINED_IN, WIKIPEDIA

HEIGHT = 260
NARROWEST = 300  # names that do not collide in a plot this wide do not in a wider one
COLUMNS = 2
SIDES = {  # side -> (align, baseline, dx, dy)
    "right": ("left", "middle", 6, 0),
    "left": ("right", "middle", -6, 0),
    "above": ("center", "bottom", 0, -5),
    "below": ("center", "top", 0, 6),
}
CHARACTER, LINE, DOT = 6.6, 11.0, 5.0  # pixels: width of a letter, height of a line, half a point with its margin

Box = tuple[float, float, float, float]  # left, top, right, bottom


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
    x, y = layers.reach(map(scatter.place, rows["x"])), layers.reach([*rows["estimate"], 0.0])
    parts = select.by_count(rows)
    effect = words.spoken("effect in {points}", analysis)
    drawn = [_panel(scatter, part, x, y, min(COLUMNS, len(parts)), effect) for part in parts.values()]
    titles = list(map(words.conditions_of(analysis).called, parts))
    subtitle = "Effects as in the table of languages, within target tasks; exploratory. " + _slopes(
        analysis, scatter.column
    )
    subtitle += _left_out(analysis, scatter, rows, drawn)
    return layers.finish(layers.panels([one for one, _ in drawn], titles, COLUMNS), scatter.title, subtitle, ["−00.0"])


def _left_out(analysis: Analysis, scatter: Scatter, rows: pd.DataFrame, drawn: Sequence[tuple[Any, int]]) -> str:
    """What the chart does not draw, and what it draws beyond the slope."""
    every = select.these(select.rows(analysis, termtable.LANGUAGE))["language"]
    lacking = sorted(set(every) - set(rows["language"]))
    said = f" Not drawn, as their {scatter.unit} is not known: {', '.join(lacking)}." if lacking else ""
    if TRAINED_IN in set(rows["language"]):
        said += " English, which target tasks are trained in, is drawn, and left out of the slope."
    bare = max(count for _, count in drawn)
    return said + (f" {formats.counted(bare, 'language')} without room for a name." if bare else "")


def _rows(analysis: Analysis, column: str) -> pd.DataFrame:
    rows = select.these(select.rows(analysis, termtable.LANGUAGE))
    if column not in analysis.language_facts or rows.empty:
        return pd.DataFrame()
    facts = analysis.language_facts.rename(columns={column: "x", "family": "of family"})
    rows = rows.merge(facts, on="language").dropna(subset=["x", "estimate"])
    return rows.assign(known=[name or code for name, code in zip(rows["name"], rows["language"], strict=True)])


def _slopes(analysis: Analysis, column: str) -> str:
    rows = select.these(select.rows(analysis, termtable.SLOPE))
    slopes = [
        f"{row.contrast}: {row.text} {words.spoken('{points}', analysis)}"
        for row in rows[rows["level"] == column].itertuples()
    ]
    return f"Slopes inside target tasks, {'; '.join(slopes)}." if slopes else ""


def _panel(
    scatter: Scatter, rows: pd.DataFrame, across: list[float], up: list[float], panels: int, effect: str
) -> tuple[Any, int]:
    """The panel, and how many of its points carry no name."""
    width = theme.panel_width(panels)
    shown = _sided(scatter, rows, across, up, min(width, NARROWEST))
    scale = alt.Scale(type="log") if scatter.logarithmic else alt.Scale(zero=False)
    scale.domain, scale.nice = scatter.domain(across), False
    ticks = list(scatter.ticks) if scatter.ticks else alt.Undefined
    base = alt.Chart(shown).encode(
        x=alt.X("x:Q", title=scatter.axis, scale=scale, axis=alt.Axis(format="~g", values=ticks)),
        y=alt.Y("estimate:Q", title=effect, scale=alt.Scale(domain=up, nice=False)),
    )
    tooltip = [
        alt.Tooltip("known:N", title="language"),
        alt.Tooltip("of family:N", title="family"),
        *layers.named("script"),
        alt.Tooltip("x:Q", title=scatter.unit),
        alt.Tooltip("text:N", title="estimate [95 %]"),
    ]
    dots = base.mark_circle(size=44, opacity=0.9, color=theme.OTHER).encode(tooltip=tooltip)
    names = [_names(base, side) for side in SIDES if (shown["side"] == side).any()]
    bare = int((shown["side"] == "").sum())
    return alt.layer(layers.line(0.0, "y"), dots, *names, width=width, height=HEIGHT), bare


def _names(base: Any, side: str) -> Any:
    align, baseline, dx, dy = SIDES[side]
    mark = base.transform_filter(f"datum.side === '{side}'").mark_text(
        align=align, baseline=baseline, dx=dx, dy=dy, fontSize=11, color=theme.INK
    )
    return mark.encode(text=alt.Text("language:N"))


def _sided(scatter: Scatter, rows: pd.DataFrame, across: list[float], up: list[float], width: int) -> pd.DataFrame:
    x = [(scatter.place(value) - across[0]) / (across[1] - across[0]) * width for value in rows["x"]]
    y = [(up[1] - value) / (up[1] - up[0]) * HEIGHT for value in rows["estimate"]]
    sides = placed(list(zip(x, y, strict=True)), rows["language"].tolist(), width)
    columns = ["language", "known", "of family", "script", "x", "estimate", "text"]
    return rows[columns].assign(side=sides)


def placed(points: Sequence[tuple[float, float]], names: Sequence[str], width: float) -> list[str]:
    """A side a name: "right", "left", "above", "below", or "" where every side is taken or beyond the chart.

    points: (x, y) in pixels from the upper left. The first names are served first.
    """
    taken: list[Box] = [(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in points]
    sides = []
    for index, ((x, y), name) in enumerate(zip(points, names, strict=True)):
        others = taken[:index] + taken[index + 1 :]
        boxes = _boxes(x, y, CHARACTER * len(name))
        side = next((one for one, box in boxes.items() if _free(box, others, width)), "")
        sides.append(side)
        if side:
            taken.append(boxes[side])
    return sides


def _boxes(x: float, y: float, wide: float) -> dict[str, Box]:
    half = wide / 2
    return {
        "right": (x + DOT, y - LINE / 2, x + DOT + wide, y + LINE / 2),
        "left": (x - DOT - wide, y - LINE / 2, x - DOT, y + LINE / 2),
        "above": (x - half, y - DOT - LINE, x + half, y - DOT),
        "below": (x - half, y + DOT, x + half, y + DOT + LINE),
    }


def _free(box: Box, others: Sequence[Box], width: float) -> bool:
    inside = box[0] >= 0 and box[2] <= width
    return inside and not any(
        box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3] for other in others
    )
