"""All results that rest on the runs' own numbers: effects, steps, interactions, tasks, what they rest on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xtransfer_stats.stats.core.attain import sign_flip_p
from xtransfer_stats.stats.core.contrasts import effects
from xtransfer_stats.stats.core.design import Layout
from xtransfer_stats.stats.core.estimands import Estimand, benchmark_averages, interaction, target_tasks
from xtransfer_stats.stats.core.prepare import Prepared
from xtransfer_stats.stats.core.rows import Row, joined, mapped, run_level_rows
from xtransfer_stats.stats.runlevel.decompose import interaction_parts, leave_one_task_out
from xtransfer_stats.stats.runlevel.maxt import max_t_p
from xtransfer_stats.stats.runlevel.runlevel import RunLevel, run_numbers
from xtransfer_stats.stats.runlevel.such import numbers_without, such_language_rows


@dataclass(frozen=True)
class RunResults:
    """model: numbers are first average, second average, gap. rows: of the result frame."""

    model: RunLevel
    rows: tuple[Row, ...]


def run_results(prepared: Prepared, alpha: float) -> RunResults:
    """Every run-level row, headline first."""
    headline = [
        *benchmark_averages(prepared.benchmarks, prepared.cells),
        interaction(prepared.benchmarks, prepared.cells),
    ]
    behind = [
        *target_tasks(prepared.cells),
        *leave_one_task_out(prepared.benchmarks, prepared.cells),
        *interaction_parts(prepared.benchmarks, prepared.cells),
    ]
    model = _model(prepared, headline)
    counts = prepared.design.counts
    first = mapped(run_level_rows(model, headline, counts, alpha), _sign_flips(prepared, model))
    rest = run_level_rows(_model(prepared, behind), behind, counts, alpha)
    return RunResults(model, (*first, *rest, *_such(prepared, model, alpha)))


def _model(prepared: Prepared, estimands: Sequence[Estimand]) -> RunLevel:
    return run_numbers(prepared, np.array([one.weights for one in estimands]).T)


def _sign_flips(prepared: Prepared, model: RunLevel) -> dict[str, str]:
    """A note an interaction: the exact sign-flip p, and max-T's, where seeds are the replicates of the test."""
    if prepared.design.layout is not Layout.NESTED:
        return {}
    contrasts = effects(prepared.design.counts)
    columns = [model.differences(contrast)[:, 2] for contrast in contrasts]
    told = {f"interaction({c.high})": _flip_note(column) for c, column in zip(contrasts, columns, strict=True)}
    if len(columns) > 1 and len({len(column) for column in columns}) == 1:
        for name, p in zip(told, max_t_p(np.array(columns).T), strict=True):
            told[name] = joined(told[name], "" if np.isnan(p) else f"max-T p = {p:.3g}")
    return told


def _flip_note(differences: np.ndarray) -> str:
    return f"exact sign-flip p = {sign_flip_p(differences):.3g}" if len(differences) > 1 else ""


def _such(prepared: Prepared, model: RunLevel, alpha: float) -> list[Row]:
    languages = sorted(prepared.cells.get_level_values("language").unique())
    weights = {name: numbers_without(name, prepared.benchmarks, prepared.cells) for name in languages}
    without = {name: run_numbers(prepared, w) for name, w in weights.items() if w is not None}
    if len(without) < 2:
        return []
    contrasts = effects(prepared.design.counts)
    return such_language_rows(model, without, prepared.benchmarks, prepared.cells, contrasts, alpha)
