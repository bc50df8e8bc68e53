"""The cells and runs behind a row of the result frame, and how much each counts in its estimate."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.inference import BY_GROUP, BY_SEED, Array
from xtransfer_stats.stats.core.rows import row_id
from xtransfer_stats.stats.core.runs import CHAIN_KEY
from xtransfer_stats.stats.core.termtable import ALL, SEEDS, TERMS
from xtransfer_stats.stats.core.weights import Weights

Row = Mapping[str, Any]
RUN_COLUMNS = ["run", "seed", "replicate", "n_tasks", "task_set", "number", "coefficient"]
SIDE_COLUMNS = ("id", "baseline", "treated")
SIDES = (("baseline", -1), ("treated", 1))  # by the sign of a run's coefficient in the difference
CELL_COLUMNS = ["n_tasks", "target_task", "language", "weight"]


@dataclass(frozen=True)
class Side:
    """name: a benchmark, or "" for the cells of one sign. sign: +1 or -1. total: sum of the weights, sign left out."""

    name: str
    sign: int
    tasks: int
    cells: int
    total: float


def sides(cells: pd.MultiIndex, row: Row, weights: Weights | None) -> tuple[Side, ...]:
    """What is added and what taken away: of an interaction the two benchmarks' averages, else the cells of either sign.

    Nothing where the row is no weighted sum, or where runs of different counts have numbers of different cells.
    """
    if weights is None or weights.several:
        return ()
    if weights.averages:
        (first, one), (second, two) = weights.averages.items()
        return _side(cells, second, 1, two), _side(cells, first, -1, one)
    parts = {sign: np.maximum(sign * weights.cells, 0.0) for sign in (1, -1)}
    return tuple(_side(cells, row["benchmark"], sign, part) for sign, part in parts.items() if part.any())


def _side(cells: pd.MultiIndex, name: str, sign: int, weights: Array) -> Side:
    tasks = cells.get_level_values("target_task")[weights > 0]
    return Side(name, sign, tasks.nunique(), int((weights > 0).sum()), float(weights.sum()))


def cells_behind(complete: CompleteScores, weights: Weights | None) -> pd.DataFrame:
    """CELL_COLUMNS, the cells with a weight, heaviest first; all complete cells without one where there is no sum.

    n_tasks: "" where the weights are those of every count.
    """
    names = complete.cells.to_frame(index=False)
    if weights is None:
        return names.assign(n_tasks="", weight=float("nan"))[CELL_COLUMNS]
    levels = (0, *complete.design.counts)
    parts = (
        [names.assign(n_tasks=level, weight=weights.cells[levels.index(level)]) for level in weights.over_counts]
        if weights.several
        else [names.assign(n_tasks="", weight=weights.cells)]
    )
    table = pd.concat(parts, ignore_index=True)
    table = table[table["weight"] != 0].sort_values("weight", key=abs, ascending=False, kind="stable")
    return table[CELL_COLUMNS].reset_index(drop=True)


def runs_behind(complete: CompleteScores, row: Row, weights: Weights | None) -> pd.DataFrame:
    """RUN_COLUMNS, a row a run that entered; number and coefficient NaN where the estimate is no weighted sum.

    The sum over runs of coefficient x number is the estimate wherever that is a mean of the runs' numbers.
    """
    runs = complete.table.runs
    chosen = _chosen(runs, row["term"], row["n_tasks"], weights)
    rows = runs[["seed", "replicate", "n_tasks", "task_set"]].reset_index()
    if weights is None:
        return rows[chosen].assign(number=np.nan, coefficient=np.nan)[RUN_COLUMNS].reset_index(drop=True)
    levels = (0, *complete.design.counts)
    place = np.searchsorted(levels, runs["n_tasks"].to_numpy())
    own = weights.cells[place] if weights.several else np.tile(weights.cells, (len(runs), 1))
    numbers = np.einsum("rc,rc->r", complete.table.scores, own)
    coefficients = _coefficients(complete, chosen, weights)
    return rows.assign(number=numbers, coefficient=coefficients)[chosen][RUN_COLUMNS].reset_index(drop=True)


def side_means(complete: CompleteScores, rows: Iterable[Row]) -> pd.DataFrame:
    """id, baseline and treated of effects: the mean of the baseline's runs that entered, and that of the treated ones.

    rows: with weights, of effects of one condition each. Their difference is the estimate wherever that is a mean of
    the runs' numbers (`runs_behind`).
    """
    known: dict[tuple[Any, ...], Array] = {}
    found = []
    for row in rows:
        weights: Weights = row["weights"]
        key = (TERMS[row["term"]].runs, tuple(weights.over_counts.items()), weights.averaged)
        if key not in known:
            chosen = _chosen(complete.table.runs, row["term"], row["n_tasks"], weights)
            known[key] = _coefficients(complete, chosen, weights)
        numbers, shares = complete.table.scores @ weights.cells, known[key]
        sides = {name: float(np.abs(shares[sign * shares > 0]) @ numbers[sign * shares > 0]) for name, sign in SIDES}
        found.append({"id": row_id(row), **sides})
    return pd.DataFrame(found, columns=list(SIDE_COLUMNS))


def _coefficients(complete: CompleteScores, chosen: NDArray[np.bool_], weights: Weights) -> Array:
    """What each run's number counts in an estimate, (runs,)."""
    runs, levels = complete.table.runs, (0, *complete.design.counts)
    over_counts = np.array([weights.over_counts.get(level, 0.0) for level in levels])
    place = np.searchsorted(levels, runs["n_tasks"].to_numpy())
    return np.asarray(over_counts[place] * _shares(runs, chosen, by_seed=weights.averaged in (BY_SEED, BY_GROUP)))


def _chosen(runs: pd.DataFrame, term: str, count: float, weights: Weights | None) -> NDArray[np.bool_]:
    """Which runs of the complete table entered the row."""
    everything = np.ones(len(runs), dtype=bool)
    used, rule = _counts(count, weights), TERMS[term].runs
    if rule == ALL or not used:
        return everything
    here = runs["n_tasks"].isin(used).to_numpy()
    if rule != SEEDS or (weights is not None and weights.averaged != BY_SEED):
        return here
    return here & runs["seed"].isin(_whole_seeds(runs, used)).to_numpy()


def _counts(count: float, weights: Weights | None) -> set[int]:
    if weights is not None:
        return set(weights.over_counts)
    return set() if np.isnan(count) else {0, int(count)}


def _whole_seeds(runs: pd.DataFrame, used: set[int]) -> list[int]:
    """Seeds that have a run at every count: others have no difference of their own."""
    present = runs[runs["n_tasks"].isin(used)].groupby("seed")["n_tasks"].nunique()
    return [int(seed) for seed in present.index[present == len(used)]]


def _shares(runs: pd.DataFrame, chosen: NDArray[np.bool_], *, by_seed: bool) -> Array:
    """Each run's share in the mean at its count, zero for a run that did not enter: replicates, chains, then seeds.

    by_seed: chains are averaged within a seed first, else those of a count are alike.
    """
    kept = runs[chosen].reset_index()
    within = ["n_tasks", "seed"] if by_seed else ["n_tasks"]
    replicates = kept.groupby(CHAIN_KEY)["run"].transform("size")
    chains = kept.assign(first=~kept.duplicated(CHAIN_KEY)).groupby(within)["first"].transform("sum")
    seeds = kept.groupby("n_tasks")["seed"].transform("nunique") if by_seed else 1
    shares = np.zeros(len(runs))
    shares[chosen] = 1.0 / (replicates * chains * seeds)
    return shares
