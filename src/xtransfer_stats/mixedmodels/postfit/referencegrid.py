"""The reference grid: the combinations of predictors at which a fit is read off, and how they are averaged.

Lenth (2016, J. Stat. Softw. 69(1)), as emmeans builds it: factors at their levels, covariates at their mean.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Any

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.base.resources import nearest
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.mixedmodels.postfit.fixedpart import FixedPart
from xtransfer_stats.mixedmodels.postfit.nesting import nested_in
from xtransfer_stats.mixedmodels.randomterms import Array

WEIGHTS = ("equal", "proportional", "outer", "cells")
MOST_CELLS = 100_000
MOST_NUMBERS = 5 * 10**7  # cells times columns
At = Mapping[str, Any]


@dataclass(frozen=True)
class ReferenceGrid:
    """values: of each predictor, in formula's order; a covariate has its mean unless others were given.

    cells: (m, predictors), one row a combination, the first predictor fastest; combinations that a nesting rules out
    are left out. nests: factor -> the factors that it is nested in.
    """

    part: FixedPart
    values: dict[str, list[Any]]
    cells: pd.DataFrame = field(repr=False)
    nests: dict[str, tuple[str, ...]]

    def rows(self) -> pd.DataFrame:
        """The cells with the types of the fit's own columns."""
        typed = {name: self.part.frame[name].dtype for name in self.values}
        return self.cells.astype(typed)

    def margins(self, names: Sequence[str], weights: str) -> tuple[pd.DataFrame, Array]:
        """Combinations of some predictors, the first fastest, and the weights (margins, m) of the cells in each.

        equal: cells alike. proportional: by the rows at each combination of the other factors; outer: by the product
        of each other factor's rows; cells: by the rows of each cell. A margin without any weight has NaN.
        """
        if weights not in WEIGHTS:
            raise FitError(f"weights {shown(weights)}: {nearest(weights, WEIGHTS)}choose {', '.join(WEIGHTS)}")
        keys = list(zip(*(self.cells[name] for name in names), strict=True)) or [()] * len(self.cells)
        held = set(keys)
        combinations = [one[::-1] for one in product(*(self.values[name] for name in reversed(names)))]
        margins = [one for one in combinations if one in held]
        place = {one: i for i, one in enumerate(margins)}
        W = np.zeros((len(margins), len(keys)))
        W[[place[key] for key in keys], range(len(keys))] = self._weights(names, weights)
        total = W.sum(axis=1, keepdims=True)
        shares = np.divide(W, total, out=np.full_like(W, np.nan), where=total > 0)
        return pd.DataFrame(margins, columns=list(names), index=range(len(margins)), dtype=object), shares

    def _weights(self, names: Sequence[str], weights: str) -> Array:
        others = [name for name in self.part.factors if name not in names]
        if weights == "equal":
            return np.ones(len(self.cells))
        if weights == "outer":
            return np.prod([self._counts([name]) for name in others], axis=0) * np.ones(len(self.cells))
        return self._counts(others if weights == "proportional" else list(self.part.factors))

    def _counts(self, factors: list[str]) -> Array:
        """Rows of the fit at each cell's combination of some factors, (m,)."""
        if not factors:
            return np.ones(len(self.cells))
        known = self.part.frame.groupby(factors, observed=True).size()
        if len(factors) == 1:
            return np.array([float(known.get(one, 0)) for one in self.cells[factors[0]]])
        counted = known.to_dict()
        return np.array([float(counted.get(one, 0)) for one in zip(*(self.cells[f] for f in factors), strict=True)])


def reference_grid(part: FixedPart, at: At | None = None) -> ReferenceGrid:
    """The grid of a fixed part; at: values of some predictors in place of all levels or the mean.

    Raises FitError for an unknown predictor, a level that the rows lack, and for too many combinations.
    """
    given = {name: _values(part, name, values) for name, values in (at or {}).items()}
    means = {name: [float(part.frame[name].mean())] for name in part.covariates}
    known = part.factors | means
    values = {name: given.get(name, known[name]) for name in predictors(part)}
    size = prod(map(len, values.values()))
    if size > MOST_CELLS or size * len(part.columns(part.frame.head(1))[0]) > MOST_NUMBERS:
        largest = max(values, key=lambda name: len(values[name]))
        raise FitError(
            f"the fixed part has {size:,} combinations of levels, more than are averaged: choose some of the "
            f"{len(values[largest])} of {largest!r} by at",
            ["at"],
        )
    combinations = [one[::-1] for one in product(*reversed(values.values()))]
    cells = pd.DataFrame(combinations, columns=list(values), index=range(size), dtype=object)
    nests = nested_in(part, [name for name in values if name in part.factors and len(values[name]) > 1])
    for inner, outers in nests.items():
        occurring = set(part.frame[[inner, *outers]].itertuples(index=False, name=None))
        pairs = zip(*(cells[name] for name in (inner, *outers)), strict=True)
        cells = cells[[pair in occurring for pair in pairs]]
    return ReferenceGrid(part, values, cells.reset_index(drop=True), nests)


def predictors(part: FixedPart) -> tuple[str, ...]:
    """Every predictor of the fixed part: factors, then covariates."""
    return (*part.factors, *part.covariates)


def require_predictors(part: FixedPart, names: Iterable[str], argument: str) -> None:
    """Raise FitError for a name that is none of the fixed part's predictors, or that comes twice."""
    names = list(names)
    for name in names:
        if name not in predictors(part):
            known = predictors(part)
            raise FitError(
                f"{argument} {shown(name)}: {nearest(name, known)}the fixed part of {part.text!r} has "
                f"{', '.join(known) or 'no predictor'}",
                [argument],
            )
        if names.count(name) > 1:
            raise FitError(f"{argument} {shown(name)} is named twice: name each predictor once", [argument])


def _values(part: FixedPart, name: str, values: Any) -> list[Any]:
    """Values of a predictor as its column has them."""
    require_predictors(part, [name], "at")
    argument = f"at {name}"
    alone = isinstance(values, str) or not isinstance(values, Iterable)
    asked = [values] if alone else list(values)
    if not asked:
        raise FitError(f"{argument}: no value is given; give one or more, or leave it out", [argument])
    if isinstance(part.frame[name].dtype, pd.CategoricalDtype):
        levels = part.factors[name]
        asked = [str(one) for one in asked]
        for one in asked:
            if one not in levels:
                known = f"{nearest(one, levels)}its levels are {', '.join(levels[:20])}"
                raise FitError(f"{argument} = {shown(one)}: no row has that level; {known}", [argument])
        return list(dict.fromkeys(asked))
    return list(dict.fromkeys(_number(one, argument) for one in asked))


def _number(value: Any, argument: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = np.nan
    if not np.isfinite(number):
        raise FitError(f"{argument} = {shown(value)}: give a number", [argument])
    return number
