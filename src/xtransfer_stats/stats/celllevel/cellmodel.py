"""The cell-level mixed model behind the shrunken tables of languages and tasks and the shares of variance.

y ~ 0 + cell + count:target_task + (1 | seed) + (1 | seed:target_task) + (0 + sampled | task_set)
  + (0 + sampled | task_set:target_task) + (1 | run) + (1 | run:fine_tuning) + (0 + count || language)
  + (0 + treated | count:language:target_task), the last with a variance, as the residual, per target task.

The terms of seed, task_set and run over all target tasks are needed beside those within tasks: a good
intermediate checkpoint is good for all of them. Without these terms, where such luck exists, simulated studies of
five seeds reject a true null of the task count in 20 % and of a language's effect in 16 %; with them in 5 and 4 %.
Languages differ much more in one target task than in another: with one variance for all, the quiet tasks speak for the
loud one, and every language becomes the mean of its tasks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.stats.celllevel.celldata import CellData
from xtransfer_stats.stats.celllevel.cellfit import CellFit, fit_cells
from xtransfer_stats.stats.celllevel.parts import NONE, LuckTerm, Slopes
from xtransfer_stats.stats.core.conditions import COUNTS, Conditions
from xtransfer_stats.stats.core.design import Design
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.results import VARIANCE_COLUMNS

LEAST_LANGUAGES = 3  # fewer levels say nothing of a variance
SEED, SEED_TASK = "seed", "seed:target_task"
SET, SET_TASK = "task_set", "task_set:target_task"
RUN, TUNED = "run", "run:fine_tuning"
LANGUAGE, LANGUAGE_TASK, RESIDUAL = "language", "language:target_task", "residual"
ONE_SEED = "one seed only: no cell-level model, as nothing tells luck from effect"
THESE_SETS = f"{SET} and {SET_TASK} left out: one task set a count, so the tables hold for these sets only"
THESE_DRAWS = "terms of draws left out: one draw a condition, so the tables hold for these draws only"
ZERO = "estimated as zero"
WORDINGS = {SET: "0 + sampled", SET_TASK: "0 + sampled"}
NOTES = {
    SEED: "luck of a seed on all target tasks",
    SEED_TASK: "luck of a seed on a target task, over all its runs",
    SET: "luck of the drawn task set on all target tasks",
    SET_TASK: "luck of the drawn task set on a target task",
    RUN: "luck of a run on all target tasks",
    TUNED: "luck of one fine-tuned model, shared by the tasks it scores",
    LANGUAGE: "how the effect of the task count differs between languages, over tasks",
    LANGUAGE_TASK: "how it differs between languages beyond that, within a target task; mean over target tasks",
    RESIDUAL: "what is left of a cell, mean over target tasks",
}
OF_CONDITIONS = {
    SET: "luck of a draw on all target tasks",
    SET_TASK: "luck of a draw on a target task",
    TUNED: "luck of a run on a target task",
    LANGUAGE: "how the effect of a condition differs between languages, over tasks",
}


@dataclass(frozen=True)
class CellModel:
    """A fitted cell-level model, its formula, and what had to be left out of it."""

    fit: CellFit
    formula: str
    notes: tuple[str, ...]
    conditions: Conditions = COUNTS

    def of(self, conditions: Conditions) -> "CellModel":
        """The same fit in the words of these conditions."""
        return replace(self, conditions=conditions, formula=conditions.symbols(self.formula))

    @property
    def boundary(self) -> list[str]:
        """Terms with a variance that is estimated as zero, and for which conditions or target tasks."""
        parts = components(self.fit, self.conditions)
        return [f"{self.conditions.symbols(part.group)}{part.where_zero}" for part in parts if part.zero.any()]


@dataclass(frozen=True)
class Component:
    """Variances of one term, a name each; `counted` how many cells each stands for, where they differ."""

    group: str
    names: tuple[str, ...]
    variances: Array
    counted: Array

    @property
    def zero(self) -> NDArray[np.bool_]:
        """Whether each is estimated as zero."""
        return self.variances == 0

    @property
    def where_zero(self) -> str:
        """ " in A, B", the names of those that are zero; "" where all are, or there is but one."""
        names = [name for name, zero in zip(self.names, self.zero, strict=True) if zero]
        return f" in {', '.join(names)}" if 0 < len(names) < len(self.names) else ""

    @property
    def mean(self) -> float:
        """Mean over counts or, by their cells, target tasks."""
        return float(np.average(self.variances, weights=self.counted))


def components(fit: CellFit, conditions: Conditions = COUNTS) -> list[Component]:
    """The model's variances by term, those of luck first."""
    data = fit.data
    parts = [Component(term.group, ("",), fit.theta[[i]], np.ones(1)) for i, term in enumerate(fit.luck)]
    if len(fit.of_languages):
        counts = tuple(map(conditions.short, data.counts))
        parts.append(Component(LANGUAGE, counts, fit.of_languages, np.ones(len(counts))))
    if len(fit.within_tasks) and fit.slopes is not None:
        tasks = list(fit.slopes.tasks)
        names = tuple(data.tasks[task] for task in tasks)
        parts.append(Component(LANGUAGE_TASK, names, fit.within_tasks, data.per_task[tasks].astype(float)))
    return [*parts, Component(RESIDUAL, data.tasks, fit.residual, data.per_task.astype(float))]


