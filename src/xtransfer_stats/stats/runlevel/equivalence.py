"""Equivalence of the headline results: two one-sided t-tests against a stated margin (Schuirmann 1987)."""

from collections.abc import Iterable

import numpy as np
from scipy import stats

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.core.rows import Row, joined

HEADLINE = ("effect", "interaction", "task effect")


def equivalence_rows(rows: Iterable[Row], margin: float | None, alpha: float) -> list[Row]:
    """Rows "equivalence" and "non-inferiority" of scope these; margin in points, None for no rows.

    p_value: the larger one-sided p (equivalence), the lower side's (non-inferiority); the interval is
    1 - 2 alpha. NaN where a row has no error. Raises DataError for a margin that is not above zero.
    """
    if margin is None:
        return []
    if not (np.isfinite(margin) and margin > 0):
        raise DataError(f"margin {margin!r}: give points above zero, such as 1.0")
    chosen = [row for row in rows if row["term"] in HEADLINE and row["scope"] == "these"]
    return [made for row in chosen for made in _both(row, margin, alpha)]


def _both(row: Row, margin: float, alpha: float) -> list[Row]:
    error, df = row["std_error"], row["df"]
    known = bool(error > 0)
    lower = (row["estimate"] + margin) / error if known else float("nan")
    upper = (row["estimate"] - margin) / error if known else float("nan")
    half = stats.t.ppf(1 - alpha, df) * error if known else float("nan")
    above, below = float(stats.t.sf(lower, df)), float(stats.t.cdf(upper, df))
    nearer = lower if above >= below else upper
    common = {**row, "family": "", "conf_low": row["estimate"] - half, "conf_high": row["estimate"] + half}
    told = f"margin {margin:g} points, {100 * (1 - 2 * alpha):g} % interval, p not corrected"
    return [
        {
            **common,
            "term": term,
            "statistic": statistic,
            "p_value": p,
            "note": joined(f"{term}: {told}", row["note"]),
        }
        for term, statistic, p in (
            ("equivalence", nearer, float(np.maximum(above, below))),
            ("non-inferiority", lower, above),
        )
    ]
