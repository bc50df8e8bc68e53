"""Effects on languages and target tasks, drawn towards their mean as far as the data ask: guesses without a test.

A language's effect is that within its target tasks: what its cells show beyond their task's mean, averaged over its
tasks, on top of the benchmarks' mean effect. The model predicts the former, in each target task by its own variance;
the latter, and how sure a target task's own effect is, come from the runs' numbers, which take no luck for equal.
"""

from collections.abc import Iterable

import numpy as np
from scipy import optimize

from xtransfer_stats.stats.celllevel.cellfit import CellFit
from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.estimands import CountContrast, Estimand, at_place
from xtransfer_stats.stats.core.inference import Array, Moments, satterthwaite_df
from xtransfer_stats.stats.core.rows import Row, label, moment_rows
from xtransfer_stats.stats.core.termtable import SHRUNKEN_LANGUAGE, SHRUNKEN_TASK
from xtransfer_stats.stats.core.weights import task_weights
from xtransfer_stats.stats.core.withintasks import comparable, deviations, reference
from xtransfer_stats.stats.runlevel.exploratory import moderated_contrast
from xtransfer_stats.stats.runlevel.runlevel import run_numbers

METHOD = "cell-level REML, shrinkage within target tasks"
TASK_METHOD = "cell-level REML, shrinkage over target tasks"
LEAST_TASKS = 3  # fewer say nothing of a spread to shrink by
NO_SLOPES = "no language slopes in the model: the benchmarks' mean effect"
NOTE = "drawn towards the mean of {}; exploratory, not tested"
LEAST_ERROR = 1e-6  # of the largest: a target task whose seeds agree to the last digit


def shrunken_language_rows(fit: CellFit, complete: CompleteScores, alpha: float) -> list[Row]:
    """Effect of each count in every language within target tasks."""
    level, own = reference(complete.benchmarks, complete.cells), deviations(complete.cells)
    estimands = language_estimands(complete, NOTE.format("its target tasks") if len(fit.of_languages) else NO_SLOPES)
    rows: list[Row] = []
    for contrast in complete.design.effects if own else ():
        common = run_numbers(complete, level[:, None]).contrast(contrast)
        moments = _language_moments(fit, complete, contrast, common, np.array(list(own.values())))
        rows += untested(moments, estimands, contrast, alpha)
    return rows


def language_estimands(complete: CompleteScores, note: str) -> list[Estimand]:
    """Every language's effect within target tasks, shrunken; `note` says how."""
    level, shared = reference(complete.benchmarks, complete.cells), comparable(complete.cells)
    return [
        Estimand(
            SHRUNKEN_LANGUAGE,
            at_place(f"language {name}, shrunken"),
            level + weights,
            language=name,
            note=f"{note}; within {', '.join(shared[name])}",
        )
        for name, weights in deviations(complete.cells).items()
    ]


def _language_moments(
    fit: CellFit, complete: CompleteScores, contrast: CountContrast, common: Moments, own: Array
) -> Moments:
    """The benchmarks' mean effect plus each language's predicted deviation; own (languages, cells)."""
    places = complete.cells.get_indexer(fit.data.cells)
    weights = np.zeros((len(own), len(fit.data.counts), len(places)))
    weights[:, fit.data.counts.index(contrast.high)] = own[:, places]
    predicted, error = fit.predicted(weights)
    still = np.setdiff1d(np.arange(own.shape[1]), places)  # target tasks that do not vary: nothing to draw them by
    if len(still):
        predicted = (
            predicted
            + run_numbers(complete, own.T * np.isin(np.arange(own.shape[1]), still)[:, None])
            .contrast(contrast)
            .estimate
        )
    parts = np.array([np.full(len(error), common.std_error[0] ** 2), error**2])
    df = satterthwaite_df(parts, np.array([[common.df[0]], [np.inf]]))
    return Moments(common.estimate + predicted, np.sqrt(parts.sum(axis=0)), df, METHOD, common.n_runs)


def shrunken_task_rows(fit: CellFit, complete: CompleteScores, alpha: float) -> list[Row]:
    """Effects of each count on the target tasks, drawn towards their mean."""
    tasks = fit.data.tasks
    if len(tasks) < LEAST_TASKS:
        return []
    estimands = task_estimands(tasks, complete)
    weights = [one.weights for one in estimands]
    rows: list[Row] = []
    for contrast in complete.design.effects:
        own = moderated_contrast(complete, np.array(weights).T, contrast)
        if not np.all(np.isfinite([own.estimate, own.std_error])):
            continue  # a count of one seed: nothing tells how far to draw
        sd = np.maximum(own.std_error, LEAST_ERROR * np.max(own.std_error))
        covariance = _correlation(fit, contrast) * np.outer(sd, sd)
        estimate, error = shrunken(own.estimate, covariance)
        moments = Moments(estimate, error, own.df, TASK_METHOD, own.n_runs)
        rows += untested(moments, estimands, contrast, alpha)
    return rows


def task_estimands(tasks: Iterable[str], complete: CompleteScores) -> list[Estimand]:
    """Every target task's effect, shrunken."""
    note = NOTE.format("the target tasks")
    weights = {name: task_weights(name, complete.cells) for name in tasks}
    return [
        Estimand(SHRUNKEN_TASK, at_place(f"task {name}"), own, target_task=name, note=note)
        for name, own in weights.items()
    ]


def _correlation(fit: CellFit, contrast: CountContrast) -> Array:
    """How the target tasks' estimates of a contrast go together by the model, (T, T)."""
    places = (0, *fit.data.counts)
    over_counts = np.array([(count == contrast.high) * 1.0 - (count == contrast.low) for count in places])
    L = np.kron(over_counts, np.eye(len(fit.data.tasks)))
    covariance = L @ fit.means.phi @ L.T
    sd = np.sqrt(np.diag(covariance))
    return np.asarray(covariance / np.outer(sd, sd))


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
