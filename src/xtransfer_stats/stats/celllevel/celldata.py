"""The scores of a complete study as the cell-level model sees them: runs by cells, with the codes of every grouping."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.stats.core.design import Design
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.runs import ScoreTable

Codes = NDArray[np.int64]
STILL = 1e-10  # points; below, a task's scores do not vary and have no residual variance to estimate


@dataclass(frozen=True)
class CellData:
    """A complete table of R runs and C cells, in T target tasks.

    counts: without the baseline. tasks: sorted names; languages likewise. task, language (C,): of each cell. unit (T,):
    tasks of one unit score one fine-tuned model. place (R,): of each run's count among 0 and counts. sampled (R,): its
    set is a draw from many.
    """

    table: ScoreTable
    counts: tuple[int, ...]
    tasks: tuple[str, ...]
    languages: tuple[str, ...]
    task: Codes
    language: Codes
    unit: Codes
    place: Codes
    sampled: NDArray[np.bool_]

    @property
    def cells(self) -> pd.MultiIndex:
        """Target task and language of each cell."""
        return self.table.cells

    @cached_property
    def per_task(self) -> Codes:
        """Languages of each target task, (T,)."""
        return np.bincount(self.task)

    @cached_property
    def runs_at(self) -> Codes:
        """Runs at each count, the baseline first, (1 + counts,)."""
        return np.bincount(self.place)

    @cached_property
    def to_tasks(self) -> Array:
        """(C, T): a row of scores times this are its means over each task's languages."""
        member = self.task[:, None] == np.arange(len(self.tasks))
        return member / self.per_task

    @cached_property
    def means(self) -> Array:
        """Every run's mean over each task's languages, (R, T)."""
        return self.table.scores @ self.to_tasks

    @cached_property
    def deviations(self) -> Array:
        """Every score less its run's mean over the task's languages, (R, C)."""
        return self.table.scores - self.means[:, self.task]

    @cached_property
    def effects(self) -> Array:
        """Each count's mean over runs less the baseline's, (counts, C)."""
        means = self.over_runs(self.table.scores)
        return np.asarray(means[1:] - means[0])

    def over_runs(self, values: Array) -> Array:
        """Means of (R, n) values over the runs of each count, (1 + counts, n)."""
        member = self.place == np.arange(len(self.runs_at))[:, None]
        return (member / self.runs_at[:, None]) @ values


def cell_data(table: ScoreTable, design: Design, trainings: Mapping[str, str | None] | None) -> CellData:
    """Codes of a complete score table; target tasks without a training are units of their own."""
    task, tasks = pd.factorize(table.cells.get_level_values("target_task"), sort=True)
    language, languages = pd.factorize(table.cells.get_level_values("language"), sort=True)
    units = [(trainings or {}).get(name) or f"{name} itself" for name in tasks]
    count = table.runs["n_tasks"].to_numpy()
    return CellData(
        table,
        design.counts,
        tuple(tasks),
        tuple(languages),
        task.astype(np.int64),
        language.astype(np.int64),
        pd.factorize(np.array(units, dtype=object))[0].astype(np.int64),
        np.searchsorted((0, *design.counts), count),
        np.isin(count, design.sampled),
    )


def still_tasks(table: ScoreTable) -> tuple[str, ...]:
    """Target tasks that score the same in every run of a count: no residual variance can be estimated."""
    counts = table.runs["n_tasks"].to_numpy()
    spread = np.zeros(table.scores.shape[1])
    for count in np.unique(counts):
        spread = np.maximum(spread, np.ptp(table.scores[counts == count], axis=0))
    by_task = pd.Series(spread).groupby(table.cells.get_level_values("target_task")).max()
    return tuple(by_task.index[by_task < STILL])
