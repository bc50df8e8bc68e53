"""The rows and columns of a user's table that a formula can use, and plain words for those it cannot."""

from collections.abc import Iterable
from difflib import get_close_matches

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.notation import Notation


def usable(data: pd.DataFrame, notation: Notation, beside: str | None = None) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The named columns and the one `beside`, complete rows only, texts categorical; and a note on the rows dropped.

    Raises FitError for an unknown column, an infinite value, a constant or non-numeric response, a one-level
    factor.
    """
    names = notation.columns | ({beside} if beside else set())
    _require_known(data, names, notation.text)
    frame = data[sorted(names)].reset_index(drop=True)
    frame = frame.assign(**{name: frame[name].fillna("").astype(str) for name in notation.memberships})
    gaps = frame.isna()
    notes = _dropped(gaps, data)
    kept = frame[~gaps.any(axis=1)].reset_index(drop=True) if notes else frame
    if kept.empty:
        raise FitError(f"no row is complete in the columns that the formula names: {', '.join(frame.columns)}")
    typed = kept.assign(**{name: _typed(kept[name]) for name in notation.response | notation.predictors})
    for name in notation.response:
        _require_response(typed[name])
    for name in sorted(notation.predictors - notation.response):
        _require_varying(typed[name])
    return typed, notes


def _require_known(data: pd.DataFrame, names: Iterable[str], text: str) -> None:
    columns = [str(name) for name in data.columns]
    for name in sorted(names):
        if name not in columns:
            near = get_close_matches(name, columns, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"the table has {', '.join(columns)}"
            raise FitError(f"formula {text!r}: the table has no column {name!r}; {hint}")


def _dropped(gaps: pd.DataFrame, data: pd.DataFrame) -> tuple[str, ...]:
    lost = int(gaps.any(axis=1).sum())
    if lost == 0:
        return ()
    named = ", ".join(f"{name} ({int(count)})" for name, count in gaps.sum().items() if count)
    return (f"{lost} of {len(data)} rows dropped for missing values in {named}",)


def _typed(column: pd.Series) -> pd.Series:
    """Numbers as float64, everything else categorical with the levels that occur."""
    if pd.api.types.is_bool_dtype(column) or not pd.api.types.is_numeric_dtype(column):
        if pd.api.types.is_datetime64_any_dtype(column):
            raise FitError(f"column {column.name!r} holds dates: turn it into a number or a text first")
        return _levels(column)
    number = column.astype("float64")
    endless = number[~np.isfinite(number)]
    if len(endless):
        raise FitError(
            f"column {column.name!r} holds {endless.iloc[0]} in {len(endless)} rows: "
            "replace it by a number or leave it empty"
        )
    return number


def _levels(column: pd.Series) -> pd.Series:
    """Categorical with the levels that occur, in order; `formulae` looks for the levels itself if it has no order."""
    known = column if isinstance(column.dtype, pd.CategoricalDtype) else column.astype(str).astype("category")
    used = known.cat.remove_unused_categories()
    return used if used.cat.ordered else used.cat.set_categories(sorted(used.cat.categories), ordered=True)


def _require_response(column: pd.Series) -> None:
    if not pd.api.types.is_float_dtype(column):
        raise FitError(f"the response {column.name!r} is not a number (first value {str(column.iloc[0])!r})")
    if (column == column.iloc[0]).all():
        raise FitError(f"the response {column.name!r} is {column.iloc[0]:g} in every row: there is nothing to explain")


def _require_varying(column: pd.Series) -> None:
    if isinstance(column.dtype, pd.CategoricalDtype) and len(column.cat.categories) < 2:
        raise FitError(
            f"column {column.name!r} has one level ({str(column.iloc[0])!r}): it cannot explain anything; "
            "take it out of the formula"
        )
