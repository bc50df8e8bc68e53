"""The cell-level model of a complete study in its independent parts.

An orthonormal turn over the languages inside each run and target task splits the scores into means, which hold the luck
of seed, set, run and fine-tuned model, and deviations, which hold what languages differ in. The fixed effect of a count
and target task takes whatever the language slopes' means are, so that no variance but the residual ones enters both;
inside a count deviations are residual alone and pool to one sum of squares a task, and between counts a language is
independent of the others. So a criterion of runs x cells numbers comes down to small blocks: one a seed (seeds whose
sets coincide share one), one a language.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from xtransfer_stats.mixedmodels.blocks import BlockPattern, PooledSquares
from xtransfer_stats.stats.celllevel.celldata import CellData, Codes
from xtransfer_stats.stats.core.inference import Array

NONE = -1  # code of runs that a term leaves out


@dataclass(frozen=True)
class LuckTerm:
    """Random effects of the combinations of a grouping of runs (R,), NONE for none, with one of target tasks (T,)."""

    group: str
    runs: Codes
    tasks: Codes

    def same_run(self, rows: Codes) -> Array:
        """1 where two of some runs are of one level, (n, n)."""
        codes = self.runs[rows]
        return ((codes[:, None] == codes) & (codes[:, None] != NONE)).astype(float)

    @property
    def same_task(self) -> Array:
        """1 where two target tasks are of one level, (T, T)."""
        return (self.tasks[:, None] == self.tasks).astype(float)


@dataclass(frozen=True)
class Slopes:
    """Which variances of language slopes a model has: a variance a count over tasks, one a target task within."""

    language: bool
    tasks: tuple[int, ...]  # those with slopes of their own


def means_part(
    data: CellData, luck: Sequence[LuckTerm], first_residual: int, extra: Array | None
) -> list[BlockPattern]:
    """Means of runs and target tasks (R, T), by the runs that share luck; fixed effects: a mean a count and task.

    first_residual: place of the first task's residual variance. extra (R, T): a covariate beside these.
    """
    blocks: dict[tuple[bytes, ...], list[Codes]] = {}
    for rows in _sharing(luck, len(data.place)):
        same = [term.same_run(rows) for term in luck]
        blocks.setdefault(tuple(one.tobytes() for one in same), []).append(rows)
    return [_means_pattern(data, luck, first_residual, extra, alike) for alike in blocks.values()]


def _sharing(luck: Sequence[LuckTerm], runs: int) -> list[Codes]:
    """Runs that have a seed or a set in common, or have with a third."""
    linked = sparse.csr_matrix(sum(term.same_run(np.arange(runs)) for term in luck))
    codes = sparse.csgraph.connected_components(linked, directed=False)[1]
    return [np.flatnonzero(codes == code) for code in range(codes.max() + 1)]


def _means_pattern(
    data: CellData, luck: Sequence[LuckTerm], first_residual: int, extra: Array | None, alike: list[Codes]
) -> BlockPattern:
    tasks, size = len(data.tasks), len(alike[0])
    kernels = [np.kron(term.same_run(alike[0]), term.same_task) for term in luck]
    for task, languages in enumerate(data.per_task):
        own = np.zeros((tasks, tasks))
        own[task, task] = 1 / languages
        kernels.append(np.kron(np.eye(size), own))
    X = np.zeros((len(alike), size, tasks, len(data.runs_at), tasks))
    for block, rows in enumerate(alike):
        for i, row in enumerate(rows):
            X[block, i, np.arange(tasks), data.place[row], np.arange(tasks)] = 1.0
    fixed: Array = X.reshape(len(alike), size * tasks, -1)
    if extra is not None:
        fixed = np.concatenate([fixed, np.array([extra[rows].ravel() for rows in alike])[:, :, None]], axis=2)
    index = np.append(np.arange(len(luck)), first_residual + np.arange(tasks))
    places = [(rows[:, None] * tasks + np.arange(tasks)).ravel() for rows in alike]
    y = np.array([data.means[rows].ravel() for rows in alike])
    return BlockPattern(index, np.array(kernels), fixed, y, np.array(places))


def deviations_part(data: CellData, slopes: Slopes, first_slope: int, first_residual: int) -> list[BlockPattern]:
    """Each count's mean over runs less the baseline's, by language; fixed effects: one a task and count.

    What is the same in all languages of a task falls to the fixed effects, so raw means serve for deviations.
    """
    blocks: dict[tuple[int, ...], list[Codes]] = {}
    for language in range(len(data.languages)):
        cells = np.flatnonzero(data.language == language)
        blocks.setdefault(tuple(data.task[cells]), []).append(cells)
    firsts = first_slope, first_residual
    return [_language_pattern(data, slopes, firsts, tasks, np.array(cells)) for tasks, cells in blocks.items()]


def _language_pattern(
    data: CellData, slopes: Slopes, firsts: tuple[int, int], tasks: tuple[int, ...], cells: Codes
) -> BlockPattern:
    """Languages with the same target tasks, cells (m, tasks); rows are (task, count)."""
    counts, noise = len(data.counts), np.diag(1 / data.runs_at[1:]) + 1 / data.runs_at[0]
    index, kernels = [], []
    if slopes.language:
        for count in range(counts):
            index.append(firsts[0] + count)
            kernels.append(np.kron(np.ones((len(tasks), len(tasks))), np.diag(np.arange(counts) == count)))
    within = firsts[0] + counts * slopes.language
    for i, task in enumerate(tasks):
        here = np.diag((np.arange(len(tasks)) == i).astype(float))
        index.append(firsts[1] + task)
        kernels.append(np.kron(here, noise))
        if task in slopes.tasks:
            index.append(within + slopes.tasks.index(task))
            kernels.append(np.kron(here, np.eye(counts)))
    rows = len(tasks) * counts
    X = np.zeros((len(tasks), counts, len(data.tasks), counts))
    for i, task in enumerate(tasks):
        X[i, np.arange(counts), task, np.arange(counts)] = 1.0
    places = (cells[:, :, None] * counts + np.arange(counts)).reshape(len(cells), rows)
    return BlockPattern(
        np.array(index),
        np.array(kernels, dtype=float),
        np.broadcast_to(X.reshape(rows, -1), (len(cells), rows, len(data.tasks) * counts)),
        data.effects.T.ravel()[places],
        places,
    )


def pooled_deviations(data: CellData, first_residual: int) -> PooledSquares:
    """What deviations vary by between the runs of a count: a sum of squares a target task with several languages."""
    rest = data.deviations - data.over_runs(data.deviations)[data.place]
    squares = np.asarray(np.bincount(data.task, weights=(rest**2).sum(axis=0)), dtype=float)
    df = np.asarray((len(data.place) - len(data.runs_at)) * (data.per_task - 1.0), dtype=float)
    if data.table.filled is not None:  # a score filled from its run and language has no residual of its own
        df -= np.bincount(data.task, weights=data.table.filled.sum(axis=0))
    several = np.flatnonzero(df > 0)
    return PooledSquares(first_residual + several, df[several], squares[several])


def basis_constant(data: CellData) -> float:
    """What the user's basis adds to the criterion in the parts' own, so that it is lme4's REMLcrit."""
    logs, runs = np.log(data.runs_at).sum(), len(data.place) - len(data.runs_at)
    return float(runs * np.log(data.per_task).sum() + logs * (data.per_task - 1).sum())
