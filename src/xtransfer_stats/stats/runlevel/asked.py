"""Rows of the result frame for hypotheses that a reader asks for."""

from collections.abc import Sequence

import numpy as np

from xtransfer_stats.stats.core.estimands import Estimand
from xtransfer_stats.stats.core.prepare import Prepared
from xtransfer_stats.stats.core.rows import Row, moment_rows, run_level_rows
from xtransfer_stats.stats.core.scores import Labels
from xtransfer_stats.stats.runlevel.combination import combination
from xtransfer_stats.stats.runlevel.hypothesis import hypothesis_weights, label_weights
from xtransfer_stats.stats.runlevel.runlevel import RunLevel

# kind of label -> (term, family of tests, what is averaged).
GROUPED = {
    "group": ("group effect", "groups", "plain mean of the group's target tasks"),
    "family": ("family effect", "language families", "plain mean of the family's languages"),
    "script": ("script effect", "scripts", "plain mean of the script's languages"),
}
UNCORRECTED = "asked for by name; p not corrected for other tests"


def contrast_rows(prepared: Prepared, texts: Sequence[str], alpha: float, labels: Labels | None = None) -> list[Row]:
    """One row a hypothesis, scope these; raises DataError for one that cannot be read."""
    rows: list[Row] = []
    for text in dict.fromkeys(texts):
        weights = hypothesis_weights(text, prepared.design.counts, prepared.benchmarks, prepared.cells, labels)
        label = {"term": "contrast", "contrast": text, "scope": "these", "note": UNCORRECTED}
        rows += moment_rows(combination(prepared, weights), [label], alpha)
    return rows


def group_rows(prepared: Prepared, labels: Labels, alpha: float) -> list[Row]:
    """Effect of each count on every group of target tasks, family and script; exploratory families of tests."""
    estimands = [
        Estimand(term, f"{{name}} @ {kind} {name}", weights, family=family, note=f"exploratory; {mean}")
        for kind, (term, family, mean) in GROUPED.items()
        for name, weights in label_weights(kind, labels, prepared.cells).items()
    ]
    if not estimands:
        return []
    weights = np.array([one.weights for one in estimands]).T
    model = RunLevel(prepared.chains.runs, prepared.design, prepared.chains.scores @ weights)
    return run_level_rows(model, estimands, prepared.design.counts, alpha)