def fit_cell_model(data: CellData, luck: tuple[LuckTerm, ...], near: CellFit | None = None) -> CellModel:
    """Fit, dropping slopes within target tasks, then language slopes, where they cannot be estimated.

    The seed, set and fine-tuning terms are never dropped for being small. Raises FitError when even these cannot be
    fitted.
    """
    slopes, notes = _slopes(data)
    while True:
        try:
            fit = fit_cells(data, luck, slopes, near=near)
        except FitError:
            if not slopes.language:
                raise
            notes.append(f"{LANGUAGE_TASK if slopes.tasks else LANGUAGE} slopes left out: the fit did not converge")
            slopes = Slopes(bool(slopes.tasks), ())
            continue
        parts = ["0 + cell + count:target_task", *(_wording(component) for component in components(fit)[:-1])]
        return CellModel(fit, f"y ~ {' + '.join(parts)}", tuple(notes))


def luck_terms(data: CellData, design: Design) -> tuple[tuple[LuckTerm, ...], list[str]]:
    """The terms of seed, task set and fine-tuned model, and a note where sets have no levels."""
    runs, tasks = data.table.runs, len(data.tasks)
    whole, each = np.zeros(tasks, dtype=np.int64), np.arange(tasks)
    seed = pd.factorize(runs["seed"], sort=True)[0]
    terms, notes = [LuckTerm(SEED, seed, whole), LuckTerm(SEED_TASK, seed, each)], []
    if any(len(design.sets[count]) > 1 for count in design.sampled):
        drawn = np.where(data.sampled, pd.factorize(runs["task_set"], sort=True)[0], NONE)
        terms += [LuckTerm(SET, drawn, whole), LuckTerm(SET_TASK, drawn, each)]
    elif design.sampled:
        notes.append(THESE_SETS if design.conditions.counted else THESE_DRAWS)
    run = np.arange(len(runs))
    return (*terms, LuckTerm(RUN, run, whole), LuckTerm(TUNED, run, data.unit)), notes


def _slopes(data: CellData) -> tuple[Slopes, list[str]]:
    languages, tasks, pairs = len(data.languages), len(data.tasks), len(data.cells)
    if languages < LEAST_LANGUAGES:
        return Slopes(False, ()), [f"{LANGUAGE} slopes left out: {languages} languages; {LEAST_LANGUAGES} are needed"]
    if pairs <= languages + tasks - 1:
        note = f"{LANGUAGE_TASK} slopes left out: too few languages stand in several target tasks"
        return Slopes(True, ()), [note]
    return Slopes(True, tuple(int(task) for task in np.flatnonzero(data.per_task > 1))), []


def _wording(component: Component) -> str:
    if component.group == LANGUAGE:
        return f"(0 + count || {LANGUAGE})"
    if component.group == LANGUAGE_TASK:
        return "(0 + treated | count:language:target_task)"
    return f"({WORDINGS.get(component.group, '1')} | {component.group})"


def variance_table(model: CellModel) -> pd.DataFrame:
    """component, sd (points), share, state, note.

    Shares are of the sum of a cell score's variances: every component once, residual and slopes averaged over cells
    and counts. The variances that differ by target task have rows of their own below.
    """
    parts = components(model.fit, model.conditions)
    notes = NOTES if model.conditions.counted else NOTES | OF_CONDITIONS
    total = sum(part.mean for part in parts)
    rows = [
        _row(
            model.conditions.symbols(part.group),
            part.mean,
            part.mean / total,
            bool(part.zero.any()),
            _about(part, notes),
        )
        for part in parts
    ]
    for part in parts:
        alone = len(part.names) == 1 and not model.conditions.counted  # of the only task: it stands above
        if part.group in (RESIDUAL, LANGUAGE_TASK) and not alone:
            named = zip(part.names, part.variances, part.zero, strict=True)
            rows += [
                _row(f"{part.group}: {n}", float(v), np.nan, bool(zero), ZERO if zero else "") for n, v, zero in named
            ]
    return pd.DataFrame(rows, columns=list(VARIANCE_COLUMNS))


def _about(part: Component, notes: Mapping[str, str]) -> str:
    return f"{notes[part.group]}; {ZERO}{part.where_zero}" if part.zero.any() else notes[part.group]


def _row(component: str, variance: float, share: float, zero: bool, note: str) -> dict[str, Any]:
    state = "boundary" if zero else "interior"
    return {"component": component, "sd": float(np.sqrt(variance)), "share": share, "state": state, "note": note}
