"""What is known of rows before a fit, as lme4 has it: prior weights, and offsets that enter without a coefficient."""

import numpy as np
import pandas as pd
from formulae.matrices import CommonEffectsMatrix
from numpy.typing import NDArray

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.base.resources import nearest
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.mixedmodels.notation.dialect import PLAIN
from xtransfer_stats.mixedmodels.notation.formulaeadapter import describe, is_offset
from xtransfer_stats.mixedmodels.randomterms import Array

MOST_APART = 1e12  # largest over smallest weight: beyond it the lighter rows are lost to rounding


def with_offset(formula: str, column: str) -> str:
    """The formula with a column as an offset of it."""
    return f"{formula} + offset({column if PLAIN.fullmatch(column) else f'`{column}`'})"


def require_offsets_alone(part: str, text: str, *, allowed: bool) -> None:
    """Refuse an offset within another term, or, unless `allowed`, anywhere in the part."""
    for term in describe(part).common_terms:
        if is_offset(term) and not (allowed and len(term.components) == 1):
            raise FitError(
                f"formula {text!r}: {term.name} multiplies an offset, or stands in a random term; an offset is a term "
                "of its own in the fixed part, as in y ~ x + offset(z) + (1 | g)"
            )


def apart(common: CommonEffectsMatrix) -> tuple[pd.DataFrame, list[str], dict[str, range], pd.Series]:
    """Fixed effects (n, p), their names, the positions of each term, and the sum of the offsets (n,)."""
    table = common.as_dataframe()
    added = [table.iloc[:, common.slices[name]] for name, term in common.terms.items() if is_offset(term)]
    fixed = {name: common.slices[name] for name, term in common.terms.items() if not is_offset(term)}
    if added:
        table = pd.concat([table.iloc[:, place] for place in fixed.values()], axis=1) if fixed else table.iloc[:, :0]
    stops = np.cumsum([0, *(place.stop - place.start for place in fixed.values())]).tolist()
    terms = dict(zip(fixed, map(range, stops, stops[1:]), strict=True))
    total = sum((one.sum(axis=1) for one in added), pd.Series(np.zeros(len(table))))
    return table, [str(name) for name in table.columns], terms, total


def row_weights(data: pd.DataFrame, column: str, rows: NDArray[np.intp]) -> Array:
    """The weights of some rows of `data`, by their places; raises FitError for what is no positive number."""
    names = [str(name) for name in data.columns]
    if column not in names:
        near = nearest(column, names)
        raise FitError(f"weights {shown(column)}: {near}the table has {', '.join(names)}", ["weights"])
    cells = data.iloc[:, names.index(column)].iloc[rows]
    values = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    bad = ~(np.isfinite(values) & (values > 0))
    if np.any(bad):
        place = int(np.argmax(bad))
        cell = cells.astype(object).iloc[place]
        held = "is empty" if pd.isna(cell) else f"holds {shown(cell)}"
        raise FitError(
            f"weights {column!r}: row {int(rows[place]) + 1} {held} ({int(bad.sum())} such rows); a weight is a "
            "positive number, and the residual variance of its row is the model's over it: mend the cell, or leave the "
            "row out",
            ["weights"],
        )
    if values.max() / values.min() > MOST_APART:
        place = int(np.argmin(values))
        raise FitError(
            f"weights {column!r}: row {int(rows[place]) + 1} holds {values[place]:g}, the largest is {values.max():g}: "
            "rows so far apart are lost to rounding; leave the light ones out",
            ["weights"],
        )
    return values
