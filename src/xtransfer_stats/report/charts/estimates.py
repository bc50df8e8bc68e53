"""The forest plots: effects, interaction, tasks, languages, leave one task out, decomposition."""

from typing import Any

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import notes, select, theme
from xtransfer_stats.report.charts import layers
from xtransfer_stats.stats.core.results import Analysis

MOST_COLUMNS = 3  # the two benchmarks and the interaction, or the counts 3, 5 and 9
GAIN = "points (treated minus baseline)"


def effects(analysis: Analysis) -> Any | None:
    """Effect of each task count on each benchmark, with its interval and every run's own difference."""
    title = "Effect of intermediate tasks, by benchmark"
    return _benchmark_level(analysis, select.EFFECT, title, GAIN)


def interaction(analysis: Analysis) -> Any | None:
    """The effect on the second benchmark minus that on the first, for each task count."""
    first, second = analysis.facts.benchmarks
    axis = f"points (effect on {second} minus effect on {first})"
    return _benchmark_level(analysis, select.INTERACTION, "Interaction: how the effects differ", axis)


def tasks(analysis: Analysis) -> Any | None:
    """Effect on each target task, one panel a count."""
    return _by_key(analysis, select.TASK, "target_task", "Effect on each target task", theme.ROW)


def languages(analysis: Analysis) -> Any | None:
    """Caterpillar plot: effect in each language, sorted, one panel a count."""
    return _by_key(analysis, select.LANGUAGE, "language", "Effect in each language, sorted", theme.DENSE_ROW)


def leave_one_out(analysis: Analysis) -> Any | None:
    """The interaction (or an effect) without one target task at a time; dashed: with all tasks."""
    found = select.rows(analysis, select.LEAVE_ONE_OUT)
    plots = [
        layers.Forest(
            _labelled(analysis, part, part["target_task"].map("without {}".format)),
            title=title,
            reference=whole,
        )
        for part, title, whole in _panels(analysis, found)
    ]
    subtitle = "The dashed line is the estimate with all tasks. " + notes.interval(analysis, select.LEAVE_ONE_OUT)
    return _drawn(plots, "Leave one target task out", subtitle, "points")


def decomposition(analysis: Analysis) -> Any | None:
    """The interaction's parts: tasks that both benchmarks share and tasks that they do not."""
    found = select.rows(analysis, select.DECOMPOSITION)
    plots = [
        layers.Forest(_labelled(analysis, part, select.part_names(part)), title=title, reference=whole)
        for part, title, whole in _panels(analysis, found)
    ]
    subtitle = "The dashed line is the whole; its parts sum to it. " + notes.interval(analysis, select.DECOMPOSITION)
    return _drawn(plots, "Where the interaction comes from", subtitle, "points")


def _benchmark_level(analysis: Analysis, term: str, title: str, axis: str) -> Any | None:
    found = select.rows(analysis, term)
    rows = _labelled(analysis, found, _row_names(found))
    subtitle = notes.interval(analysis, term)
    dots = _dots(analysis, select.these(rows))
    if len(dots):
        subtitle += " Small dots: single runs."
    return _drawn([layers.Forest(rows, dots=dots)], title, subtitle, axis)


def _by_key(analysis: Analysis, term: str, key: str, title: str, row_height: int) -> Any | None:
    found = select.these(select.rows(analysis, term))
    plots = []
    for part, panel, _ in _panels(analysis, found):
        ordered = part.sort_values(["estimate", key], ascending=[False, True], kind="stable")
        plots.append(layers.Forest(_labelled(analysis, ordered, ordered[key]), title=panel, row_height=row_height))
    return _drawn(plots, title, notes.interval(analysis, term), GAIN)


def _panels(analysis: Analysis, found: pd.DataFrame) -> list[tuple[pd.DataFrame, str, float]]:
    """(rows, title, estimate of the whole) of each count and estimand present."""
    parts = []
    whole = select.these(select.rows(analysis, select.EFFECT, select.INTERACTION))
    for count in select.counts(found):
        for benchmark, name in select.headings(analysis, found).items():
            part = select.at_count(found, count)
            part = part[part["benchmark"] == benchmark]
            match = whole[(whole["n_tasks"] == count) & (whole["benchmark"] == benchmark)]["estimate"]
            title = select.words(name, formats.count_of_tasks(count))
            parts.append((part, title, float(match.iloc[0]) if len(match) else float("nan")))
    return [part for part in parts if len(part[0])]


def _labelled(analysis: Analysis, rows: pd.DataFrame, labels: Any) -> pd.DataFrame:
    return rows.assign(label=labels, colour=rows["benchmark"].map(layers.colours(analysis)))


def _row_names(found: pd.DataFrame) -> list[str]:
    """What tells the rows apart: benchmark, count and, where it is not "these", the scope."""
    return [
        select.words(
            row.benchmark,
            formats.count_of_tasks(row.n_tasks),
            "" if row.scope == select.THESE else select.scope(row.scope),
        )
        for row in found.itertuples()
    ]


def _dots(analysis: Analysis, rows: pd.DataFrame) -> pd.DataFrame:
    runs = select.run_effects(analysis).drop(columns="run")
    dots = runs.merge(rows[["n_tasks", "benchmark", "label", "colour"]], on=["n_tasks", "benchmark"])
    dots["tip"] = [f"seed {row.seed}, set {row.task_set}" for row in dots.itertuples()]
    return dots[["label", "value", "colour", "tip"]]


def _drawn(plots: list[layers.Forest], title: str, subtitle: str, axis: str) -> Any | None:
    plots = [plot for plot in plots if len(plot.rows)]
    if not plots:
        return None
    labels = [label for plot in plots for label in plot.rows["label"]]
    columns = min(len(plots), MOST_COLUMNS)
    return layers.finish(layers.forests(plots, axis, columns), title, subtitle, labels)
