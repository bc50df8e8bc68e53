"""Any weights over task counts and cells, answered from the runs' own numbers; rows of what a reader asks for."""

from collections.abc import Sequence

import numpy as np

from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.design import Layout
from xtransfer_stats.stats.core.inference import BY_CHAIN, Array, Moments
from xtransfer_stats.stats.core.rows import Row, moment_rows
from xtransfer_stats.stats.core.scores import Labels
from xtransfer_stats.stats.core.termtable import CONTRAST, THESE
from xtransfer_stats.stats.core.weights import Weights
from xtransfer_stats.stats.runlevel.hypothesis import hypothesis_weights
from xtransfer_stats.stats.runlevel.runlevel import RunLevel, run_numbers

ROUNDING = 1e-12
NO_ROUTE = "a crossed study with chains missing: no method for cells that differ by count; complete it by `xstats run`"
ZERO = "zero by construction: its weights cancel, whatever the scores are"
UNCORRECTED = "asked for by name; p not corrected for other tests"


def factored(levels: Sequence[int], weights: Array) -> Weights:
    """Weights (1 + counts, cells), row 0 the baseline, as weights of counts times cells where they are such a product.

    levels: task counts, 0 first. Others give the runs of each count numbers of their own.
    """
    largest = np.abs(weights).max(axis=1)
    if largest.max() <= ROUNDING:
        return Weights({}, np.zeros(weights.shape[1]))
    # The cells are those of the highest count with the largest weights, so that an effect has +1 there.
    cells = weights[np.flatnonzero(largest >= largest.max() - ROUNDING)[-1]]
    over_counts = weights @ cells / (cells @ cells)
    over_counts[np.abs(over_counts) < ROUNDING] = 0.0
    if np.allclose(np.outer(over_counts, cells), weights, atol=ROUNDING):
        return Weights({level: float(c) for level, c in zip(levels, over_counts, strict=True) if c}, cells)
    return Weights({level: 1.0 for level, most in zip(levels, largest, strict=True) if most > ROUNDING}, weights)


def combination(complete: CompleteScores, weights: Weights) -> Moments:
    """The sum over counts and cells of weight times mean, from the runs' own numbers."""
    chains = complete.chains
    if not weights.over_counts:
        nothing, unknown = np.zeros(1), np.full(1, np.nan)
        return Moments(nothing, unknown, unknown, "none", 0, ZERO, BY_CHAIN)
    if not weights.several:
        return run_numbers(complete, weights.cells[:, None]).combination(weights.over_counts)
    place = np.searchsorted([0, *complete.design.counts], chains.runs["n_tasks"].to_numpy())
    numbers = np.einsum("rc,rc->r", chains.scores, weights.cells[place])[:, None]
    if complete.design.layout is Layout.INCOMPLETE:
        counts, nan = chains.runs["n_tasks"].to_numpy(), np.full(1, np.nan)
        rows = [counts == count for count in weights.over_counts]
        estimate = np.sum([numbers[mine].mean(axis=0) for mine in rows], axis=0)
        return Moments(estimate, nan, nan, "none", int(np.any(rows, axis=0).sum()), NO_ROUTE, BY_CHAIN)
    return RunLevel(chains.runs, complete.design, numbers, pooled=False).combination(weights.over_counts)


def contrast_rows(
    complete: CompleteScores, texts: Sequence[str], alpha: float, labels: Labels | None = None
) -> list[Row]:
    """One row a hypothesis, scope these; raises DataError for one that cannot be read."""
    rows: list[Row] = []
    for text in dict.fromkeys(texts):
        counts = complete.design.counts
        conditions = complete.design.conditions
        by_level = hypothesis_weights(text, counts, complete.benchmarks, complete.cells, labels, conditions)
        weights = factored((0, *counts), by_level)
        label = {"term": CONTRAST, "contrast": text, "scope": THESE, "note": UNCORRECTED, "weights": weights}
        rows += moment_rows(combination(complete, weights), [label], alpha)
    return rows
