"""Every number of the result frame with its id, folded away at the end of the page: what `xstats trace` takes."""

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import render
from xtransfer_stats.report.table import Panel, Table

HEADER = ("number", "scope", "estimate [95 %]", "id")


def number_list(results: pd.DataFrame) -> str:
    """A folded table: what each row of the result frame is, its estimate, its id."""
    rows = tuple(
        (row.contrast, row.scope, formats.estimate(row.estimate, row.conf_low, row.conf_high), row.id)
        for row in results.itertuples()
    )
    caption = f"All {len(rows)} rows of results.csv, which has them in full precision."
    table = Table("numbers", "Every number", caption, (Panel(HEADER, rows, "llrl"),), results)
    return f"<details>\n<summary>Every number and its id</summary>\n{render.html(table)}\n</details>"
