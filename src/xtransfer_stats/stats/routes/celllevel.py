"""The cell-level model's own benchmark-level estimates: a check on the run-level route.

Every cell mean at every count is a fixed effect here, as in the table of terms: on complete data the estimates are
then those of the run level whatever languages the benchmarks share, and what can differ is the error, which rests on
one residual variance a target task and on luck that is alike at every count.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.stats.celllevel.celldata import CellData, cell_data, still_tasks
from xtransfer_stats.stats.celllevel.terms import fit_cell_means
from xtransfer_stats.stats.core.inference import Array, Moments
from xtransfer_stats.stats.core.prepare import Prepared
from xtransfer_stats.stats.core.rows import Row, moment_rows
from xtransfer_stats.stats.routes.targets import Target

METHOD = "cell-level model, Kenward-Roger"


def cell_level_rows(
    prepared: Prepared, found: Sequence[Target], trainings: Mapping[str, str | None] | None, alpha: float
) -> tuple[list[Row], str]:
    """Rows by the fixed effects of count and cell, benchmark weights times; or none and the reason."""
    if len(prepared.design.seeds) < 2:
        return [], "No cell-level route: one seed only."
    moving = ~prepared.cells.get_level_values("target_task").isin(still_tasks(prepared.table))
    data = cell_data(prepared.table.keep_cells(np.asarray(moving)), prepared.design, trainings)
    try:
        fit = fit_cell_means(data, prepared.design)
        L = np.array([_row(data, target, target.estimand.weights[moving]) for target in found])
        told = fit.kenward_roger(L, level=1 - alpha)
    except FitError as error:
        return [], f"No cell-level route: {error}."
    rows = []
    for i, target in enumerate(found):
        pieces = (told.estimate[i : i + 1], told.std_error[i : i + 1], told.df[i : i + 1])
        rows += moment_rows(Moments(*pieces, METHOD, target.n_runs), [target.label], alpha)
    return rows, ""


def _row(data: CellData, target: Target, weights: Array) -> Array:
    """(counts x cells,): the weights at count `high`, less them at `low`; a task that never varies adds nothing."""
    signs = [(k == target.contrast.high) * 1.0 - (k == target.contrast.low) for k in (0, *data.counts)]
    return np.outer(signs, weights).ravel()
