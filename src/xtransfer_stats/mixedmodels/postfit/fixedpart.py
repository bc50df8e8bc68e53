"""The fixed part of a fitted formula as an encoder: any row of the predictors becomes columns as the fit's rows did."""

from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from formulae.categorical import Sum, Treatment
from numpy.typing import NDArray

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.formula import FormulaFit
from xtransfer_stats.mixedmodels.notation.formulaeadapter import INTERCEPT, design, is_offset, term_columns
from xtransfer_stats.mixedmodels.randomterms import Array

TWO_VALUES = 2  # of a number: a covariate of so few is taken as a factor, as emmeans does
NOT_ESTIMABLE = 1e-8  # squared share of a combination outside the rows' space from which it has no estimate


@dataclass(frozen=True)
class FixedPart:
    """The terms of the fixed part with the state that the fit's rows gave them (knots, means, codings).

    frame: the rows of the fit. kept: positions, in all columns, of those with a coefficient. written: the terms that
    the formula names. factors: levels of each categorical predictor and of each number of two values; covariates: the
    other predictors. All in formula's order.
    """

    text: str
    frame: pd.DataFrame
    kept: tuple[int, ...]
    terms: tuple[Any, ...] = field(repr=False)  # of the library formulae
    offsets: tuple[Any, ...] = field(repr=False)
    factors: dict[str, list[Any]]
    covariates: tuple[str, ...]
    written: tuple[str, ...]  # the library may add others before one of them

    def columns(self, rows: pd.DataFrame) -> Array:
        """All columns (m, all) of the fixed part at rows of the predictors; raises FitError where they have none."""
        return self._encoded(self.terms, rows)

    def offset(self, rows: pd.DataFrame) -> Array:
        """What the formula adds to each row with a coefficient of one, (m,)."""
        return self._encoded(self.offsets, rows).sum(axis=1) if self.offsets else np.zeros(len(rows))

    def sum_coded(self) -> Array:
        """All columns (n, all) at the fit's rows, with every coding but the full one replaced by sum to zero."""
        return self._encoded(tuple(_sum_coded(term) for term in self.terms), self.frame)

    def places(self) -> dict[str, list[int]]:
        """Positions, in all columns, of each term that the formula names."""
        found: dict[str, list[int]] = {}
        start, before = 0, list[int]()
        for term in self.terms:
            width = 1 if term.data.ndim == 1 else term.data.shape[1]
            before += range(start, start + width)
            start += width
            if term.name in self.written:
                found[term.name], before = before, []
        return found

    def estimable(self, L: Array) -> NDArray[np.bool_]:
        """Whether the rows of the fit determine each combination L (m, all) of the coefficients."""
        if len(self.kept) == L.shape[1]:
            return np.ones(len(L), dtype=bool)
        scaled = L / self._lengths
        outside = np.sum((scaled @ self._null) ** 2, axis=1)
        return np.asarray(outside <= NOT_ESTIMABLE * np.maximum(np.sum(scaled**2, axis=1), np.finfo(float).tiny))

    @cached_property
    def _whole(self) -> Array:
        return self.columns(self.frame)

    @cached_property
    def _lengths(self) -> Array:
        lengths = np.linalg.norm(self._whole, axis=0)
        return np.where(lengths > 0, lengths, 1.0)

    @cached_property
    def _null(self) -> Array:
        """Orthonormal directions (all, dropped) of coefficients, in units of the columns' lengths, that no row sees."""
        X, kept = self._whole / self._lengths, list(self.kept)
        dropped = [i for i in range(X.shape[1]) if i not in self.kept]
        directions = np.zeros((X.shape[1], len(dropped)))
        directions[kept] = -np.linalg.lstsq(X[:, kept], X[:, dropped], rcond=None)[0]
        directions[dropped, range(len(dropped))] = 1.0
        return np.linalg.qr(directions)[0]

    def _encoded(self, terms: tuple[Any, ...], rows: pd.DataFrame) -> Array:
        """Columns of some terms; rows with every level stand in front, as codings refuse a column that lacks one."""
        named = [name for name in self.frame.columns if name in rows.columns]
        levels = [self.frame.drop_duplicates(name) for name in named if name in self.factors]
        front = pd.concat(levels)[named] if levels and rows is not self.frame else self.frame[named].head(0)
        whole = pd.concat([front, rows[named]], ignore_index=True) if len(front) else rows[named]
        try:
            with np.errstate(all="ignore"):  # what is not finite is refused below
                values = np.column_stack([term.eval_new_data(whole) for term in terms]).astype(float)[len(front) :]
        except Exception as error:  # of whatever function the formula calls
            raise FitError(f"formula {self.text!r}: cannot evaluate the fixed part there ({error})") from error
        if not np.all(np.isfinite(values)):
            raise FitError(f"formula {self.text!r}: the fixed part is not finite there: give other values")
        return values


def fixed_part(fitted: FormulaFit) -> FixedPart:
    """The encoder of a fitted formula; raises FitError for a fit that was not made from a formula and a table."""
    source = fitted.source
    if source is None:
        raise FitError("this fit keeps no rows to encode others by: fit the formula to its table again")
    common = design(source.notation.fixed, source.frame, source.notation.text).common
    if common is None:  # a fixed part without columns is refused before any fit
        raise FitError(f"formula {fitted.formula!r} has no fixed effect")
    terms = tuple(term for term in common.terms.values() if not is_offset(term))
    offsets = tuple(term for term in common.terms.values() if is_offset(term))
    columns = term_columns(source.notation.fixed)
    named = [name for names in (*columns.values(), *(set(one.var_names) for one in offsets)) for name in sorted(names)]
    factors, covariates = _predictors(dict.fromkeys(named), terms, source.frame)
    written = (INTERCEPT, *columns)
    return FixedPart(fitted.formula, source.frame, source.kept, terms, offsets, factors, covariates, written)


def _predictors(
    named: dict[str, None], terms: tuple[Any, ...], frame: pd.DataFrame
) -> tuple[dict[str, list[Any]], tuple[str, ...]]:
    """Levels of each factor, and the covariates."""
    components = [one for term in terms for one in getattr(term, "components", ())]
    coded = {str(one.name): one for one in components if one.kind == "categoric"}
    of_calls = {next(iter(one.var_names)): one for one in coded.values() if len(one.var_names) == 1}
    factors: dict[str, list[Any]] = {}
    for name in named:
        column = frame[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            factors[name] = list(column.cat.categories)
        elif name in of_calls or column.nunique() <= TWO_VALUES:
            factors[name] = sorted(column.unique())
    return factors, tuple(name for name in named if name not in factors)


def _sum_coded(term: Any) -> Any:
    """The term with its factors' codings replaced: sum to zero, or a column a level where it holds the constant too."""
    other = copy(term)
    other.components = [_recoded(one) for one in getattr(term, "components", ())]
    return other if other.components else term


def _recoded(component: Any) -> Any:
    if component.kind != "categoric":
        return component
    other = copy(component)
    full = component.spans_intercept
    levels = list(component.levels)
    other.contrast_matrix = Treatment().code_with_intercept(levels) if full else Sum().code_without_intercept(levels)
    return other
