"""Fit a mixed model written in lme4's notation to a tidy table: to the rows and columns of it that can be used."""

import re
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import linalg

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.base.threads import one_blas_thread
from xtransfer_stats.mixedmodels.identifiability import require_determined
from xtransfer_stats.mixedmodels.likelihood.crossproducts import Array
from xtransfer_stats.mixedmodels.mixed import RandomTerm, fit_mixed
from xtransfer_stats.mixedmodels.mixedfit import MixedFit
from xtransfer_stats.mixedmodels.notation.dialect import in_backticks, unquoted
from xtransfer_stats.mixedmodels.notation.formulaeadapter import design
from xtransfer_stats.mixedmodels.notation.knownrows import apart, require_offsets_alone, row_weights
from xtransfer_stats.mixedmodels.notation.limits import MOST_CELLS, MOST_SLOPES
from xtransfer_stats.mixedmodels.notation.magnitudes import require_held, require_squarable
from xtransfer_stats.mixedmodels.notation.notation import Notation, RandomPart, read_formula
from xtransfer_stats.mixedmodels.notation.usable import complete_rows, first_bad, usable
from xtransfer_stats.mixedmodels.randomterms import shared_term

EXPLAINED = 1e-14  # share of the response's variance below which a residual is rounding
NEARLY_EXPLAINED = 1e-8  # the same where the search failed too
LEAST_RESIDUALS = 2  # rows of a level with a residual variance of its own
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
    source: "FormulaRows | None" = field(repr=False, default=None)


@dataclass(frozen=True)
class FormulaRows:
    """What a fit was made of, for all that is asked of it later.

    frame: the rows that entered, numbers and categories. rows: (n,) their places in the user's table, from 0. kept:
    positions in the fixed part's columns of those with a coefficient. offset: (n,) taken out of the response; 0 where
    there is none. residual: (n,) residual group of each row, None where all have one variance.
    """

    notation: Notation
    frame: pd.DataFrame
    rows: NDArray[np.intp]
    kept: tuple[int, ...]
    offset: Array
    residual: NDArray[np.int64] | None
    residual_column: str | None = None
    weight_column: str | None = None


@one_blas_thread()
def fit_formula(
    formula: str, data: pd.DataFrame, *, reml: bool = True, residual: str | None = None, weights: str | None = None
) -> FormulaFit:
    """Fit `formula`, such as 'y ~ a * b + (1 + a | g) + (1 | h)', to the rows of `data`.

    residual: a column whose levels have a residual variance each. weights: a column of positive numbers; a row's
    residual variance is the model's over its weight, as in lme4.

    Texts in the fixed part are categorical (treatment coding, levels in order), grouping columns always are.
    Rows with a missing value in a named column and fixed effects that repeat others are dropped, with a note.
    Raises FitError, naming column, value and remedy, when nothing can be estimated.
    """
    notation = _notation(formula, data)
    frame, dropped = usable(data, notation, residual)
    rows = complete_rows(data, notation, residual)
    w = None if weights is None else row_weights(data, weights, rows)
    y, X, names, terms, offset = _fixed(notation, frame)
    y = y - offset
    kept = independent(X)
    repeated = ", ".join(name for i, name in enumerate(names) if i not in kept)
    notes = (*dropped, f"fixed effects dropped because others determine them: {repeated}") if repeated else dropped
    random = [_random_term(part, frame) for part in notation.random]
    groups, levels = _residual_groups(frame, residual)
    fit = fit_mixed(y, X[:, kept], [names[i] for i in kept], random, reml=reml, residual_groups=groups, weights=w)
    _require_sound(fit, y, formula)
    columns = {term: tuple(kept.index(i) for i in places if i in kept) for term, places in terms.items()}
    source = FormulaRows(notation, frame, rows, tuple(kept), offset, groups, residual, weights)
    return FormulaFit(formula, fit, columns, (*notes, *fit.notes), y, levels, source)


def _notation(formula: str, data: pd.DataFrame) -> Notation:
    """The formula taken apart; a name of the table without its backticks is what an error names first."""
    try:
        return read_formula(formula)
    except FitError:
        if (bare := unquoted(formula, map(str, data.columns))) is None:
            raise
    raise FitError(f"formula {formula!r}: {in_backticks(bare)}")


