"""What the Bayesian route knows of a study: sufficient statistics of the seeds' own contrasts.

For one contrast of task counts every seed has a difference in each cell. An orthonormal turn over the languages inside
each target task splits it into the task's mean and the deviations from it, which share no noise where languages of a
task are exchangeable. Of the means the model needs their mean over seeds and their scatter, of the deviations the mean
over seeds and one sum of squares a task: its size depends on the tasks alone, not on seeds or languages.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.stats.core.inference import Array

STILL = 1e-9  # points: a task whose differences are nearer than that in all seeds never varies


@dataclass(frozen=True, eq=False)
class Summaries:
    """Of T target tasks that vary, in points.

    tasks: their names. place: (cells,) each cell's task among them, -1 in a task that never varies. cells: (cells,)
    mean difference over seeds. mean (T,), scatter (T, T): mean and sum of products over seeds of the tasks' means.
    within (T,): 1 / languages, where there are several. df (T,): languages less one; squares (T,): sum of squares of
    the deviations around their mean over seeds; between (T,): sum of squares of that mean.
    """

    seeds: int
    tasks: tuple[str, ...]
    place: NDArray[np.int64]
    cells: Array
    mean: Array
    scatter: Array
    within: Array
    df: Array
    squares: Array
    between: Array

    def for_sampler(self) -> dict[str, Array]:
        """What the likelihood reads, as arrays of floats."""
        names = ("mean", "scatter", "within", "df", "squares", "between")
        return {"seeds": np.array(float(self.seeds)), **{name: getattr(self, name) for name in names}}


def summarised(differences: Array, cells: pd.MultiIndex) -> Summaries:
    """Summaries of differences (seeds, cells)."""
    named = cells.get_level_values("target_task")
    moving = [task for task in named.unique() if np.ptp(differences[:, named == task], axis=0).max() > STILL]
    place = pd.Index(moving).get_indexer(named) if moving else np.full(len(named), -1)
    means = np.array([differences[:, place == t].mean(axis=1) for t in range(len(moving))]).reshape(len(moving), -1)
    parts = [_deviations(differences[:, place == t]) for t in range(len(moving))]
    df, squares, between = np.array(parts, dtype=float).reshape(-1, 3).T
    centred = means - means.mean(axis=1, keepdims=True)
    sizes = np.bincount(place[place >= 0], minlength=len(moving)).astype(float)
    return Summaries(
        seeds=len(differences),
        tasks=tuple(map(str, moving)),
        place=np.asarray(place, dtype=np.int64),
        cells=differences.mean(axis=0),
        mean=means.mean(axis=1),
        scatter=centred @ centred.T,
        within=(df > 0) / np.maximum(sizes, 1),
        df=df,
        squares=squares,
        between=between,
    )


def _deviations(differences: Array) -> tuple[float, float, float]:
    """df, squares around the mean over seeds and squares of that mean; zeros where languages move as one."""
    deviations = differences - differences.mean(axis=1, keepdims=True)
    mean = deviations.mean(axis=0)
    squares = float(((deviations - mean) ** 2).sum())
    if squares <= STILL**2:
        return 0.0, 0.0, 0.0
    return differences.shape[1] - 1.0, squares, float((mean**2).sum())
