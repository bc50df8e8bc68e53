"""The replicate that a formula leaves out: rows that share luck are counted as if each had its own.

`score ~ condition + (1 | seed) + (1 | language)` on a table of runs takes the languages of one run for as many trials
of the condition, though all share the luck of that run: (1 | seed:condition) is what the effect has to be judged by. A
fixed effect is looked at with every grouping column that it varies within: where their crossing has several rows a
level and no random term holds it, the formula is fitted again with the term that would, and both answers are given.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.formula import FormulaFit, fit_formula
from xtransfer_stats.mixedmodels.notation.dialect import PLAIN
from xtransfer_stats.mixedmodels.notation.formulaeadapter import term_columns
from xtransfer_stats.mixedmodels.notation.notation import Notation, read_formula
from xtransfer_stats.mixedmodels.notation.usable import usable

ROWS_A_LEVEL = 2  # of a crossing that could hold luck of its own
MATTERS = 2.0  # times the p-value, or a half of the df
MOST_TRIED = 6


@dataclass(frozen=True)
class LeftOut:
    """term: of the fixed part. holds: the random term that the formula lacks. p_value, df: as fitted, and with it."""

    term: str
    holds: str
    p_value: float
    df: float
    p_value_with: float
    df_with: float

    def sentence(self) -> str:
        """What is wrong, and both answers."""
        return (
            f"rows share luck that no random term holds: with {self.holds}, {self.term} has "
            f"p = {self.p_value_with:.2g} on {self.df_with:.3g} df in place of p = {self.p_value:.2g} on "
            f"{self.df:.3g} df; add it, unless each row is an independent trial"
        )

    def to_dict(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


def left_out(
    fitted: FormulaFit, data: pd.DataFrame, method: str, residual: str | None = None, weights: str | None = None
) -> list[LeftOut]:
    """Of every fixed effect whose test rests on rows that share luck, the worst first; data: the table of the fit."""
    notation = read_formula(fitted.formula)
    frame, _ = usable(data, notation, residual)
    refit = partial(fit_formula, data=data, reml=fitted.fit.reml, residual=residual, weights=weights)
    tried = list(_candidates(notation, frame))[:MOST_TRIED]
    compared = [_compared(fitted, refit, method, term, columns) for term, columns in tried]
    matter = [one for one in compared if one is not None and _matters(one)]
    return sorted(matter, key=lambda one: -one.p_value_with)


def _candidates(notation: Notation, frame: pd.DataFrame) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A fixed term, and the columns of a crossing that may share luck about it."""
    groups = [part.group for part in notation.random if not part.shared]
    held = [frozenset(part.group) | part.columns for part in notation.random]
    for term, columns in term_columns(notation.fixed).items():
        for group in sorted({one[0] for one in groups if len(one) == 1} - columns):
            crossing = (group, *sorted(columns))
            if not columns or any(frozenset(crossing) <= one for one in held):
                continue
            if _shares_luck(frame, group, crossing) and not any(_settles(frame, one, columns) for one in groups):
                yield term, crossing


def _shares_luck(frame: pd.DataFrame, group: str, crossing: tuple[str, ...]) -> bool:
    """Whether the effect varies within the group, and the crossing has several rows a level."""
    levels = frame.groupby(list(crossing), observed=True).ngroups
    return frame[group].nunique() < levels <= len(frame) / ROWS_A_LEVEL


def _settles(frame: pd.DataFrame, grouping: tuple[str, ...], columns: frozenset[str]) -> bool:
    """Whether a random term's levels have one value of the effect each: then its variance judges the effect."""
    by = frame.groupby(list(grouping), observed=True)
    return all(bool((by[name].nunique() <= 1).all()) for name in columns)


def _compared(
    fitted: FormulaFit, refit: Callable[[str], FormulaFit], method: str, term: str, crossing: tuple[str, ...]
) -> LeftOut | None:
    """Both answers; None where the larger model cannot be fitted, or finds no such luck."""
    holds = f"(1 | {':'.join(name if PLAIN.fullmatch(name) else f'`{name}`' for name in crossing)})"
    try:
        larger = refit(f"{fitted.formula} + {holds}")
    except FitError:
        return None
    if larger.fit.covariances[-1][0, 0] == 0 or not fitted.columns.get(term) or not larger.columns.get(term):
        return None
    (p, df), (p_with, df_with) = _tested(fitted, term, method), _tested(larger, term, method)
    return LeftOut(term, holds, p, df, p_with, df_with)


def _tested(fitted: FormulaFit, term: str, method: str) -> tuple[float, float]:
    _, _, df, p = fitted.fit.f_test(np.eye(len(fitted.fit.names))[list(fitted.columns[term])], method)
    return float(p), float(df)


def _matters(one: LeftOut) -> bool:
    return one.p_value_with > MATTERS * one.p_value or one.df_with < one.df / MATTERS
