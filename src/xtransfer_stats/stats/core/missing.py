"""Scores that are not there: filled from their run and language, or left out by name, and what either does."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.core.conditions import COUNTS, Conditions
from xtransfer_stats.stats.core.estimands import primary_weights
from xtransfer_stats.stats.core.fill import Mask, fillable, filled
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.runs import ScoreTable
from xtransfer_stats.stats.core.termtable import EFFECT, INTERACTION
from xtransfer_stats.stats.core.weights import Benchmark, named_cells, restricted

REASONS = {
    "failed": "failed",
    "missing": "not done yet",
    "done": "done, but without (both) scores",
    "collapsed": "at chance level, left out",
}
FILLED, CELL_OUT, RUN_OUT = "filled", "cell left out", "run left out"


@dataclass(frozen=True)
class Complete:
    """table: every run has every cell, some of them filled. lost: run, target_task, language, reason, handling.

    handling: FILLED, CELL_OUT (of all runs) or RUN_OUT.
    """

    table: ScoreTable
    lost: pd.DataFrame
    notes: tuple[str, ...]


def complete(table: ScoreTable, frame: pd.DataFrame, conditions: Conditions = COUNTS) -> Complete:
    """Leave out runs and cells that nothing can fill, and fill what the others lack (stats.core.fill).

    Raises DataError when no cell, no baseline run or no treated run remains.
    """
    empty = np.isnan(table.scores)
    tasks, counts = table.cells.get_level_values("target_task").to_numpy(), table.runs["n_tasks"].to_numpy()
    runs, cells, scarce = fillable(empty, tasks, counts)
    left = table.keep_runs(runs).keep_cells(cells)
    _require_enough(left, conditions)
    gaps = np.isnan(left.scores)
    if gaps.any():
        left = replace(left, scores=filled(left.scores, tasks[cells], counts[runs]), filled=gaps)
    lost = _lost(table, frame, empty, runs, cells)
    return Complete(left, lost, tuple(_notes(table, lost, runs, cells, scarce, conditions)))


def _require_enough(table: ScoreTable, conditions: Conditions) -> None:
    counts = set(table.runs["n_tasks"])
    if not table.scores.size:
        unit = "count" if conditions.counted else conditions.unit
        raise DataError(f"column score: no cell has scores at every {unit}; {conditions.remedy}")
    if 0 not in counts or len(counts) < 2:
        held = sorted(counts) if conditions.counted else ", ".join(map(conditions.called, sorted(counts))) or "none"
        raise DataError(
            f"column score: complete runs remain at {conditions.unit}s {held} only; "
            f"the baseline and one more are needed{' (re-issue `xstats run`)' if conditions.counted else ''}"
        )


def _lost(table: ScoreTable, frame: pd.DataFrame, empty: Mask, runs: Mask, cells: Mask) -> pd.DataFrame:
    status = frame.drop_duplicates(["run", "target_task", "language"], keep="last")
    status = status.set_index(["run", "target_task", "language"])["status"].to_dict()
    records = []
    for i, j in zip(*np.nonzero(empty), strict=True):
        key = (table.runs.index[i], *table.cells[j])
        reason = REASONS.get(status.get(key, ""), "no row in the frame")
        records.append((*key, reason, RUN_OUT if not runs[i] else FILLED if cells[j] else CELL_OUT))
    return pd.DataFrame(records, columns=["run", "target_task", "language", "reason", "handling"])


def _notes(
    table: ScoreTable, lost: pd.DataFrame, runs: Mask, cells: Mask, scarce: Mask, conditions: Conditions
) -> list[str]:
    notes = []
    if scarce.any():
        names = ", ".join(table.runs.index[scarce])
        notes.append(f"Runs left out, as more than half of their cells have no score: {names}.")
    if (gone := ~runs & ~scarce).any():
        names = ", ".join(table.runs.index[gone])
        notes.append(f"Runs left out, as they lack a whole target task, which nothing can fill: {names}.")
    if not cells.all():
        why = ", ".join(sorted(set(lost.loc[lost["handling"] == CELL_OUT, "reason"])))
        named = named_cells(table.cells[~cells])
        notes.append(f"Cells left out of all runs, as too few runs of a {conditions.unit} have them ({why}): {named}.")
    return notes


def fill_note(table: ScoreTable, benchmarks: Mapping[str, Benchmark], unit: str = "points") -> list[str]:
    """One sentence: how many scores are filled, and what leaving out their cells would do to an interaction instead."""
    if table.filled is None:
        return []
    many = int(table.filled.sum())
    verb = "is missing and was" if many == 1 else "are missing and were"
    how = f"{many:,} of {table.scores.size:,} scores {verb} filled from run and language within the target task"
    whole = table.keep_cells(np.logical_not(table.filled.any(axis=0)))
    gone = [name for name, part in benchmarks.items() if not restricted(part, whole.cells)]
    if gone:
        return [f"{how}; without their cells nothing of {' and '.join(gone)} would be left."]
    change = whole.scores @ primary_weights(benchmarks, whole.cells) - table.scores @ primary_weights(
        benchmarks, table.cells
    )
    moved = _largest_change(change, table.runs["n_tasks"].to_numpy())
    what = INTERACTION if len(benchmarks) == 2 else EFFECT
    return [f"{how}; leaving out their cells instead changes an {what} by at most {moved:+.2f} {unit}."]


def dropping_effects(
    full: ScoreTable, kept: ScoreTable, benchmarks: Mapping[str, Benchmark]
) -> dict[tuple[str, str], float]:
    """What leaving out each cell that has a gap does to the interaction, in points: without minus with.

    Taken at the task count where it is largest, on the runs that have the cell, their own scores or filled ones; NaN
    where these lack a baseline or a treated run.
    """
    whole = full.keep_runs(full.runs.index.isin(kept.runs.index))
    inside = whole.cells.isin(kept.cells)
    scores = whole.scores.copy()
    scores[:, inside] = kept.scores
    touched = np.isnan(whole.scores).any(axis=0) | ~inside
    with_all = _gap(scores, inside, whole.cells, benchmarks)
    counts, effects = whole.runs["n_tasks"].to_numpy(), {}
    for j in np.flatnonzero(touched):
        other, has = inside.copy(), ~np.isnan(scores[:, j])
        other[j] = not inside[j]
        change = _gap(scores, other, whole.cells, benchmarks) - with_all
        effects[whole.cells[j]] = _largest_change((change if inside[j] else -change)[has], counts[has])
    return effects


def _gap(scores: Array, members: Mask, cells: pd.MultiIndex, benchmarks: Mapping[str, Benchmark]) -> Array:
    return scores[:, members] @ primary_weights(benchmarks, cells[members])


def _largest_change(change: Array, counts: NDArray[np.int64]) -> float:
    if not (counts == 0).any() or not (counts > 0).any():
        return float("nan")
    base = change[counts == 0].mean()
    moved = [float(change[counts == count].mean() - base) for count in np.unique(counts[counts > 0])]
    return max(moved, key=abs)
