"""What a fitted formula writes into a folder, and what a command adds to its JSON."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from xtransfer_stats.base.places import named
from xtransfer_stats.mixedmodels.formula import FormulaFit
from xtransfer_stats.mixedmodels.postfit import effects
from xtransfer_stats.verbs.fitanswers import FitAnswer
from xtransfer_stats.verbs.machines import plain

if TYPE_CHECKING:
    from xtransfer_stats.report.tables.table import Table
    from xtransfer_stats.report.write import Progress

Frames = Mapping[str, pd.DataFrame]


def row_frames(fitted: FormulaFit) -> dict[str, pd.DataFrame]:
    """Random effects by level; fitted values and residuals by row, `row` counted from 1 in the table that was given."""
    values = effects.fitted_values(fitted)
    columns = {kind: effects.residuals(fitted, kind).to_numpy() for kind in effects.KINDS}
    rows = pd.DataFrame({"row": values.index.to_numpy() + 1, "fitted": values.to_numpy(), **columns})
    return {"random_effects": effects.random_effects(fitted), "residuals": rows}


def numbered(predicted: pd.DataFrame) -> pd.DataFrame:
    """Predictions with the row, counted from 1, of the table that they were made for."""
    rows = predicted.reset_index(drop=True)
    rows.insert(0, "row", rows.index + 1)
    return rows


def with_frames(report: Mapping[str, Any], frames: Frames) -> dict[str, Any]:
    """The JSON of a fit with some tables of it, a dictionary a row."""
    return dict(plain({**report, **{name: frame.to_dict("records") for name, frame in frames.items()}}))


def write(
    fitted: FormulaFit,
    report: Mapping[str, Any],
    tables: Frames,
    coefficients: "Table",
    answers: Iterable[FitAnswer],
    folder: str | Path,
    progress: "Progress | None",
) -> list[Path]:
    """Write tables, charts and fit.json into a folder.

    tables: fixed, random, and predictions where there are some. coefficients: the table of the fixed effects.
    answers: of questions about these, a table each.
    """
    from xtransfer_stats.report.charts.fits import Drawn
    from xtransfer_stats.report.fits import write_fit
    from xtransfer_stats.report.tables import fits

    rows, formula, fixed = row_frames(fitted), fitted.formula, tables["fixed"]
    shown, asked = rows["random_effects"], {name: tables[name] for name in tables if name == "predictions"}
    response, interval = formula.partition("~")[0].strip(), str(fixed["df_method"].iloc[0])
    drawn = Drawn(formula, response, fixed, shown, rows["residuals"], interval)
    kept = list(answers)
    made = (*fits.tables(formula, coefficients, report, {**tables, "random_effects": shown}), *numbered_tables(kept))
    told = with_frames(report, {**rows, **asked}) | ({"answers": [one.to_dict() for one in kept]} if kept else {})
    return write_fit(drawn, made, told, named(folder, "out"), progress)


def numbered_tables(answers: Iterable[FitAnswer]) -> list["Table"]:
    """A table each, under names of their own: means, means-2, ..."""
    found: list[Table] = []
    for one in answers:
        before = sum(table.name.partition("-")[0] == one.name for table in found)
        found.append(replace(one.table(), name=f"{one.name}-{before + 1}" if before else one.name))
    return found
