"""What two studies have in common: task counts and cells; what only one has goes by name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.comparison.pairing import paired_chains
from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.runs import ScoreTable
from xtransfer_stats.stats.core.weights import absent_notes, named_cells, restricted

SIDES = ("A", "B")


def left_out(a: CompleteScores, b: CompleteScores, counts: Sequence[int], cells: pd.MultiIndex) -> list[str]:
    """What only one study has, other test data, what the averages are of, and each study's own gaps."""
    notes = []
    for side, one in zip(SIDES, (a, b), strict=True):
        if only := [count for count in one.design.counts if count not in counts]:
            notes.append(f"Task count {', '.join(map(str, only))} is in {side} alone and left out.")
        if len(lost := one.cells.difference(cells)):
            notes.append(f"Cells of {side} alone, left out: {named_cells(lost)}.")
    averages = absent_notes(a.benchmarks, cells, "comparison")
    return [*notes, *_other_tests(a.frame, b.frame, cells), *averages, *_own_notes(a, b)]


def _other_tests(a: pd.DataFrame, b: pd.DataFrame, cells: pd.MultiIndex) -> list[str]:
    """A sentence where cells of the two studies were scored on other numbers of test examples."""
    first, second = (_examples(frame, cells) for frame in (a, b))
    other = np.flatnonzero(first != second)
    if not len(other):
        return []
    i = other[0]
    task, language = cells[i]
    return [
        f"{len(other)} of {len(cells)} common cells were scored on other numbers of test examples (first: {task} in "
        f"{language}, {first[i]:g} in A and {second[i]:g} in B): the studies differ in their test data too."
    ]


def _examples(frame: pd.DataFrame, cells: pd.MultiIndex) -> np.ndarray:
    return frame.groupby(["target_task", "language"])["n_examples"].max().reindex(cells).to_numpy(dtype=float)


def _own_notes(a: CompleteScores, b: CompleteScores) -> list[str]:
    """Each study's notes, said once where both have them."""
    first, second = (one.kept.notes for one in (a, b))
    both = [f"A and B: {note}" for note in first if note in second]
    only = [("A", note) for note in first if note not in second] + [("B", note) for note in second if note not in first]
    return [*both, *(f"{side}: {note}" for side, note in only)]


@dataclass(frozen=True)
class Common:
    """Both studies on the cells and task counts that both have; notes name what was left out."""

    a: CompleteScores
    b: CompleteScores
    notes: tuple[str, ...]

    @property
    def counts(self) -> tuple[int, ...]:
        """Task counts of both, without the baseline 0."""
        return self.a.design.counts

    @property
    def cells(self) -> pd.MultiIndex:
        """Cells that every run of both studies has."""
        return self.a.cells


def common(a: CompleteScores, b: CompleteScores, *, told_apart: bool = False) -> Common:
    """The common ground of two studies of the same benchmarks.

    told_apart: they are known to be two, and may have the same scores. Raises DataError for other benchmarks, another
    protocol, no common task count or cell, or one study twice.
    """
    _same_benchmarks(a, b)
    _same_metrics(a, b)
    counts = [count for count in a.design.counts if count in b.design.counts]
    cells = a.cells.intersection(b.cells)
    _require(a, b, counts, cells)
    left, right = (_restricted(side, counts, cells) for side in (a, b))
    if not told_apart and _same_scores(left.chains, right.chains):
        raise DataError(
            "A and B hold the same scores: a study is not compared with itself or a part of it; name another one"
        )
    return Common(left, right, tuple(left_out(a, b, counts, cells)))


def _same_benchmarks(a: CompleteScores, b: CompleteScores) -> None:
    if list(a.benchmarks) != list(b.benchmarks):
        sides = " and ".join(f"{side}: {', '.join(one.benchmarks)}" for side, one in zip(SIDES, (a, b), strict=True))
        raise DataError(f"benchmarks: {sides}; compare two studies of the same ones, or name a pair with --benchmarks")
    for name, part in a.benchmarks.items():
        if dict(part) != dict(b.benchmarks[name]):
            task = min(set(part) ^ set(b.benchmarks[name]), default="its languages")
            raise DataError(f"benchmarks: A and B follow other protocols of {name} ({task}); their averages differ")


def _same_metrics(a: CompleteScores, b: CompleteScores) -> None:
    first, second = (_metrics(side.frame) for side in (a, b))
    for task in sorted(first.keys() & second.keys()):
        if first[task] != second[task]:
            raise DataError(
                f"column metric: {task} has {', '.join(first[task])} in A and {', '.join(second[task])} in B; "
                "score both with one metric"
            )


def _metrics(frame: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    rows = frame[frame["status"] != "not_in_benchmark"]
    return {str(task): tuple(sorted(set(names))) for task, names in rows.groupby("target_task")["metric"]}


def _require(a: CompleteScores, b: CompleteScores, counts: Sequence[int], cells: pd.MultiIndex) -> None:
    if not counts:
        sides = " and ".join(
            f"{side}: {', '.join(map(str, one.design.counts))}" for side, one in zip(SIDES, (a, b), strict=True)
        )
        raise DataError(f"column n_tasks: no task count is in both studies ({sides}); run one of them at the other's")
    for name, part in a.benchmarks.items():
        if not restricted(part, cells):
            raise DataError(f"column score: no cell of {name} is scored in every run of both studies; complete them")


def _restricted(side: CompleteScores, counts: Sequence[int], cells: pd.MultiIndex) -> CompleteScores:
    table, chains = (_cut(one, counts, cells) for one in (side.table, side.chains))
    design = side.design.of(chains.runs)
    return replace(side, kept=replace(side.kept, table=table), chains=chains, design=design)


def _cut(table: ScoreTable, counts: Sequence[int], cells: pd.MultiIndex) -> ScoreTable:
    return table.keep_runs(table.runs["n_tasks"].isin([0, *counts]).to_numpy()).on_cells(cells)


def _same_scores(a: ScoreTable, b: ScoreTable) -> bool:
    """Whether all treated runs of the same seed and set have the same scores; studies may well share their baseline."""
    first, second = paired_chains(a, b)
    treated = first.runs["n_tasks"].to_numpy() > 0
    return bool(treated.any()) and np.array_equal(first.scores[treated], second.scores[treated])
