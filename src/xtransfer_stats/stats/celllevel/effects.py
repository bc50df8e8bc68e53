"""What a fitted cell-level model predicts: the luck of each level, the slopes of languages, every run's scores."""

from collections.abc import Iterator

import numpy as np

from xtransfer_stats.stats.celllevel.cellfit import CellFit
from xtransfer_stats.stats.celllevel.cellmodel import LANGUAGE, LANGUAGE_TASK, CellModel
from xtransfer_stats.stats.celllevel.parts import NONE, LuckTerm
from xtransfer_stats.stats.core.inference import Array


def predicted_effects(model: CellModel) -> Iterator[tuple[str, Array]]:
    """Each term that varies, by condition where it does so, and its levels' predicted effects, (levels,).

    Slopes within target tasks are in units of their task's own standard deviation.
    """
    fit = model.fit
    for term, effects in zip(fit.luck, _luck(fit), strict=True):
        used = term.runs != NONE
        levels = np.unique(term.runs[used][:, None] * len(term.tasks) + term.tasks, return_index=True)[1]
        if np.any(effects):
            yield model.conditions.symbols(term.group), effects[used].ravel()[levels]
    if fit.slopes is None or not len(fit.of_languages):
        return
    languages, within = _slopes(fit)
    sd = _within_sd(fit)[fit.data.task]
    for i, count in enumerate(fit.data.counts):
        if fit.of_languages[i] > 0:
            yield f"{LANGUAGE}, {model.conditions.short(count)}", languages[i]
        if np.any(sd > 0):
            yield f"{LANGUAGE_TASK}, {model.conditions.short(count)}", within[i, sd > 0] / sd[sd > 0]


def fitted_scores(fit: CellFit) -> Array:
    """Every run's scores as the model has them, all random effects included, (R, C)."""
    data = fit.data
    means = fit.means.beta[: len(data.runs_at) * len(data.tasks)].reshape(len(data.runs_at), -1)[data.place]
    slopes = np.zeros((len(data.runs_at), len(data.cells)))
    if fit.slopes is not None and len(fit.of_languages):
        languages, within = _slopes(fit)
        slopes[1:] = languages[:, data.language] + within
        slopes -= (slopes @ data.to_tasks)[:, data.task]
    # Given the slopes what is left is residual alone, so that a cell's own level is a plain mean over runs.
    level = data.runs_at @ (data.over_runs(data.deviations) - slopes) / data.runs_at.sum()
    return np.asarray((means + sum(_luck(fit)))[:, data.task] + level + slopes[data.place])


def _luck(fit: CellFit) -> list[Array]:
    """What each term of luck adds to every run and target task, (R, T) each."""
    pulls = fit.means.pulls.reshape(len(fit.data.place), -1)
    return [variance * _summed(term, pulls) for term, variance in zip(fit.luck, fit.theta, strict=False)]


def _summed(term: LuckTerm, values: Array) -> Array:
    """Each value replaced by the sum over its level, zero outside the term; (R, T)."""
    return np.asarray(term.same_run(np.arange(len(values))) @ values @ term.same_task)


def _slopes(fit: CellFit) -> tuple[Array, Array]:
    """Predicted slopes of languages, (counts, languages), and of cells beyond these, (counts, C)."""
    data = fit.data
    pulls = fit.optimum.solution.parts[1].pulls.reshape(len(data.cells), -1).T
    member = data.language[:, None] == np.arange(len(data.languages))
    return fit.of_languages[:, None] * (pulls @ member), _within_sd(fit)[data.task] ** 2 * pulls


def _within_sd(fit: CellFit) -> Array:
    """Sd of the slopes within each target task, (T,)."""
    sd = np.zeros(len(fit.data.tasks))
    if fit.slopes is not None:
        sd[list(fit.slopes.tasks)] = np.sqrt(fit.within_tasks)
    return sd
