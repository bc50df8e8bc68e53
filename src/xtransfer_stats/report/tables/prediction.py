"""The table of predictions: where the next seed and the next language would land, beside where the mean lies."""

import math

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import select
from xtransfer_stats.report.panel import Column
from xtransfer_stats.report.tables.columns import BOUNDS, RESULT, Listing
from xtransfer_stats.stats.core import termtable
from xtransfer_stats.stats.core.results import Analysis


def _predicted(analysis: Analysis) -> pd.DataFrame:
    """A row a headline effect: the mean with its interval, then where the next seed and the next language would land.

    Columns seed_low, seed_high, language_low, language_high: NaN where the design tells none.
    """
    keys = ["n_tasks", "benchmark"]
    rows = select.rows(analysis, termtable.INTERACTION, termtable.EFFECT, termtable.PREDICTION)
    wide = select.these(rows[rows["term"] != termtable.PREDICTION])[["id", *keys, "contrast", *BOUNDS]]
    predicted = rows[rows["term"] == termtable.PREDICTION]
    for name, scope in (("seed", termtable.THESE), ("language", termtable.SUCH)):
        limits = predicted.loc[predicted["scope"] == scope, [*keys, "conf_low", "conf_high"]]
        named = limits.rename(columns={"conf_low": f"{name}_low", "conf_high": f"{name}_high"})
        wide = wide.merge(named, on=keys, how="left")
    return wide.dropna(subset=["seed_low", "language_low"], how="all").reset_index(drop=True)


def _range(low: float, high: float) -> str:
    return "" if math.isnan(low) else f"[{formats.number(low)}, {formats.number(high)}]"


PREDICTION = Listing(
    "Where the next seed would land",
    "Where the mean lies (95 % confidence), and where {a next seed}{, or one more language,} "
    "would land (95 % prediction): single seeds and languages vary about the mean, so these are wider and test "
    "nothing. {size}.",
    (
        RESULT,
        Column("mean [95 % confidence]", BOUNDS, formats.estimate, "r"),
        Column("next seed [95 % prediction]", ("seed_low", "seed_high"), _range, "r"),
        Column("next language [95 % prediction]", ("language_low", "language_high"), _range, "r", optional=True),
    ),
    _predicted,
)
