"""The seven terms, task count x benchmark x language, each an explicit matrix of cell means tested jointly."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import linalg

from xtransfer_stats.stats.celllevel.cellfit import CellFit
from xtransfer_stats.stats.core.conditions import COUNTS, Conditions
from xtransfer_stats.stats.core.estimands import gap_weights
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.rows import joined
from xtransfer_stats.stats.core.weights import Benchmark, cell_weights, restricted

TERM_COLUMNS = ["term", "df_num", "df", "statistic", "p_value", "note"]
ROUNDING = 1e-10
# Terms of the benchmarks' averages: the cell-level model gives them more df than the runs hold, and where the luck of
# target tasks differs, as it always does, rejects 12.5 % of true nulls. The runs' own numbers answer them.
# What the terms are called where conditions are no counts; `term_matrices` has the others' names.
OF_CONDITIONS = {
    "task count": "condition",
    "count:benchmark": "condition:benchmark",
    "count:language": "condition:language",
    "count:benchmark:language": "condition:benchmark:language",
}
ANSWERED = {
    "task count": "no p here: see the effects",
    "count:benchmark": "no p here: see the interactions, corrected by Holm",
}


def term_matrices(
    benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex, counts: tuple[int, ...]
) -> dict[str, pd.DataFrame]:
    """L of every term: rows are independent contrasts, columns (n_tasks, target_task, language) cell means.

    Terms of benchmarks are there where these are two.
    A matrix without rows stands for a term that is zero by construction or undefined.
    """
    levels = len(counts) + 1
    mean = np.full((1, levels), 1 / levels)
    effect = np.column_stack([-np.ones(levels - 1), np.eye(levels - 1)])
    average = np.mean([cell_weights(part, cells) for part in benchmarks.values()], axis=0)
    gap = gap_weights(benchmarks, cells) if len(benchmarks) == 2 else np.zeros(len(cells))
    language, both = language_contrasts(cells), benchmark_language_contrasts(benchmarks, cells)
    parts = {
        "task count": (effect, average[None]),
        "benchmark": (mean, gap[None]),
        "language": (mean, language),
        "count:benchmark": (effect, gap[None]),
        "count:language": (effect, language),
        "benchmark:language": (mean, both),
        "count:benchmark:language": (effect, both),
    }
    columns = pd.MultiIndex.from_tuples(
        [(count, *cell) for count in (0, *counts) for cell in cells],
        names=["n_tasks", "target_task", "language"],
    )
    return {
        name: pd.DataFrame(independent(np.kron(over_counts, over_cells)), columns=columns)
        for name, (over_counts, over_cells) in parts.items()
        if len(benchmarks) == 2 or "benchmark" not in name
    }


def language_contrasts(cells: pd.MultiIndex) -> Array:
    """A row a language: its cells less their target task's mean, averaged over its tasks; (languages, cells).

    Taken within tasks, as languages stand in different tasks.
    """
    task = cells.get_level_values("target_task").to_numpy()
    same = (task[:, None] == task).astype(float)
    centred = np.eye(len(cells)) - same / same.sum(axis=1, keepdims=True)
    language = cells.get_level_values("language").to_numpy()
    return np.array([centred[language == name].mean(axis=0) for name in np.unique(language)])


def benchmark_language_contrasts(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> Array:
    """How second minus first benchmark differs among languages that have different tasks in the two.

    A language in one benchmark only has no such difference, one with the same tasks in both has zero by
    construction; neither gives a row.
    """
    if len(benchmarks) != 2:
        return np.zeros((0, len(cells)))
    gaps = np.array([_language_gap(benchmarks, cells, name) for name in differing_languages(benchmarks, cells)])
    return gaps - gaps.mean(axis=0) if len(gaps) else np.zeros((0, len(cells)))


def differing_languages(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> list[str]:
    """Languages in both benchmarks, but with different tasks."""
    one, two = (_tasks_of(restricted(part, cells)) for part in benchmarks.values())
    return sorted(name for name in one.keys() & two.keys() if one[name] != two[name])


def independent(rows: Array) -> Array:
    """A largest set of linearly independent rows, in their own order (pivoted QR)."""
    if not np.abs(rows).max(initial=0.0) > ROUNDING:
        return rows[:0]
    triangle, order = linalg.qr(rows.T, mode="r", pivoting=True)
    size = np.abs(np.diag(triangle))
    return rows[np.sort(order[: int((size > ROUNDING * size[0]).sum())])]


def term_table(fit: CellFit, benchmarks: Mapping[str, Benchmark], conditions: Conditions = COUNTS) -> pd.DataFrame:
    """term, df_num, df, statistic (F), p_value, note: Kenward-Roger's joint test of each term.

    fit: one in which every cell mean is fixed. No p where a term asks what the result frame's own rows answer.
    """
    rows, data = [], fit.data
    shape = (-1, len(data.runs_at), len(data.cells))
    for name, matrix in term_matrices(benchmarks, data.cells, data.counts).items():
        note = _note(name, benchmarks, data.cells)
        if len(matrix) == 0:
            rows.append((name, np.nan, np.nan, np.nan, np.nan, f"not testable: {note}"))
            continue
        F, df_num, df, p = fit.f_test(matrix.to_numpy().reshape(shape))
        answered = name in ANSWERED
        rows.append((name, df_num, df, F, np.nan if answered else p, joined(note, ANSWERED.get(name, ""))))
    return _called(pd.DataFrame(rows, columns=TERM_COLUMNS), conditions)


def _called(table: pd.DataFrame, conditions: Conditions) -> pd.DataFrame:
    """The table under its study's own names of the terms."""
    return table if conditions.counted else table.replace({"term": OF_CONDITIONS})


