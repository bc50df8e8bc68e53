"""What a double and the memory can hold of a model: numbers whose squares are numbers, and tables of a sane size."""

import re
from math import prod

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.mixedmodels.notation.formulaeadapter import describe
from xtransfer_stats.mixedmodels.notation.limits import MOST_CELLS

CODED = re.compile(r"[CST]\(")
FEW_COLUMNS = 1000  # a table is made with so many, of however few rows it is
FURTHEST = 1e100  # products of three such numbers, summed over any number of rows, are still finite


def require_squarable(values: NDArray[np.float64], what: str) -> None:
    """Raise FitError where sums of squares of finite values are infinite, or zero though the values are not."""
    sizes = np.abs(values)
    largest = float(np.max(sizes, initial=0.0))
    if largest > FURTHEST:
        row = int(np.argmax(sizes))
        raise FitError(
            f"{what} holds {values[row]:g} in row {row + 1} of those that enter: its squares are more than a number "
            f"can hold; rescale it (divide it by {largest:.0e}), or mend the row"
        )
    if 0 < largest < 1 / FURTHEST:
        raise FitError(f"{what} has no value beyond {largest:g}: its squares count as 0; rescale it")


def require_held(part: str, frame: pd.DataFrame, text: str, cells: int) -> None:
    """Raise FitError where the columns of a part, a category for each level, are more than `cells` in all rows."""
    terms = [getattr(term, "components", ()) for term in describe(part).common_terms]
    columns = sum(prod(_levels(one.name, one.var_names, frame) for one in components) for components in terms)
    if columns * len(frame) <= cells and columns <= max(FEW_COLUMNS, 10 * len(frame)):
        return
    what = f"{columns:,} columns for {len(frame):,} rows"
    if cells == MOST_CELLS:
        raise FitError(f"formula {shown(text, 200)}: its fixed part stands for {what}: drop a term or join levels")
    raise FitError(
        f"random term {shown(text, 200)}: its effects stand for {what}; {cells // len(frame)} effects that vary "
        "together are the most that is fitted: drop some, or join levels"
    )


def _levels(component: object, names: set[str], frame: pd.DataFrame) -> int:
    """Columns of a part of a term, at most: a column, a coding such as C(x), or another call."""
    coded = CODED.match(str(component)) is not None
    own = [frame[name] for name in names if name in frame]
    return prod(one.nunique() for one in own if coded or isinstance(one.dtype, pd.CategoricalDtype))
