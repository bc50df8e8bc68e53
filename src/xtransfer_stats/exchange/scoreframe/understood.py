"""From rows as people write them to a score frame: every repair and every default is a sentence."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.formats import row_at
from xtransfer_stats.exchange.scoreframe import names, values
from xtransfer_stats.exchange.scoreframe.asked import NOTHING, Asked, Form, form
from xtransfer_stats.exchange.scoreframe.columns import matched, with_defaults
from xtransfer_stats.exchange.scoreframe.conditions import of_conditions
from xtransfer_stats.exchange.scoreframe.scale import Scale, scaled
from xtransfer_stats.stats.core.frame import COLUMNS, CONDITION, typed
from xtransfer_stats.stats.core.validate import UNNAMED

WHOLE = tuple(name for name, kind in COLUMNS.items() if kind == "int64")
TEXT = ("study", "run", "backbone", "variant", "control", "target_task", "language", "metric", "status", "benchmarks")
Repair = Callable[[pd.Series], tuple[pd.Series, list[str]]]


@dataclass(frozen=True, eq=False)
class Understood:
    """A typed score frame, and a sentence for each thing in it that had to be repaired or supposed."""

    frame: pd.DataFrame
    notes: tuple[str, ...]


def understood(rows: pd.DataFrame, source: str, scale: Scale = None, asked: Asked = NOTHING) -> Understood:
    """The score frame that rows stand for. source: what the rows are called where they name no study.

    scale: 100 where the scores are fractions, of all or by target task. asked: of a table that compares conditions,
    which need be no counts of intermediate tasks. Raises DataError naming column, row, value and remedy for what cannot
    be read, or is not what the catalogue knows.
    """
    if asked or form(rows, asked) is Form.CONDITIONS:
        return _of_conditions(rows, source, scale, asked)
    frame, notes = matched(rows.reset_index(drop=True), source)
    if frame.empty:
        raise DataError("rows: the frame has none; run the study first")
    for name in TEXT:
        if name in frame:
            frame[name] = names.text(frame[name], name)
    repairs: dict[str, Repair] = {"target_task": names.targets, "language": names.languages, "score": values.scores}
    for name in WHOLE:
        repairs[name] = lambda column, name=name: values.whole(column, name)  # type: ignore[misc]
    repairs["task_set"] = names.sets
    for name, repair in repairs.items():
        if name in frame:
            frame[name], said = repair(frame[name])
            notes += said
    if frame["score"].isna().all():
        raise DataError("column score: empty in every row; fill in the scores, points from 0 to 100")
    for step in (_counts_and_sets, _metrics):
        frame, said = step(frame)
        notes += said
    frame, said = with_defaults(frame, source)
    notes += said
    frame, said = scaled(frame, scale)
    return Understood(typed(frame), (*notes, *said))


def _of_conditions(rows: pd.DataFrame, source: str, scale: Scale, asked: Asked) -> Understood:
    """The score frame of a table of conditions; what it lacks is no part of it."""
    frame, notes = of_conditions(rows, asked, source, scale)
    for name in ("study", "backbone", "status", "run"):
        if name in frame:
            frame[name] = names.text(frame[name], name)
    if "run" not in frame:
        label = frame["task_set"].where(frame["task_set"] != "", frame[CONDITION])
        frame["run"] = [
            f"s{s}-{x}" + f"-r{r}" * (r > 0) for s, x, r in zip(frame["seed"], label, frame["replicate"], strict=True)
        ]
    frame, _ = with_defaults(frame, source)
    return Understood(typed(frame), tuple(notes))


def _counts_and_sets(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """n_tasks from the sets, or sets without names from n_tasks, where a frame has one of the two."""
    if "n_tasks" not in frame:
        sizes = {name: len([one for one in name.split("+") if one]) for name in frame["task_set"].unique()}
        return frame.assign(n_tasks=frame["task_set"].map(sizes)), ["Column n_tasks was counted from task_set."]
    if "task_set" in frame:
        return frame, []
    made = {count: "+".join(f"{UNNAMED} {i}" for i in range(1, count + 1)) for count in _sizes(frame)}
    if not any(made.values()):
        return frame.assign(task_set=""), []
    said = (
        "The frame names no task sets: each count is taken to have one, the same in all seeds, so that errors are over "
        "seeds alone and nothing is said of other sets."
    )
    return frame.assign(task_set=frame["n_tasks"].map(made)), [said]


def _sizes(frame: pd.DataFrame) -> list[int]:
    counts = [int(count) for count in frame["n_tasks"].unique()]
    wrong = next((count for count in counts if not 0 <= count <= MOST_TASKS), None)
    if wrong is not None:
        row = int((frame["n_tasks"] == wrong).to_numpy().argmax())
        raise DataError(f"column n_tasks: {wrong} in {row_at(row)}; task counts are from 0 to {MOST_TASKS}")
    return counts


MOST_TASKS = 1000


def _metrics(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    tasks = frame["target_task"]
    named, said = names.metrics(frame["metric"], tasks) if "metric" in frame else names.metrics_of(tasks)
    return frame.assign(metric=named), said
