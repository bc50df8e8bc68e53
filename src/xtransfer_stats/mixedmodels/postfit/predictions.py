"""Predictions at other rows, with intervals of the mean or of a new observation."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.base.resources import nearest
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.mixedmodels.formula import FormulaFit
from xtransfer_stats.mixedmodels.postfit.effects import require_level
from xtransfer_stats.mixedmodels.postfit.jointerrors import ErrorVariance, JointErrors
from xtransfer_stats.mixedmodels.postfit.levels import UNKNOWN
from xtransfer_stats.mixedmodels.postfit.newrows import NewRows, NewTerm, new_rows, source_of
from xtransfer_stats.mixedmodels.randomterms import Array

INTERVALS = ("confidence", "prediction")
Random = bool | str | Sequence[str]


def predictions(
    fitted: FormulaFit,
    table: pd.DataFrame,
    *,
    random: Random = True,
    interval: str | None = None,
    level: float = 0.95,
    method: str = "kenward_roger",
) -> pd.DataFrame:
    """The response expected at the rows of `table`, in their order: estimate, new_levels, and what an interval adds.

    random: True for the effects of all groupings, False for the population's mean, or some groupings. new_levels: names
    the groupings whose level the fit has not seen; there the population's effect, zero, is taken. Rows with gaps are
    NaN. interval adds std_error, df, low, high: "confidence" of the expected response, "prediction" of a new
    observation. Effects of unseen levels add their variance to both, groupings that `random` leaves out to the latter.
    Errors are Kenward-Roger's (`method`) where no known level enters, else Henderson's with Satterthwaite's df.
    """
    if interval is not None and interval not in INTERVALS:
        known = f"{nearest(str(interval), INTERVALS)}choose {' or '.join(INTERVALS)}"
        raise FitError(f"interval {shown(interval)}: {known}, or none", ["interval"])
    require_level(level)
    entering = _entering(fitted, random)
    whole = interval == "prediction"
    rows = new_rows(fitted, table, entering, whole=whole)
    columns: dict[str, Array] = {"estimate": _estimates(fitted, rows, entering)}
    if interval is not None:
        columns |= _limits(fitted, rows, entering, columns["estimate"], whole=whole, level=level, method=method)
    out = pd.DataFrame({name: _spread(values, rows) for name, values in columns.items()})
    unseen = np.full(rows.n, "", dtype=object)
    unseen[rows.places] = _unseen_names(fitted, rows, entering)
    out.insert(1, "new_levels", unseen)
    return out.set_axis(table.index)


def _entering(fitted: FormulaFit, random: Random) -> list[bool]:
    """Of each random term, whether its effects enter; raises FitError for a grouping that the formula has not."""
    groups = [term.group for term in fitted.fit.terms]
    if isinstance(random, bool):
        return [random] * len(groups)
    wanted = [random] if isinstance(random, str) or not isinstance(random, Iterable) else list(random)
    for name in wanted:
        if name not in groups:
            known = f"{nearest(str(name), groups)}the formula has {', '.join(dict.fromkeys(groups)) or 'none'}"
            raise FitError(f"random {shown(name)}: there is no such grouping; {known}", ["random"])
    return [group in wanted for group in groups]


def _estimates(fitted: FormulaFit, rows: NewRows, entering: Sequence[bool]) -> Array:
    out = rows.X @ fitted.fit.beta + rows.offset
    for i, (one, enters) in enumerate(zip(rows.terms, entering, strict=True)):
        if enters and one is not None:
            out = out + _contribution(one, fitted.fit.random_effects(i))
    return np.asarray(out)


def _contribution(one: NewTerm, effects: Array) -> Array:
    """What effects (levels, k) add to each row, nothing for a level that the fit has not seen."""
    if one.shared:
        return np.asarray(one.covariates @ effects[:, 0])
    known = np.where(one.codes == UNKNOWN, 0, one.codes)
    return np.asarray(np.where(one.codes == UNKNOWN, 0.0, np.sum(effects[known] * one.covariates, axis=1)))


def _unseen_names(fitted: FormulaFit, rows: NewRows, entering: Sequence[bool]) -> list[str]:
    looked = [
        (term.group, one.codes == UNKNOWN)
        for term, one, enters in zip(fitted.fit.terms, rows.terms, entering, strict=True)
        if enters and one is not None and not one.shared
    ]
    return [", ".join(dict.fromkeys(group for group, new in looked if new[i])) for i in range(len(rows.X))]


def _limits(
    fitted: FormulaFit,
    rows: NewRows,
    entering: Sequence[bool],
    estimate: Array,
    *,
    whole: bool,
    level: float,
    method: str,
) -> dict[str, Array]:
    """Error, df and limits of each row."""
    error, df = _error(fitted, rows, list(entering), whole=whole, method=method)
    reach = stats.t.ppf((1 + level) / 2, df) * error
    return {"std_error": error, "df": df, "low": estimate - reach, "high": estimate + reach}


def _error(fitted: FormulaFit, rows: NewRows, entering: list[bool], *, whole: bool, method: str) -> tuple[Array, Array]:
    """Standard errors and degrees of freedom (m,)."""
    fit, m = fitted.fit, len(rows.X)
    fixed, back = np.unique(rows.X, axis=0, return_inverse=True)
    population = fit.inference(fixed, method) if m else None
    plain = np.zeros(0) if population is None else population.std_error[back.ravel()] ** 2
    df = np.zeros(0) if population is None else population.df[back.ravel()]
    if not whole and not any(entering):
        return np.sqrt(plain), df
    joint = JointErrors(fit, source_of(fitted).residual)
    known = joint.errors(rows, entering)
    added = [joint.unseen(rows, [whole and not enters for enters in entering])]
    added += [joint.residual(rows)] if whole else []
    alone = ~_any_known(rows, entering)
    base = np.where(alone, plain, known.value)
    total = ErrorVariance(base + sum(one.value for one in added), known.slopes + sum(one.slopes for one in added))
    same = alone & (total.value <= plain * (1 + 1e-12))  # nothing was added to the population's mean
    return np.sqrt(total.value), np.where(same, df, joint.df(total.value, total.slopes))


def _any_known(rows: NewRows, entering: Sequence[bool]) -> NDArray[np.bool_]:
    """Rows (m,) into whose prediction an effect enters that the fit has estimated."""
    out = np.zeros(len(rows.X), dtype=bool)
    for one, enters in zip(rows.terms, entering, strict=True):
        if enters and one is not None:
            out |= (one.codes != UNKNOWN) | one.shared
    return out


def _spread(values: Array, rows: NewRows) -> Array:
    out = np.full(rows.n, np.nan)
    out[rows.places] = values
    return out
