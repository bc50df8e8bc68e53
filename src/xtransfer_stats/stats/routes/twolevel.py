"""The two-level bootstrap: seeds and test examples drawn anew at once.

Examples enter as sums a resampling unit: a paragraph where the predictions name one, else an example. The same example
in other languages is the same unit, and XQuAD and LAReQA ask the same questions, so they share units.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.rows import Row, joined
from xtransfer_stats.stats.core.termtable import THESE
from xtransfer_stats.stats.routes.crossed import caution, replicate_row
from xtransfer_stats.stats.routes.sampling import ChainSampler, RouteTarget, Sampling, multiplicities, replicated

SAME_QUESTIONS = {"xquad": "squad questions", "lareqa": "squad questions"}
ROUNDING = 1e-6  # points between a stored score and the mean of its examples
NEEDED = ("run", "target_task", "language", "example_id")
METHOD = "two-level bootstrap over seeds and examples, percentile"


@dataclass(frozen=True, eq=False)
class ExampleCell:
    """One cell of every run. place: its column; units (units,) codes; sums (runs, units) points; sizes (units,)."""

    place: int
    family: str
    units: NDArray[np.int64]
    sums: Array
    sizes: Array


@dataclass(frozen=True)
class Items:
    """cells: those whose score is the mean of their examples. sizes: family -> units. fixed: tasks without."""

    cells: tuple[ExampleCell, ...]
    sizes: dict[str, int]
    fixed: tuple[str, ...]


def items_of(complete: CompleteScores, predictions: pd.DataFrame) -> Items:
    """Find the cells that can be scored again. Raises DataError for a table of another kind."""
    absent = [name for name in NEEDED if name not in predictions]
    if absent:
        raise DataError(f"predictions: no column {', '.join(absent)}; write them anew with `xstats export --output`")
    cells, sizes = [], {}
    tasks = complete.cells.get_level_values("target_task").unique()
    rows = predictions[predictions["run"].isin(complete.table.runs.index)]
    for family in dict.fromkeys(SAME_QUESTIONS.get(task, task) for task in tasks):
        mine = rows[[SAME_QUESTIONS.get(task, task) == family for task in rows["target_task"]]]
        codes, names = pd.factorize(np.array(_units(mine), dtype=object), sort=True)
        sizes[family] = len(names)
        cells += list(_cells(complete, mine.assign(unit=codes), family))
    held = {complete.cells[cell.place] for cell in cells}
    fixed = sorted({task for task, language in complete.cells if (task, language) not in held})
    return Items(tuple(cells), sizes, tuple(fixed))


def _units(rows: pd.DataFrame) -> list[str]:
    names = rows["paragraph"].fillna(rows["example_id"]) if "paragraph" in rows else rows["example_id"]
    pairs = zip(names.astype(str), rows["language"].astype(str), strict=True)
    return [re.sub(rf"(^|[-:_.]){re.escape(code)}(?=[-:_.]|$)", r"\1*", name, count=1) for name, code in pairs]


def _cells(complete: CompleteScores, rows: pd.DataFrame, family: str) -> Iterator[ExampleCell]:
    metrics = complete.frame.groupby("target_task")["metric"].unique()
    for (task, language), part in rows.groupby(["target_task", "language"]):
        names = list(metrics.get(task, ()))
        if (task, language) in complete.cells and names and set(names) <= set(part):
            place = complete.cells.get_loc((task, language))
            cell = _cell(complete, part.assign(points=part[names].mean(axis=1, skipna=False)), family, place)
            if cell is not None:
                yield cell


def _cell(complete: CompleteScores, part: pd.DataFrame, family: str, place: int) -> ExampleCell | None:
    """None where the examples' mean is not the stored score, or the runs saw different examples."""
    runs = complete.table.runs.index
    sums = part.pivot_table(index="run", columns="unit", values="points", aggfunc="sum").reindex(runs)
    sizes = part.pivot_table(index="run", columns="unit", values="points", aggfunc="count").reindex(runs)
    if sums.isna().to_numpy().any() or sums.empty or (sizes.nunique() > 1).any():
        return None
    each = sizes.iloc[0].to_numpy(dtype=float)
    if not each.sum():
        return None
    means = sums.to_numpy().sum(axis=1) / each.sum()
    if np.abs(means - complete.table.scores[:, place]).max() > ROUNDING:
        return None
    return ExampleCell(place, family, sums.columns.to_numpy(), sums.to_numpy(dtype=float), each)


