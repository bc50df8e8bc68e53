"""Any weights over task counts and cells, answered from the runs' own numbers."""

import numpy as np

from xtransfer_stats.stats.core.design import Layout
from xtransfer_stats.stats.core.inference import Array, Moments
from xtransfer_stats.stats.core.prepare import Prepared
from xtransfer_stats.stats.runlevel.runlevel import RunLevel

ROUNDING = 1e-12
NO_ROUTE = "a crossed study with chains missing: no method for cells that differ by count; complete it by `xstats run`"


def combination(prepared: Prepared, weights: Array) -> Moments:
    """The sum over counts and cells of weight times mean; weights (1 + counts, cells), row 0 the baseline.

    Weights that are a product of weights over counts and over cells are one run-level combination, as the
    effects and steps are. Others give each count numbers of its own.
    """
    levels, chains = [0, *prepared.design.counts], prepared.chains
    factors = product(weights)
    if factors is not None:
        over_counts, over_cells = factors
        model = RunLevel(chains.runs, prepared.design, (chains.scores @ over_cells)[:, None])
        return model.combination(dict(zip(levels, map(float, over_counts), strict=True)))
    place = np.searchsorted(levels, chains.runs["n_tasks"].to_numpy())
    numbers = np.einsum("rc,rc->r", chains.scores, weights[place])[:, None]
    used = {level: 1.0 for level, row in zip(levels, weights, strict=True) if np.abs(row).max() > ROUNDING}
    if prepared.design.layout is Layout.INCOMPLETE:
        return _unknown(numbers, place, used, levels)
    return RunLevel(chains.runs, prepared.design, numbers, pooled=False).combination(used)


def product(weights: Array) -> tuple[Array, Array] | None:
    """(over counts, over cells) of weights (1 + counts, cells) that are their product, else None.

    The cells are those of the highest count with the largest weights, so that an effect has +1 there.
    """
    largest = np.abs(weights).max(axis=1)
    cells = weights[np.flatnonzero(largest >= largest.max() - ROUNDING)[-1]]
    over_counts = weights @ cells / (cells @ cells)
    over_counts[np.abs(over_counts) < ROUNDING] = 0.0
    return (over_counts, cells) if np.allclose(np.outer(over_counts, cells), weights, atol=ROUNDING) else None


def _unknown(numbers: Array, place: Array, used: dict[int, float], levels: list[int]) -> Moments:
    rows = [place == levels.index(level) for level in used]
    nan, estimate = np.full(1, np.nan), np.sum([numbers[mine].mean(axis=0) for mine in rows], axis=0)
    return Moments(estimate, nan, nan, "none", int(np.any(rows, axis=0).sum()), NO_ROUTE)
