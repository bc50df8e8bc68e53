"""Benchmark weights: a mean over a task's languages, then over tasks; plain ones, save of a user's own benchmarks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.stats.core.inference import BY_SEED, Array

Benchmark = Mapping[str, tuple[str, ...]]  # target task -> its languages


class WeightedBenchmark(dict[str, tuple[str, ...]]):
    """A benchmark whose means are weighted: target task -> weight, language -> weight; what has none counts 1."""

    def __init__(self, cells: Benchmark, tasks: Mapping[str, float], languages: Mapping[str, float]):
        super().__init__(cells)
        self.tasks, self.languages = tasks, languages


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
    return _as_weighted(benchmark, kept)


def _as_weighted(benchmark: Benchmark, kept: Benchmark) -> dict[str, tuple[str, ...]]:
    """The part of a benchmark that is kept, without tasks that have no language left; it weighs as the whole does."""
    part = {task: names for task, names in kept.items() if names}
    return WeightedBenchmark(part, *weights_in(benchmark)) if any(weights_in(benchmark)) else part


def weights_in(benchmark: Benchmark) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Target task -> weight, language -> weight; both empty for plain means."""
    return (benchmark.tasks, benchmark.languages) if isinstance(benchmark, WeightedBenchmark) else ({}, {})


def task_shares(benchmark: Benchmark) -> dict[str, float]:
    """Target task -> its share in the average of the benchmark; they sum to one."""
    return _shares(tuple(benchmark), weights_in(benchmark)[0])


def language_shares(benchmark: Benchmark, task: str) -> dict[str, float]:
    """Language -> its share in the mean of a target task; they sum to one."""
    return _shares(benchmark[task], weights_in(benchmark)[1])


def _shares(names: tuple[str, ...], weights: Mapping[str, float]) -> dict[str, float]:
    own = {name: weights.get(name, 1.0) for name in names}
    total = sum(own.values())
    return {name: weight / total for name, weight in own.items()}


def cell_weights(benchmark: Benchmark, cells: pd.MultiIndex) -> NDArray[np.float64]:
    """Weights of the official average on the given cells, shape (cells,), summing to one.

    All zero where no cell of the benchmark is left.
    """
    part = restricted(benchmark, cells)
    if not any(weights_in(benchmark)):
        weight = {(task, x): 1.0 / (len(part) * len(names)) for task, names in part.items() for x in names}
    else:
        tasks = task_shares(part)
        weight = {(task, x): tasks[task] * share for task in part for x, share in language_shares(part, task).items()}
    return np.array([weight.get(cell, 0.0) for cell in cells])


def task_weights(task: str, cells: pd.MultiIndex) -> NDArray[np.float64]:
    """Plain mean over all cells of one target task, whichever benchmark lists them; shape (cells,)."""
    member = np.asarray(cells.get_level_values("target_task") == task, dtype=float)
    return member / member.sum()


def without_tasks(benchmark: Benchmark, tasks: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The benchmark less some target tasks."""
    gone = set(tasks)
    return _as_weighted(benchmark, {task: names for task, names in benchmark.items() if task not in gone})


def without_language(benchmark: Benchmark, language: str) -> dict[str, tuple[str, ...]]:
    """The benchmark less one language in every task."""
    kept = {task: tuple(x for x in names if x != language) for task, names in benchmark.items()}
    return _as_weighted(benchmark, kept)


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
