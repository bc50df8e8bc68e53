"""The runs behind a row of the result frame: each one's number, and how much it counts in the estimate."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.prepare import Prepared
from xtransfer_stats.stats.core.runs import CHAIN_KEY
from xtransfer_stats.stats.runlevel.runlevel import MEAN_SQUARES
from xtransfer_stats.verbs.trace.weighting import Weighting

Row = Mapping[str, Any]
COLUMNS = ["run", "seed", "replicate", "n_tasks", "task_set", "number", "coefficient"]
OF_ALL_RUNS = ("additive tasks", "task identity")  # whatever count a row of theirs is at
OF_ALL_SEEDS = ("language effect", "task effect, shrunken", "heterogeneity")  # of their count and the baseline
CHAIN_MEANS = (MEAN_SQUARES, "REML", "none")  # methods whose plain form weighs every chain of a count alike


def runs_behind(prepared: Prepared, row: Row, weights: Weighting | None) -> pd.DataFrame:
    """COLUMNS, a row a run that entered; number and coefficient NaN where the estimate is no weighted sum.

    The sum over runs of coefficient x number is the estimate wherever that is a mean of the runs' numbers.
    """
    runs = prepared.table.runs
    chosen = _chosen(prepared, row, weights)
    told = runs[["seed", "replicate", "n_tasks", "task_set"]].reset_index()
    if weights is None:
        return told[chosen].assign(number=np.nan, coefficient=np.nan)[COLUMNS].reset_index(drop=True)
    counts = runs["n_tasks"].to_numpy()
    place = np.searchsorted(weights.levels, counts)
    numbers = np.einsum("rc,rc->r", prepared.table.scores, weights.by_count[place])
    coefficients = weights.over_counts[place] * _shares(runs, chosen, _within(row))
    found = told.assign(number=numbers, coefficient=coefficients)
    return found[chosen][COLUMNS].reset_index(drop=True)


def _chosen(prepared: Prepared, row: Row, weights: Weighting | None) -> NDArray[np.bool_]:
    """Which runs of the complete table entered the row."""
    runs = prepared.table.runs
    everything = np.ones(len(runs), dtype=bool)
    used = _counts(row, weights)
    if row["term"] in OF_ALL_RUNS or not used:
        return everything
    here = runs["n_tasks"].isin(used).to_numpy()
    if row["term"] in OF_ALL_SEEDS or row["method"].startswith(CHAIN_MEANS):
        return here
    return here & runs["seed"].isin(_whole_seeds(runs, used)).to_numpy()


def _counts(row: Row, weights: Weighting | None) -> set[int]:
    if weights is not None:
        return set(weights.used)
    return set() if row["n_tasks"] != row["n_tasks"] else {0, int(row["n_tasks"])}


def _whole_seeds(runs: pd.DataFrame, used: set[int]) -> list[int]:
    """Seeds that have a run at every count: others have no difference of their own."""
    present = runs[runs["n_tasks"].isin(used)].groupby("seed")["n_tasks"].nunique()
    return [int(seed) for seed in present.index[present == len(used)]]


def _within(row: Row) -> list[str]:
    """What is averaged before the mean over it: chains within a seed and count, or straight within a count."""
    return ["n_tasks"] if row["method"].startswith(CHAIN_MEANS) else ["n_tasks", "seed"]


def _shares(runs: pd.DataFrame, chosen: NDArray[np.bool_], within: list[str]) -> Array:
    """Each run's share in the mean at its count, zero for a run that did not enter: replicates, chains, then seeds."""
    kept = runs[chosen].reset_index()
    replicates = kept.groupby(CHAIN_KEY)["run"].transform("size")
    chains = kept.assign(first=~kept.duplicated(CHAIN_KEY)).groupby(within)["first"].transform("sum")
    seeds = kept.groupby("n_tasks")["seed"].transform("nunique") if "seed" in within else 1
    shares = np.zeros(len(runs))
    shares[chosen] = 1.0 / (replicates * chains * seeds)
    return shares
