"""The trace of a row of the result frame, from the scores alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.provenance import versions
from xtransfer_stats.base.resources import LONGEST
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.conditions import Conditions
from xtransfer_stats.stats.core.inference import BY_PRECISION
from xtransfer_stats.stats.core.results import RESULT_COLUMNS, Analysis, StudyFacts, in_levels
from xtransfer_stats.stats.core.signature import data_hash
from xtransfer_stats.stats.core.termtable import (
    ADDITIVE_FORMULA,
    ADDITIVE_TASKS,
    CELL_LEVEL,
    OWN_DATA,
    SCOPES,
    TERMS,
    TWO_WAY,
)
from xtransfer_stats.stats.core.weights import Weights
from xtransfer_stats.stats.runlevel.behind import Row, Side, cells_behind, runs_behind, sides

NEAREST = 3  # ids that are shown for one that no row has
TOLERANCE = 1e-8  # points; sums in another order differ in the last digits
PACKAGES = ("numpy", "pandas", "scipy", "statsmodels", "formulae")
ROUTES = ["route", "method", "estimate", "conf_low", "conf_high"]
# Models that are no fit of the analysis -> their formula in words.
FORMULAS = {ADDITIVE_TASKS: ADDITIVE_FORMULA, TWO_WAY: "two-way table of seeds and languages"}


@dataclass(frozen=True, eq=False)
class ResultTrace:
    """Everything behind one row.

    row: the row as the result frame has it. words: what it is. formula: of the model. over_counts: task count, or the
    condition's name -> coefficient. sides: what is added and what taken away. cells: n_tasks ("" for all), target_task,
    language, weight, those with a weight. runs: behind.RUN_COLUMNS. reproduced: sum of coefficient x number over the
    runs, None where the row is no weighted sum. verdict: what that says of the estimate. routes: ROUTES, the same row
    by every route that was asked for. data: hash of the scores. unit: of the scores. Of conditions that are no counts
    row, cells and runs have columns condition and draw.
    """

    id: str
    row: Mapping[str, Any]
    words: str
    formula: str
    over_counts: Mapping[int, float] | Mapping[str, float]
    sides: tuple[Side, ...]
    cells: pd.DataFrame
    runs: pd.DataFrame
    reproduced: float | None
    verdict: str
    routes: pd.DataFrame
    data: str
    signature: str
    versions: Mapping[str, str]
    unit: str = "points"


def trace_result(name: str, complete: CompleteScores, analysis: Analysis) -> ResultTrace:
    """Trace the row called `name` of an analysis of the prepared scores; raises DataError for an id that no row has."""
    row = find(analysis, name)
    weights = analysis.weights.get(name)
    runs = runs_behind(complete, row, weights)
    routes = analysis.routes if len(analysis.routes) else pd.DataFrame(columns=["id", *ROUTES])
    conditions = complete.design.conditions
    total = None if weights is None else float((runs["coefficient"] * runs["number"]).sum())
    return ResultTrace(
        id=name,
        row=_leveled(row, conditions),
        words=in_words(row, analysis.facts),
        formula=_formula(row, analysis),
        over_counts=_over({} if weights is None else weights.over_counts, conditions),
        sides=sides(complete.cells, row, weights),
        cells=in_levels(cells_behind(complete, weights), conditions),
        runs=in_levels(runs, conditions),
        reproduced=total,
        verdict=_verdict(row, total, weights),
        routes=routes.loc[routes["id"] == name, ROUTES].reset_index(drop=True),
        data=data_hash(complete.frame),
        signature=analysis.signature,
        versions=versions(PACKAGES),
        unit=analysis.facts.measure.unit,
    )


def _leveled(row: Row, conditions: Conditions) -> Row:
    """The row with its condition by name."""
    return (
        row
        if conditions.counted
        else {str(k): v for k, v in in_levels(pd.DataFrame([row]), conditions).iloc[0].items()}
    )


def _over(coefficients: Mapping[int, float], conditions: Conditions) -> Mapping[int, float] | Mapping[str, float]:
    if conditions.counted:
        return coefficients
    return {conditions.label(code): coefficient for code, coefficient in coefficients.items()}


def find(analysis: Analysis, name: str) -> Row:
    """The row of that id, or of the routes beside; raises DataError that says where ids stand, which is nearest."""
    results = analysis.results
    for table in (results, analysis.routes):
        rows = table[table["id"] == name] if len(table) else table
        if len(rows):
            return {str(key): rows.iloc[0][key] for key in RESULT_COLUMNS}
    raise unknown(name, results)


def unknown(name: str, rows: pd.DataFrame) -> DataError:
    """That no row has that id, where ids stand, and the nearest of `rows` (id, contrast)."""
    return DataError(
        f"no row has the id {shown(name)}: {_near(name, rows)}Ids stand in the column id of results.csv and of "
        "each table's CSV, and in `xstats analyze --json`; a score's is run:target_task:language. Rows that were "
        "asked for with contrast, margin, benchmarks or model need these options here too.",
        ["contrast", "margin", "benchmarks", "model"],
    )


def _near(name: str, rows: pd.DataFrame) -> str:
    """The nearest ids, or the id of the row whose contrast is meant."""
    first = rows.drop_duplicates("contrast")
    ids = dict(zip(first["contrast"], first["id"], strict=True)) | {one: one for one in rows["id"]}
    close = get_close_matches(name, list(ids), n=NEAREST) if len(name) <= LONGEST else []
    contrasts = dict(zip(rows["id"], rows["contrast"], strict=True))
    meant = dict.fromkeys(ids[one] for one in close)
    return f"did you mean {' or '.join(f'{one!r}, {contrasts[one]}' for one in meant)}? " if meant else ""


def in_words(row: Row, facts: StudyFacts) -> str:
    """What the row's number is."""
    first, second = (*facts.benchmarks, "", "")[:2]
    count = "" if np.isnan(row["n_tasks"]) else int(row["n_tasks"])
    added = facts.conditions.said(row["n_tasks"]) if count != "" else ""
    keys = {
        "n": count,
        "added": added,
        "s": "" if facts.conditions.counted and count != 1 else "s",
        "benchmark": row["benchmark"],
        "task": row["target_task"],
        "language": row["language"],
    }
    sentence = TERMS[row["term"]].words.format(**keys, first=first, second=second)
    return f"{sentence}, {SCOPES.get(row['scope'], row['scope'])}"


def _formula(row: Row, analysis: Analysis) -> str:
    """The model that the row's number comes from."""
    formulas = FORMULAS | {fit["model"]: str(fit["formula"]) for fit in analysis.fits}
    # What own data add is a coefficient of the cell-level model; the interactions without it are of the runs.
    of_cells = row["term"] == OWN_DATA and np.isnan(row["n_tasks"])
    return formulas[CELL_LEVEL if of_cells else TERMS[row["term"]].model]


def _verdict(row: Row, total: float | None, weights: Weights | None) -> str:
    """Whether the runs' numbers give the estimate, and why not where they need not."""
    modelled = TERMS[row["term"]].modelled
    if total is None or weights is None:
        return "no weighted sum of scores: " + (modelled or "see its method")
    apart = abs(total - row["estimate"])
    if apart <= TOLERANCE * max(1.0, abs(total)):
        return f"the runs' numbers give the estimate (difference {apart:.1e})"
    if modelled or weights.averaged == BY_PRECISION:
        why = modelled or "REML weighs the chains of an incomplete design by their precision"
        return f"the plain mean differs from the estimate by {apart:.3g} points, as it may: {why}"
    return f"THE RUNS' NUMBERS DO NOT GIVE THE ESTIMATE: difference {apart:.3g} points; please report it"
