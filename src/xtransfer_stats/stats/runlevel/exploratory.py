"""Rows of the exploratory families, target tasks, groups, languages, families and scripts, with moderated variances.

What a row's variance should be before it is seen (stats.core.moderated) comes from the noise of single cells: how far
a run's cells deviate from their target task's mean, which a task's many languages give on many df. A row is a sum of
target tasks' means and of deviations from them. Where the means' part is one for all rows (languages: the benchmarks'
effect) its variance is taken as it is, and no row can end with more df than that leaves; else (target tasks) it is a
constant plus a multiple of the noise, both fitted to the rows' variances.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import optimize

from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.design import Layout
from xtransfer_stats.stats.core.estimands import CountContrast, Estimand
from xtransfer_stats.stats.core.inference import Array, Moments, satterthwaite_df
from xtransfer_stats.stats.core.moderated import Expected, moderated, unmoderated
from xtransfer_stats.stats.core.rows import Row, label, moment_rows
from xtransfer_stats.stats.core.withintasks import task_codes, task_means
from xtransfer_stats.stats.runlevel.runlevel import run_numbers

LEAST_SEEDS = 3  # two say nothing of how rows go together
ROUNDS = 8  # of reweighting
TREND = 2  # parameters: a constant and a multiple of the noise


@dataclass(frozen=True)
class Noise:
    """Variance of a single cell's deviation from its target task's mean in one contrast, and its df; both (tasks,).

    Zero for a task with one cell, which cannot deviate.
    """

    variance: Array
    df: Array


def exploratory_rows(complete: CompleteScores, estimands: Sequence[Estimand], alpha: float) -> list[Row]:
    """Effects of every count; the estimands of each term and count are moderated as one family."""
    rows: list[Row] = []
    for _, same in groupby(estimands, key=lambda one: one.term):
        family = list(same)
        weights = np.array([one.weights for one in family]).T
        for contrast in complete.design.effects:
            labels = [label(one, contrast) for one in family]
            rows += moment_rows(moderated_contrast(complete, weights, contrast), labels, alpha)
    return rows


def moderated_contrast(complete: CompleteScores, weights: Array, contrast: CountContrast) -> Moments:
    """A contrast of a family of weighted sums of cells, weights (cells, n), with moderated errors."""
    model, cells = run_numbers(complete, weights), complete.cells
    moments, differences = model.contrast(contrast), model.differences(contrast)
    if complete.design.layout is Layout.INCOMPLETE:
        return unmoderated(moments, "chains are missing")
    if len(differences) < LEAST_SEEDS:
        return unmoderated(moments, f"fewer than {LEAST_SEEDS} seeds")
    means, noise = task_means(weights, cells), cell_noise(complete, contrast)
    if np.allclose(means, means[:, :1]):
        common = run_numbers(complete, means[:, :1]).contrast(contrast)
        return moderated(moments, _around(common, weights - means, noise, cells))
    return moderated(moments, _fitted(moments, differences, means, noise, cells))


def cell_noise(complete: CompleteScores, contrast: CountContrast) -> Noise:
    """The noise of each target task's cells in a contrast."""
    own, codes = np.eye(len(complete.cells)), task_codes(complete.cells)
    moments = run_numbers(complete, own - task_means(own, complete.cells)).contrast(contrast)
    free = np.bincount(codes) - 1
    squares = np.bincount(codes, weights=moments.std_error**2)
    df = np.nanmedian(moments.df) if np.isfinite(moments.df).any() else np.nan
    return Noise(np.divide(squares, free, out=np.zeros(len(free)), where=free > 0), df * np.maximum(free, 1))


def _around(common: Moments, deviations: Array, noise: Noise, cells: pd.MultiIndex) -> Expected:
    """Of rows that deviate from one common number, by weights (cells, n)."""
    codes, rows = task_codes(cells), deviations.shape[1]
    parts = np.zeros((len(noise.variance), rows))
    np.add.at(parts, codes, deviations**2)
    parts *= noise.variance[:, None]
    own, level = parts.sum(axis=0), np.full(rows, float(common.std_error[0] ** 2))
    # Enlarged as in cautious_df: a common part that came out small by chance makes the df large at once.
    few = float(common.df[0])
    at_most = satterthwaite_df(np.vstack([level * (1 + 2 / few), parts]), np.append(few, noise.df)[:, None])
    share = np.divide(own, level + own, out=np.zeros(rows), where=level + own > 0)
    return Expected(level + own, at_most, np.ones(rows), scatter=float(np.mean(1 - (1 - share) ** 2)))


def _fitted(moments: Moments, differences: Array, means: Array, noise: Noise, cells: pd.MultiIndex) -> Expected:
    """Of rows that are sums of target tasks' means: a constant plus a multiple of their noise."""
    codes = task_codes(cells)
    per_task = means * np.bincount(codes)[codes][:, None]  # the task's whole weight, at each of its cells
    first = np.unique(codes, return_index=True)[1]
    predictor = (per_task[first] ** 2 * noise.variance[:, None]).sum(axis=0)
    known = np.isfinite(moments.df) & (moments.std_error > 0)
    together = squared_correlation(differences[:, known])
    rows = int(known.sum())
    effective = rows / (1 + (rows - 1) * together) if rows > 1 else 1.0
    fitted, leverage = np.ones(len(known)), np.zeros(len(known))
    if rows >= TREND + 2:
        fitted, leverage = _trend(moments.std_error**2, predictor, known)
    return Expected(fitted, effective * moments.df, 1 - leverage, 1 - together, TREND)


def _trend(variances: Array, predictor: Array, known: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Constant plus multiple of the predictor, neither below zero, at each row, and the rows' leverage on it; (n,).

    Least squares weighted by 1 / fitted^2, iterated.
    """
    design = np.column_stack([np.ones(len(predictor)), predictor])
    fitted = np.full(len(predictor), variances[known].mean())
    for _ in range(ROUNDS):
        weight = 1 / fitted[known]
        found, _ = optimize.nnls(design[known] * weight[:, None], variances[known] * weight)
        fitted = np.maximum(design @ found, 1e-6 * variances[known].mean())
    basis = np.linalg.qr((design / fitted[:, None])[known][:, found > 0])[0]
    leverage = np.zeros(len(fitted))
    leverage[known] = (basis**2).sum(axis=1)
    return fitted, leverage


def squared_correlation(differences: Array) -> float:
    """Mean over pairs of rows of their squared correlation over seeds, (seeds, n), less what chance gives; 0 to 1.

    Rows whose seeds do not differ go with no other; one for fewer than two rows that do.
    """
    moving = differences[:, np.ptp(differences, axis=0) > 0]
    if moving.shape[1] < 2:
        return 1.0
    df = len(moving) - 1
    squares = np.atleast_2d(np.corrcoef(moving.T))[np.triu_indices(moving.shape[1], 1)] ** 2
    return float(np.clip(1 - (1 - squares.mean()) * df / (df - 1), 0.0, 1.0))
