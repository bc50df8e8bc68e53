"""Rows of a comparison, a row an estimand, A and B beside their difference."""

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.stats.comparison.estimates import DIFFERENCE, A, B
from xtransfer_stats.stats.comparison.result import Comparison

KEYS = ["term", "contrast"]


def by_side(found: Comparison, *terms: str) -> pd.DataFrame:
    """The differences of these terms in the terms' order, with A's and B's own beside.

    text, text_a, text_b: `est [lo, hi]`; estimate_a, estimate_b: points.
    """
    rows = found.results[found.results["term"].isin(terms)]
    texts = [
        formats.estimate(*bounds) for bounds in zip(rows["estimate"], rows["conf_low"], rows["conf_high"], strict=True)
    ]
    rows = rows.assign(text=texts, rank=rows["term"].map(terms.index))
    whole = rows[rows["side"] == DIFFERENCE].sort_values("rank", kind="stable").drop(columns="rank")
    for side, letter in ((A, "a"), (B, "b")):
        own = rows[rows["side"] == side][[*KEYS, "text", "estimate"]]
        whole = whole.merge(own, on=KEYS, how="left", validate="one_to_one", suffixes=("", f"_{letter}"))
    return whole
