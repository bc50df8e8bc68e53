"""Scores are points on 0-100. Fractions of one are found by metric, task and arm, and named; none is guessed at."""

from collections.abc import Mapping

import pandas as pd

from xtransfer_stats.base.errors import DataError

Scale = float | Mapping[str, float] | None
FACTORS = (1.0, 100.0)
ARMS = ("n_tasks", "seed", "language", "run")  # what may have been scored by another script than the rest
NEAR = 3.0  # an arm times 100 within this factor of the others is taken to be a fraction of them
MOST_NAMED = 5


def scaled(frame: pd.DataFrame, scale: Scale) -> tuple[pd.DataFrame, list[str]]:
    """The frame in points, and what was multiplied.

    scale: 100 for fractions, 1 for points that look like such; of all scores, or by target task. Raises DataError for
    another scale, and where scores are fractions that `scale` says nothing of: which task, which arm, the remedy.
    """
    stated = _stated(frame, scale)
    factors = frame["target_task"].map(stated).fillna(1.0)
    times = [name for name, factor in stated.items() if factor != 1]
    if times:
        frame = frame.assign(score=frame["score"] * factors)
    _refuse_fractions(frame[~frame["target_task"].isin(stated)])
    all_of_them = len(times) == frame["target_task"].nunique()
    said = f"Scores{'' if all_of_them else ' of ' + ', '.join(times)} were multiplied by 100, as scale says."
    return frame, [said] if times else []


def _stated(frame: pd.DataFrame, scale: Scale) -> dict[str, float]:
    tasks = [str(name) for name in frame["target_task"].unique()]
    stated = dict(scale) if isinstance(scale, Mapping) else {} if scale is None else dict.fromkeys(tasks, scale)
    for name, factor in stated.items():
        if name not in tasks:
            raise DataError(f"scale: no target task {name!r} in the frame; it has {', '.join(tasks)}", ["scale"])
        if factor not in FACTORS:
            raise DataError(f"scale {factor:g}: give 100 for fractions, or 1 for points", ["scale"])
    return {name: float(factor) for name, factor in stated.items()}


def _refuse_fractions(frame: pd.DataFrame) -> None:
    rows = frame[frame["score"].notna() & (frame["status"] == "done")]
    if rows.empty:
        return
    largest = rows.groupby("target_task")["score"].max()
    fractions = largest[(largest > 0) & (largest <= 1)]
    if len(fractions) == len(largest):
        by_metric = rows.groupby("metric")["score"].max()
        raise DataError(_sentence(f"every {_listed(by_metric)}", float(largest.max()), 100), ["scale"])
    if len(fractions):
        raise DataError(_sentence(f"every score of {_listed(fractions)}", float(fractions.max()), fractions), ["scale"])
    for arm in ARMS:
        if found := _fractional(rows, arm):
            tasks = ", ".join(sorted({task for task, _ in found}))
            levels = ", ".join(sorted({str(level) for _, level in found}))
            raise DataError(
                f"column score: {arm} {levels} of {tasks} lies between 0 and 1, where others of the task are points: "
                "these rows seem to be fractions. Multiply them by 100 in the file; if they are points, give scale "
                f"{tasks.split(', ')[0]}=1",
                ["scale"],
            )


def _listed(names: pd.Series) -> str:
    shown = [str(name) for name in names.index[:MOST_NAMED]]
    return ", ".join(shown) + (f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else "")


def _sentence(what: str, largest: float, where: object) -> str:
    task = "" if isinstance(where, int) else f"{where.index[0]}="  # type: ignore[attr-defined]
    return (
        f"column score: {what} lies between 0 and 1 (largest {largest:g}), and scores are points from 0 to 100: give "
        f"scale {task}100 if these are fractions, scale {task}1 if they are points"
    )


def _fractional(rows: pd.DataFrame, arm: str) -> list[tuple[str, object]]:
    """(target task, level) of the levels of an arm that are at most 1, and near the task's others times 100."""
    if rows[arm].nunique() < 2:
        return []
    found = []
    for task, part in rows.groupby("target_task"):
        grouped = part.groupby(arm)["score"]
        largest, middle = grouped.max(), grouped.median()
        low = largest.index[(largest > 0) & (largest <= 1)]
        others = part[~part[arm].isin(low)]["score"].median()
        found += [(str(task), level) for level in low if others / NEAR <= 100 * middle[level] <= others * NEAR]
    return found
