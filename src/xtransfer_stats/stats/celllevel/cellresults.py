"""All results of the cell-level mixed model: languages, shrunken tasks, the seven terms, variance shares, own data.

Some intermediate tasks are a target task's own training data, the more so the larger the set: a covariate of (run,
target task), 1 where the run's set holds such data, is added to the model, and the run-level interaction is shown
again with its estimated part taken away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.stats.celllevel.celldata import CellData, cell_data, still_tasks
from xtransfer_stats.stats.celllevel.cellfit import CellFit, fit_cells
from xtransfer_stats.stats.celllevel.cellmodel import (
    ONE_SEED,
    CellModel,
    components,
    fit_cell_model,
    luck_terms,
    variance_table,
)
from xtransfer_stats.stats.celllevel.shrunken import shrunken_language_rows, shrunken_task_rows
from xtransfer_stats.stats.celllevel.terms import term_table, untested_table
from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.estimands import Estimand, headline
from xtransfer_stats.stats.core.inference import Array, Moments
from xtransfer_stats.stats.core.results import VARIANCE_COLUMNS
from xtransfer_stats.stats.core.rows import Row, joined, moment_rows, run_level_rows
from xtransfer_stats.stats.core.scores import OwnData
from xtransfer_stats.stats.core.termtable import OWN_DATA, THESE
from xtransfer_stats.stats.core.weights import restricted
from xtransfer_stats.stats.runlevel.runlevel import RunLevel

FULL_RANK = 1e-6  # share of the covariate that the fixed effects must leave over


def _exposure(task_sets: pd.Series, tasks: Sequence[str], own_data: OwnData) -> Array:
    """1 where a run's set holds the target task's own data, else 0; (runs, tasks)."""
    sets = [set(name.split("+")) for name in task_sets]
    return np.array([[float(bool(held & set(own_data.get(task, ())))) for task in tasks] for held in sets])


def _own_data_effect(model: CellModel, own: Array) -> Moments | None:
    """Points a target task gains from its own data in the set, from the cell-level model; own is (runs, tasks).

    None where the covariate never varies among runs of one count and target task.
    """
    fit = model.fit
    left = own - fit.data.over_runs(own)[fit.data.place]
    if (left**2).sum() <= FULL_RANK * max(float((own**2).sum()), 1.0):
        return None
    beside = fit_cells(fit.data, fit.luck, fit.slopes, extra=own, near=fit)
    L = np.eye(len(beside.means.beta))[-1:]
    return beside.moments(L, len(own), "cell-level REML, Kenward-Roger")


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


# A hypothesis whose own variance is all but zero has no moments to match.
@np.errstate(over="ignore", invalid="ignore", divide="ignore")
def cell_results(
    complete: CompleteScores,
    trainings: Mapping[str, str | None] | None,
    own_data: OwnData | None,
    alpha: float,
) -> CellResults:
    """Fit the cell-level model and read its tables; a FitError becomes the note that says what is not to be had."""
    if len(complete.design.seeds) < 2:
        return _without(complete, [f"No shrunken, term or variance tables: {ONE_SEED}."])
    data, notes = moving_cells(complete, trainings)
    luck, luck_notes = luck_terms(data, complete.design)
    try:
        for name, part in complete.benchmarks.items():
            if not restricted(part, data.cells):
                raise FitError(f"no score of {name} varies between runs")
        means = fit_cells(data, luck, None)
        model = fit_cell_model(data, luck, near=means).of(complete.design.conditions)
    except FitError as error:
        return _without(complete, [*notes, f"No shrunken, term or variance tables: {error}."])
    said = [*luck_notes, *model.notes]
    if model.boundary:
        said.append(f"variances estimated as zero: {'; '.join(model.boundary)}")
    own_rows, own_notes = _own_data(complete, model, own_data, alpha)
    languages, tasks = (make(model.fit, complete, alpha) for make in (shrunken_language_rows, shrunken_task_rows))
    return CellResults(
        (*languages, *tasks, *own_rows),
        term_table(means, complete.benchmarks, complete.design.conditions),
        variance_table(model),
        (*notes, *(f"Cell-level model: {note}." for note in said), *own_notes),
        (fit_record(model, joined(*said)),),
        model,
    )


def moving_cells(complete: CompleteScores, trainings: Mapping[str, str | None] | None) -> tuple[CellData, list[str]]:
    """The cells of target tasks whose scores vary, and a sentence for each other task."""
    still = still_tasks(complete.table)
    moving = ~complete.cells.get_level_values("target_task").isin(still)
    data = cell_data(complete.table.keep_cells(np.asarray(moving)), complete.design, trainings)
    return data, [f"Left out of the cell-level model, as its scores do not vary: {task}." for task in still]


def cell_means(complete: CompleteScores, trainings: Mapping[str, str | None] | None) -> CellFit:
    """The fit in which every cell mean at every count is a fixed effect. Raises FitError where it cannot be had."""
    data, _ = moving_cells(complete, trainings)
    return fit_cells(data, luck_terms(data, complete.design)[0], None)


def _without(complete: CompleteScores, notes: list[str]) -> CellResults:
    terms = untested_table(
        complete.benchmarks, complete.cells, complete.design.counts, "no cell-level model", complete.design.conditions
    )
    return CellResults((), terms, pd.DataFrame(columns=list(VARIANCE_COLUMNS)), tuple(notes), ())


def _own_data(
    complete: CompleteScores, model: CellModel, own_data: OwnData | None, alpha: float
) -> tuple[list[Row], list[str]]:
    """The covariate's row and the interactions less its part; a note where it cannot be told from the count."""
    if not own_data:
        return [], []
    try:
        gain = _own_data_effect(model, _exposure(complete.table.runs["task_set"], model.fit.data.tasks, own_data))
    except FitError as error:
        return [], [f"No sensitivity row of own-task data: {error}."]
    if gain is None:
        return [], ["Own-task data cannot be told from the task count here: no sensitivity row."]
    label, less = own_data_labels(complete)
    rows = moment_rows(gain, [label], alpha)
    chains = complete.chains
    exposure = _exposure(chains.runs["task_set"], list(chains.cells.get_level_values("target_task")), own_data)
    adjusted = chains.scores - float(gain.estimate[0]) * exposure
    runs = RunLevel(chains.runs, complete.design, (adjusted @ less.weights)[:, None])
    return rows + run_level_rows(runs, [less], complete.design.contrasts, alpha), []


