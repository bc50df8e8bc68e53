"""Is a headline result large enough to matter? Equivalence against a margin; effect sizes and Bayes factors.

Equivalence is two one-sided t-tests (Schuirmann 1987). Hedges g is in units of the noise between seeds, not of scores:
a tiny effect of a quiet training is a huge g. Its correction factor is 0.56 with three seeds, so it says little there.
"""

from collections.abc import Iterable
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from xtransfer_stats.base.errors import DataError, MissingExtra
from xtransfer_stats.stats.core.inference import PAIRED, single
from xtransfer_stats.stats.core.rows import Row, joined, row_id
from xtransfer_stats.stats.core.termtable import AT_MARGIN, EQUIVALENCE, HEADLINE, NON_INFERIORITY, THESE

COLUMNS = ("contrast", "n_seeds", "d", "hedges_g", "correction", "bf10", "note", "id")
PRIOR = 0.707  # Cauchy scale of the effect under the alternative, in the same units (Rouder et al. 2009)
UNIT = f"units: sd of the seeds' differences; bf10 with a Cauchy prior of scale {PRIOR:g}"
NOT_PAIRED = "no seed-paired t, so no sd of seeds to divide by"


def effect_sizes(rows: Iterable[Row]) -> pd.DataFrame:
    """COLUMNS, a row a headline contrast of scope these: d of the seeds' differences, Hedges g, JZS Bayes factor.

    NaN, and why, where the row is no seed-paired t or nothing varies.
    """
    chosen = [row for row in rows if row["term"] in HEADLINE and row["scope"] == THESE]
    return pd.DataFrame([_sizes(row) for row in chosen], columns=list(COLUMNS))


def _sizes(row: Row) -> dict[str, Any]:
    paired = row["method"] == PAIRED and row["df"] >= 1 and row["std_error"] > 0 and float(row["df"]).is_integer()
    nan = float("nan")
    blank = {"n_seeds": nan, "d": nan, "hedges_g": nan, "correction": nan, "bf10": nan, "note": NOT_PAIRED}
    return {"contrast": row["contrast"], "id": row_id(row), **(_paired(row) if paired else blank)}


def pingouin() -> Any:
    """The package, which is slow to import and under GPL-3.0 (docs/licences.md); raises MissingExtra without it."""
    try:
        return import_module("pingouin")
    except ImportError:
        needs = "effect sizes and Bayes factors need the package 'pingouin'"
        raise MissingExtra(f"{needs}: pip install pingouin (-c constraints.txt)") from None


def _paired(row: Row) -> dict[str, Any]:
    sizes, seeds = pingouin(), int(row["df"]) + 1
    # Its formula for two groups of N in all is 2 t / sqrt(N): at N = 4 seeds that is t / sqrt(seeds), d of differences.
    d, factor = float(sizes.compute_effsize_from_t(row["statistic"], N=4 * seeds)), correction(seeds - 1)
    bayes = float(sizes.bayesfactor_ttest(row["statistic"], seeds, paired=True, r=PRIOR))
    return {"n_seeds": seeds, "d": d, "hedges_g": factor * d, "correction": factor, "bf10": bayes, "note": UNIT}


def correction(df: int) -> float:
    """Hedges' exact factor that unbiases d: gamma(df/2) / (sqrt(df/2) gamma((df-1)/2)) (Hedges 1981); 0 at one df."""
    if df < 2:
        return 0.0
    return float(special.gamma(df / 2) / ((df / 2) ** 0.5 * special.gamma((df - 1) / 2)))


def equivalence_rows(rows: Iterable[Row], margin: float | None, alpha: float, unit: str = "points") -> list[Row]:
    """Rows "equivalence" and "non-inferiority" of scope these; margin in the unit of the scores, None for no rows.

    p_value: the larger one-sided p (equivalence), the lower side's (non-inferiority); the interval is
    1 - 2 alpha. NaN where a row has no error. Raises DataError for a margin that is not above zero.
    """
    if margin is None:
        return []
    if not (np.isfinite(margin) and margin > 0):
        raise DataError(f"margin {margin!r}: give {unit} above zero, such as 1.0")
    chosen = [row for row in rows if row["term"] in AT_MARGIN and row["scope"] == THESE]
    return [both for row in chosen for both in _both(row, margin, alpha, unit)]


def _both(row: Row, margin: float, alpha: float, unit: str) -> list[Row]:
    moments = single(row["estimate"], row["std_error"], row["df"])
    lower, upper = (float(moments.statistic(bound)[0]) for bound in (-margin, margin))
    above, below = float(moments.p_above(-margin)[0]), float(moments.p_below(margin)[0])
    low, high = (float(limit[0]) for limit in moments.interval(2 * alpha))
    how = f"margin {margin:g} {unit}, {100 * (1 - 2 * alpha):g} % interval, p not corrected"
    tests = (
        (EQUIVALENCE, lower if above >= below else upper, float(np.maximum(above, below))),
        (NON_INFERIORITY, lower, above),
    )
    return [
        {
            **row,
            "term": term,
            "family": "",
            "statistic": statistic,
            "p_value": p,
            "conf_low": low,
            "conf_high": high,
            "note": joined(f"{term}: {how}", row["note"]),
        }
        for term, statistic, p in tests
    ]