def two_level_rows(
    complete: CompleteScores, targets: Sequence[RouteTarget], items: Items, sampling: Sampling, alpha: float
) -> tuple[list[Row], Array]:
    """Percentile rows of scope "these", and the replicates (replicates, targets)."""
    draw = partial(_draw, complete, items, ChainSampler(complete, sets=False), targets)
    values = replicated(draw, sampling)
    held = f"held fixed over examples: {', '.join(items.fixed)}" if items.fixed else ""
    note = joined(held, caution(complete))
    rows = [replicate_row(t, values[:, i], THESE, alpha, METHOD, note) for i, t in enumerate(targets)]
    return rows, values


def rescored(complete: CompleteScores, items: Items, rng: np.random.Generator, size: int) -> Array:
    """Scores (size, runs, cells) over examples drawn anew, jointly over runs, languages and tasks of a family."""
    scores = np.repeat(complete.table.scores[None], size, axis=0)
    drawn = {family: multiplicities(rng, size, n) for family, n in items.sizes.items() if n}
    for cell in items.cells:
        weights = drawn[cell.family][:, cell.units]
        total = weights @ cell.sizes
        mean = np.full((size, len(cell.sums)), np.nan)
        scores[:, :, cell.place] = np.divide(weights @ cell.sums.T, total[:, None], out=mean, where=total[:, None] > 0)
    return scores


def _draw(
    complete: CompleteScores, items: Items, sampler: ChainSampler, targets: Sequence[RouteTarget],
    rng: np.random.Generator, size: int,
) -> Array:  # fmt: skip
    numbers = rescored(complete, items, rng, size) @ np.array([t.estimand.weights for t in targets]).T
    drawn = sampler.draw(rng, size)
    spread = _runs_in_chains(complete)
    sides = np.stack([sampler.contrast(drawn, t.contrast) @ spread for t in targets], axis=2)
    return np.einsum("brt,brt->bt", sides, numbers)


def _runs_in_chains(complete: CompleteScores) -> Array:
    """(chains, runs): a chain's number is the mean of its replicates."""
    key = ["seed", "n_tasks", "task_set"]
    chains = [tuple(row) for row in complete.chains.runs[key].to_numpy()]
    runs = [tuple(row) for row in complete.table.runs[key].to_numpy()]
    member = np.array([[chain == run for run in runs] for chain in chains], dtype=float)
    return member / member.sum(axis=1, keepdims=True)


def example_share(complete: CompleteScores, items: Items, sampling: Sampling) -> tuple[float, int]:
    """Per cent of a cell's variance that is examples, mean over cells with examples, and how many cells.

    With run r, example e and n examples the score of a new run on a new test set has the variance
    s2_r + (s2_e + s2_re) / n. The variance over draws of examples is (s2_e + s2_re) / n, that between runs of a count
    (pooled over counts, one test set) s2_r + s2_re / n, and s2_e / n is what draws of examples do to the mean of runs.
    """
    places = [cell.place for cell in items.cells]
    count, scores = complete.table.runs["n_tasks"].to_numpy(), complete.table.scores[:, places]
    groups = [scores[count == c] for c in np.unique(count) if np.sum(count == c) > 1]
    if not groups or not places:
        return float("nan"), len(places)
    draws = replicated(lambda rng, n: rescored(complete, items, rng, n)[:, :, places], sampling)
    examples, R = np.nanvar(draws, axis=0, ddof=1).mean(axis=0), len(scores)
    shared = (np.nanvar(draws.mean(axis=1), axis=0, ddof=1) - examples / R) / (1 - 1 / R)
    squares = sum(((g - g.mean(axis=0)) ** 2).sum(axis=0) for g in groups)
    total = np.maximum(squares / sum(len(g) - 1 for g in groups) + np.maximum(shared, 0.0), examples)
    return float(100 * np.mean(examples[total > 0] / total[total > 0])), len(places)
