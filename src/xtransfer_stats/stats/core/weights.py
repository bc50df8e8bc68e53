"""Benchmark weights: plain mean over a task's languages, then plain mean over tasks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.stats.core.inference import BY_SEED, Array

Benchmark = Mapping[str, tuple[str, ...]]  # target task -> its languages
# An average keeps its benchmark's name above this share of the weight: XTREME's nine and XTREME-R's ten target tasks
# may lack languages, but none of them a whole task.
LEAST_SHARE = 0.9
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Weights:
    """An estimate as a sum of scores: over task counts, coefficient times mean number; a number, cells @ scores.

    over_counts: task count -> coefficient, 0 the baseline; counts without one are left out. cells: (cells,), or
    (1 + counts, cells), row 0 the baseline, where runs of different counts have numbers of different cells.
    averages: benchmark -> weights (cells,) of its average, where the number is the second's less the first's.
    averaged: how the mean over runs is taken, as in `Moments`.
    """

    over_counts: Mapping[int, float]
    cells: Array
    averages: Mapping[str, Array] = field(default_factory=dict)
    averaged: str = BY_SEED

    @property
    def several(self) -> bool:
        """Whether runs of different counts have numbers of different cells."""
        return self.cells.ndim == 2


def restricted(benchmark: Benchmark, cells: pd.MultiIndex) -> dict[str, tuple[str, ...]]:
    """The part of a benchmark that lies on the given cells; tasks without a language left are gone."""
    here = set(cells)
    kept = {task: tuple(x for x in names if (task, x) in here) for task, names in benchmark.items()}
    return {task: names for task, names in kept.items() if names}


def cell_weights(benchmark: Benchmark, cells: pd.MultiIndex) -> NDArray[np.float64]:
    """Weights of the official average on the given cells, shape (cells,), summing to one.

    All zero where no cell of the benchmark is left.
    """
    part = restricted(benchmark, cells)
    weight = {(task, x): 1.0 / (len(part) * len(names)) for task, names in part.items() for x in names}
    return np.array([weight.get(cell, 0.0) for cell in cells])


def task_weights(task: str, cells: pd.MultiIndex) -> NDArray[np.float64]:
    """Plain mean over all cells of one target task, whichever benchmark lists them; shape (cells,)."""
    member = np.asarray(cells.get_level_values("target_task") == task, dtype=float)
    return member / member.sum()


def without_tasks(benchmark: Benchmark, tasks: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The benchmark less some target tasks."""
    gone = set(tasks)
    return {task: names for task, names in benchmark.items() if task not in gone}


def without_language(benchmark: Benchmark, language: str) -> dict[str, tuple[str, ...]]:
    """The benchmark less one language in every task."""
    kept = {task: tuple(x for x in names if x != language) for task, names in benchmark.items()}
    return {task: names for task, names in kept.items() if names}


def share_left(benchmark: Benchmark, planned: pd.MultiIndex, left: pd.MultiIndex) -> float:
    """Share of the benchmark's weight on the planned cells that lies on those left."""
    return float(cell_weights(benchmark, planned)[np.asarray(planned.isin(left))].sum())


def called(name: str, share: float) -> str:
    """The name that an average goes by where this share of the benchmark's weight is left."""
    return name if share > LEAST_SHARE + ROUNDING else f"part-of-{name}"


def named_cells(cells: pd.MultiIndex) -> str:
    """Cells by name, "xnli (de, fr); panx (sw)"."""
    by_task = cells.to_frame(index=False).groupby("target_task")["language"]
    return "; ".join(f"{task} ({', '.join(names)})" for task, names in by_task)


def absent_notes(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex, where: str = "study") -> list[str]:
    """A sentence a benchmark whose cells the frame does not all have: what the study's part of it is."""
    notes = []
    for name, benchmark in benchmarks.items():
        part = restricted(benchmark, cells)
        if dict(part) != {task: tuple(names) for task, names in benchmark.items()}:
            held = ", ".join(f"{task} ({len(part[task])} of {len(benchmark[task])} languages)" for task in part)
            absent = ", ".join(task for task in benchmark if task not in part)
            tail = f"; without {absent}" if absent else ""
            notes.append(f"{name} in this {where} is the average of {held}{tail}.")
    return notes
