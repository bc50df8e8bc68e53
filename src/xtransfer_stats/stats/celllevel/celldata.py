"""The rows of the cell-level mixed model: one a run and cell, with the codes of every grouping."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.mixedmodels.mixed import RandomTerm
from xtransfer_stats.stats.core.design import Design
from xtransfer_stats.stats.core.runs import ScoreTable

Codes = NDArray[np.int64]
Labels = NDArray[Any]  # of rows: seeds are numbers, the rest text
STILL = 1e-10  # points; below, a task's scores do not vary and have no residual variance to estimate


@dataclass(frozen=True)
class CellData:
    """Rows run by run, cells within a run: n = runs x cells.

    score: (n,). The other arrays, (n,) each: position of the cell, names of task and language, seed, task
    count, task set, and fine-tuning unit (run and training: tasks with one training share a tuned model).
    """

    cells: pd.MultiIndex
    counts: tuple[int, ...]
    score: NDArray[np.float64]
    cell: Codes
    task: Labels
    language: Labels
    run: Codes
    seed: Labels
    count: Codes
    task_set: Labels
    tuned: Labels

    def joint_codes(self, *columns: Labels) -> tuple[Codes, int]:
        """Codes and number of the observed combinations of some groupings."""
        labels = pd.MultiIndex.from_arrays(columns)
        codes, levels = pd.factorize(labels, sort=True)
        return codes.astype(np.int64), len(levels)

    def term(self, group: str, covariates: NDArray[np.float64], names: tuple[str, ...], *columns: Labels) -> RandomTerm:
        """A random term on the combinations of some groupings, its slopes uncorrelated."""
        codes, levels = self.joint_codes(*columns)
        return RandomTerm(group, codes, levels, np.asarray(covariates, dtype=float), names, correlated=False)


def cell_data(table: ScoreTable, design: Design, trainings: Mapping[str, str | None] | None) -> CellData:
    """Long rows of a complete score table; target tasks without a training are units of their own."""
    n_runs, n_cells = table.scores.shape
    task = table.cells.get_level_values("target_task").to_numpy()
    unit = np.array([(trainings or {}).get(name) or f"{name} itself" for name in task])
    run = np.repeat(np.arange(n_runs), n_cells)
    per_run = {name: table.runs[name].to_numpy()[run] for name in ("seed", "n_tasks", "task_set")}
    tuned = np.array([f"{i} {name}" for i in range(n_runs) for name in unit])
    return CellData(
        cells=table.cells,
        counts=design.counts,
        score=table.scores.ravel(),
        cell=np.tile(np.arange(n_cells), n_runs),
        task=np.tile(task, n_runs),
        language=np.tile(table.cells.get_level_values("language").to_numpy(), n_runs),
        run=run,
        seed=per_run["seed"],
        count=per_run["n_tasks"],
        task_set=per_run["task_set"],
        tuned=tuned,
    )


def still_tasks(table: ScoreTable) -> tuple[str, ...]:
    """Target tasks that score the same in every run of a count: no residual variance can be estimated."""
    counts = table.runs["n_tasks"].to_numpy()
    spread = np.zeros(table.scores.shape[1])
    for count in np.unique(counts):
        spread = np.maximum(spread, np.ptp(table.scores[counts == count], axis=0))
    by_task = pd.Series(spread).groupby(table.cells.get_level_values("target_task")).max()
    return tuple(by_task.index[by_task < STILL])
