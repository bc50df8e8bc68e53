"""The cell-level model's own benchmark-level estimates: a check on the run-level route.

Language slopes are left out: scope "these" takes the languages as they are, and with complete data the estimates are
then those of the run level.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from xtransfer_stats.errors import FitError
from xtransfer_stats.stats.celldata import cell_data, still_tasks
from xtransfer_stats.stats.cellmodel import effect_columns, fixed_effects, luck_terms
from xtransfer_stats.stats.inference import Array, Moments
from xtransfer_stats.stats.lmm.mixed import fit_mixed
from xtransfer_stats.stats.prepare import Prepared
from xtransfer_stats.stats.routes.targets import Target
from xtransfer_stats.stats.rows import Row, moment_rows

METHOD = "cell-level model, Kenward-Roger"


def cell_level_rows(
    prepared: Prepared, found: Sequence[Target], trainings: Mapping[str, str | None] | None, alpha: float
) -> tuple[list[Row], str]:
    """Rows by the fixed effects of count:target_task, benchmark weights times; or none and the reason."""
    if len(prepared.design.seeds) < 2:
        return [], "No cell-level route: one seed only."
    still = still_tasks(prepared.table)
    moving = ~prepared.cells.get_level_values("target_task").isin(still)
    data = cell_data(prepared.table.keep_cells(np.asarray(moving)), prepared.design, trainings)
    X, names = fixed_effects(data)
    terms, _ = luck_terms(data, prepared.design)
    try:
        fit = fit_mixed(data.score, X, names, terms, residual_groups=data.joint_codes(data.task)[0])
        L = np.array([_row(prepared, target, effect_columns(data), len(names)) for target in found])
        told = fit.kenward_roger(L, level=1 - alpha)
    except FitError as error:
        return [], f"No cell-level route: {error}."
    rows = []
    for i, target in enumerate(found):
        pieces = (told.estimate[i : i + 1], told.std_error[i : i + 1], told.df[i : i + 1])
        rows += moment_rows(Moments(*pieces, METHOD, target.n_runs), [target.label], alpha)
    return rows, ""


def _row(prepared: Prepared, target: Target, columns: Sequence[tuple[int, str]], p: int) -> Array:
    """(p,): task weights at count `high` less those at `low`; a task that never varies adds nothing."""
    tasks = prepared.cells.get_level_values("target_task")
    weight = {task: target.estimand.weights[tasks == task].sum() for task in tasks.unique()}
    sign = {target.contrast.high: 1.0, target.contrast.low: -1.0}
    out = np.zeros(p)
    out[p - len(columns) :] = [sign.get(count, 0.0) * weight[task] for count, task in columns]
    return out
