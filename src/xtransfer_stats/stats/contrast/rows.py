"""Rows of the result frame for hypotheses that a reader asks for."""

from collections.abc import Sequence

from xtransfer_stats.stats.contrast.combination import combination
from xtransfer_stats.stats.contrast.hypothesis import hypothesis_weights
from xtransfer_stats.stats.prepare import Prepared
from xtransfer_stats.stats.rows import Row, moment_rows

UNCORRECTED = "asked for by name; p not corrected for other tests"


def contrast_rows(prepared: Prepared, texts: Sequence[str], alpha: float) -> list[Row]:
    """One row a hypothesis, scope these; raises DataError for one that cannot be read."""
    rows: list[Row] = []
    for text in texts:
        weights = hypothesis_weights(text, prepared.design.counts, prepared.benchmarks, prepared.cells)
        label = {"term": "contrast", "contrast": text, "scope": "these", "note": UNCORRECTED}
        rows += moment_rows(combination(prepared, weights), [label], alpha)
    return rows