def own_data_labels(complete: CompleteScores) -> tuple[Row, Estimand]:
    """The covariate's row, and the interaction less its part."""
    note = "target task's own training data in the set"
    row: Row = {"term": OWN_DATA, "scope": THESE, "note": note, "contrast": "own-task data in the set"}
    gap = headline(complete.benchmarks, complete.chains.cells)[-1]
    return row, replace(gap, term=OWN_DATA, wording=gap.wording.and_then(" less own-task data"), family="", note=KNOWN)


def fit_record(model: CellModel, note: str) -> dict[str, Any]:
    """The fit for machines: formula, n, criterion, state, effects of the counts on the tasks, random and residual."""
    fit, data, optimum = model.fit, model.fit.data, model.fit.optimum
    tasks, counts = len(data.tasks), len(data.counts)
    L = np.hstack([-np.tile(np.eye(tasks), (counts, 1)), np.eye(counts * tasks)])
    moments = fit.moments(L)
    low, high = moments.interval(0.05)
    columns = zip(
        (f"{model.conditions.coefficient(count)}:{task}" for count in data.counts for task in data.tasks),
        *(moments.estimate, moments.std_error, moments.df, moments.statistic(), moments.p_value(), low, high),
        strict=True,
    )
    names = ("estimate", "std_error", "df", "statistic", "p_value", "conf_low", "conf_high")
    parts = components(fit, model.conditions)
    return {
        "model": "cell level",
        "formula": model.formula,
        "n": data.table.scores.size,
        "criterion": optimum.solution.value,
        "state": optimum.state,
        "gradient_norm": optimum.gradient_norm,
        "convergence": {
            "state": optimum.state,
            "gradient": optimum.gradient_norm,
            "smallest_curvature": optimum.smallest_curvature,
            "evaluations": optimum.evaluations,
            "starts": 1,
            "boundary": model.boundary,
        },
        "fixed": [
            {"term": name, "df_method": "Kenward-Roger"} | dict(zip(names, map(float, numbers), strict=True))
            for name, *numbers in columns
        ],
        "random": [
            {
                "group": model.conditions.symbols(part.group),
                "terms": list(part.names),
                "covariance": np.diag(part.variances).tolist(),
            }
            for part in parts[:-1]
        ],
        "residual_variance": dict(zip(data.tasks, map(float, fit.residual), strict=True)),
        "note": note,
    }
