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

CONTRASTS = {"effects": effects, "steps": steps}


@dataclass(frozen=True, eq=False)
class RouteTarget:
    """One estimand. differences: (seeds with both counts,), points, task sets averaged within a seed."""

    label: Row
    estimand: Estimand
    contrast: CountContrast
    differences: Array
    n_runs: int


def headline(complete: CompleteScores) -> list[Estimand]:
    """First benchmark's average, the second's, and the gap."""
    averages = benchmark_averages(complete.benchmarks, complete.cells)
    return [*averages, interaction(complete.benchmarks, complete.cells)]


def route_targets(complete: CompleteScores) -> list[RouteTarget]:
    """Every estimand of scope "these", in the order of the mixed analysis."""
    return [*_of(complete, "effects"), *_of(complete, "steps")]


def _of(complete: CompleteScores, kind: str) -> Iterator[RouteTarget]:
    estimands = headline(complete)
    model = run_numbers(complete, np.array([one.weights for one in estimands]).T)
    for contrast in CONTRASTS[kind](complete.design.counts):
        differences, n_runs = model.differences(contrast), model.contrast(contrast).n_runs
        for i, estimand in enumerate(estimands):
            if kind == "effects" or estimand.steps:
                row = label(estimand, contrast)
                row = row if kind == "effects" else {**row, "term": STEP}
                yield RouteTarget(row, estimand, contrast, differences[:, i], n_runs)
