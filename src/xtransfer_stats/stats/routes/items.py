"""Per-example outcomes as sums a resampling unit, and which target tasks have them.

A unit is a paragraph where the predictions name one, else an example; the same example in other languages is
the same unit, and XQuAD and LAReQA ask the same questions, so they share units.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.prepare import Prepared

SAME_QUESTIONS = {"xquad": "squad questions", "lareqa": "squad questions"}
ROUNDING = 1e-6  # points between a stored score and the mean of its examples
NEEDED = ("run", "target_task", "language", "example_id")


@dataclass(frozen=True, eq=False)
class Cell:
    """One cell of every run. place: its column; units (units,) codes; sums (runs, units) points; sizes (units,)."""

    place: int
    family: str
    units: NDArray[np.int64]
    sums: Array
    sizes: Array


@dataclass(frozen=True)
class Items:
    """cells: those whose score is the mean of their examples. sizes: family -> units. fixed: tasks without."""

    cells: tuple[Cell, ...]
    sizes: dict[str, int]
    fixed: tuple[str, ...]


def items_of(prepared: Prepared, predictions: pd.DataFrame) -> Items:
    """Find the cells that can be scored again. Raises DataError for a table of another kind."""
    absent = [name for name in NEEDED if name not in predictions]
    if absent:
        raise DataError(f"predictions: no column {', '.join(absent)}; write them anew with `xstats export --output`")
    cells, sizes = [], {}
    tasks = prepared.cells.get_level_values("target_task").unique()
    rows = predictions[predictions["run"].isin(prepared.table.runs.index)]
    for family in dict.fromkeys(SAME_QUESTIONS.get(task, task) for task in tasks):
        mine = rows[[SAME_QUESTIONS.get(task, task) == family for task in rows["target_task"]]]
        codes, names = pd.factorize(np.array(_units(mine), dtype=object), sort=True)
        sizes[family] = len(names)
        cells += list(_cells(prepared, mine.assign(unit=codes), family))
    held = {prepared.cells[cell.place] for cell in cells}
    fixed = sorted({task for task, language in prepared.cells if (task, language) not in held})
    return Items(tuple(cells), sizes, tuple(fixed))


def _units(rows: pd.DataFrame) -> list[str]:
    names = rows["paragraph"].fillna(rows["example_id"]) if "paragraph" in rows else rows["example_id"]
    pairs = zip(names.astype(str), rows["language"].astype(str), strict=True)
    return [re.sub(rf"(^|[-:_.]){re.escape(code)}(?=[-:_.]|$)", r"\1*", name, count=1) for name, code in pairs]


def _cells(prepared: Prepared, rows: pd.DataFrame, family: str) -> Iterator[Cell]:
    metrics = prepared.frame.groupby("target_task")["metric"].unique()
    for (task, language), part in rows.groupby(["target_task", "language"]):
        names = list(metrics.get(task, ()))
        if (task, language) in prepared.cells and names and set(names) <= set(part):
            place = prepared.cells.get_loc((task, language))
            cell = _cell(prepared, part.assign(points=part[names].mean(axis=1, skipna=False)), family, place)
            if cell is not None:
                yield cell


def _cell(prepared: Prepared, part: pd.DataFrame, family: str, place: int) -> Cell | None:
    """None where the examples' mean is not the stored score, or the runs saw different examples."""
    runs = prepared.table.runs.index
    sums = part.pivot_table(index="run", columns="unit", values="points", aggfunc="sum").reindex(runs)
    sizes = part.pivot_table(index="run", columns="unit", values="points", aggfunc="count").reindex(runs)
    if sums.isna().to_numpy().any() or sums.empty or (sizes.nunique() > 1).any():
        return None
    each = sizes.iloc[0].to_numpy(dtype=float)
    if not each.sum():
        return None
    means = sums.to_numpy().sum(axis=1) / each.sum()
    if np.abs(means - prepared.table.scores[:, place]).max() > ROUNDING:
        return None
    return Cell(place, family, sums.columns.to_numpy(), sums.to_numpy(dtype=float), each)