def _require_sound(fit: MixedFit, y: Array, formula: str) -> None:
    """Refuse a fit that is none: one of many, one without a residual, or a search that found no minimum."""
    unit = 1.0 if fit.weights is None else float(np.mean(1 / fit.weights))
    share = unit * float(np.min(fit.residual_variance)) / float(np.var(y))
    if share < EXPLAINED or (fit.state == "failed" and share < NEARLY_EXPLAINED):
        raise FitError(
            f"formula {formula!r}: the model explains every row but for rounding, so that nothing is left to tell its "
            "error by; is the response computed from other columns, or are there too few rows for the terms?"
        )
    require_determined(fit)
    if fit.state == "failed":
        raise FitError(
            f"formula {formula!r}: the search for the estimates found no minimum (largest derivative "
            f"{fit.gradient_norm:.2g} after {fit.evaluations} evaluations): leave out a random term or a slope, "
            "write || in place of |, or bring covariates to similar scales"
        )


def _residual_groups(frame: pd.DataFrame, column: str | None) -> tuple[NDArray[np.int64] | None, tuple[str, ...]]:
    """Level of each row and the levels' names, of the column with a residual variance each."""
    if column is None:
        return None, ()
    codes, levels = pd.factorize(frame[column].astype(str), sort=True)
    alone = levels[np.bincount(codes) < LEAST_RESIDUALS]
    if len(alone):
        raise FitError(
            f"residual {column!r}: {len(alone)} of {len(levels)} levels have one row ({alone[0]!r} is the first), "
            "which says nothing of a variance; name a column with several rows a level",
            ["residual"],
        )
    return codes, tuple(levels)


def _fixed(notation: Notation, frame: pd.DataFrame) -> tuple[Array, Array, list[str], dict[str, range], Array]:
    """Response (n,), fixed effects (n, p), their names, the positions of each term, and the offset (n,)."""
    require_offsets_alone(notation.fixed, notation.text, allowed=True)
    require_held(notation.fixed, frame, notation.text, MOST_CELLS)
    matrices = design(notation.fixed, frame, notation.text)
    y = np.asarray(matrices.response.design_matrix, dtype=float)
    if y.ndim != 1:
        raise FitError(f"formula {notation.text!r}: the response has {y.shape[1]} columns; write one response")
    if not np.all(np.isfinite(y)):
        raise FitError(f"formula {notation.text!r}: the response {first_bad(y, frame, notation.response)}")
    require_squarable(y, f"formula {notation.text!r}: the response")
    if matrices.common is None:
        raise FitError(f"formula {notation.text!r} has no fixed effect: keep at least the intercept")
    X, names, terms, offset = apart(matrices.common)
    if not names:
        raise FitError(f"formula {notation.text!r} has no fixed effect: keep at least the intercept")
    _finite(offset.to_frame("offset"), frame, notation.text)
    return y, _finite(X, frame, notation.text), names, terms, offset.to_numpy()


def _random_term(part: RandomPart, frame: pd.DataFrame) -> RandomTerm:
    if part.shared:
        return shared_term(part.label, frame[part.group[0]])
    codes = _codes(part.group, frame)
    if part.effects == "1":
        ones = np.broadcast_to(np.ones((1, 1)), (len(codes), 1))  # one number: no column of ones is looked through
        return RandomTerm(part.label, codes, int(codes.max()) + 1, ones, ("Intercept",))
    text = f"({part.effects} | {part.label})"
    require_offsets_alone(part.effects, text, allowed=False)
    require_held(part.effects, frame, text, MOST_SLOPES * len(frame))
    common = design(part.effects, frame, text).common
    if common is None:
        raise FitError(f"random term {text} has no effect: write (1 | {part.label})")
    table = common.as_dataframe()
    values = _finite(table, frame, text)
    return RandomTerm(part.label, codes, int(codes.max()) + 1, values, tuple(map(str, table.columns)))


def _codes(group: tuple[str, ...], frame: pd.DataFrame) -> NDArray[np.int64]:
    """Level of each row, 0..levels-1, in sorted order."""
    if len(group) == 1:
        return pd.factorize(frame[group[0]], sort=True)[0].astype(np.int64, copy=False)
    return frame.groupby(list(group), sort=True, observed=True).ngroup().to_numpy(dtype=np.int64)


def _finite(table: pd.DataFrame, frame: pd.DataFrame, text: str) -> Array:
    values = table.to_numpy(dtype=float)
    bad = ~np.all(np.isfinite(values), axis=0)
    if np.any(bad):
        name = table.columns[bad][0]
        used = [one for one in frame.columns if re.search(rf"(?<![\w.]){re.escape(one)}(?![\w.])", name)]
        raise FitError(f"formula {text!r}: {name!r} {first_bad(values[:, bad][:, 0], frame, used)}")
    for name, column in zip(table.columns, values.T, strict=True):
        require_squarable(column, f"formula {text!r}: {name!r}")
    return values


def independent(X: Array) -> list[int]:
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
