"""Language and task effects from the cell-level model, drawn towards their mean as far as the data ask."""

from collections.abc import Sequence

import numpy as np
from scipy import optimize

from xtransfer_stats.mixedmodels.randomeffects import Predictor
from xtransfer_stats.stats.celllevel.celldata import CellData
from xtransfer_stats.stats.celllevel.cellmodel import LANGUAGE, LANGUAGE_TASK, CellModel, fixed_effects
from xtransfer_stats.stats.core.estimands import effects
from xtransfer_stats.stats.core.inference import Array, Moments
from xtransfer_stats.stats.core.rows import Row, joined, moment_rows
from xtransfer_stats.stats.core.termtable import SHRUNKEN_LANGUAGE, SHRUNKEN_TASK, THESE


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


METHOD = "cell-level REML, shrinkage, Kenward-Roger df"
TASK_METHOD = "cell-level REML, shrinkage over target tasks"
LEAST_TASKS = 3  # fewer say nothing of a spread to shrink by
NO_SLOPES = "no language slopes in the model: the mean over its target tasks"

Cells = Sequence[tuple[str, str]]


class EffectPredictor:
    """Predicts mean effects of a task count over chosen cells from a cell-level model.

    slopes: group -> place of the terms by which languages differ; none where they do not in this model.
    """

    def __init__(self, model: CellModel, data: CellData):
        X, _ = fixed_effects(data)
        residual = dict(zip(model.tasks, np.ravel(model.fit.residual_variance), strict=True))
        variances = np.array([residual[task] for task in data.task])
        self._predictor = Predictor(model.fit.terms, model.fit.covariances, data.score, X, variances)
        self._model, self._data = model, data
        self.slopes = {t.group: i for i, t in enumerate(model.fit.terms) if t.group in (LANGUAGE, LANGUAGE_TASK)}

    def moments(self, count: int, groups: Sequence[Cells], n_runs: int) -> Moments:
        """Mean effect of a count over each group of cells; df is Kenward-Roger's for its fixed part."""
        fixed = np.array([self._fixed(count, cells) for cells in groups])
        rows = np.array([self._row(count, cells, f) for cells, f in zip(groups, fixed, strict=True)])
        estimate, error = self._predictor.predict(rows)
        distinct, place = np.unique(fixed, axis=0, return_inverse=True)
        df = np.atleast_1d(self._model.fit.kenward_roger(distinct).df)[place.ravel()]
        return Moments(estimate, error, df, METHOD, n_runs)

    def _fixed(self, count: int, cells: Cells) -> Array:
        weights = np.zeros(len(self._model.fit.beta))
        offset = len(self._data.cells)
        for task, _ in cells:
            weights[offset + self._model.columns.index((count, task))] += 1 / len(cells)
        return weights

    def _row(self, count: int, cells: Cells, fixed: Array) -> Array:
        covariate = self._data.counts.index(count)
        random = {}
        for i in self.slopes.values():
            term = self._model.fit.terms[i]
            weights = np.zeros(term.levels)
            for cell in cells:  # its first row has its place among the cells: rows begin with one whole run
                weights[term.codes[self._data.cells.get_loc(cell)]] += 1 / len(cells)
            random[i, covariate] = weights
        return self._predictor.combination(fixed, random)


def language_rows(predictor: EffectPredictor, data: CellData, runs: dict[int, int], alpha: float) -> list[Row]:
    """Effect of each count in every language, mean over the language's target tasks; shown without a test.

    runs: how many runs each count's contrast rests on.
    """
    names = list(dict.fromkeys(sorted(data.cells.get_level_values("language"))))
    groups = [[cell for cell in data.cells if cell[1] == name] for name in names]
    shared = "" if predictor.slopes else NO_SLOPES
    rows = []
    for contrast in effects(data.counts):
        labels = [
            _label(SHRUNKEN_LANGUAGE, f"{contrast.name} @ language {name}", contrast.high)
            | {"language": name}
            | {"note": joined(f"exploratory; mean over {', '.join(task for task, _ in cells)}", shared)}
            for name, cells in zip(names, groups, strict=True)
        ]
        tested = moment_rows(predictor.moments(contrast.high, groups, runs[contrast.high]), labels, alpha)
        rows += [{**row, "statistic": np.nan, "p_value": np.nan} for row in tested]
    return rows


def shrunken_task_rows(model: CellModel, data: CellData, runs: dict[int, int], alpha: float) -> list[Row]:
    """Effects of each count on the target tasks, drawn towards their mean: guesses, shown without a test."""
    rows: list[Row] = []
    for contrast in effects(data.counts):
        places = [len(data.cells) + i for i, (count, _) in enumerate(model.columns) if count == contrast.high]
        names = [task for count, task in model.columns if count == contrast.high]
        if len(names) < LEAST_TASKS:
            continue
        estimate, error = shrunken(model.fit.beta[places], model.fit.cov_beta[np.ix_(places, places)])
        df = np.atleast_1d(model.fit.kenward_roger(np.eye(len(model.fit.beta))[places]).df)
        labels = [
            _label(SHRUNKEN_TASK, f"{contrast.name} @ task {name}", contrast.high)
            | {
                "target_task": name,
                "note": "drawn towards the mean of the target tasks; exploratory, not tested",
            }
            for name in names
        ]
        moments = Moments(estimate, error, df, TASK_METHOD, runs[contrast.high])
        tested = moment_rows(moments, labels, alpha)
        rows += [{**row, "statistic": np.nan, "p_value": np.nan} for row in tested]
    return rows


def _label(term: str, contrast: str, count: int) -> Row:
    return {"term": term, "contrast": contrast, "scope": THESE, "n_tasks": count}
