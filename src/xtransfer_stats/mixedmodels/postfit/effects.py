"""Random effects by level with their errors, fitted values and residuals by row."""

import numpy as np
import pandas as pd
from scipy import stats

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.base.resources import nearest
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.mixedmodels.formula import FormulaFit
from xtransfer_stats.mixedmodels.postfit.levels import level_names
from xtransfer_stats.mixedmodels.postfit.newrows import source_of
from xtransfer_stats.mixedmodels.randomterms import Array

KINDS = ("response", "pearson", "standardised")


def require_level(level: float) -> None:
    """Raise FitError for a level of intervals that is none."""
    if isinstance(level, bool) or not isinstance(level, int | float) or not 0 < level < 1:
        raise FitError(f"level {shown(level)}: give a number between 0 and 1, such as 0.95", ["level"])


def random_effects(fitted: FormulaFit, level: float = 0.95) -> pd.DataFrame:
    """One row an effect: group, term, level, estimate, sd, low, high.

    estimate: the conditional mean given the data. sd: given data, fixed effects and variances, as lme4's condVar has
    it; low, high: estimate less and plus normal quantiles of it, so they are too narrow where a fixed effect is not
    well known.
    """
    require_level(level)
    source, reach = source_of(fitted), float(stats.norm.ppf((1 + level) / 2))
    frames = []
    for i, (term, part) in enumerate(zip(fitted.fit.terms, source.notation.random, strict=True)):
        names = term.level_names or level_names(part, source.frame)
        estimate, sd = fitted.fit.random_effects(i), fitted.fit.conditional_sd(i)
        for a, name in enumerate(term.names):
            columns = {"group": term.group, "term": name, "level": names, "estimate": estimate[:, a], "sd": sd[:, a]}
            frames.append(pd.DataFrame(columns))
    if not frames:
        return pd.DataFrame(columns=["group", "term", "level", "estimate", "sd", "low", "high"])
    table = pd.concat(frames, ignore_index=True)
    return table.assign(low=table["estimate"] - reach * table["sd"], high=table["estimate"] + reach * table["sd"])


def fitted_values(fitted: FormulaFit) -> pd.Series:
    """The response expected at each row that entered, random effects and offset included.

    Its index says where the row stands in the table that was given, counted from 0.
    """
    source = source_of(fitted)
    return pd.Series(fitted.fit.fitted() + source.offset, index=source.rows, name="fitted")


def residuals(fitted: FormulaFit, kind: str = "response") -> pd.Series:
    """The response less its fit, by row as `fitted_values` has it.

    kind: "response" in the response's units; "pearson": times the root of the row's weight, as lme4 has it;
    "standardised": over the row's residual standard deviation. Raises FitError for another kind.
    """
    if kind not in KINDS:
        raise FitError(f"kind {shown(kind)}: {nearest(str(kind), KINDS)}choose {', '.join(KINDS)}", ["kind"])
    source, fit = source_of(fitted), fitted.fit
    plain = fitted.response - fit.fitted()
    root = np.ones(fit.n) if fit.weights is None else np.sqrt(fit.weights)
    scale: Array = np.ones(fit.n)
    if kind == "standardised":
        groups = np.zeros(fit.n, dtype=np.int64) if source.residual is None else source.residual
        scale = 1 / np.sqrt(np.ravel(fit.residual_variance)[groups])
    values = plain if kind == "response" else plain * root * scale
    return pd.Series(values, index=source.rows, name="residual")
