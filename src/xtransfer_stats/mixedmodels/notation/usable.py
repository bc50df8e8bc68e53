"""The rows and columns of a table that a formula can use: gaps dropped and counted, texts turned into levels."""

from collections.abc import Iterable
from difflib import get_close_matches

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.notation.dialect import in_backticks, instead_of, unquoted
from xtransfer_stats.mixedmodels.notation.magnitudes import require_squarable
from xtransfer_stats.mixedmodels.notation.notation import Notation

NUMBER_LIKE = 0.5  # share of a text column's cells that read as numbers or dates from which a sentence says so
MANY_LEVELS = 100  # of a text of dates in the fixed part: hundreds of coefficients that nobody meant


def usable(data: pd.DataFrame, notation: Notation, beside: str | None = None) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The named columns and the one `beside`, complete rows only, texts categorical; and a note on the rows dropped.

    Raises FitError for an unknown column, an infinite value, a constant or non-numeric response, a one-level
    factor.
    """
    frame = _named(data, notation, beside)
    gaps = frame.isna()
    notes = _dropped(gaps, data)
    kept = frame[~gaps.any(axis=1)].reset_index(drop=True) if notes else frame
    if kept.empty:
        raise FitError(_none_complete(gaps))
    _require_few_dates(kept, notation)
    notes += tuple(filter(None, (_number_like(kept[name], frame[name]) for name in sorted(notation.predictors))))
    typed = kept.assign(**{name: _typed(kept[name]) for name in notation.response | notation.predictors})
    for name in notation.response:
        _require_response(typed[name], frame[name])
    for name in sorted(notation.predictors - notation.response):
        _require_varying(typed[name])
    return typed, notes


def complete_rows(data: pd.DataFrame, notation: Notation, beside: str | None = None) -> NDArray[np.intp]:
    """Places in `data`, from 0, of the rows that `usable` keeps."""
    return np.flatnonzero(_named(data, notation, beside).notna().all(axis=1).to_numpy())


def _named(data: pd.DataFrame, notation: Notation, beside: str | None) -> pd.DataFrame:
    """The columns that the formula names, numbered from row 0."""
    names = notation.columns | ({beside} if beside else set())
    _require_known(data, names | notation.named, notation.text)
    frame = data[sorted(names)].reset_index(drop=True)
    return frame.assign(**{name: frame[name].fillna("").astype(str) for name in notation.memberships})


def _require_known(data: pd.DataFrame, names: Iterable[str], text: str) -> None:
    columns = [str(name) for name in data.columns]
    for name in sorted(names):
        if name not in columns:
            if (bare := unquoted(text, columns)) is not None:
                raise FitError(f"formula {text!r}: {in_backticks(bare)}")
            near = get_close_matches(name, columns, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"the table has {', '.join(columns)}"
            raise FitError(f"formula {text!r}: the table has no column {name!r}{instead_of(name) or f'; {hint}'}")


def _dropped(gaps: pd.DataFrame, data: pd.DataFrame) -> tuple[str, ...]:
    lost = int(gaps.any(axis=1).sum())
    if lost == 0:
        return ()
    named = ", ".join(f"{name} ({int(count)})" for name, count in gaps.sum().items() if count)
    return (f"{lost} of {len(data)} rows dropped for missing values in {named}",)


def _none_complete(gaps: pd.DataFrame) -> str:
    empty = [str(name) for name, gap in gaps.items() if gap.all()]
    if empty:
        return f"{', '.join(map(repr, empty))} is empty in every row: leave it out of the formula, or fill it"
    counts = ", ".join(f"{name} ({int(count)})" for name, count in gaps.sum().items() if count)
    return f"no row is complete in the columns that the formula names; gaps, of {len(gaps)} rows, in {counts}"


def _is_text(column: pd.Series) -> bool:
    return bool(pd.api.types.is_string_dtype(column) or pd.api.types.is_object_dtype(column))


def _number_like(kept: pd.Series, whole: pd.Series) -> str | None:
    """The sentence on a text column most of whose cells are numbers: one stray cell makes it a category."""
    if not _is_text(kept):
        return None
    numbers = pd.to_numeric(kept, errors="coerce")
    if numbers.notna().mean() < NUMBER_LIKE:
        return None
    stray = _first_stray(whole)
    because = f"row {stray[0]} holds {stray[1]!r}" if stray else "its cells are texts"
    return (
        f"column {kept.name!r} enters as a category of {kept.nunique()} levels, though most of its cells are numbers "
        f"({because}); if it is a number, mend that cell or leave it empty"
    )


def _first_stray(column: pd.Series) -> tuple[int, str] | None:
    """Row, counted from 1, and text of the first cell that is neither empty nor a number."""
    strays = column.notna() & pd.to_numeric(column, errors="coerce").isna()
    if not strays.any():
        return None
    place = int(np.argmax(strays.to_numpy()))
    return place + 1, str(column.iloc[place])


def _require_few_dates(frame: pd.DataFrame, notation: Notation) -> None:
    """Refuse texts of dates and times with a level for nearly every row, which would be as many coefficients."""
    for name in sorted(notation.predictors):
        column = frame[name]
        if not _is_text(column) or column.nunique() <= MANY_LEVELS:
            continue
        some = column.head(MANY_LEVELS).astype(str)
        if some.str.contains(r"^\d{1,4}[-/.:]\d{1,2}[-/.:]\d{1,4}").mean() > NUMBER_LIKE:
            raise FitError(
                f"column {name!r} is a text of dates or times ({some.iloc[0]!r}) with {column.nunique()} levels, each "
                "of which would be a coefficient; make it a number, such as days since the first"
            )


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
    require_squarable(number.to_numpy(), f"column {column.name!r}")
    return number


def _levels(column: pd.Series) -> pd.Series:
    """Categorical with the levels that occur, in order; `formulae` looks for the levels itself if it has no order."""
    known = column if isinstance(column.dtype, pd.CategoricalDtype) else column.astype(str).astype("category")
    used = known.cat.remove_unused_categories()
    return used if used.cat.ordered else used.cat.set_categories(sorted(used.cat.categories), ordered=True)


def _require_response(column: pd.Series, whole: pd.Series) -> None:
    if not pd.api.types.is_float_dtype(column):
        stray = _first_stray(whole) if _is_text(whole) else None
        row, text = stray or (1, str(whole.iloc[0]))
        raise FitError(
            f"the response {column.name!r} is not a number: row {row} holds {text!r}; write a number there, or leave "
            "the cell empty"
        )
    if (column == column.iloc[0]).all():
        raise FitError(f"the response {column.name!r} is {column.iloc[0]:g} in every row: there is nothing to explain")


def _require_varying(column: pd.Series) -> None:
    if isinstance(column.dtype, pd.CategoricalDtype) and len(column.cat.categories) < 2:
        raise FitError(
            f"column {column.name!r} has one level ({str(column.iloc[0])!r}): it cannot explain anything; "
            "take it out of the formula"
        )


def first_bad(values: np.ndarray, frame: pd.DataFrame, columns: Iterable[str]) -> str:
    """Where an expression of columns is not a finite number: the first such row of those that enter, and its cells."""
    place = int(np.argmax(~np.isfinite(values)))
    cells = ", ".join(f"{name} = {frame[name].iloc[place]}" for name in sorted(columns))
    row = f"row {place + 1} of those that enter ({cells})"
    return f"is not finite: {values[place]:g} in {row}; leave the row out, or mend it"
