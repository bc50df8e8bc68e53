"""The estimands every route shares: effects, steps and interaction, with each seed's own difference."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.estimands import (
    CountContrast,
    Estimand,
    benchmark_averages,
    effects,
    interaction,
    steps,
)
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.rows import Row, label
from xtransfer_stats.stats.core.termtable import STEP
from xtransfer_stats.stats.runlevel.runlevel import run_numbers


@dataclass(frozen=True, eq=False)
class RouteTarget:
    """One estimand. differences: (seeds with both counts,), points, task sets averaged within a seed."""

    label: Row
    estimand: Estimand
    contrast: CountContrast
    differences: Array
    n_runs: int


def headline(prepared: CompleteScores) -> list[Estimand]:
    """First benchmark's average, the second's, and the gap."""
    averages = benchmark_averages(prepared.benchmarks, prepared.cells)
    return [*averages, interaction(prepared.benchmarks, prepared.cells)]


def targets(prepared: CompleteScores) -> list[RouteTarget]:
    """Every estimand of scope "these", in the order of the mixed analysis."""
    return [*_of(prepared, "effects"), *_of(prepared, "steps")]


CONTRASTS = {"effects": effects, "steps": steps}


def _of(prepared: CompleteScores, kind: str) -> Iterator[RouteTarget]:
    estimands = headline(prepared)
    model = run_numbers(prepared, np.array([one.weights for one in estimands]).T)
    for contrast in CONTRASTS[kind](prepared.design.counts):
        differences, n_runs = model.differences(contrast), model.contrast(contrast).n_runs
        for i, estimand in enumerate(estimands):
            if kind == "effects" or estimand.steps:
                row = label(estimand, contrast)
                row = row if kind == "effects" else {**row, "term": STEP}
                yield RouteTarget(row, estimand, contrast, differences[:, i], n_runs)
