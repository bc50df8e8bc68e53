"""Rows of the result frame for hypotheses that a reader asks for."""

from collections.abc import Sequence

import numpy as np

from xtransfer_stats.stats.core.estimands import Estimand
from xtransfer_stats.stats.core.prepare import Prepared
from xtransfer_stats.stats.core.rows import Row, moment_rows, run_level_rows
from xtransfer_stats.stats.core.scores import Labels
from xtransfer_stats.stats.core.termtable import CONTRAST, FAMILY, GROUP, SCRIPT, TERMS, THESE
from xtransfer_stats.stats.runlevel.combination import combination, factored
from xtransfer_stats.stats.runlevel.hypothesis import hypothesis_weights, label_weights
from xtransfer_stats.stats.runlevel.runlevel import run_numbers

# kind of label -> (term, what is averaged).
GROUPED = {
    "group": (GROUP, "plain mean of the group's target tasks"),
    "family": (FAMILY, "plain mean of the family's languages"),
    "script": (SCRIPT, "plain mean of the script's languages"),
}
UNCORRECTED = "asked for by name; p not corrected for other tests"


def contrast_rows(prepared: Prepared, texts: Sequence[str], alpha: float, labels: Labels | None = None) -> list[Row]:
    """One row a hypothesis, scope these; raises DataError for one that cannot be read."""
    rows: list[Row] = []
    for text in dict.fromkeys(texts):
        counts = prepared.design.counts
        by_level = hypothesis_weights(text, counts, prepared.benchmarks, prepared.cells, labels)
        weights = factored((0, *counts), by_level)
        label = {"term": CONTRAST, "contrast": text, "scope": THESE, "note": UNCORRECTED, "weights": weights}
        rows += moment_rows(combination(prepared, weights), [label], alpha)
    return rows


def group_rows(prepared: Prepared, labels: Labels, alpha: float) -> list[Row]:
    """Effect of each count on every group of target tasks, family and script; exploratory families of tests."""
    estimands = [
        Estimand(
            term,
            f"{{name}} @ {kind} {name}",
            weights,
            family=TERMS[term].family,
            note=f"exploratory; {mean}",
            level=name,
        )
        for kind, (term, mean) in GROUPED.items()
        for name, weights in label_weights(kind, labels, prepared.cells).items()
    ]
    if not estimands:
        return []
    weights = np.array([one.weights for one in estimands]).T
    return run_level_rows(run_numbers(prepared, weights), estimands, prepared.design.counts, alpha)