def untested_table(
    benchmarks: Mapping[str, Benchmark],
    cells: pd.MultiIndex,
    counts: tuple[int, ...],
    reason: str,
    conditions: Conditions = COUNTS,
) -> pd.DataFrame:
    """The terms without tests, and why."""
    names = term_matrices(benchmarks, cells, counts)
    rows = [(name, np.nan, np.nan, np.nan, np.nan, f"not testable: {reason}") for name in names]
    return _called(pd.DataFrame(rows, columns=TERM_COLUMNS), conditions)


def _note(name: str, benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> str:
    if "benchmark:language" in name:
        return _which_languages(benchmarks, cells)
    if "benchmark" in name and not np.abs(gap_weights(benchmarks, cells)).max() > ROUNDING:
        return "both benchmarks give every cell the same weight"
    if "language" in name:
        return "within target tasks, as languages stand in different tasks"
    return ""


def _which_languages(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> str:
    one, two = (_tasks_of(restricted(part, cells)) for part in benchmarks.values())
    differing = differing_languages(benchmarks, cells)
    same = sorted(name for name in one.keys() & two.keys() if one[name] == two[name])
    single = sorted(one.keys() ^ two.keys())
    parts = [f"zero by construction in {', '.join(same)} (same tasks in both)"] if same else []
    parts += [f"undefined in {', '.join(single)} (one benchmark only)"] if single else []
    parts += [f"rests on {', '.join(differing) or 'no language'}, whose tasks differ between the benchmarks"]
    return "; ".join(parts)


def _tasks_of(benchmark: Benchmark) -> dict[str, frozenset[str]]:
    languages = {name for names in benchmark.values() for name in names}
    return {x: frozenset(task for task, names in benchmark.items() if x in names) for x in languages}


def _language_gap(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex, language: str) -> Array:
    """Mean of a language's cells in the second benchmark minus that in the first, (cells,)."""
    sides = []
    for part in benchmarks.values():
        tasks = _tasks_of(restricted(part, cells))[language]
        sides.append(np.array([(x == language and task in tasks) / len(tasks) for task, x in cells]))
    return sides[1] - sides[0]
