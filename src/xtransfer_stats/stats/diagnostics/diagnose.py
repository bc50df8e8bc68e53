"""All diagnostics of a study's analysis."""

from collections.abc import Mapping, Sequence
from typing import Any

from xtransfer_stats.stats.celllevel.cellresults import CellResults
from xtransfer_stats.stats.core.identifiers import with_ids
from xtransfer_stats.stats.core.prepare import Prepared
from xtransfer_stats.stats.core.results import Diagnostics
from xtransfer_stats.stats.diagnostics.convergence import convergence
from xtransfer_stats.stats.diagnostics.influence import influence, influence_notes
from xtransfer_stats.stats.diagnostics.normality import normality, panels, qq
from xtransfer_stats.stats.diagnostics.residuals import by_task, outlier_notes, outliers, residuals

ENVELOPE_SEED = 2005


def diagnose(prepared: Prepared, cells: CellResults, fits: Sequence[Mapping[str, Any]], alpha: float) -> Diagnostics:
    """Residuals, influence, normality and convergence; run-level analyses are repeated, no cell-level model is."""
    left = residuals(cells.model, cells.data, prepared.table.runs.index)
    moved = influence(prepared, alpha)
    found = panels(prepared, cells.model)
    points = qq(found, ENVELOPE_SEED)
    return Diagnostics(
        residuals=left,
        influence=with_ids(moved, "influence"),
        qq=points,
        normality=normality(found, points),
        convergence=with_ids(convergence(fits), "convergence"),
        notes=(*influence_notes(moved), *outlier_notes(left)),
    )


def for_machines(found: Diagnostics) -> dict[str, Any]:
    """Tables as records; of the residuals a summary by target task and the far ones."""
    tables = {
        "residuals": by_task(found.residuals),
        "outliers": outliers(found.residuals),
        "influence": found.influence,
        "qq": found.qq,
        "normality": found.normality,
        "convergence": found.convergence,
    }
    return {name: table.to_dict("records") for name, table in tables.items()}
