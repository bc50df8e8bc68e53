"""What an estimand adds and what it takes away: for an interaction the two benchmarks' averages."""

from dataclasses import dataclass

import numpy as np

from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.prepare import Prepared
from xtransfer_stats.stats.core.weights import cell_weights, restricted, without_tasks
from xtransfer_stats.verbs.trace.weighting import Row, Weighting

WITHOUT = "leave one task out"
IN_PARTS = ("contrast", "decomposition")  # terms whose weights are no difference of two whole averages


@dataclass(frozen=True)
class Side:
    """name: a benchmark, or "" for the cells of one sign. sign: +1 or -1. total: sum of the weights, sign left out."""

    name: str
    sign: int
    tasks: int
    cells: int
    total: float


def sides(prepared: Prepared, row: Row, weights: Weighting | None) -> tuple[Side, ...]:
    """The averages of the two benchmarks for an interaction, else the cells of either sign."""
    if weights is None or weights.several:
        return ()
    if row["contrast"].startswith("interaction") and row["term"] not in IN_PARTS:
        return _averages(prepared, row)
    net = weights.by_count[-1]
    name = row["benchmark"]
    return tuple(_side(prepared, name, sign, np.maximum(sign * net, 0.0)) for sign in (1, -1) if (sign * net > 0).any())


def _averages(prepared: Prepared, row: Row) -> tuple[Side, ...]:
    """The second benchmark less the first; a cell of both counts with the difference of its weights."""
    gone = [row["target_task"]] if row["term"] == WITHOUT else []
    parts = {name: without_tasks(restricted(part, prepared.cells), gone) for name, part in prepared.benchmarks.items()}
    first, second = parts
    return tuple(
        _side(prepared, name, sign, cell_weights(parts[name], prepared.cells))
        for name, sign in ((second, 1), (first, -1))
    )


def _side(prepared: Prepared, name: str, sign: int, weights: Array) -> Side:
    tasks = prepared.cells.get_level_values("target_task")[weights > 0]
    return Side(name, sign, tasks.nunique(), int((weights > 0).sum()), float(weights.sum()))
