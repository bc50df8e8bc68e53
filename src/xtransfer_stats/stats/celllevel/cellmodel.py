"""The cell-level mixed model behind the language and task tables and the variance shares.

y ~ 0 + cell + count:target_task + (1 | seed) + (1 | seed:target_task) + (0 + sampled | task_set)
  + (0 + sampled | task_set:target_task) + (1 | run) + (1 | run:fine_tuning) + (0 + count || language)
  + (0 + count || language:target_task), with a residual variance per target task.

The terms of seed, task_set and run over all target tasks are needed beside those within tasks: a good
intermediate checkpoint is good for all of them. Without these terms, where such luck exists, simulated studies of
five seeds reject a true null of the task count in 20 % and of a language's effect in 16 %; with them in 5 and 4 %.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.mixed import MixedFit, RandomTerm, fit_mixed
from xtransfer_stats.stats.celllevel.celldata import CellData
from xtransfer_stats.stats.core.design import Design
from xtransfer_stats.stats.core.results import VARIANCE_COLUMNS

NEGLIGIBLE = 1e-10  # share of the variance; what the optimiser leaves of a zero
LEAST_LANGUAGES = 3  # fewer levels say nothing of a variance
SEED, SEED_TASK = "seed", "seed:target_task"
SET, SET_TASK = "task_set", "task_set:target_task"
RUN, TUNED = "run", "run:fine_tuning"
LUCK = (SEED, SEED_TASK, SET, SET_TASK, RUN, TUNED)
LANGUAGE, LANGUAGE_TASK = "language", "language:target_task"
ONE_SEED = "one seed only: no cell-level model, as nothing tells luck from effect"
THESE_SETS = f"{SET} and {SET_TASK} left out: one task set a count, so the tables hold for these sets only"


@dataclass(frozen=True)
class CellModel:
    """A fitted cell-level model. columns: (count, target task) of each fixed effect after the cells."""

    fit: MixedFit
    formula: str
    columns: tuple[tuple[int, str], ...]
    tasks: tuple[str, ...]  # in the order of the residual variances
    notes: tuple[str, ...]


def fit_cell_model(data: CellData, design: Design) -> CellModel:
    """Fit, dropping language:target_task slopes, then language slopes, where they cannot be estimated.

    The seed, set and fine-tuning terms are never dropped for being small, only where the design has
    no levels for them. Needs two seeds. Raises FitError when even these cannot be fitted.
    """
    luck, notes = luck_terms(data, design)
    slopes, dropped = _slopes(data)
    notes += dropped
    while True:
        fit = _try(data, [*luck, *slopes])
        if fit is not None:
            parts = ["0 + cell + count:target_task", *(_wording(term) for term in (*luck, *slopes))]
            formula, tasks = f"y ~ {' + '.join(parts)}", tuple(np.unique(data.task))
            return CellModel(fit, formula, effect_columns(data), tasks, tuple(notes))
        if not slopes:
            raise FitError("the cell-level model does not converge even without language slopes; add seeds")
        notes.append(f"{slopes.pop().group} slopes left out: the fit with them did not converge")


def luck_terms(data: CellData, design: Design) -> tuple[list[RandomTerm], list[str]]:
    """The terms of seed, task set and fine-tuned model, and a note where sets have no levels."""
    one = np.ones((len(data.score), 1))
    sampled = np.isin(data.count, design.sampled).astype(float)[:, None]
    terms = [
        data.term(SEED, one, ("1",), data.seed),
        data.term(SEED_TASK, one, ("1",), data.seed, data.task),
    ]
    notes = []
    if any(len(design.sets[count]) > 1 for count in design.sampled):
        terms.append(data.term(SET, sampled, ("sampled",), data.task_set))
        terms.append(data.term(SET_TASK, sampled, ("sampled",), data.task_set, data.task))
    elif design.sampled:
        notes.append(THESE_SETS)
    terms.append(data.term(RUN, one, ("1",), data.run))
    terms.append(data.term(TUNED, one, ("1",), data.tuned))
    return terms, notes


def _slopes(data: CellData) -> tuple[list[RandomTerm], list[str]]:
    counts = np.array(data.counts)
    covariates = (data.count[:, None] == counts).astype(float)
    names = tuple(f"count{count}" for count in data.counts)
    languages = data.joint_codes(data.language)[1]
    tasks, pairs = len(np.unique(data.task)), len(data.cells)
    terms, notes = [], []
    if languages >= LEAST_LANGUAGES:
        terms.append(data.term(LANGUAGE, covariates, names, data.language))
    else:
        notes.append(f"{LANGUAGE} slopes left out: {languages} languages; {LEAST_LANGUAGES} are needed")
    if terms and pairs > languages + tasks - 1:
        terms.append(data.term(LANGUAGE_TASK, covariates, names, data.language, data.task))
    elif terms:
        notes.append(f"{LANGUAGE_TASK} slopes left out: too few languages stand in several target tasks")
    return terms, notes


def _try(data: CellData, terms: list[RandomTerm]) -> MixedFit | None:
    X, names = fixed_effects(data)
    groups = data.joint_codes(data.task)[0]
    try:
        fit = fit_mixed(data.score, X, names, terms, residual_groups=groups)
    except FitError:
        if terms[-1].group in LUCK:
            raise
        return None
    return None if fit.state == "failed" else fit


def fixed_effects(data: CellData) -> tuple[NDArray[np.float64], list[str]]:
    """Design matrix (n, cells + counts x tasks) of 0 + cell + count:target_task, and its names."""
    columns = effect_columns(data)
    cells = (data.cell[:, None] == np.arange(len(data.cells))).astype(float)
    effects = [(data.count == count) & (data.task == task) for count, task in columns]
    names = [f"cell {task}/{language}" for task, language in data.cells]
    return np.column_stack([cells, *effects]).astype(float), names + [f"count{c}:{t}" for c, t in columns]


def effect_columns(data: CellData) -> tuple[tuple[int, str], ...]:
    """(count, target task) of the fixed effects after the cells."""
    return tuple((count, task) for count in data.counts for task in np.unique(data.task))


def _wording(term: RandomTerm) -> str:
    inner = {"1": "1", "sampled": "0 + sampled"}.get(term.names[0], "0 + count")
    bar = "||" if inner == "0 + count" else "|"
    return f"({inner} {bar} {term.group})"


def variance_table(model: CellModel, data: CellData) -> pd.DataFrame:
    """component, sd (points), share, state, note.

    Shares are of the sum of a cell score's variances: every component once, residual and slopes
    averaged over cells and counts.
    """
    fit = model.fit
    variances = {t.group: np.diag(c) for t, c in zip(fit.terms, fit.covariances, strict=True)}
    residual = dict(zip(model.tasks, np.ravel(fit.residual_variance), strict=True))
    cells = pd.Series(data.cells.get_level_values("target_task")).value_counts()
    variances["residual"] = np.array([sum(residual[task] * cells[task] for task in residual) / cells.sum()])
    total = sum(float(values.mean()) for values in variances.values())
    rows = [_component(name, values, data.counts, total) for name, values in variances.items()]
    rows += [_component(f"residual: {t}", np.array([v]), data.counts, float("nan")) for t, v in residual.items()]
    return pd.DataFrame(rows, columns=list(VARIANCE_COLUMNS))


NOTES = {
    SEED: "luck of a seed on all target tasks",
    SEED_TASK: "luck of a seed on a target task, over all its runs",
    SET: "luck of the drawn task set on all target tasks",
    SET_TASK: "luck of the drawn task set on a target task",
    RUN: "luck of a run on all target tasks",
    TUNED: "luck of one fine-tuned model, shared by the tasks it scores",
    LANGUAGE: "how the effect of the task count differs between languages, over tasks",
    LANGUAGE_TASK: "how it differs between languages beyond that, within a target task",
    "residual": "what is left of a cell, mean over target tasks",
}


def _component(name: str, variances: NDArray[np.float64], counts: tuple[int, ...], total: float) -> dict[str, Any]:
    zero = variances <= NEGLIGIBLE * (total if total > 0 else 1.0)
    mean = float(variances.mean())
    where = f" at {', '.join(str(c) for c, z in zip(counts, zero, strict=True) if z)}" if len(zero) > 1 else ""
    notes = [NOTES.get(name, ""), f"estimated as zero{where}" if zero.any() else ""]
    return {
        "component": name,
        "sd": float(np.sqrt(mean)),
        "share": mean / total,
        "state": "boundary" if zero.any() else "interior",
        "note": "; ".join(note for note in notes if note),
    }
