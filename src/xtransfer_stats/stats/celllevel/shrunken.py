"""Effects on languages and target tasks, drawn towards their mean as far as the data ask: guesses without a test.

A language's effect is that within its target tasks: what its cells show beyond their task's mean, averaged over its
tasks, on top of the benchmarks' mean effect. The model predicts the former, in each target task by its own variance.
"""

from collections.abc import Mapping

import numpy as np
from scipy import optimize

from xtransfer_stats.stats.celllevel.cellfit import CellFit
from xtransfer_stats.stats.core.estimands import CountContrast, Estimand, effects
from xtransfer_stats.stats.core.inference import Array, Moments
from xtransfer_stats.stats.core.rows import Row, label, moment_rows
from xtransfer_stats.stats.core.termtable import SHRUNKEN_LANGUAGE, SHRUNKEN_TASK
from xtransfer_stats.stats.core.weights import Benchmark, task_weights
from xtransfer_stats.stats.core.withintasks import comparable, deviations, reference

METHOD = "cell-level REML, shrinkage within target tasks"
TASK_METHOD = "cell-level REML, shrinkage over target tasks"
LEAST_TASKS = 3  # fewer say nothing of a spread to shrink by
NO_SLOPES = "no language slopes in the model: the benchmarks' mean effect"
NOTE = "drawn towards the mean of {}; exploratory, not tested"


def shrunken_language_rows(
    fit: CellFit, benchmarks: Mapping[str, Benchmark], runs: Mapping[int, int], alpha: float
) -> list[Row]:
    """Effect of each count in every language within target tasks. runs: how many a count's contrast rests on."""
    cells, shared = fit.data.cells, comparable(fit.data.cells)
    level, own = reference(benchmarks, cells), deviations(cells)
    note = NOTE.format("its target tasks") if len(fit.of_languages) else NO_SLOPES
    estimands = [
        Estimand(
            SHRUNKEN_LANGUAGE,
            f"{{name}} @ language {name}, shrunken",
            level + weights,
            language=name,
            note=f"{note}; within {', '.join(shared[name])}",
        )
        for name, weights in own.items()
    ]
    rows: list[Row] = []
    for contrast in effects(fit.data.counts):
        moments = _language_moments(fit, contrast, level, np.array(list(own.values())), runs[contrast.high])
        rows += untested(moments, estimands, contrast, alpha)
    return rows


def _language_moments(fit: CellFit, contrast: CountContrast, level: Array, own: Array, n_runs: int) -> Moments:
    """The benchmarks' mean effect plus each language's predicted deviation; own (languages, C)."""
    common = fit.moments(_rows(fit, contrast, (level @ _member(fit))[None]), n_runs)
    weights = np.zeros((len(own), len(fit.data.counts), own.shape[1]))
    weights[:, fit.data.counts.index(contrast.high)] = own
    predicted, error = fit.predicted(weights)
    return Moments(
        common.estimate + predicted,
        np.sqrt(common.std_error**2 + error**2),
        np.broadcast_to(common.df, predicted.shape),
        METHOD,
        n_runs,
    )


def shrunken_task_rows(fit: CellFit, runs: Mapping[int, int], alpha: float) -> list[Row]:
    """Effects of each count on the target tasks, drawn towards their mean."""
    tasks = fit.data.tasks
    if len(tasks) < LEAST_TASKS:
        return []
    note = NOTE.format("the target tasks")
    estimands = [
        Estimand(
            SHRUNKEN_TASK, f"{{name}} @ task {name}", task_weights(name, fit.data.cells), target_task=name, note=note
        )
        for name in tasks
    ]
    rows: list[Row] = []
    for contrast in effects(fit.data.counts):
        L = _rows(fit, contrast, np.eye(len(tasks)))
        own = fit.moments(L)
        estimate, error = shrunken(own.estimate, L @ fit.adjusted @ L.T)
        rows += untested(Moments(estimate, error, own.df, TASK_METHOD, runs[contrast.high]), estimands, contrast, alpha)
    return rows


def _rows(fit: CellFit, contrast: CountContrast, tasks: Array) -> Array:
    """Rows (m, p) of the means: a contrast of weights (m, T) of target tasks."""
    places = (0, *fit.data.counts)
    over_counts = np.array([(count == contrast.high) * 1.0 - (count == contrast.low) for count in places])
    return np.array([np.outer(over_counts, weights).ravel() for weights in tasks])


def _member(fit: CellFit) -> Array:
    """(C, T): weights of cells times this are those of their target tasks."""
    return (fit.data.task[:, None] == np.arange(len(fit.data.tasks))).astype(float)


def untested(moments: Moments, estimands: list[Estimand], contrast: CountContrast, alpha: float) -> list[Row]:
    """Rows without a test: a guess drawn towards a mean has no null."""
    tested = moment_rows(moments, [label(one, contrast) for one in estimands], alpha)
    return [{**row, "statistic": np.nan, "p_value": np.nan} for row in tested]


def shrunken(estimates: Array, covariance: Array) -> tuple[Array, Array]:
    """Shrunken estimates and their standard errors, both (n,), from estimates (n,) with covariance (n, n).

    theta ~ N(mu, tau2 I): tau2 makes the generalised sum of squares equal its expectation n - 1 (Paule and Mandel
    1982), zero where it is smaller already; errors include that of mu, not that of tau2.
    """
    tau2 = _between(estimates, covariance)
    precision = np.linalg.inv(covariance + tau2 * np.eye(len(estimates)))
    mean_variance = 1 / precision.sum()
    mean = mean_variance * (precision @ estimates).sum()
    pull = tau2 * precision
    left = (np.eye(len(estimates)) - pull).sum(axis=1)  # what each still leans on the mean
    variance = tau2 - tau2 * np.diag(pull) + mean_variance * left**2
    return mean + pull @ (estimates - mean), np.sqrt(variance)


def _between(estimates: Array, covariance: Array) -> float:
    def excess(tau2: float) -> float:
        precision = np.linalg.inv(covariance + tau2 * np.eye(len(estimates)))
        mean = (precision @ estimates).sum() / precision.sum()
        return float((estimates - mean) @ precision @ (estimates - mean)) - (len(estimates) - 1)

    if excess(0.0) <= 0:
        return 0.0
    return float(optimize.brentq(excess, 0.0, float(np.ptp(estimates) ** 2) * len(estimates)))
