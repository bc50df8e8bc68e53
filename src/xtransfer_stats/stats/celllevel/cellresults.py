"""All results of the cell-level mixed model: languages, shrunken tasks, the seven terms, variance shares, own data.

Some intermediate tasks are a target task's own training data, the more so the larger the set: a covariate of (run,
target task), 1 where the run's set holds such data, is added to the model, and the run-level interaction is shown
again with its estimated part taken away.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.fitreport import convergence
from xtransfer_stats.mixedmodels.mixed import fit_mixed
from xtransfer_stats.stats.celllevel.celldata import CellData, cell_data, still_tasks
from xtransfer_stats.stats.celllevel.cellmodel import ONE_SEED, CellModel, fit_cell_model, fixed_effects, variance_table
from xtransfer_stats.stats.celllevel.languages import EffectPredictor, language_rows, shrunken_task_rows
from xtransfer_stats.stats.celllevel.terms import fit_cell_means, term_table, untested_table
from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.estimands import interaction
from xtransfer_stats.stats.core.inference import Array, Moments
from xtransfer_stats.stats.core.results import VARIANCE_COLUMNS
from xtransfer_stats.stats.core.rows import Row, joined, moment_rows, run_level_rows
from xtransfer_stats.stats.core.scores import OwnData
from xtransfer_stats.stats.core.termtable import OWN_DATA, THESE
from xtransfer_stats.stats.core.weights import Weights, restricted, task_weights
from xtransfer_stats.stats.runlevel.runlevel import RunLevel

FULL_RANK = 1e-6  # share of the covariate that the fixed effects must leave over


def _exposure(task_sets: pd.Series, cells: pd.MultiIndex, own_data: OwnData) -> Array:
    """1 where a run's set holds the target task's own data, else 0; (runs, cells)."""
    tasks = cells.get_level_values("target_task")
    sets = [set(name.split("+")) for name in task_sets]
    return np.array([[float(bool(held & set(own_data.get(task, ())))) for task in tasks] for held in sets])


def _own_data_effect(model: CellModel, data: CellData, own: Array) -> Moments | None:
    """Points a target task gains from its own data in the set, from the cell-level model; own is (n,).

    None where the covariate never varies among runs of one count and target task.
    """
    X, names = fixed_effects(data)
    left = own - X @ np.linalg.lstsq(X, own, rcond=None)[0]
    if left @ left <= FULL_RANK * max(float(own @ own), 1.0):
        return None
    fit = fit_mixed(
        data.score,
        np.column_stack([X, own]),
        [*names, "own"],
        model.fit.terms,
        residual_groups=data.joint_codes(data.task)[0],
    )
    L = np.append(np.zeros(X.shape[1]), 1.0)
    answer = fit.kenward_roger(L)
    estimate, error, df = (np.atleast_1d(x).astype(float) for x in (answer.estimate, answer.std_error, answer.df))
    return Moments(estimate, error, df, "cell-level REML, Kenward-Roger", 0)


KNOWN = "sensitivity; the own-data part is taken as known"


@dataclass(frozen=True)
class CellResults:
    """What the cell-level model found; empty tables and a note where it cannot be fitted."""

    rows: tuple[Row, ...]
    terms: pd.DataFrame
    variance: pd.DataFrame
    notes: tuple[str, ...]
    fits: tuple[dict[str, Any], ...]
    model: CellModel | None = None
    data: CellData | None = None


# The optimiser may try a variance ratio beyond the floating point's range; it turns back from an infinity.
@np.errstate(over="ignore", invalid="ignore")
def cell_results(
    complete: CompleteScores,
    trainings: Mapping[str, str | None] | None,
    own_data: OwnData | None,
    alpha: float,
) -> CellResults:
    """Fit the cell-level model and read its tables; a FitError becomes the note that says what is not to be had."""
    if len(complete.design.seeds) < 2:
        return _without(complete, [f"No language, term or variance tables: {ONE_SEED}."])
    still = still_tasks(complete.table)
    moving = ~complete.cells.get_level_values("target_task").isin(still)
    table = complete.table.keep_cells(np.asarray(moving))
    data = cell_data(table, complete.design, trainings)
    notes = [f"Left out of the cell-level model, as its scores do not vary: {task}." for task in still]
    try:
        for name, part in complete.benchmarks.items():
            if not restricted(part, data.cells):
                raise FitError(f"no score of {name} varies between runs")
        model = fit_cell_model(data, complete.design)
    except FitError as error:
        return _without(complete, [*notes, f"No language, term or variance tables: {error}."])
    notes += [f"Cell-level model: {note}." for note in (*model.notes, *model.fit.notes)]
    rows = _rows(complete, model, data, alpha)
    own_rows, own_notes = _own_data(complete, model, data, own_data, alpha)
    terms, term_notes = _terms(complete, data)
    return CellResults(
        (*rows, *own_rows),
        terms,
        variance_table(model, data),
        (*notes, *own_notes, *term_notes),
        (fit_record(model),),
        model,
        data,
    )


def _without(complete: CompleteScores, notes: list[str]) -> CellResults:
    terms = untested_table(complete.benchmarks, complete.cells, complete.design.counts, "no cell-level model")
    return CellResults((), terms, pd.DataFrame(columns=list(VARIANCE_COLUMNS)), tuple(notes), ())


def _rows(complete: CompleteScores, model: CellModel, data: CellData, alpha: float) -> list[Row]:
    predictor = EffectPredictor(model, data)
    sizes = complete.table.runs["n_tasks"].value_counts()
    runs = {count: int(sizes[0] + sizes[count]) for count in complete.design.counts}
    rows = [*language_rows(predictor, data, runs, alpha), *shrunken_task_rows(model, data, runs, alpha)]
    return [{**row, "weights": _plain(row, complete.cells, data)} for row in rows]


def _plain(row: Row, cells: pd.MultiIndex, data: CellData) -> Weights:
    """The plain mean that the model draws towards the others, of a target task or of a language's cells in it."""
    over_counts = {0: -1.0, int(row["n_tasks"]): 1.0}
    if row.get("target_task"):
        return Weights(over_counts, task_weights(row["target_task"], cells))
    member = np.asarray((cells.get_level_values("language") == row["language"]) & cells.isin(data.cells), dtype=float)
    return Weights(over_counts, member / member.sum())


