"""The scores of a study's runs on single tasks, beside its baselines and its sets."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.missing import complete
from xtransfer_stats.stats.core.runs import ScoreTable, averaged_replicates, score_table
from xtransfer_stats.stats.core.singles import ALONE, single_tasks
from xtransfer_stats.stats.core.weights import Benchmark, called, cell_weights, restricted, share_left

EACH = "each target task's own"  # intermediate task, chosen for it
AVERAGE = "average"  # the official average of a benchmark, beside its target tasks


@dataclass(frozen=True, eq=False)
class TrainedSet:
    """One run on several tasks. seed: its place among the seeds; members: (tasks,) of truth; scores: (cells,)."""

    seed: int
    n_tasks: int
    members: NDArray[np.bool_]
    scores: Array


@dataclass(frozen=True, eq=False)
class SingleScores:
    """Points on 0-100, without gaps but where a whole run is missing: that is NaN.

    tasks: K intermediate tasks. seeds: S. base: (S, cells). alone: (S, K, cells). sets: of two tasks and more.
    benchmarks: those reported, by the names that their averages may bear; official: by their own.
    """

    tasks: tuple[str, ...]
    seeds: tuple[int, ...]
    cells: pd.MultiIndex
    base: Array
    alone: Array
    sets: tuple[TrainedSet, ...]
    benchmarks: Mapping[str, Benchmark]
    official: Mapping[str, Benchmark]
    notes: tuple[str, ...]

    def gains(self, weights: Array) -> Array:
        """What each task alone adds to each seed's baseline, (S, K, n), of weighted sums of cells (cells, n)."""
        return np.asarray(self.alone @ weights - (self.base @ weights)[:, None])

    def columns(self, benchmark: str) -> dict[str, Array]:
        """Target task -> weights (cells,) of its mean over the benchmark's languages; then AVERAGE."""
        part = restricted(self.benchmarks[benchmark], self.cells)
        means = {task: cell_weights({task: names}, self.cells) for task, names in part.items()}
        return {**means, AVERAGE: cell_weights(part, self.cells)}


def single_scores(frame: pd.DataFrame, benchmarks: Mapping[str, Benchmark]) -> SingleScores | None:
    """The single tasks of a study; None for one that trains none alone. frame: the whole score frame.

    A cell that the runs on single tasks lack is filled or left out of all runs here, as everywhere.
    Raises DataError where nothing is left.
    """
    tasks = single_tasks(frame)
    if not tasks:
        return None
    full = score_table(frame)
    whole = complete(full, frame)
    table = averaged_replicates(whole.table)
    seeds = tuple(int(seed) for seed in np.unique(table.runs["seed"]))
    share = {name: share_left(part, full.cells, table.cells) for name, part in benchmarks.items()}
    here = {called(name, share[name]): part for name, part in benchmarks.items()}
    base, alone, sets = _placed(table, seeds, tasks)
    lost = whole.lost[whole.lost["run"].isin(frame.loc[frame["n_tasks"] == ALONE, "run"])]
    return SingleScores(
        tasks, seeds, table.cells, base, alone, sets, here, benchmarks, tuple(_notes(lost, alone, tasks))
    )


def _placed(
    table: ScoreTable, seeds: tuple[int, ...], tasks: tuple[str, ...]
) -> tuple[Array, Array, tuple[TrainedSet, ...]]:
    """Baselines (S, cells), single tasks (S, K, cells) and sets."""
    cells = table.scores.shape[1]
    base, alone = np.full((len(seeds), cells), np.nan), np.full((len(seeds), len(tasks), cells), np.nan)
    sets = []
    for place, run in enumerate(table.runs.itertuples()):
        seed, scores = seeds.index(int(run.seed)), table.scores[place]
        if not run.n_tasks:
            base[seed] = scores
        elif run.n_tasks == ALONE:
            alone[seed, tasks.index(run.task_set)] = scores
        else:
            members = np.isin(tasks, run.task_set.split("+"))
            sets.append(TrainedSet(seed, int(run.n_tasks), members, scores))
    return base, alone, tuple(sets)


def _notes(lost: pd.DataFrame, alone: Array, tasks: tuple[str, ...]) -> list[str]:
    """What the runs on single tasks lack, a sentence each."""
    notes = []
    if len(lost):
        parts = ", ".join(f"{many} {how}" for how, many in lost["handling"].value_counts().items())
        why = ", ".join(sorted(set(lost["reason"])))
        notes.append(f"Runs on single tasks lack {len(lost)} scores ({why}): {parts}.")
    gone = np.isnan(alone).any(axis=2).sum(axis=0)
    named = [f"{task} in {many}" for task, many in zip(tasks, gone, strict=True) if many]
    if named:
        notes.append(f"Seeds without a run on a single task: {', '.join(named)}; its gains rest on the other seeds.")
    return notes
