"""What a run is, and the scores of a study as one matrix of runs by cells.

The run, one chain of one seed over one task set, is the replicate unit: the languages and target tasks
inside it share its luck. Standard errors, degrees of freedom, permutations and bootstrap all take
the runs from here, so that none can count cells as if they were replicates.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.base.errors import DataError

RUN_KEY = ["study", "seed", "replicate", "task_set"]
CHAIN_KEY = ["seed", "n_tasks", "task_set"]
QA_METRICS = {"exact_match", "f1"}
Place = NDArray[np.bool_] | NDArray[np.int64] | slice


@dataclass(frozen=True)
class ScoreTable:
    """Scores of a study, points on 0-100.

    runs: index run; seed, replicate, n_tasks, task_set, replicates (how many runs the row averages).
    cells: MultiIndex target_task, language. scores: (runs, cells), NaN for none.
    filled: (runs, cells), which scores are filled in (stats.core.fill), in part where replicates are averaged; None:
    none is.
    """

    runs: pd.DataFrame
    cells: pd.MultiIndex
    scores: NDArray[np.float64]
    filled: NDArray[np.bool_] | None = None

    def keep_runs(self, keep: NDArray[np.bool_]) -> "ScoreTable":
        """The table of some runs."""
        return self._part(self.runs[keep], self.cells, keep, slice(None))

    def keep_cells(self, keep: NDArray[np.bool_]) -> "ScoreTable":
        """The table of some cells."""
        return self._part(self.runs, self.cells[keep], slice(None), keep)

    def take_runs(self, rows: NDArray[np.int64]) -> "ScoreTable":
        """The table of some runs, in the order given."""
        return self._part(self.runs.iloc[rows], self.cells, rows, slice(None))

    def on_cells(self, cells: pd.MultiIndex) -> "ScoreTable":
        """The table of these cells, all of which it has, in their order."""
        return self._part(self.runs, cells, slice(None), self.cells.get_indexer(cells))

    def _part(self, runs: pd.DataFrame, cells: pd.MultiIndex, rows: Place, columns: Place) -> "ScoreTable":
        filled = None if self.filled is None else self.filled[rows][:, columns]
        return ScoreTable(runs, cells, self.scores[rows][:, columns], filled)


def runs_of(frame: pd.DataFrame) -> pd.DataFrame:
    """THE definition of a run: one (study, seed, replicate, task_set); index run, sorted by count and seed.

    Raises DataError when a label in column run and this key do not stand for each other.
    """
    named = frame.assign(task_set=frame["task_set"].fillna(""))
    runs = named[["run", *RUN_KEY, "n_tasks"]].drop_duplicates()
    for column in (["run"], RUN_KEY):
        if runs.duplicated(column).any():
            value = runs[runs.duplicated(column)].iloc[0]
            raise DataError(
                f"column run: {value['run']!r} (seed {value['seed']}, set {value['task_set']!r}) is not one run; "
                f"give every {', '.join(RUN_KEY)} one label of its own"
            )
    ordered = runs.sort_values(["n_tasks", "seed", "task_set", "replicate"]).set_index("run")
    return ordered[["seed", "replicate", "n_tasks", "task_set"]].assign(replicates=1)


def score_table(frame: pd.DataFrame) -> ScoreTable:
    """Every run's cells; a QA cell is the mean of exact match and F1, NaN unless it has both."""
    rows = frame[frame["status"] != "not_in_benchmark"]
    runs = runs_of(rows)
    wide = _cells(rows).unstack(["target_task", "language"]).reindex(runs.index)
    wide = wide.reindex(columns=wide.columns.sort_values())
    cells = pd.MultiIndex.from_tuples(wide.columns, names=["target_task", "language"])
    return ScoreTable(runs, cells, wide.to_numpy(dtype=float))


def _cells(rows: pd.DataFrame) -> pd.Series:
    metrics = rows.groupby("target_task")["metric"].unique()
    for task, names in metrics.items():
        if len(names) > 1 and set(names) != QA_METRICS:
            raise DataError(
                f"column metric: {task} has {', '.join(sorted(names))}; keep one metric a target task "
                "(exact_match and f1 together are averaged)"
            )
    grouped = rows.groupby(["run", "target_task", "language"])["score"]
    expected = rows["target_task"].map(metrics.map(len)).groupby([rows["run"], rows["target_task"], rows["language"]])
    return grouped.mean().where(grouped.count() == expected.first())


def averaged_replicates(table: ScoreTable) -> ScoreTable:
    """One row a chain (seed, count, set): fine-tuning replicates are averaged, they share the chain's luck."""
    codes = table.runs.groupby(CHAIN_KEY, sort=False).ngroup().to_numpy()
    counts = np.bincount(codes)
    first = np.unique(codes, return_index=True)[1]
    sums = np.zeros((len(counts), table.scores.shape[1]))
    np.add.at(sums, codes, table.scores)
    runs = table.runs.iloc[first].assign(replicates=counts)
    if table.filled is None:
        return ScoreTable(runs, table.cells, sums / counts[:, None])
    filled = np.zeros(sums.shape, dtype=bool)
    np.logical_or.at(filled, codes, table.filled)
    return ScoreTable(runs, table.cells, sums / counts[:, None], filled)
