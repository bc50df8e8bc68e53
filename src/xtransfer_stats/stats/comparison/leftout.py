"""Sentences that name what only one of two studies has, and what the common cells are."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from xtransfer_stats.stats.core.prepare import Prepared, dropping_notes, missing_table
from xtransfer_stats.stats.core.weights import absent_notes

SIDES = ("A", "B")


def left_out(a: Prepared, b: Prepared, counts: Sequence[int], cells: pd.MultiIndex) -> list[str]:
    """What only one study has, other test data, what the averages are of, and each study's own gaps."""
    notes = []
    for side, one in zip(SIDES, (a, b), strict=True):
        if only := [count for count in one.design.counts if count not in counts]:
            notes.append(f"Task count {listed(only)} is in {side} alone and left out.")
        if len(lost := one.cells.difference(cells)):
            notes.append(f"Cells of {side} alone, left out: {_named(lost)}.")
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


def _own_notes(a: Prepared, b: Prepared) -> list[str]:
    """Each study's notes, said once where both have them."""
    first, second = ([*one.complete.notes, *dropping_notes(missing_table(one))] for one in (a, b))
    both = [f"A and B: {note}" for note in first if note in second]
    only = [("A", note) for note in first if note not in second] + [("B", note) for note in second if note not in first]
    return [*both, *(f"{side}: {note}" for side, note in only)]


def _named(cells: pd.MultiIndex) -> str:
    """Cells by name, "xnli (de, fr); panx (sw)"."""
    by_task = cells.to_frame(index=False).groupby("target_task")["language"]
    return "; ".join(f"{task} ({', '.join(names)})" for task, names in by_task)


def listed(values: Iterable[int]) -> str:
    """ "3, 5"."""
    return ", ".join(map(str, values))
