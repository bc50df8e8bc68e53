"""What a score frame must be before anything is computed from it."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.formats import row_at
from xtransfer_stats.stats.core.frame import CATALOGUE, COLUMNS, LATER, STATUSES
from xtransfer_stats.stats.core.weights import Benchmark

TEXT_COLUMNS = tuple(name for name, kind in COLUMNS.items() if kind == "str" and name not in ("status", *LATER))
INTEGER_COLUMNS = ("seed", "replicate", "n_tasks")
REQUIRED = (*TEXT_COLUMNS, *INTEGER_COLUMNS, "score", "status")
ONE_VALUE = ("study", "backbone", "variant", "control")  # mixing these would mix studies
OLDER_CATALOGUE = 9  # intermediate tasks of the studies whose frames were written before the column
UNNAMED = "unnamed"  # members of sets that a frame does not name
ROW_KEY = ("study", "seed", "replicate", "task_set", "target_task", "language", "metric")


def check_frame(frame: pd.DataFrame, counted: bool = True) -> None:
    """Raise DataError, naming column, value and remedy, unless the frame can be analysed.

    counted: whether conditions are counts of intermediate tasks, whose sets hold as many.
    """
    first = (_columns, _types, _statuses)
    ours, others = (
        (_scores, _one_study, _sets, _duplicates, _counts, _catalogue),
        (_finite, _one_study, _duplicates, _baseline),
    )
    for check in (*first, *(ours if counted else others)):
        check(frame)


def check_benchmarks(frame: pd.DataFrame, benchmarks: Mapping[str, Benchmark]) -> None:
    """Raise DataError unless there is a benchmark and the benchmarks list every scored cell."""
    if not benchmarks:
        raise DataError("benchmarks: got none; name one or more")
    for name, benchmark in benchmarks.items():
        for task, languages in benchmark.items():
            if not languages or len(set(languages)) < len(languages):
                raise DataError(f"benchmarks: {name}, {task} lists {languages}; list each language once")
    known = {(t, x) for benchmark in benchmarks.values() for t, names in benchmark.items() for x in names}
    rows = frame[frame["status"] != "not_in_benchmark"]
    scored = set(zip(rows["target_task"], rows["language"], strict=True))
    for name, benchmark in benchmarks.items():
        if not scored & {(task, x) for task, names in benchmark.items() for x in names}:
            raise DataError(f"benchmarks: the frame has no cell of {name}; name benchmarks the study scored")
    if strangers := sorted(scored - known):
        which = "neither" if len(benchmarks) == 2 else "no"
        shown = ", ".join(f"{task}/{language}" for task, language in strangers[:5])
        raise DataError(
            f"columns target_task, language: {len(strangers)} cells stand in {which} benchmark ({shown}); "
            "add them to a benchmark or give their rows status not_in_benchmark"
        )


def _columns(frame: pd.DataFrame) -> None:
    if lacking := [name for name in REQUIRED if name not in frame.columns]:
        raise DataError(f"columns: {', '.join(lacking)} lacking; write the frame with `xstats export`")
    if frame.empty:
        raise DataError("rows: the frame has none; run the study first")


def _types(frame: pd.DataFrame) -> None:
    for name in (*INTEGER_COLUMNS, *([CATALOGUE] if CATALOGUE in frame else [])):
        if not pd.api.types.is_integer_dtype(frame[name]) or frame[name].isna().any():
            raise DataError(f"column {name}: type {frame[name].dtype}; needs whole numbers without gaps")
    if not pd.api.types.is_numeric_dtype(frame["score"]):
        raise DataError(f"column score: type {frame['score'].dtype}; needs numbers, NaN for none")
    for name in TEXT_COLUMNS:
        if name != "task_set" and frame[name].isna().any():
            raise DataError(f"column {name}: empty in {_first(frame[name].isna())}; fill it in")


def _statuses(frame: pd.DataFrame) -> None:
    strange = ~frame["status"].isin(STATUSES)
    if strange.any():
        value = frame.loc[strange, "status"].iloc[0]
        raise DataError(f"column status: {value!r} in {_first(strange)}; use one of {', '.join(STATUSES)}")
    contradiction = frame["score"].notna() & ~frame["status"].isin(["done", "collapsed"])
    if contradiction.any():
        value = frame.loc[contradiction, "status"].iloc[0]
        raise DataError(
            f"column status: {value!r} beside a score in {_first(contradiction)}; "
            "only done and collapsed rows carry one"
        )


def _scores(frame: pd.DataFrame) -> None:
    score = frame["score"].to_numpy(dtype=float)
    outside = np.isinf(score) | (score < 0) | (score > 100)
    if outside.any():
        row = int(np.flatnonzero(outside)[0])
        raise DataError(
            f"column score: {score[row]:g} in {row_at(row)} ({frame['target_task'].iloc[row]}, "
            f"{frame['language'].iloc[row]}); scores are points from 0 to 100"
        )


def _finite(frame: pd.DataFrame) -> None:
    infinite = np.isinf(frame["score"].to_numpy(dtype=float))
    if infinite.any():
        row = int(np.flatnonzero(infinite)[0])
        raise DataError(f"column score: {frame['score'].iloc[row]:g} in {row_at(row)}; scores are finite numbers")


def _one_study(frame: pd.DataFrame) -> None:
    for name in (*ONE_VALUE, *([CATALOGUE] if CATALOGUE in frame else [])):
        values = sorted(frame[name].unique())
        if len(values) > 1:
            raise DataError(f"column {name}: {', '.join(map(str, values))}; keep the rows of one and analyse again")


def _sets(frame: pd.DataFrame) -> None:
    named = frame["task_set"].fillna("")
    sizes = named.map({name: len([x for x in name.split("+") if x]) for name in named.unique()})
    wrong = sizes != frame["n_tasks"]
    if wrong.any():
        row = int(np.flatnonzero(wrong.to_numpy())[0])
        raise DataError(
            f"column n_tasks: {frame['n_tasks'].iloc[row]} in {row_at(row)}, but task_set "
            f"{named.iloc[row]!r} holds {sizes.iloc[row]}; one of the two is wrong"
        )


def _duplicates(frame: pd.DataFrame) -> None:
    twice = frame.duplicated(list(ROW_KEY))
    if twice.any():
        row = frame[twice].iloc[0]
        value = ", ".join(str(row[name]) for name in ROW_KEY[1:])
        raise DataError(f"rows: {int(twice.sum())} repeat {', '.join(ROW_KEY[1:])} (first: {value}); keep one each")


def _baseline(frame: pd.DataFrame) -> None:
    codes = set(frame["n_tasks"].unique())
    if 0 not in codes or len(codes) < 2:
        held = ", ".join(map(repr, sorted(frame["condition"].unique())))
        raise DataError(f"column condition: it holds {held} alone; two conditions or more are needed for a comparison")


def _counts(frame: pd.DataFrame) -> None:
    counts = set(frame["n_tasks"].unique())
    if 0 not in counts:
        raise DataError("column n_tasks: no baseline rows (0), so no effect can be had; run the baseline too")
    if counts == {0}:
        raise DataError("column n_tasks: only baseline rows (0); run a study with `--tasks 3` or more")
    if min(counts) < 0:
        raise DataError(f"column n_tasks: {min(counts)}; task counts are 0 or more")


def _catalogue(frame: pd.DataFrame) -> None:
    size, stated = catalogue_size(frame), CATALOGUE in frame
    tasks = {task for name in frame["task_set"].dropna().unique() for task in name.split("+") if task}
    least = max(len(tasks), int(frame["n_tasks"].max()))
    if least > size:
        here = f"{size}, but" if stated else f"lacking, which stands for {size}, but"
        remedy = "correct it" if stated else "add it, or write the frame anew with `xstats export`"
        raise DataError(
            f"column {CATALOGUE}: {here} the runs' task sets hold {least} intermediate tasks; it is the number of "
            f"tasks that the study's sets are drawn from: {remedy}"
        )


def catalogue_size(frame: pd.DataFrame) -> int:
    """How many intermediate tasks the study's sets are drawn from; at this count one set exists."""
    return int(frame[CATALOGUE].iloc[0]) if CATALOGUE in frame else OLDER_CATALOGUE


def catalogue_notes(frame: pd.DataFrame) -> list[str]:
    """A sentence where a frame of before the column is taken to be of the catalogue of then."""
    if CATALOGUE in frame:
        return []
    return [f"The frame has no column {CATALOGUE}: its task sets are taken as drawn from {OLDER_CATALOGUE} tasks."]


def _first(mask: pd.Series) -> str:
    """The first row that the mask holds of, in words."""
    return row_at(int(np.flatnonzero(mask.to_numpy())[0]))
