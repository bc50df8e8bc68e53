"""The trace of a number beside the result frame: a score, or a row of another table."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.formats import counted
from xtransfer_stats.base.provenance import versions
from xtransfer_stats.base.resources import nearest
from xtransfer_stats.base.usertext import few, shown
from xtransfer_stats.stats.celllevel.celldata import still_tasks
from xtransfer_stats.stats.core.complete import CompleteScores, complete_of
from xtransfer_stats.stats.core.conditions import Conditions
from xtransfer_stats.stats.core.results import OF_PAIR, Analysis, StudyFacts, in_levels
from xtransfer_stats.stats.core.rows import SCORE_KEYS
from xtransfer_stats.stats.core.scores import StudyScores
from xtransfer_stats.stats.core.signature import data_hash
from xtransfer_stats.stats.core.weights import cell_weights, restricted
from xtransfer_stats.verbs.trace.result import PACKAGES

RUN_FACTS = ("study", "backbone", "variant", "control", "seed", "replicate", "n_tasks", "task_set")
OF_CONDITIONS = ("study", "backbone", "seed", "replicate", "condition", "draw")
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "terms": "the term {term}: every contrast of cell means that it stands for is zero (F)",
        "variance": "the variance component {component} of the cell-level model",
        "influence": "the interaction at {added} analysed again without the {kind} {level}",
        "convergence": "how the fit of the {model} model stands at its optimum",
    }
)
MOST_NAMED = 12  # of the names that a part of a score's id may have
CELL_MEANS = "a mean for every cell and task count, with the random terms of the cell-level model"


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


def trace_score(name: str, scores: StudyScores) -> ScoreTrace:
    """Trace the score called `name`; raises DataError naming the part that the frame does not have."""
    rows = frame = scores.frame
    for key, value in zip(SCORE_KEYS, name.rsplit(":", 2), strict=True):
        rows = _narrowed(name, rows, key, value)
    first = rows.iloc[0]
    cell = (first["target_task"], first["language"])
    weights, enters = _standing(scores, first["run"], cell)
    counted = scores.conditions.counted
    return ScoreTrace(
        id=name,
        **{key: str(first[key]) for key in SCORE_KEYS},
        facts={key: first[key] for key in (RUN_FACTS if counted else OF_CONDITIONS) if key in first},
        metrics=dict(zip(rows["metric"], rows["score"].astype(float), strict=True)),
        score=float(rows["score"].mean(skipna=False)),
        n_examples=int(first["n_examples"]),
        status=str(first["status"]),
        weights=weights,
        enters=enters,
        data=data_hash(frame),
    )


def _narrowed(name: str, rows: pd.DataFrame, key: str, value: str) -> pd.DataFrame:
    left = rows[rows[key] == value]
    if len(left):
        return left
    known = sorted(rows[key].unique())
    there = f"{nearest(value, known)}There are {few(known, MOST_NAMED)}"
    raise DataError(f"{shown(name)}: no {key} {shown(value)} here: {there}. A score's id is run:target_task:language.")


def _standing(scores: StudyScores, run: str, cell: tuple[str, str]) -> tuple[dict[str, float], str]:
    """The cell's weight in each benchmark's average, and whether the analysis takes it."""
    try:
        complete = complete_of(scores)
    except DataError as error:
        return {}, f"no analysis of these scores: {error}"
    if cell not in complete.cells or run not in complete.table.runs.index:
        what = "cell" if run in complete.table.runs.index else "run"
        return {}, f"left out of the analysis: too few scores of its {what} are there to fill what is missing"
    at, place = complete.cells.get_loc(cell), complete.table.runs.index.get_loc(run)
    weights = {
        name: float(cell_weights(restricted(part, complete.cells), complete.cells)[at])
        for name, part in scores.benchmarks.items()
    }
    if complete.table.filled is not None and complete.table.filled[place, at]:
        return (
            weights,
            f"is filled in the analysis by {complete.table.scores[place, at]:.4f}, from its run and language",
        )
    return weights, "enters the analysis"


@dataclass(frozen=True, eq=False)
class TableTrace:
    """table: its name. row: as the table has it. formula: of the model it comes from.

    runs: run, seed, replicate, n_tasks, task_set. cells: target_task, language. Both: all that the model was given;
    of influence without what was left out.
    """

    id: str
    table: str
    row: Mapping[str, Any]
    words: str
    formula: str
    runs: pd.DataFrame
    cells: pd.DataFrame
    data: str
    signature: str
    versions: Mapping[str, str]


def table_of(name: str, analysis: Analysis) -> str:
    """The table that has a row of this id; "" where none has."""
    return next((table for table, rows in _tables(analysis).items() if (rows["id"] == name).any()), "")


def trace_table(name: str, table: str, complete: CompleteScores, analysis: Analysis) -> TableTrace:
    """Trace a row that `table_of` found."""
    rows = _tables(analysis)[table]
    row = {str(key): value for key, value in rows[rows["id"] == name].iloc[0].items()}
    runs = complete.table.runs[["seed", "replicate", "n_tasks", "task_set"]].reset_index()
    cells = _cells(table, row, complete)
    formulas = {fit["model"]: str(fit["formula"]) for fit in analysis.fits}
    return TableTrace(
        id=name,
        table=table,
        row=row if complete.design.conditions.counted else _named(row, complete.design.conditions),
        words=_words(table, row, analysis.facts),
        formula=CELL_MEANS if table == "terms" else formulas.get(_model(table, row), ""),
        runs=in_levels(_without(runs, row), complete.design.conditions),
        cells=_without(cells, row),
        data=data_hash(complete.frame),
        signature=analysis.signature,
        versions=versions(PACKAGES),
    )


def _words(table: str, row: Mapping[str, Any], facts: StudyFacts) -> str:
    """What the row's number is; what moves is told by name where conditions are no counts."""
    if table != "influence":
        return WORDS[table].format(**row)
    if facts.conditions.counted:
        return WORDS[table].format(**row, added=counted(int(row["n_tasks"]), "intermediate task"))
    what = row.get(OF_PAIR) or f"the {'effect' if len(facts.benchmarks) == 1 else 'interaction'} of "
    named = "" if OF_PAIR in row else facts.conditions.called(row["n_tasks"])
    return f"{what}{named} analysed again without the {row['kind']} {row['level']}"


