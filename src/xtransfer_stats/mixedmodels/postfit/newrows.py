"""Other rows seen by a fit: their columns of fixed and random effects, as its own rows' were made.

What a formula remembers of the fit's rows (means and sds of scale(), knots of splines, levels) is used again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from formulae.matrices import CommonEffectsMatrix
from numpy.typing import NDArray

from xtransfer_stats.base.errors import DataError, FitError
from xtransfer_stats.base.resources import nearest
from xtransfer_stats.base.usertext import few, shown
from xtransfer_stats.mixedmodels.formula import FormulaFit, FormulaRows
from xtransfer_stats.mixedmodels.notation.formulaeadapter import design
from xtransfer_stats.mixedmodels.notation.knownrows import apart
from xtransfer_stats.mixedmodels.notation.notation import RandomPart
from xtransfer_stats.mixedmodels.postfit.levels import UNKNOWN, codes_among, keys_of, level_keys
from xtransfer_stats.mixedmodels.randomterms import JOIN, Array

MOST_NAMED = 5  # levels that an error lists


@dataclass(frozen=True)
class NewTerm:
    """A random term at new rows. codes: (m,) levels, UNKNOWN where the fit has none such; covariates: (m, k)."""

    codes: NDArray[np.int64]
    covariates: Array
    shared: bool = False  # covariates (m, levels) are weights, codes unused


@dataclass(frozen=True)
class NewRows:
    """The m rows without gaps of a new table. X: (m, p), offset: (m,), terms: one a random term, None where left out.

    places: (m,) where they stand among the `n` rows of the table. weights: (m,), residual: (m,) residual groups.
    """

    n: int
    places: NDArray[np.intp]
    X: Array
    offset: Array
    terms: tuple[NewTerm | None, ...]
    weights: Array
    residual: NDArray[np.int64]


def new_rows(fitted: FormulaFit, table: pd.DataFrame, grouped: Sequence[bool], *, whole: bool) -> NewRows:
    """A new table as the fit sees it.

    grouped: of each random term, whether its levels are looked up. whole: residual columns are needed too. Raises
    DataError that names the column, the row or the level for what the fit cannot place.
    """
    source = source_of(fitted)
    columns = _needed(source, grouped, whole=whole)
    known = [str(name) for name in table.columns]
    for name in columns:
        if name not in known:
            raise DataError(
                f"the new table has no column {name!r}, which the formula names; "
                f"{nearest(name, known)}it has {', '.join(known)}",
                ["new_table"],
            )
    frame = table[list(columns)].reset_index(drop=True)
    sets = [name for name in source.notation.memberships if name in columns]
    frame = frame.assign(**{name: frame[name].fillna("").astype(str) for name in sets})  # as the fit's: no members
    gaps = frame[[name for name, filled in columns.items() if filled]].isna().any(axis=1).to_numpy()
    rows = frame[~gaps].reset_index(drop=True)
    places = np.flatnonzero(~gaps)
    typed = rows.assign(
        **{name: _typed(rows[name], source.frame[name], places) for name in sorted(source.notation.predictors)}
    )
    X, offset = _fixed(source, typed)
    terms = tuple(
        _term(part, source, rows, typed, looked) if looked or whole else None
        for part, looked in zip(source.notation.random, grouped, strict=True)
    )
    weights, residual = _residual(source, rows, places, whole=whole)
    return NewRows(len(frame), places, X, offset, terms, weights, residual)


def source_of(fitted: FormulaFit) -> FormulaRows:
    """What the fit was made of; raises FitError for a fit of arrays."""
    if fitted.source is None:
        raise FitError("this fit was made of arrays: fit a formula to a table to ask for predictions")
    return fitted.source


def _needed(source: FormulaRows, grouped: Sequence[bool], *, whole: bool) -> dict[str, bool]:
    """Columns that are looked at, and whether a gap in one leaves the row without a prediction."""
    needed = dict.fromkeys(sorted(source.notation.predictors), True)
    for part, looked in zip(source.notation.random, grouped, strict=True):
        if looked or (whole and part.shared):
            needed |= {name: needed.get(name, part.shared) for name in part.group}
    extra = (source.residual_column, source.weight_column) if whole else ()
    return needed | {name: True for name in extra if name}


def _typed(column: pd.Series, fitted: pd.Series, places: NDArray[np.intp]) -> pd.Series:
    """A column with the type that it has in the fit: a number, or a category among the fit's levels."""
    if isinstance(fitted.dtype, pd.CategoricalDtype):
        codes = codes_among([(one,) for one in keys_of(pd.Series(fitted.cat.categories))], [column])
        if np.any(codes == UNKNOWN):
            wrong = sorted({str(value) for value in column[codes == UNKNOWN]})
            levels = [str(one) for one in fitted.cat.categories]
            raise DataError(
                f"the new table's column {column.name!r} holds {few(list(map(repr, wrong)), MOST_NAMED)}, which the "
                f"fit has not seen: its levels are {few(levels, 20)}; write one of them, or leave these rows out",
                ["new_table"],
            )
        return pd.Series(pd.Categorical.from_codes(codes, dtype=fitted.dtype), name=column.name)
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    bad = ~np.isfinite(values)
    if np.any(bad):
        place = int(np.argmax(bad))
        raise DataError(
            f"the new table's column {column.name!r} holds {shown(column.astype(object).iloc[place])} in row "
            f"{int(places[place]) + 1}, where the fit has numbers: write a number there, or leave the cell empty",
            ["new_table"],
        )
    return pd.Series(values, name=column.name)


