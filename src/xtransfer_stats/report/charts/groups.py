"""Forest plots of groups: target tasks by group, languages by family and script, intermediate tasks by their part."""

from typing import Any

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import notes, select, theme
from xtransfer_stats.report.charts import layers
from xtransfer_stats.stats.core.results import Analysis

GAIN = "points (treated minus baseline)"
COLUMNS = 3


def groups(analysis: Analysis) -> Any | None:
    """Effect on each group of target tasks, one panel a count."""
    return _by_value(analysis, select.GROUP, "group", "Effect on each group of target tasks")


def families(analysis: Analysis) -> Any | None:
    """Effect in each language family, one panel a count."""
    return _by_value(analysis, select.FAMILY, "family", "Effect in each language family")


def scripts(analysis: Analysis) -> Any | None:
    """Effect in each script, one panel a count."""
    return _by_value(analysis, select.SCRIPT, "script", "Effect in each script")


def identity(analysis: Analysis) -> Any | None:
    """Shrunken part of each intermediate task in the interaction, bars of one standard error."""
    found = select.rows(analysis, select.IDENTITY)
    if found.empty:
        return None
    names = found["contrast"].map(select.intermediate)
    text = [f"{formats.number(row.estimate)}, standard error {formats.number(row.std_error)}"
            for row in found.itertuples()]  # fmt: skip
    rows = found.assign(
        label=names,
        conf_low=found["estimate"] - found["std_error"],
        conf_high=found["estimate"] + found["std_error"],
        text=text,
        colour=theme.OTHER,
    ).sort_values(["estimate", "label"], ascending=[False, True], kind="stable")
    subtitle = "Shrunken guesses, never tested; bars: one standard error to each side, no 95 % interval."
    chart = layers.forests([layers.Forest(rows)], "points of the interaction", 1)
    return layers.finish(chart, "Part of each intermediate task in the interaction", subtitle, list(names))


def _by_value(analysis: Analysis, term: str, kind: str, title: str) -> Any | None:
    found = select.these(select.rows(analysis, term))
    if found.empty:
        return None
    plots = [_plot(select.at_count(found, count), kind, count) for count in select.counts(found)]
    labels = [label for plot in plots for label in plot.rows["label"]]
    chart = layers.forests(plots, GAIN, min(COLUMNS, len(plots)))
    return layers.finish(chart, title, notes.interval(analysis, term), labels)


def _plot(part: pd.DataFrame, kind: str, count: float) -> layers.Forest:
    labels = [select.value_at(contrast, kind) for contrast in part["contrast"]]
    rows = part.assign(label=labels, colour=theme.OTHER)
    rows = rows.sort_values(["estimate", "label"], ascending=[False, True], kind="stable")
    return layers.Forest(rows, title=formats.count_of_tasks(count))
