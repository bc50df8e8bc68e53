"""The two-level bootstrap: seeds and test examples drawn anew at once."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.prepare import Prepared
from xtransfer_stats.stats.core.rows import Row, joined
from xtransfer_stats.stats.core.termtable import THESE
from xtransfer_stats.stats.routes.blocks import Sampling, multiplicities, replicated
from xtransfer_stats.stats.routes.chainweights import ChainSampler
from xtransfer_stats.stats.routes.crossed import caution, replicate_row
from xtransfer_stats.stats.routes.items import Items
from xtransfer_stats.stats.routes.targets import Target

METHOD = "two-level bootstrap over seeds and examples, percentile"


def two_level_rows(
    prepared: Prepared, found: Sequence[Target], items: Items, sampling: Sampling, alpha: float
) -> tuple[list[Row], Array]:
    """Percentile rows of scope "these", and the replicates (replicates, targets)."""
    draw = partial(_draw, prepared, items, ChainSampler(prepared, sets=False), found)
    values = replicated(draw, sampling)
    held = f"held fixed over examples: {', '.join(items.fixed)}" if items.fixed else ""
    note = joined(held, caution(prepared))
    rows = [replicate_row(t, values[:, i], THESE, alpha, METHOD, note) for i, t in enumerate(found)]
    return rows, values


def rescored(prepared: Prepared, items: Items, rng: np.random.Generator, size: int) -> Array:
    """Scores (size, runs, cells) over examples drawn anew, jointly over runs, languages and tasks of a family."""
    scores = np.repeat(prepared.table.scores[None], size, axis=0)
    drawn = {family: multiplicities(rng, size, n) for family, n in items.sizes.items() if n}
    for cell in items.cells:
        weights = drawn[cell.family][:, cell.units]
        total = weights @ cell.sizes
        mean = np.full((size, len(cell.sums)), np.nan)
        scores[:, :, cell.place] = np.divide(weights @ cell.sums.T, total[:, None], out=mean, where=total[:, None] > 0)
    return scores


def _draw(
    prepared: Prepared, items: Items, sampler: ChainSampler, found: Sequence[Target],
    rng: np.random.Generator, size: int,
) -> Array:  # fmt: skip
    numbers = rescored(prepared, items, rng, size) @ np.array([t.estimand.weights for t in found]).T
    drawn = sampler.draw(rng, size)
    spread = _runs_in_chains(prepared)
    sides = np.stack([sampler.contrast(drawn, t.contrast) @ spread for t in found], axis=2)
    return np.einsum("brt,brt->bt", sides, numbers)


def _runs_in_chains(prepared: Prepared) -> Array:
    """(chains, runs): a chain's number is the mean of its replicates."""
    key = ["seed", "n_tasks", "task_set"]
    chains = [tuple(row) for row in prepared.chains.runs[key].to_numpy()]
    runs = [tuple(row) for row in prepared.table.runs[key].to_numpy()]
    member = np.array([[chain == run for run in runs] for chain in chains], dtype=float)
    return member / member.sum(axis=1, keepdims=True)


def example_share(prepared: Prepared, items: Items, sampling: Sampling) -> tuple[float, int]:
    """Per cent of a cell's variance that is examples, mean over cells with examples, and how many cells.

    With run r, example e and n examples the score of a new run on a new test set has the variance
    s2_r + (s2_e + s2_re) / n. The variance over draws of examples is (s2_e + s2_re) / n, that between runs of a count
    (pooled over counts, one test set) s2_r + s2_re / n, and s2_e / n is what draws of examples do to the mean of runs.
    """
    places = [cell.place for cell in items.cells]
    count, scores = prepared.table.runs["n_tasks"].to_numpy(), prepared.table.scores[:, places]
    groups = [scores[count == c] for c in np.unique(count) if np.sum(count == c) > 1]
    if not groups or not places:
        return float("nan"), len(places)
    draws = replicated(lambda rng, n: rescored(prepared, items, rng, n)[:, :, places], sampling)
    examples, R = np.nanvar(draws, axis=0, ddof=1).mean(axis=0), len(scores)
    shared = (np.nanvar(draws.mean(axis=1), axis=0, ddof=1) - examples / R) / (1 - 1 / R)
    squares = sum(((g - g.mean(axis=0)) ** 2).sum(axis=0) for g in groups)
    total = np.maximum(squares / sum(len(g) - 1 for g in groups) + np.maximum(shared, 0.0), examples)
    return float(100 * np.mean(examples[total > 0] / total[total > 0])), len(places)
