"""The table of claims, for a study's report and a published table's."""

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report.table import Panel, Table

READINGS = {"read": "", "unread": " (figure unread in its source)", "ours": ""}
CAPTION = (
    "Claims of the literature and what these data say to them; estimates in points with 95 % intervals. Adjusted p: "
    "Holm over every test of every claim. Equivalent: within the margin, by two one-sided tests."
)


def claims_table(found: pd.DataFrame, size: str = "") -> Table:
    """One row a claim, those that cannot be tested last; `size` of the study, for the caption."""
    rows = [
        (
            f"{row.text}{READINGS[row.reading]}",
            row.verdict,
            formats.estimate(row.estimate, row.conf_low, row.conf_high) if row.hypothesis else formats.NONE,
            formats.p_value(row.p_adjusted),
            row.reason,
        )
        for row in found.sort_values("verdict", key=_untested, kind="stable").itertuples()
    ]
    header = ("claim", "verdict", "estimate [95 %]", "adjusted p", "reason")
    caption = f"{CAPTION} {size}.".replace(" .", "")
    return Table("claims", "Claims", caption, (Panel(header, tuple(rows), "nlrrn"),), found)


def _untested(verdicts: pd.Series) -> pd.Series:
    return verdicts == "not testable"
