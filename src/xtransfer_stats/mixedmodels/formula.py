"""Fit a mixed model written in lme4's notation to a tidy table: to the rows and columns of it that can be used."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import linalg

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.base.threads import one_blas_thread
from xtransfer_stats.mixedmodels.crossproducts import Array
from xtransfer_stats.mixedmodels.formulaeadapter import design
from xtransfer_stats.mixedmodels.limits import MOST_CELLS, MOST_SLOPES
from xtransfer_stats.mixedmodels.magnitudes import require_held, require_squarable
from xtransfer_stats.mixedmodels.mixed import RandomTerm, fit_mixed
from xtransfer_stats.mixedmodels.mixedfit import MixedFit
from xtransfer_stats.mixedmodels.notation import Notation, RandomPart, read_formula
from xtransfer_stats.mixedmodels.randomterms import shared_term

DEPENDENT = 1e-7  # share of a column's length left beside the columns before it, as in R


@dataclass(frozen=True)
class FormulaFit:
    """A fit, the formula it came from, and which coefficients belong to which term of the formula."""

    formula: str
    fit: MixedFit
    columns: dict[str, tuple[int, ...]]  # term of the fixed part -> positions in fit.beta
    notes: tuple[str, ...]  # rows and columns dropped, then the notes of the fit
    response: Array = field(repr=False)  # (n,) of the rows kept
    residual_levels: tuple[str, ...] = ()  # of the column with a residual variance a level, in the order of the fit


@one_blas_thread()
def fit_formula(formula: str, data: pd.DataFrame, *, reml: bool = True, residual: str | None = None) -> FormulaFit:
    """Fit `formula`, such as 'y ~ a * b + (1 + a | g) + (1 | h)', to the rows of `data`.

    residual: a column whose levels have a residual variance each.

    Texts in the fixed part are categorical (treatment coding, levels in order), grouping columns always are.
    Rows with a missing value in a named column and fixed effects that repeat others are dropped, with a note.
    Raises FitError, naming column, value and remedy, when nothing can be estimated.
    """
    notation = read_formula(formula)
    frame, dropped = usable(data, notation, residual)
    y, X, names, terms = _fixed(notation, frame)
    kept = _independent(X)
    repeated = ", ".join(name for i, name in enumerate(names) if i not in kept)
    notes = (*dropped, f"fixed effects dropped because others determine them: {repeated}") if repeated else dropped
    random = [_random_term(part, frame) for part in notation.random]
    groups, levels = pd.factorize(frame[residual].astype(str), sort=True) if residual else (None, ())
    fit = fit_mixed(y, X[:, kept], [names[i] for i in kept], random, reml=reml, residual_groups=groups)
    columns = {term: tuple(kept.index(i) for i in places if i in kept) for term, places in terms.items()}
    return FormulaFit(formula, fit, columns, (*notes, *fit.notes), y, tuple(levels))


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
    require_squarable(number.to_numpy(), f"column {column.name!r}")
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


def _fixed(notation: Notation, frame: pd.DataFrame) -> tuple[Array, Array, list[str], dict[str, range]]:
    """Response (n,), fixed effects (n, p), their names, and the positions of each term."""
    require_held(notation.fixed, frame, notation.text, MOST_CELLS)
    matrices = design(notation.fixed, frame, notation.text)
    y = np.asarray(matrices.response.design_matrix, dtype=float)
    if y.ndim != 1 or not np.all(np.isfinite(y)):
        raise FitError(f"formula {notation.text!r}: the response is not a finite number in every row")
    require_squarable(y, f"formula {notation.text!r}: the response")
    if matrices.common is None:
        raise FitError(f"formula {notation.text!r} has no fixed effect: keep at least the intercept")
    table = matrices.common.as_dataframe()
    terms = {name: range(place.start, place.stop) for name, place in matrices.common.slices.items()}
    return y, _finite(table, notation.text), [str(name) for name in table.columns], terms


def _random_term(part: RandomPart, frame: pd.DataFrame) -> RandomTerm:
    if part.shared:
        return shared_term(part.label, frame[part.group[0]])
    codes = _codes(part.group, frame)
    if part.effects == "1":
        ones = np.broadcast_to(np.ones((1, 1)), (len(codes), 1))  # one number: no column of ones is looked through
        return RandomTerm(part.label, codes, int(codes.max()) + 1, ones, ("Intercept",))
    text = f"({part.effects} | {part.label})"
    require_held(part.effects, frame, text, MOST_SLOPES * len(frame))
    common = design(part.effects, frame, text).common
    if common is None:
        raise FitError(f"random term {text} has no effect: write (1 | {part.label})")
    table = common.as_dataframe()
    values = _finite(table, text)
    return RandomTerm(part.label, codes, int(codes.max()) + 1, values, tuple(map(str, table.columns)))


def _codes(group: tuple[str, ...], frame: pd.DataFrame) -> NDArray[np.int64]:
    """Level of each row, 0..levels-1, in sorted order."""
    if len(group) == 1:
        return pd.factorize(frame[group[0]], sort=True)[0].astype(np.int64, copy=False)
    return frame.groupby(list(group), sort=True, observed=True).ngroup().to_numpy(dtype=np.int64)


def _finite(table: pd.DataFrame, text: str) -> Array:
    values = table.to_numpy(dtype=float)
    bad = ~np.all(np.isfinite(values), axis=0)
    if np.any(bad):
        raise FitError(f"formula {text!r}: {table.columns[bad][0]!r} is not finite in every row")
    for name, column in zip(table.columns, values.T, strict=True):
        require_squarable(column, f"formula {text!r}: {name!r}")
    return values


def _independent(X: Array) -> list[int]:
    """Positions of the columns that are no combination of the columns before them."""
    if _plainly_independent(X):
        return list(range(X.shape[1]))
    kept: list[int] = []
    basis = np.zeros((len(X), 0))
    for i, column in enumerate(X.T):
        length = np.linalg.norm(column)
        rest = column / (length or 1.0)
        for _ in range(2):
            rest = rest - basis @ (basis.T @ rest)
        left = np.linalg.norm(rest)
        if length > 0 and left > DEPENDENT:
            kept.append(i)
            basis = np.column_stack([basis, rest / left])
    return kept


def _plainly_independent(X: Array) -> bool:
    """Whether a look at X'X settles it: the usual case, and quick."""
    lengths = np.linalg.norm(X, axis=0)
    if np.any(lengths == 0):
        return False
    try:
        triangle = linalg.cholesky(X.T @ X / np.outer(lengths, lengths))
    except linalg.LinAlgError:
        return False
    return bool(np.min(np.diag(triangle)) > np.sqrt(DEPENDENT))
