"""Tests of G(k) that start from the cells: three that are wrong, for comparison, and the product's cell-level model."""

from collections.abc import Callable, Mapping

import numpy as np
from benchmarks.calibration.draws import CATALOGUE, World
from benchmarks.calibration.verdicts import Verdict, of_answers, of_moments
from benchmarks.wholecells import whole_fit

from xtransfer_stats.mixedmodels.mixed import MixedFit
from xtransfer_stats.stats.celllevel.celldata import CellData, cell_data
from xtransfer_stats.stats.celllevel.cellmodel import luck_terms
from xtransfer_stats.stats.celllevel.parts import Slopes
from xtransfer_stats.stats.core.design import detect
from xtransfer_stats.stats.core.estimands import CountContrast, gap_weights
from xtransfer_stats.stats.core.inference import Array, Moments
from xtransfer_stats.stats.core.runs import ScoreTable
from xtransfer_stats.stats.core.weights import Benchmark, restricted

Benchmarks = Mapping[str, Benchmark]
CellMethod = Callable[[World, Benchmarks, Array, list[CountContrast]], list[Verdict]]


def naive_stacked(world: World, benchmarks: Benchmarks, scores: Array, contrasts: list[CountContrast]) -> list[Verdict]:
    """Least squares over stacked rows, one a benchmark, run and cell: y ~ benchmark:cell + benchmark:count.

    In a complete table these are means; the errors take every row for a replicate.
    """
    members = [_member(part, world) for part in benchmarks.values()]
    count = world.chains["n_tasks"].to_numpy()
    squares, df = np.zeros(scores.shape[2]), 0
    for member in members:
        y = scores[:, member]
        residual = y - y.mean(axis=0) - _count_means(y.mean(axis=1), count)[:, None] + y.mean(axis=(0, 1))
        squares += (residual**2).sum(axis=(0, 1))
        df += y.shape[0] * y.shape[1] - y.shape[1] - (len(np.unique(count)) - 1)
    per_row = sum(1 / member.sum() for member in members)
    answers = []
    for contrast in contrasts:
        gaps = [_gap(scores[:, member].mean(axis=1), count, contrast) for member in members]
        answers.append(of_moments(_ols(gaps[1] - gaps[0], squares / df * per_row, df, count, contrast)))
    return answers


def run_intercept_alone(
    world: World, benchmarks: Benchmarks, scores: Array, contrasts: list[CountContrast]
) -> list[Verdict]:
    """y ~ cell + count:target_task + (1 | run): G's error is the variance within runs, in closed form.

    G's weights add up to zero within a run, so that the run's intercept drops out.
    """
    count, weights = world.chains["n_tasks"].to_numpy(), gap_weights(benchmarks, world.cells)
    tasks, n_cells = world.cell_task, len(world.cells)
    centred = scores - scores.mean(axis=0)
    languages = np.bincount(tasks)
    by_task = np.array([centred[:, tasks == t].mean(axis=1) for t in range(len(languages))])  # (tasks, chains, studies)
    fitted = np.array([_count_means(rows, count) for rows in by_task])
    residual = centred - fitted[tasks].transpose(1, 0, 2)
    within = residual - residual.mean(axis=1, keepdims=True)
    treated = len(np.unique(count)) - 1
    rows = len(count)
    df = rows * n_cells - n_cells - treated * len(languages) - (rows - 1 - treated)
    per_task = np.bincount(tasks, weights=weights)
    variance = (within**2).sum(axis=(0, 1)) / df * (per_task**2 / languages).sum()
    # The model's effect of a task is the plain mean over its cells.
    gap = np.einsum("t,tcs->cs", per_task, by_task)
    return [of_moments(_ols(_gap(gap, count, c), variance, df, count, c)) for c in contrasts]


def homoscedastic(world: World, benchmarks: Benchmarks, scores: Array, contrasts: list[CountContrast]) -> list[Verdict]:
    """The cell-level model with one residual variance for all target tasks, Kenward-Roger."""
    return _fitted(world, benchmarks, scores, contrasts, by_task=False)


def residual_by_task(
    world: World, benchmarks: Benchmarks, scores: Array, contrasts: list[CountContrast]
) -> list[Verdict]:
    """The product's cell-level model without language slopes, asked for G; Kenward-Roger."""
    return _fitted(world, benchmarks, scores, contrasts, by_task=True)


def _fitted(
    world: World, benchmarks: Benchmarks, scores: Array, contrasts: list[CountContrast], by_task: bool
) -> list[Verdict]:
    design = detect(world.chains, CATALOGUE)
    answers: list[list[tuple[float, float, float]]] = []
    for study in np.moveaxis(scores, 2, 0):
        data = cell_data(ScoreTable(world.chains, world.cells, study), design, world.trainings)
        fit = whole_fit(data, luck_terms(data, design)[0], Slopes(False, ()), by_task=by_task)
        answers.append(_answers(fit, _gap_rows(data, benchmarks, contrasts)))
    return [of_answers([study[i] for study in answers]) for i in range(len(contrasts))]


def _gap_rows(data: CellData, benchmarks: Benchmarks, contrasts: list[CountContrast]) -> Array:
    per_task = np.bincount(data.task, weights=gap_weights(benchmarks, data.cells))
    signs = [[float(count == c.high) - float(count == c.low) for count in data.counts] for c in contrasts]
    effects = np.array([np.outer(sign, per_task).ravel() for sign in signs])
    return np.hstack([np.zeros((len(contrasts), len(data.cells))), effects])


def _answers(fit: MixedFit, L: Array) -> list[tuple[float, float, float]]:
    if fit.state == "failed":
        return [(np.nan,) * 3 for _ in L]
    answer = fit.kenward_roger(L)
    return list(zip(answer.p_value, answer.conf_low, answer.conf_high, strict=True))


def _member(part: Benchmark, world: World) -> Array:
    kept = {(task, x) for task, names in restricted(part, world.cells).items() for x in names}
    return np.array([cell in kept for cell in world.cells])


def _count_means(values: Array, count: Array) -> Array:
    """Every chain's number replaced by its count's mean, (chains, studies)."""
    means = {k: values[count == k].mean(axis=0) for k in np.unique(count)}
    return np.array([means[k] for k in count])


def _gap(values: Array, count: Array, contrast: CountContrast) -> Array:
    return values[count == contrast.high].mean(axis=0) - values[count == contrast.low].mean(axis=0)


def _ols(estimate: Array, per_run: Array, df: int, count: Array, contrast: CountContrast) -> Moments:
    factor = 1 / (count == contrast.high).sum() + 1 / (count == contrast.low).sum()
    return Moments(estimate, np.sqrt(per_run * factor), np.full(estimate.shape, float(df)), "least squares", 0)


CELL_METHODS: Mapping[str, CellMethod] = {
    "naive stacked OLS": naive_stacked,
    "cells with (1 | run) alone": run_intercept_alone,
    "cells, one residual variance": homoscedastic,
    "cells, residual by task": residual_by_task,
}
CLOSED = ("naive stacked OLS", "cells with (1 | run) alone")
FITTED = ("cells, one residual variance", "cells, residual by task")
