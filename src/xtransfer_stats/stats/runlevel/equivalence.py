"""Equivalence of the headline results: two one-sided t-tests against a stated margin (Schuirmann 1987)."""

from collections.abc import Iterable

import numpy as np

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.core.inference import single
from xtransfer_stats.stats.core.rows import Row, joined
from xtransfer_stats.stats.core.termtable import AT_MARGIN, EQUIVALENCE, NON_INFERIORITY, THESE


def equivalence_rows(rows: Iterable[Row], margin: float | None, alpha: float) -> list[Row]:
    """Rows "equivalence" and "non-inferiority" of scope these; margin in points, None for no rows.

    p_value: the larger one-sided p (equivalence), the lower side's (non-inferiority); the interval is
    1 - 2 alpha. NaN where a row has no error. Raises DataError for a margin that is not above zero.
    """
    if margin is None:
        return []
    if not (np.isfinite(margin) and margin > 0):
        raise DataError(f"margin {margin!r}: give points above zero, such as 1.0")
    chosen = [row for row in rows if row["term"] in AT_MARGIN and row["scope"] == THESE]
    return [made for row in chosen for made in _both(row, margin, alpha)]


def _both(row: Row, margin: float, alpha: float) -> list[Row]:
    moments = single(row["estimate"], row["std_error"], row["df"])
    lower, upper = (float(moments.statistic(bound)[0]) for bound in (-margin, margin))
    above, below = float(moments.p_above(-margin)[0]), float(moments.p_below(margin)[0])
    low, high = (float(limit[0]) for limit in moments.interval(2 * alpha))
    told = f"margin {margin:g} points, {100 * (1 - 2 * alpha):g} % interval, p not corrected"
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
            "note": joined(f"{term}: {told}", row["note"]),
        }
        for term, statistic, p in tests
    ]