def _terms(complete: CompleteScores, data: CellData) -> tuple[pd.DataFrame, list[str]]:
    try:
        fit = fit_cell_means(data, complete.design)
    except FitError as error:
        table = untested_table(complete.benchmarks, data.cells, data.counts, str(error))
        return table, [f"No term table: {error}."]
    return term_table(fit, complete.benchmarks, data), [f"Term table's model: {note}." for note in fit.notes]


def _own_data(
    complete: CompleteScores, model: CellModel, data: CellData, own_data: OwnData | None, alpha: float
) -> tuple[list[Row], list[str]]:
    """The covariate's row and the interactions less its part; a note where it cannot be told from the count."""
    if not own_data:
        return [], []
    by_run = _exposure(complete.table.runs["task_set"], data.cells, own_data)
    gain = _own_data_effect(model, data, by_run.ravel())
    if gain is None:
        return [], ["Own-task data cannot be told from the task count here: no sensitivity row."]
    label: Row = {"term": OWN_DATA, "scope": THESE, "note": "target task's own training data in the set"}
    rows = moment_rows(gain, [{**label, "contrast": "own-task data in the set"}], alpha)
    rows[0]["n_runs"] = len(complete.table.runs)
    chains = complete.chains
    adjusted = chains.scores - float(gain.estimate[0]) * _exposure(chains.runs["task_set"], chains.cells, own_data)
    gap = interaction(complete.benchmarks, chains.cells)
    less = replace(gap, term=OWN_DATA, wording=f"{gap.wording} less own-task data", family="", note=KNOWN)
    runs = RunLevel(chains.runs, complete.design, (adjusted @ gap.weights)[:, None])
    return rows + run_level_rows(runs, [less], complete.design.counts, alpha), []


def fit_record(model: CellModel) -> dict[str, Any]:
    """The fit for machines: formula, n, criterion, state, fixed effects of the counts, random and residual."""
    fit = model.fit
    start = len(fit.beta) - len(model.columns)
    answer = fit.kenward_roger(np.eye(len(fit.beta))[start:])
    columns = ("estimate", "std_error", "df", "statistic", "p_value", "conf_low", "conf_high")
    fixed = [
        {"term": name, "df_method": "Kenward-Roger"} | {c: float(getattr(answer, c)[i]) for c in columns}
        for i, name in enumerate(fit.names[start:])
    ]
    random = [
        {"group": term.group, "terms": list(term.names), "covariance": covariance.tolist()}
        for term, covariance in zip(fit.terms, fit.covariances, strict=True)
    ]
    residual = dict(zip(model.tasks, map(float, np.ravel(fit.residual_variance)), strict=True))
    return {
        "model": "cell level",
        "formula": model.formula,
        "n": fit.n,
        "criterion": float(fit.criterion),
        "state": fit.state,
        "gradient_norm": float(fit.gradient_norm),
        "convergence": convergence(fit),
        "fixed": fixed,
        "random": random,
        "residual_variance": residual,
        "note": joined(*model.notes, *fit.notes),
    }
