"""The weighted sum of cells and task counts behind a row of the result frame."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from xtransfer_stats.stats.celllevel.celldata import still_tasks
from xtransfer_stats.stats.claims.evidence import GAIN_OF_SET
from xtransfer_stats.stats.core.contrasts import CountContrast, effects, steps
from xtransfer_stats.stats.core.estimands import benchmark_averages, interaction, target_tasks
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.prepare import Prepared
from xtransfer_stats.stats.core.rows import label
from xtransfer_stats.stats.core.scores import Labels
from xtransfer_stats.stats.runlevel.combination import ROUNDING, product
from xtransfer_stats.stats.runlevel.decompose import interaction_parts, leave_one_task_out
from xtransfer_stats.stats.runlevel.hypothesis import hypothesis_weights

Row = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Weighting:
    """estimand = sum over task counts of over_counts x (mean of the runs' numbers), number = by_count @ scores.

    levels: task counts, 0 the baseline. over_counts: (levels,). by_count: (levels, cells), the weights of cells in a
    run's number at each count; all rows are alike unless `several`.
    """

    levels: tuple[int, ...]
    over_counts: Array
    by_count: Array

    @property
    def several(self) -> bool:
        """Whether runs of different counts have numbers of different cells."""
        return bool(np.ptp(self.by_count, axis=0).max() > ROUNDING)

    @property
    def used(self) -> dict[int, float]:
        """Task count -> coefficient, those that count."""
        return {level: float(c) for level, c in zip(self.levels, self.over_counts, strict=True) if c}


def weighting(prepared: Prepared, row: Row, labels: Labels) -> Weighting | None:
    """The weights of a row; None where its estimate is no weighted sum of scores.

    labels: as the analysis had them, for hypotheses at groups, scripts and families.
    """
    return _BY_TERM.get(row["term"], _of_a_run)(prepared, row, labels)


def _of_a_run(prepared: Prepared, row: Row, labels: Labels) -> Weighting | None:
    """Rows named as the run-level model names its contrasts, equivalence and the shrunken tasks among them."""
    found = _named(prepared).get(row["contrast"])
    return None if found is None else _product(prepared, *found)


def _named(prepared: Prepared) -> dict[str, tuple[CountContrast, Array]]:
    """The contrast's name in the result frame -> contrast of counts, weights of cells."""
    cells, benchmarks = prepared.cells, prepared.benchmarks
    estimands = [
        *benchmark_averages(benchmarks, cells),
        interaction(benchmarks, cells),
        *target_tasks(cells),
        *leave_one_task_out(benchmarks, cells),
        *interaction_parts(benchmarks, cells),
    ]
    counts = prepared.design.counts
    pairs = [(one, contrast) for contrast in effects(counts) for one in estimands]
    pairs += [(one, contrast) for contrast in steps(counts) for one in estimands if one.steps]
    return {str(label(one, contrast)["contrast"]): (contrast, one.weights) for one, contrast in pairs}


def _product(prepared: Prepared, contrast: CountContrast, cells: Array) -> Weighting:
    levels = np.array([0, *prepared.design.counts])
    over_counts = (levels == contrast.high) * 1.0 - (levels == contrast.low)
    return Weighting(tuple(map(int, levels)), over_counts, np.tile(cells, (len(levels), 1)))


def _language(prepared: Prepared, row: Row, labels: Labels) -> Weighting:
    tasks, languages = (prepared.cells.get_level_values(key) for key in ("target_task", "language"))
    here = (languages == row["language"]) & ~tasks.isin(still_tasks(prepared.table))  # as the cell-level model has it
    member = np.asarray(here, dtype=float)
    return _product(prepared, CountContrast(0, int(row["n_tasks"])), member / member.sum())


def _hypothesis(prepared: Prepared, row: Row, labels: Labels) -> Weighting:
    counts = prepared.design.counts
    weights = hypothesis_weights(row["contrast"], counts, prepared.benchmarks, prepared.cells, labels)
    return _factored((0, *counts), weights)


def _claimed(prepared: Prepared, row: Row, labels: Labels) -> Weighting | None:
    """The hypothesis that decides a claim; None for the gain of one named set, which its own runs alone give."""
    hypothesis = str(row["contrast"]).partition(": ")[2]
    if hypothesis.startswith(GAIN_OF_SET):
        return None
    return _hypothesis(prepared, {**row, "contrast": hypothesis}, labels)


def _factored(levels: tuple[int, ...], weights: Array) -> Weighting:
    """One weight a cell times one a count where the weights are such a product, else a run's number of its count."""
    factors = product(weights)
    if factors is not None:
        over_counts, cells = factors
        return Weighting(levels, over_counts, np.tile(cells, (len(levels), 1)))
    return Weighting(levels, (np.abs(weights).max(axis=1) > ROUNDING) * 1.0, weights)


def _interaction(prepared: Prepared, row: Row, labels: Labels) -> Weighting | None:
    """Sensitivities of the interaction at a count; None for their rows that are of no count."""
    if row["n_tasks"] != row["n_tasks"]:
        return None
    weights = interaction(prepared.benchmarks, prepared.cells).weights
    return _product(prepared, CountContrast(0, int(row["n_tasks"])), weights)


def _none(prepared: Prepared, row: Row, labels: Labels) -> None:
    return None


_BY_TERM: Mapping[str, Callable[[Prepared, Row, Labels], Weighting | None]] = MappingProxyType(
    {
        "language effect": _language,
        "contrast": _hypothesis,
        "group effect": _hypothesis,
        "family effect": _hypothesis,
        "script effect": _hypothesis,
        "claim": _claimed,
        "own data": _interaction,
        "additive tasks": _interaction,
        "task identity": _none,
        "heterogeneity": _none,
    }
)
