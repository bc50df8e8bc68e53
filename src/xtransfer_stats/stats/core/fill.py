"""A missing score from its own run and its own language: least squares of both within target task and count.

y[run, language] ~ run + language, of one target task at one task count: a two-way table with empty cells (Yates 1933).
A run keeps its luck on the task and a language its level at the count, so that no weighted sum of cells loses one.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import scipy  # its parts are loaded when they are first used
from numpy.typing import NDArray

from xtransfer_stats.stats.core.inference import Array

Mask = NDArray[np.bool_]
LARGEST_MISSING_SHARE = 0.5  # of a run's cells, and of a count's runs in a target task


def filled(scores: Array, tasks: NDArray[np.object_], counts: NDArray[np.int64]) -> Array:
    """Scores (runs, cells) without NaN; tasks (cells,), counts (runs,). Gaps must be `fillable`."""
    whole = scores.copy()
    for rows, columns in _blocks(np.isnan(scores), tasks, counts):
        whole[np.ix_(rows, columns)] = additive(scores[np.ix_(rows, columns)])
    return whole


def additive(block: Array) -> Array:
    """A block (runs, languages) whose NaN are replaced by the run's effect plus the language's, both least squares."""
    known = ~np.isnan(block)
    y, member = np.where(known, block, 0.0), known.astype(float)
    per_run, per_language = member.sum(axis=1), member.sum(axis=0)
    # The languages' effects are eliminated; what is left is singular by the constant that the two share.
    system = np.diag(per_run) - (member / per_language) @ member.T
    run = np.linalg.lstsq(system, y.sum(axis=1) - member @ (y.sum(axis=0) / per_language), rcond=None)[0]
    language = (y.sum(axis=0) - run @ member) / per_language
    return np.where(known, block, run[:, None] + language)


def fillable(empty: Mask, tasks: NDArray[np.object_], counts: NDArray[np.int64]) -> tuple[Mask, Mask, Mask]:
    """Which runs and cells stay, that every gap left can be filled: runs, cells, and the runs that lack most cells.

    empty (runs, cells). Left out are runs without most of the cells; target tasks that half of a count's runs lack
    whole, else the runs that lack one; and cells that no run of a count has or that nothing links to the other runs.
    """
    scarce = empty.mean(axis=1) > LARGEST_MISSING_SHARE
    runs, cells = ~scarce, np.ones(empty.shape[1], dtype=bool)
    before = (-1, -1)
    while before != (before := (int(runs.sum()), int(cells.sum()))) and all(before):
        for task in np.unique(tasks[cells]):
            mine = cells & (tasks == task)
            lacking = runs & empty[:, mine].all(axis=1)
            if _often(lacking, runs, counts):
                cells &= ~mine
            else:
                runs &= ~lacking
        for count in np.unique(counts[runs]):
            cells &= ~empty[runs & (counts == count)].all(axis=0)
        cells &= ~_apart(empty, tasks, counts, runs, cells)
    return runs, cells, scarce


def _often(lacking: Mask, runs: Mask, counts: NDArray[np.int64]) -> bool:
    """Whether at some count at least LARGEST_MISSING_SHARE of the runs are lacking."""
    at_count = ((lacking & (counts == k), runs & (counts == k)) for k in set(counts[lacking]))
    return any(some.sum() >= LARGEST_MISSING_SHARE * every.sum() for some, every in at_count)


def _apart(empty: Mask, tasks: NDArray[np.object_], counts: NDArray[np.int64], runs: Mask, cells: Mask) -> Mask:
    """Cells (cells,) of a target task that share no run, at some count, with most of its scores there."""
    apart = np.zeros(len(cells), dtype=bool)
    kept = np.ix_(np.flatnonzero(runs), np.flatnonzero(cells))
    for rows, columns in _blocks(empty[kept], tasks[cells], counts[runs]):
        present = ~empty[kept][np.ix_(rows, columns)]
        links = scipy.sparse.bmat([[None, present.astype(float)], [present.T.astype(float), None]])
        part = scipy.sparse.csgraph.connected_components(links, directed=False)[1]
        if part.max() > 0:
            scores_of = np.bincount(part[: len(rows)], weights=present.sum(axis=1))
            apart[np.flatnonzero(cells)[columns[part[len(rows) :] != scores_of.argmax()]]] = True
    return apart


def _blocks(
    empty: Mask, tasks: NDArray[np.object_], counts: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Rows and columns of every target task at a count that has a gap."""
    gaps = pd.MultiIndex.from_arrays([counts[np.nonzero(empty)[0]], tasks[np.nonzero(empty)[1]]]).unique()
    for count, task in gaps:
        yield np.flatnonzero(counts == count), np.flatnonzero(tasks == task)