def _fixed(source: FormulaRows, rows: pd.DataFrame) -> tuple[Array, Array]:
    """X (m, p) and offset (m,)."""
    common = design(source.notation.fixed, source.frame, source.notation.text).common
    table, _, _, offset = apart(_at(common, rows, source.notation.text))
    return table.to_numpy(dtype=float)[:, list(source.kept)], offset.to_numpy()


def _at(common: CommonEffectsMatrix | None, rows: pd.DataFrame, text: str) -> CommonEffectsMatrix:
    """The columns of a part at other rows, with what it remembers of the fit's."""
    if common is None:  # a part without columns is refused before any fit
        raise FitError(f"formula {text!r} has no fixed effect")
    try:
        with np.errstate(all="ignore"):
            made = common.evaluate_new_data(rows)
    except Exception as error:  # of whatever function the formula calls
        raise DataError(f"the new table cannot be put into {shown(text, 200)} ({error})", ["new_table"]) from error
    bad = ~np.isfinite(np.asarray(made.design_matrix, dtype=float))
    if np.any(bad):
        row, column = map(int, np.argwhere(bad)[0])
        name = made.as_dataframe().columns[column]
        cells = ", ".join(f"{one} = {rows[one].iloc[row]}" for one in rows.columns if one in str(name))
        raise DataError(
            f"the new table: {name} is no finite number in a row ({cells}); mend it, or leave the row out",
            ["new_table"],
        )
    return made


def _term(part: RandomPart, source: FormulaRows, rows: pd.DataFrame, typed: pd.DataFrame, looked: bool) -> NewTerm:
    if part.shared:
        return _members(part, source, rows)
    known = level_keys(part, source.frame)
    columns = [rows[name] for name in part.group] if looked else []
    codes = codes_among(known, columns) if looked else np.full(len(rows), UNKNOWN, dtype=np.int64)
    if part.effects == "1":
        return NewTerm(codes, np.ones((len(rows), 1)))
    common = design(part.effects, source.frame, source.notation.text).common
    return NewTerm(codes, np.asarray(_at(common, typed, source.notation.text).design_matrix, dtype=float))


def _members(part: RandomPart, source: FormulaRows, rows: pd.DataFrame) -> NewTerm:
    """Weights of several levels a row, as `shared_term` makes them; a member that the fit has not seen is refused."""
    column = part.group[0]
    sets = [[one for one in str(text).split(JOIN) if one] for text in rows[column]]
    levels = sorted({one for text in source.frame[column].unique() for one in str(text).split(JOIN) if one})
    wrong = sorted({one for members in sets for one in members} - set(levels))
    if wrong:
        raise DataError(
            f"the new table's column {column!r} holds {few(list(map(repr, wrong)), MOST_NAMED)}, which mm({column}) of "
            f"the fit has not: it has {few(levels, 20)}; leave these rows out",
            ["new_table"],
        )
    weights = np.array([[one in members for one in levels] for members in sets], dtype=float).reshape(-1, len(levels))
    size = weights.sum(axis=1, keepdims=True)
    centred = np.where(size > 0, weights / np.maximum(size, 1) - 1 / len(levels), 0.0)
    return NewTerm(np.zeros(len(rows), dtype=np.int64), centred, shared=True)


def _residual(
    source: FormulaRows, rows: pd.DataFrame, places: NDArray[np.intp], *, whole: bool
) -> tuple[Array, NDArray[np.int64]]:
    """Weight and residual group of each row: 1 and 0 where the fit has none, or they are not asked for."""
    weights, groups = np.ones(len(rows)), np.zeros(len(rows), dtype=np.int64)
    if not whole:
        return weights, groups
    if source.residual_column is not None:
        fitted = source.frame[source.residual_column].astype(str).astype("category")
        groups = np.asarray(_typed(rows[source.residual_column], fitted, places).cat.codes, dtype=np.int64)
    if source.weight_column is not None:
        weights = pd.to_numeric(rows[source.weight_column], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        bad = ~(np.isfinite(weights) & (weights > 0))
        if np.any(bad):
            row = int(places[int(np.argmax(bad))]) + 1
            raise DataError(
                f"the new table's column {source.weight_column!r} holds no positive number in row {row}: a prediction "
                "interval needs the weight of the new observation",
                ["new_table"],
            )
    return weights, groups
