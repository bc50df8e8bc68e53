"""The trace of one score, run:target_task:language, from the score frame alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.resources import nearest
from xtransfer_stats.stats.core.identifiers import SCORE_KEYS
from xtransfer_stats.stats.core.prepare import prepare
from xtransfer_stats.stats.core.signature import data_hash
from xtransfer_stats.stats.core.weights import Benchmark, cell_weights, restricted

RUN_FACTS = ("study", "backbone", "variant", "control", "seed", "replicate", "n_tasks", "task_set")


@dataclass(frozen=True)
class ScoreTrace:
    """Everything that the score frame says of one cell of one run.

    facts: RUN_FACTS of its run. metrics: metric -> points. score: what the analysis takes, the mean of the metrics.
    weights: benchmark -> the cell's weight in its average. enters: how it stands in the analysis. data: hash of the
    scores.
    """

    id: str
    run: str
    target_task: str
    language: str
    facts: Mapping[str, Any]
    metrics: Mapping[str, float]
    score: float
    n_examples: int
    status: str
    weights: Mapping[str, float]
    enters: str
    data: str


def is_score(name: str) -> bool:
    """Whether an id is that of a score."""
    return name.count(":") >= 2


def trace_score(name: str, frame: pd.DataFrame, benchmarks: Mapping[str, Benchmark]) -> ScoreTrace:
    """Trace the score called `name`; raises DataError naming the part that the frame does not have."""
    rows = frame
    for key, value in zip(SCORE_KEYS, name.rsplit(":", 2), strict=True):
        rows = _narrowed(name, rows, key, value)
    first = rows.iloc[0]
    cell = (first["target_task"], first["language"])
    weights, enters = _standing(frame, benchmarks, first["run"], cell)
    return ScoreTrace(
        id=name,
        **{key: str(first[key]) for key in SCORE_KEYS},
        facts={key: first[key] for key in RUN_FACTS},
        metrics=dict(zip(rows["metric"], rows["score"].astype(float), strict=True)),
        score=float(rows["score"].mean(skipna=False)),
        n_examples=int(first["n_examples"]),
        status=str(first["status"]),
        weights=weights,
        enters=enters,
        data=data_hash(frame),
    )


def _narrowed(name: str, rows: pd.DataFrame, key: str, value: str) -> pd.DataFrame:
    found = rows[rows[key] == value]
    if len(found):
        return found
    raise DataError(f"{name!r}: no {key} {value!r} here: {nearest(value, rows[key].unique())}{_some(rows[key])}")


def _some(values: Iterable[str], most: int = 12) -> str:
    known = sorted(set(values))
    more = f" and {len(known) - most} more" if len(known) > most else ""
    return f"There are {', '.join(known[:most])}{more}. A score's id is run:target_task:language."


def _standing(
    frame: pd.DataFrame, benchmarks: Mapping[str, Benchmark], run: str, cell: tuple[str, str]
) -> tuple[dict[str, float], str]:
    """The cell's weight in each benchmark's average, and whether the analysis takes it."""
    try:
        prepared = prepare(frame, benchmarks)
    except DataError as error:
        return {}, f"no analysis of these scores: {error}"
    if cell not in prepared.cells or run not in prepared.table.runs.index:
        what = "cell" if run in prepared.table.runs.index else "run"
        return {}, f"left out of the analysis: only runs and cells that are complete enter, and its {what} is not"
    at = prepared.cells.get_loc(cell)
    weights = {
        name: float(cell_weights(restricted(part, prepared.cells), prepared.cells)[at])
        for name, part in benchmarks.items()
    }
    return weights, "enters the analysis"
