"""Does the effect go with a covariate of the languages? A slope that every run gives as one number. Exploratory.

The slope is the least-squares one of a run's cells on the covariate (or its log10), with a level for each target
task, so that languages are compared inside a task only: languages stand in different target tasks, and a slope of
their means would take those tasks' effects for the covariate's. English is left out, as the target tasks are trained
in it.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.estimands import Estimand, Wording
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.rows import Row, joined, label, moment_rows
from xtransfer_stats.stats.core.scores import Covariates, Labels
from xtransfer_stats.stats.core.termtable import SLOPE, SUCH
from xtransfer_stats.stats.runlevel.jackknife import effective_languages, widened
from xtransfer_stats.stats.runlevel.runlevel import run_numbers

LEAST_LANGUAGES = 4  # fewer make no slope worth a row
NOTE = "exploratory, uncorrected; languages compared inside their target tasks, without English; no cause is shown"
FACTS = ("name", "family", "script")


def covariate_rows(complete: CompleteScores, covariates: Covariates, alpha: float) -> list[Row]:
    """Rows "covariate slope", points per unit, scopes these and such; none for too few languages."""
    rows: list[Row] = []
    for name, covariate in covariates.items():
        known = covariate.scaled()
        weights = slope_weights(known, complete.cells)
        if weights is not None:
            slope = Estimand(SLOPE, Wording(f" per {covariate.per}"), weights, note=NOTE, level=name)
            rows += _rows(complete, slope, known, alpha)
    return rows


def slope_weights(values: Mapping[str, float], cells: pd.MultiIndex) -> Array | None:
    """Weights (cells,) whose sum with the cells is the slope on the values; None where there is no slope.

    A cell of a language without a value has weight zero. Sums to zero inside every target task.
    """
    languages = cells.get_level_values("language")
    x = np.array([values.get(language, np.nan) for language in languages])
    used = ~np.isnan(x)
    if languages[used].nunique() < LEAST_LANGUAGES:
        return None
    task = pd.factorize(cells.get_level_values("target_task")[used])[0]
    centred = x[used] - (np.bincount(task, x[used]) / np.bincount(task))[task]
    square = float((centred**2).sum())
    if square < 1e-12:
        return None
    weights = np.zeros(len(cells))
    weights[used] = centred / square
    return weights


def language_facts(complete: CompleteScores, labels: Labels, covariates: Covariates) -> pd.DataFrame:
    """language, name, family, script ("" where unknown), and a column a covariate (NaN where unknown)."""
    languages = sorted(complete.cells.get_level_values("language").unique())
    words = {kind: [labels.get(kind, {}).get(one, "") for one in languages] for kind in FACTS}
    numbers = {name: [one.values.get(code, np.nan) for code in languages] for name, one in covariates.items()}
    return pd.DataFrame({"language": languages, **words, **numbers})


def _rows(complete: CompleteScores, slope: Estimand, values: Mapping[str, float], alpha: float) -> list[Row]:
    model = run_numbers(complete, slope.weights[:, None])
    without = {
        left: run_numbers(complete, other[:, None])
        for left in sorted(values)
        if (other := slope_weights({k: x for k, x in values.items() if k != left}, complete.cells)) is not None
    }
    effective = np.array([effective_languages(slope.weights, complete.cells)])
    rows: list[Row] = []
    for contrast in complete.design.effects:
        moments = model.contrast(contrast)
        rows += moment_rows(moments, [label(slope, contrast)], alpha)
        if len(without) > 1:
            such = label(slope, contrast, SUCH)
            such["note"] = joined(NOTE, f"effective number of languages {effective[0]:.1f}")
            rows += moment_rows(widened(moments, without, contrast, effective), [such], alpha)
    return rows
