"""Effect sizes and Bayes factors of the headline, where seeds are the replicates of a paired t.

Hedges g is in units of the noise between seeds, not of scores: a tiny effect of a quiet training is a huge g. Its
correction factor is 0.56 with three seeds, so it says little there.
"""

from collections.abc import Iterable
from typing import Any

import pandas as pd
from scipy import special

from xtransfer_stats.stats.core.identifiers import row_id
from xtransfer_stats.stats.core.rows import Row
from xtransfer_stats.stats.core.termtable import HEADLINE, THESE
from xtransfer_stats.stats.runlevel.pairedt import PAIRED

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


def _paired(row: Row) -> dict[str, Any]:
    from pingouin import bayesfactor_ttest

    seeds = int(row["df"]) + 1
    d, factor = row["statistic"] / seeds**0.5, correction(seeds - 1)
    bayes = float(bayesfactor_ttest(row["statistic"], seeds, paired=True, r=PRIOR))
    return {"n_seeds": seeds, "d": d, "hedges_g": factor * d, "correction": factor, "bf10": bayes, "note": UNIT}


def correction(df: int) -> float:
    """Hedges' exact factor that unbiases d: gamma(df/2) / (sqrt(df/2) gamma((df-1)/2)) (Hedges 1981); 0 at one df."""
    if df < 2:
        return 0.0
    return float(special.gamma(df / 2) / ((df / 2) ** 0.5 * special.gamma((df - 1) / 2)))
