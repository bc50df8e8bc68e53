"""Gains of single intermediate tasks as a crossed mixed model: intermediate task and target task random."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from xtransfer_stats.mixedmodels.fitreport import fit_json
from xtransfer_stats.mixedmodels.formula import FormulaFit, fit_formula
from xtransfer_stats.stats.core.results import VARIANCE_COLUMNS
from xtransfer_stats.stats.core.rows import Row
from xtransfer_stats.stats.core.termtable import MEAN_GAIN, SHRUNKEN_SETTING
from xtransfer_stats.stats.published.estimates import ONE_RUN, PLAIN
from xtransfer_stats.stats.published.gains import Gains

FORMULA = "gain ~ 1 + (1 | intermediate_task) + (1 | target_task)"
LEAST = 3  # levels of each factor
COMPONENTS = {
    "intermediate_task": "what intermediate tasks differ by on average, and the luck of their runs",
    "target_task": "what target tasks differ by, and the luck of the baseline on each",
    "residual": "which intermediate task suits which target task, fine-tuning luck, test examples: not told apart",
}


@dataclass(frozen=True)
class Crossed:
    """rows: of the result frame. variance: VARIANCE_COLUMNS. Empty where the table is too small for the model."""

    formula: str
    rows: list[Row]
    variance: pd.DataFrame
    fits: tuple[dict[str, Any], ...]


def crossed_model(gains: Gains) -> Crossed:
    """Fit the gains of single intermediate tasks; a table of fewer than three by three has no fit."""
    chosen = gains.of(PLAIN)
    if min(len(chosen), len(gains.tasks)) < LEAST:
        return Crossed("none", [], pd.DataFrame(columns=list(VARIANCE_COLUMNS)), ())
    names = list(gains.settings.index[chosen])
    rows = pd.DataFrame(
        {
            "gain": gains.values[chosen].ravel(),
            "intermediate_task": np.repeat(names, len(gains.tasks)),
            "target_task": np.tile(list(gains.tasks), len(chosen)),
        }
    )
    fitted = fit_formula(FORMULA, rows)
    return Crossed(FORMULA, [_mean(fitted), *_shrunken(fitted, names)], _variance(fitted), (fit_json(fitted),))


def _mean(fitted: FormulaFit) -> Row:
    mean = fitted.fit.kenward_roger(np.eye(1))
    values = {
        name: float(getattr(mean, name)[0])
        for name in ("estimate", "std_error", "df", "statistic", "p_value", "conf_low", "conf_high")
    }
    keys = {"term": MEAN_GAIN, "contrast": "mean gain of such intermediate tasks on such target tasks"}
    scope = {"scope": "such tasks", "method": "Kenward-Roger", "n_runs": fitted.fit.n, "note": "crossed mixed model"}
    return keys | values | scope


def _shrunken(fitted: FormulaFit, names: list[str]) -> list[Row]:
    """Average gain of each intermediate task drawn towards their mean; ranks are guesses, not tests."""
    term = next(i for i, term in enumerate(fitted.fit.terms) if term.group == "intermediate_task")
    codes = fitted.fit.terms[term].codes
    levels = codes[:: len(codes) // len(names)]  # rows stand setting by setting
    effects = fitted.fit.random_effects(term)[levels, 0]
    sds, grand = fitted.fit.conditional_sd(term)[levels, 0], float(np.mean(fitted.response))
    return [
        {
            "term": SHRUNKEN_SETTING,
            "contrast": f"gain of {name}, shrunken",
            "level": name,
            "scope": "these target tasks",
            "estimate": grand + float(effect),
            "std_error": float(sd),
            "method": "conditional mean of the mixed model",
            "n_runs": 2,
            "n_tasks": 1.0,
            "note": f"drawn towards the mean of all by the model; {ONE_RUN} of its own",
        }
        for name, effect, sd in zip(names, effects, sds, strict=True)
    ]


def _variance(fitted: FormulaFit) -> pd.DataFrame:
    fit = fitted.fit
    variances = {term.group: float(cov[0, 0]) for term, cov in zip(fit.terms, fit.covariances, strict=True)}
    variances["residual"] = float(np.ravel(fit.residual_variance)[0])
    total = sum(variances.values())
    rows = [
        (name, value**0.5, value / total, "boundary" if value == 0 else "interior", COMPONENTS[name])
        for name, value in variances.items()
    ]
    return pd.DataFrame(rows, columns=list(VARIANCE_COLUMNS))
