"""One forest chart of a comparison: A, B and their difference, a panel a benchmark and one for the interaction."""

from typing import Any

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import notes, theme
from xtransfer_stats.report.charts import layers
from xtransfer_stats.report.comparison.tables import tests
from xtransfer_stats.stats.comparison.estimates import DIFFERENCE, A, B
from xtransfer_stats.stats.comparison.result import Comparison

COLOURS = {A: theme.BLUE, B: theme.VERMILLION, DIFFERENCE: theme.GREEN}
TERMS = ("effect", "interaction")


def chart(found: Comparison) -> Any:
    """Effects and interaction at every count."""
    rows = found.results[found.results["term"].isin(TERMS)]
    plots = [
        layers.Forest(_labelled(found, rows[rows["benchmark"] == name]), title=title)
        for name, title in {**{name: name for name in found.a.facts.benchmarks}, "": "interaction"}.items()
    ]
    title = f"Gain from intermediate tasks: A, B and B {formats.MINUS} A"
    subtitle = f"A: {found.a.name}. B: {found.b.name}. {notes.INTERVAL_NOTE} {tests(found, *TERMS)}"
    labels = [label for plot in plots for label in plot.rows["label"]]
    drawn = layers.forests(plots, "points (treated minus baseline)", len(plots))
    return layers.finish(drawn, title, subtitle, labels)


def _labelled(found: Comparison, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of a panel, by count and then A, B, difference."""
    names = {A: "A", B: "B", DIFFERENCE: f"B {formats.MINUS} A"}
    ordered = rows.assign(place=rows["side"].map(list(COLOURS).index)).sort_values(["n_tasks", "place"])
    return ordered.assign(
        label=[f"{names[row.side]}, {formats.count_of_tasks(row.n_tasks)}" for row in ordered.itertuples()],
        colour=ordered["side"].map(COLOURS),
        text=[formats.estimate(row.estimate, row.conf_low, row.conf_high) for row in ordered.itertuples()],
    )