def _named(row: Mapping[str, Any], conditions: Conditions) -> dict[str, Any]:
    return {str(key): value for key, value in in_levels(pd.DataFrame([row]), conditions).iloc[0].items()}


def _tables(analysis: Analysis) -> dict[str, pd.DataFrame]:
    tables = {"terms": analysis.terms, "variance": analysis.variance}
    if analysis.diagnostics is None:
        return tables
    diagnostics = analysis.diagnostics
    return tables | {"influence": diagnostics.influence, "convergence": diagnostics.convergence}


def _model(table: str, row: Mapping[str, Any]) -> str:
    """Which fit a row comes from, as the analysis names it."""
    stated = {"influence": "run level", "convergence": str(row.get("model", "")).partition(",")[0]}
    return stated.get(table, "cell level")


def _cells(table: str, row: Mapping[str, Any], complete: CompleteScores) -> pd.DataFrame:
    """Cells of the model: the cell-level one leaves out target tasks that do not vary."""
    cells = complete.cells.to_frame(index=False)
    left_out = still_tasks(complete.table) if _model(table, row) == "cell level" else ()
    return cells[~cells["target_task"].isin(left_out)].reset_index(drop=True)


def _without(rows: pd.DataFrame, row: Mapping[str, Any]) -> pd.DataFrame:
    """Runs or cells less the level that a row of influence leaves out."""
    kind = str(row.get("kind", "")).replace(" ", "_")
    return rows[rows[kind].astype(str) != str(row["level"])].reset_index(drop=True) if kind in rows else rows
