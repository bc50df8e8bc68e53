"""Scope "such tasks": the runs' variance plus a target-task jackknife, jointly over both benchmarks.

Target tasks are taken as a sample from those a benchmark could hold. A task that both benchmarks share moves both
averages when it is left out, so that what it adds to one it nearly takes from the interaction: few tasks carry that.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.estimands import headline
from xtransfer_stats.stats.core.inference import Array, Moments, satterthwaite_df
from xtransfer_stats.stats.core.rows import Row, label, moment_rows
from xtransfer_stats.stats.core.termtable import SUCH_TASKS
from xtransfer_stats.stats.core.weights import Benchmark, without_tasks
from xtransfer_stats.stats.runlevel.jackknife import LEAST_DF, jackknife
from xtransfer_stats.stats.runlevel.runlevel import RunLevel, run_numbers


def such_task_rows(complete: CompleteScores, model: RunLevel, alpha: float) -> list[Row]:
    """Effects and interactions for target tasks like these; none where fewer than two tasks may go.

    model: numbers are those of the headline.
    """
    benchmarks, cells = complete.benchmarks, complete.cells
    without = each_task_left_out(benchmarks, cells)
    if len(without) < 2:
        return []
    left_out = run_numbers(complete, np.concatenate(list(without.values()), axis=1))
    estimands, rows = headline(benchmarks, cells), []
    effective = np.array([effective_tasks(one.weights, cells) for one in estimands])
    for contrast in complete.design.effects:
        labels = [label(one, contrast, SUCH_TASKS) for one in estimands]
        for row, number in zip(labels, effective, strict=True):
            row |= {"family": "", "note": f"effective number of target tasks {number:.1f} of {len(without)}"}
        estimates = left_out.contrast(contrast).estimate.reshape(len(without), len(estimands))
        rows += moment_rows(widened(model.contrast(contrast), estimates, effective), labels, alpha)
    return rows


def each_task_left_out(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> dict[str, Array]:
    """Target task -> weights (cells, n) of the headline's numbers without it.

    A task whose loss would leave a benchmark empty is not among them.
    """
    weights = {}
    for task in cells.get_level_values("target_task").unique():
        less = {name: without_tasks(part, [task]) for name, part in benchmarks.items()}
        three = np.array([one.weights for one in headline(less, cells)]).T
        if three[:, : len(benchmarks)].any(axis=0).all():
            weights[str(task)] = three
    return weights


def effective_tasks(weights: Array, cells: pd.MultiIndex) -> float:
    """1 / sum of squared shares, a task's share being that of the squared task weight; 0 for none."""
    squares = pd.Series(weights).groupby(cells.get_level_values("target_task")).sum().to_numpy() ** 2
    return float(squares.sum() ** 2 / (squares**2).sum()) if squares.any() else 0.0


def widened(runs: Moments, left_out: Array, effective: Array) -> Moments:
    """Moments with the task jackknife's variance added; left_out (tasks, numbers): estimates without each task.

    df: Satterthwaite's of the sum, the jackknife having one less than the effective tasks; tasks less one at most.
    """
    parts, of_tasks = np.array([runs.std_error**2, jackknife(left_out)]), np.maximum(effective - 1, LEAST_DF)
    df = np.minimum(satterthwaite_df(parts, np.array([runs.df, of_tasks])), len(left_out) - 1)
    method = f"{runs.method} + target-task jackknife"
    return replace(runs, std_error=np.sqrt(parts.sum(axis=0)), df=df, method=method)
