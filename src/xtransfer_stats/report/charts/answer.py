"""The chart that is the answer: the effect on each benchmark, with and without the task that it hangs on."""

from typing import Any

import numpy as np
import pandas as pd

from xtransfer_stats.report import notes, select, words
from xtransfer_stats.report.charts import layers
from xtransfer_stats.report.charts.forests import drawn
from xtransfer_stats.stats.core.results import Analysis
from xtransfer_stats.stats.core.termtable import EFFECT, INTERACTION, LEAVE_ONE_OUT
from xtransfer_stats.stats.core.weights import Weights

MOST_ROWS = 14  # of the chart with a row of each effect left out; above them the effects stand alone
LEFT, RIGHT = "\N{LEFTWARDS ARROW}", "\N{RIGHTWARDS ARROW}"


def answer(analysis: Analysis) -> Any | None:
    """The effect on each benchmark, with and without the task it hangs on; a dot a seed, hurts left, helps right."""
    whole = select.these(select.rows(analysis, EFFECT))
    if whole.empty:
        return None
    task = hangs_on(analysis)
    rows = pd.concat([whole, _without(analysis, whole, task)], ignore_index=True) if task else whole
    if len(rows) > MOST_ROWS:
        rows, task = whole, ""
    rows = rows.sort_values(["n_tasks", "benchmark"], key=_placed(analysis), kind="stable")
    rows = rows.assign(label=_labels(analysis, rows), colour=rows["benchmark"].map(layers.colours(analysis)))
    dots = _dots(analysis, rows)
    subtitle = notes.interval(analysis, EFFECT) + (" Small dots: one a seed." if len(dots) else "")
    title = "Effect on each benchmark" if len(analysis.facts.benchmarks) > 1 else "Effect"
    title += f", with and without {task}" if task else ""
    return drawn([layers.Forest(rows, dots=dots if len(dots) else None)], title, subtitle, _axis(analysis))


def hangs_on(analysis: Analysis) -> str:
    """The target task without which the interaction moves most; an effect, where there is none or several pairs."""
    left = select.these(select.rows(analysis, LEAVE_ONE_OUT))
    whole = select.these(select.rows(analysis, EFFECT, INTERACTION))
    between = left["benchmark"].eq("")
    left = left[between] if between.any() and len(analysis.facts.benchmarks) == 2 else left[~between]
    if left.empty:
        return ""
    estimates = whole[whole["benchmark"].isin(left["benchmark"])].set_index(["benchmark", "n_tasks"])["estimate"]
    keys = pd.MultiIndex.from_frame(left[["benchmark", "n_tasks"]])
    moved = np.abs(left["estimate"].to_numpy() - estimates.reindex(keys).to_numpy())
    return "" if np.isnan(moved).all() else str(left["target_task"].iloc[int(np.nanargmax(moved))])


def _without(analysis: Analysis, whole: pd.DataFrame, task: str) -> pd.DataFrame:
    left = select.these(select.rows(analysis, LEAVE_ONE_OUT))
    left = left[(left["target_task"] == task) & left["benchmark"].isin(whole["benchmark"])]
    return left[left["benchmark"] != ""] if len(analysis.facts.benchmarks) > 1 else left


def _placed(analysis: Analysis) -> Any:
    """Benchmarks in the study's order; of numbers their own."""
    order = {name: place for place, name in enumerate(analysis.facts.benchmarks)}
    return lambda column: column.map(order) if column.name == "benchmark" else column


def _labels(analysis: Analysis, rows: pd.DataFrame) -> list[str]:
    conditions, one = words.conditions_of(analysis), len(analysis.facts.benchmarks) == 1
    several = rows["n_tasks"].nunique() > 1 or one
    return [
        select.words(
            "" if one else row.benchmark,
            conditions.called(row.n_tasks) if several else "",
            f"without {row.target_task}" if row.term == LEAVE_ONE_OUT else "",
        )
        for row in rows.itertuples()
    ]


def _dots(analysis: Analysis, rows: pd.DataFrame) -> pd.DataFrame:
    """Each seed's own effect in each row that is a sum of the runs' scores."""
    columns = ["label", "value", "colour", "tip"]
    runs = select.run_effects(analysis)
    scores = analysis.cells.pivot_table(
        index=["seed", "n_tasks", "run"], columns=["target_task", "language"], values="score", sort=False
    )
    found = [
        (row.label, value, row.colour, f"seed {seed}")
        for row in rows.itertuples()
        for seed, value in _by_seed(row, runs, scores, analysis.weights.get(row.id)).items()
    ]
    return pd.DataFrame(found, columns=columns)


def _by_seed(row: Any, runs: pd.DataFrame, scores: pd.DataFrame, weights: Weights | None) -> "pd.Series[float]":
    if row.term == EFFECT:  # of the official averages
        own = runs[(runs["benchmark"] == row.benchmark) & (runs["n_tasks"] == row.n_tasks)]
        return own.groupby("seed")["value"].mean()
    return pd.Series(dtype=float) if weights is None else seed_effects(scores, weights)


def seed_effects(scores: pd.DataFrame, weights: Weights) -> "pd.Series[float]":
    """Seed -> its own effect in points; scores: (seed, n_tasks, run) by cell, in the order of the weights' cells.

    A seed without a run at one of the counts has none. Empty where the weights are of other cells than the scores.
    """
    if weights.several or weights.cells.shape != (scores.shape[1],):
        return pd.Series(dtype=float)
    numbers = pd.Series(scores.to_numpy() @ weights.cells, index=scores.index)
    means = numbers.groupby(["seed", "n_tasks"]).mean().unstack("n_tasks")
    parts = [means[count] * factor for count, factor in weights.over_counts.items() if count in means]
    return sum(parts[1:], parts[0]).dropna() if len(parts) == len(weights.over_counts) else pd.Series(dtype=float)


def _axis(analysis: Analysis) -> str:
    """The unit, with which side is which."""
    measure = words.measure_of(analysis)
    worse, better = ("hurts", "helps")[:: measure.sign]
    middle = words.spoken("{points} ({treated} minus {baseline})", analysis)
    return f"{LEFT} {worse} \N{MIDDLE DOT} {middle} \N{MIDDLE DOT} {better} {RIGHT}"
