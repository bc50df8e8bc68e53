"""The estimands every route shares: effects, steps and interaction, with each seed's own difference."""

from dataclasses import dataclass

import numpy as np

from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.estimands import CountContrast, Estimand, effects, headline, steps
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.rows import Row, label
from xtransfer_stats.stats.runlevel.runlevel import run_numbers


@dataclass(frozen=True, eq=False)
class RouteTarget:
    """One estimand. differences: (seeds with both counts,), points, task sets averaged within a seed."""

    label: Row
    estimand: Estimand
    contrast: CountContrast
    differences: Array
    n_runs: int


def route_targets(complete: CompleteScores) -> list[RouteTarget]:
    """Every estimand of scope "these", in the order of the mixed analysis."""
    estimands, counts = headline(complete.benchmarks, complete.cells), complete.design.counts
    model = run_numbers(complete, np.array([one.weights for one in estimands]).T)
    return [
        RouteTarget(label(one, contrast), one, contrast, differences[:, i], n_runs)
        for contrast in (*effects(counts), *steps(counts))
        for differences, n_runs in [(model.differences(contrast), model.contrast(contrast).n_runs)]
        for i, one in enumerate(estimands)
        if one.steps or not contrast.low
    ]
