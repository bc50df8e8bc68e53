"""All diagnostics of a study's analysis, and the evidence that every fit stands at its optimum."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from xtransfer_stats.stats.celllevel.cellresults import CellResults
from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.conditions import COUNTS, Conditions
from xtransfer_stats.stats.core.estimands import headline
from xtransfer_stats.stats.core.results import CONVERGENCE_COLUMNS, Diagnostics, in_levels
from xtransfer_stats.stats.core.rows import with_ids
from xtransfer_stats.stats.diagnostics.influence import influence, influence_notes
from xtransfer_stats.stats.diagnostics.residuals import (
    by_task,
    normality,
    outlier_notes,
    outliers,
    qq,
    residuals,
    samples_of,
)

NAN = float("nan")
ENVELOPE_SEED = 2005


def convergence(fits: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """criterion, state, gradient (largest derivative of the criterion), curvature (smallest eigenvalue), a fit.

    Mean squares and paired t have no optimum to reach: their row says so.
    """
    rows = [row for fit in fits for row in (_columns(fit) if "columns" in fit else [_row(fit)])]
    return pd.DataFrame(rows, columns=list(CONVERGENCE_COLUMNS))


def _columns(fit: Mapping[str, Any]) -> list[dict[str, Any]]:
    parts = [_row({**column, "model": f"{fit['model']}, number {i + 1}"}) for i, column in enumerate(fit["columns"])]
    closed = {"model": fit["model"], "criterion": NAN, "state": "closed form", "gradient": NAN, "curvature": NAN}
    return parts or [{**closed, "note": f"{fit['method']}: nothing is iterated"}]


def _row(fit: Mapping[str, Any]) -> dict[str, Any]:
    optimum = fit.get("convergence") or {}
    curvature = optimum.get("smallest_curvature")
    return {
        "model": fit["model"],
        "criterion": fit["criterion"],
        "state": fit["state"],
        "gradient": optimum.get("gradient", fit.get("gradient_norm", NAN)),
        "curvature": NAN if curvature is None else curvature,
        "note": "",
    }


def diagnose(
    complete: CompleteScores, cells: CellResults, fits: Sequence[Mapping[str, Any]], alpha: float
) -> Diagnostics:
    """Residuals, influence, normality and convergence; run-level analyses are repeated, no cell-level model is."""
    left = residuals(cells.model)
    moved, primary = influence(complete, alpha), headline(complete.benchmarks, complete.cells)[-1].wording
    samples = samples_of(complete, cells.model)
    points = qq(samples, ENVELOPE_SEED)
    return Diagnostics(
        residuals=left,
        influence=with_ids(moved, "influence"),
        qq=points,
        normality=normality(samples, points),
        convergence=with_ids(convergence(fits), "convergence"),
        notes=(
            *influence_notes(
                moved, {one.high: primary.of(one) for one in complete.design.effects}, complete.measure.unit
            ),
            *outlier_notes(left, complete.measure.unit),
        ),
    )


def for_machines(diagnostics: Diagnostics, conditions: Conditions = COUNTS) -> dict[str, Any]:
    """Tables as records, conditions by name; of the residuals a summary by target task and the far ones."""
    tables = {
        "residuals": by_task(diagnostics.residuals),
        "outliers": outliers(diagnostics.residuals),
        "influence": in_levels(diagnostics.influence, conditions),
        "qq": diagnostics.qq,
        "normality": diagnostics.normality,
        "convergence": diagnostics.convergence,
    }
    return {name: table.to_dict("records") for name, table in tables.items()}
