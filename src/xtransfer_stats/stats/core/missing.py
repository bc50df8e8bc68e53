"""Cells and runs without a score: named, left out, and what leaving them out does."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.core.estimands import gap_weights
from xtransfer_stats.stats.core.runs import ScoreTable
from xtransfer_stats.stats.core.weights import Benchmark

# A run that lacks more than this share of the cells is left out itself: kept, it would
# take those cells from every other run, as a study in progress always has such runs.
LARGEST_MISSING_SHARE = 0.5
REASONS = {
    "failed": "failed",
    "missing": "not done yet",
    "done": "done, but without (both) scores",
    "collapsed": "at chance level, left out",
}


@dataclass(frozen=True)
class Complete:
    """table: every run has every cell. lost: run, target_task, language, reason, left_out ("run" or "cell")."""

    table: ScoreTable
    lost: pd.DataFrame
    notes: tuple[str, ...]


def complete(table: ScoreTable, frame: pd.DataFrame) -> Complete:
    """Leave out the runs that lack most cells, then each cell that any other run lacks.

    Raises DataError when no cell, no baseline run or no treated run remains.
    """
    empty = np.isnan(table.scores)
    whole_runs = empty.mean(axis=1) <= LARGEST_MISSING_SHARE
    kept_cells = ~empty[whole_runs].any(axis=0)
    left = table.keep_runs(whole_runs).keep_cells(kept_cells)
    _require_enough(left)
    lost = _lost(table, frame, empty, whole_runs)
    return Complete(left, lost, tuple(_notes(table, lost, whole_runs, kept_cells)))


def _require_enough(table: ScoreTable) -> None:
    counts = set(table.runs["n_tasks"])
    if not table.scores.size:
        raise DataError("column score: no cell is scored in every run; complete the study (re-issue `xstats run`)")
    if 0 not in counts or len(counts) < 2:
        raise DataError(
            f"column score: complete runs remain at task counts {sorted(counts)} only; "
            "the baseline and one more are needed (re-issue `xstats run`)"
        )


def _lost(
    table: ScoreTable, frame: pd.DataFrame, empty: NDArray[np.bool_], whole_runs: NDArray[np.bool_]
) -> pd.DataFrame:
    status = frame.drop_duplicates(["run", "target_task", "language"], keep="last")
    status = status.set_index(["run", "target_task", "language"])["status"].to_dict()
    records = []
    for i, j in zip(*np.nonzero(empty), strict=True):
        key = (table.runs.index[i], *table.cells[j])
        reason = REASONS.get(status.get(key, ""), "no row in the frame")
        records.append((*key, reason, "cell" if whole_runs[i] else "run"))
    return pd.DataFrame(records, columns=["run", "target_task", "language", "reason", "left_out"])


def _notes(
    table: ScoreTable, lost: pd.DataFrame, whole_runs: NDArray[np.bool_], kept_cells: NDArray[np.bool_]
) -> list[str]:
    notes = []
    if not whole_runs.all():
        names = ", ".join(table.runs.index[~whole_runs])
        notes.append(f"Runs left out, as more than half of their cells have no score: {names}.")
    for task, language in table.cells[~kept_cells]:
        here = lost[(lost["target_task"] == task) & (lost["language"] == language) & (lost["left_out"] == "cell")]
        reasons = ", ".join(f"{run} ({why})" for run, why in zip(here["run"], here["reason"], strict=True))
        notes.append(f"{task} in {language} is dropped from all runs: no score in {reasons}.")
    return notes


def dropping_effects(
    full: ScoreTable, kept: ScoreTable, benchmarks: Mapping[str, Benchmark]
) -> dict[tuple[str, str], float]:
    """What dropping each cell does to the interaction, in points: without minus with.

    Taken at the task count where it is largest, on the runs that have the cell; NaN where
    these lack a baseline or a treated run.
    """
    whole = full.keep_runs(full.runs.index.isin(kept.runs.index))
    stays = whole.cells.isin(kept.cells)
    effects = {}
    for j in np.flatnonzero(~stays):
        has = ~np.isnan(whole.scores[:, j])
        with_it = stays.copy()
        with_it[j] = True
        runs = whole.keep_runs(has)
        without, whole_gap = (
            part.scores @ gap_weights(benchmarks, part.cells) for part in map(runs.keep_cells, (stays, with_it))
        )
        effects[whole.cells[j]] = _largest_change(without - whole_gap, runs.runs["n_tasks"].to_numpy())
    return effects


def _largest_change(change: NDArray[np.float64], counts: NDArray[np.int64]) -> float:
    if not (counts == 0).any() or not (counts > 0).any():
        return float("nan")
    base = change[counts == 0].mean()
    moved = [float(change[counts == count].mean() - base) for count in np.unique(counts[counts > 0])]
    return max(moved, key=abs)
