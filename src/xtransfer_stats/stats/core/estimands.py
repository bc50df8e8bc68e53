"""What is estimated: named weighted sums of cells, so that a run gives one number for each."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.stats.core.termtable import EFFECT, INTERACTION, TASK, TERMS
from xtransfer_stats.stats.core.weights import Benchmark, cell_weights, task_weights


@dataclass(frozen=True, eq=False)
class Estimand:
    """One number a run and where its contrasts stand in the result frame.

    wording: the contrast's name, {name} being the count contrast and {count} its task count.
    weights: (cells,). level: what else the row is of (stats.core.results). steps: report steps between counts too.
    averages: benchmark -> weights of its average, where the number is the second's less the first's.
    """

    term: str
    wording: str
    weights: NDArray[np.float64]
    benchmark: str = ""
    target_task: str = ""
    language: str = ""
    family: str = ""
    note: str = ""
    level: str = ""
    steps: bool = False
    averages: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)


def benchmark_averages(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> list[Estimand]:
    """The official average of each benchmark."""
    return [
        Estimand(EFFECT, f"{{name}} @ {name}", cell_weights(part, cells), benchmark=name, steps=True)
        for name, part in benchmarks.items()
    ]


def gap_weights(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> NDArray[np.float64]:
    """Weights of second minus first benchmark, shape (cells,); a shared score has a weight in each."""
    first, second = (cell_weights(part, cells) for part in benchmarks.values())
    return second - first


def interaction(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> Estimand:
    """G(k): the effect on the second benchmark minus the effect on the first, the headline."""
    averages = {name: cell_weights(part, cells) for name, part in benchmarks.items()}
    first, second = averages.values()
    return Estimand(
        INTERACTION, "interaction({count})", second - first, family=TERMS[INTERACTION].family, averages=averages
    )


def target_tasks(cells: pd.MultiIndex) -> list[Estimand]:
    """The plain mean of every target task over its languages in either benchmark."""
    found = []
    for task in cells.get_level_values("target_task").unique():
        languages = cells[cells.get_level_values("target_task") == task].get_level_values("language")
        note = f"exploratory; mean of {len(languages)} languages: {', '.join(languages)}"
        weights = task_weights(task, cells)
        found.append(
            Estimand(
                TASK,
                f"{{name}} @ task {task}",
                weights,
                target_task=task,
                family=TERMS[TASK].family,
                note=note,
            )
        )
    return found
