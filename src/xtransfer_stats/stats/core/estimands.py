"""What is estimated: named weighted sums of cells, so that a run gives one number for each."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.stats.core.weights import Benchmark, cell_weights, task_weights


@dataclass(frozen=True, eq=False)
class Estimand:
    """One number a run and where its contrasts stand in the result frame.

    wording: the contrast's name, {name} being the count contrast and {count} its task count.
    weights: (cells,). steps: report steps between counts too.
    """

    term: str
    wording: str
    weights: NDArray[np.float64]
    benchmark: str = ""
    target_task: str = ""
    language: str = ""
    family: str = ""
    note: str = ""
    steps: bool = False


def benchmark_averages(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> list[Estimand]:
    """The official average of each benchmark."""
    return [
        Estimand("effect", f"{{name}} @ {name}", cell_weights(part, cells), benchmark=name, steps=True)
        for name, part in benchmarks.items()
    ]


def gap_weights(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> NDArray[np.float64]:
    """Weights of second minus first benchmark, shape (cells,); a shared score has a weight in each."""
    first, second = (cell_weights(part, cells) for part in benchmarks.values())
    return second - first


def interaction(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> Estimand:
    """G(k): the effect on the second benchmark minus the effect on the first, the headline."""
    return Estimand("interaction", "interaction({count})", gap_weights(benchmarks, cells), family="primary")


def target_tasks(cells: pd.MultiIndex) -> list[Estimand]:
    """The plain mean of every target task over its languages in either benchmark."""
    found = []
    for task in cells.get_level_values("target_task").unique():
        languages = cells[cells.get_level_values("target_task") == task].get_level_values("language")
        note = f"exploratory; mean of {len(languages)} languages: {', '.join(languages)}"
        weights = task_weights(task, cells)
        found.append(
            Estimand(
                "task effect",
                f"{{name}} @ task {task}",
                weights,
                target_task=task,
                family="target tasks",
                note=note,
            )
        )
    return found
