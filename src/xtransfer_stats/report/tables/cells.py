"""Rows of the result frame as the cells of a table."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import select
from xtransfer_stats.report.table import Panel, Table
from xtransfer_stats.stats.core.results import Analysis, for_files

ESTIMATE = "estimate [95 %]"


def tested(analysis: Analysis, name: str, title: str, caption: str, terms: Sequence[str]) -> Table:
    """One row a result, with its p-values, df and scope."""
    found = select.rows(analysis, *terms)
    rows = [
        (
            row.contrast,
            row.text + formats.stars(row.p_adjusted),
            formats.p_value(row.p_adjusted),
            formats.p_value(row.p_value),
            formats.number(row.df, 1),
            select.scope(row.scope),
        )
        for row in found.itertuples()
    ]
    panel = Panel(("result", ESTIMATE, "adjusted p", "p", "df", "scope"), tuple(rows), "lrrrrl")
    return Table(name, title, caption, (panel,), plain(found), _starred(found))


def by_count(
    analysis: Analysis, name: str, title: str, caption: str, found: pd.DataFrame, key: str, names: Any
) -> Table:
    """One panel a term and estimand, one row a name, one column a task count."""
    found = found.assign(row=names)
    panels = []
    several = found["term"].nunique() > 1
    for term, same in found.groupby("term", sort=False):
        for benchmark, heading in select.headings(analysis, same).items():
            part = same[same["benchmark"] == benchmark]
            panels.append(_grid(part, key, select.words(str(term) if several else "", heading)))
    return Table(name, title, caption, tuple(panels), plain(found.drop(columns="row")), _starred(found))


def _grid(part: pd.DataFrame, key: str, title: str) -> Panel:
    counts = select.counts(part)
    marked = part.assign(shown=part["text"] + part["p_adjusted"].map(formats.stars))
    cells = {(row.row, row.n_tasks): row.shown for row in marked.itertuples()}
    names = list(dict.fromkeys(part["row"]))
    rows = [(name, *(cells.get((name, count), formats.NONE) for count in counts)) for name in names]
    header = (key, *(f"{formats.count_of_tasks(count)}: {ESTIMATE}" for count in counts))
    return Panel(header, tuple(rows), "l" + "r" * len(counts), title)


def plain(found: pd.DataFrame) -> pd.DataFrame:
    """The rows as they stand beside the table for machines."""
    return for_files(found).rename(columns={"text": "formatted"})


def _starred(found: pd.DataFrame) -> bool:
    return bool(found["p_adjusted"].notna().any())


def text(value: object) -> str:
    """A cell of text; empty where there is none."""
    return "" if value is None or value != value else str(value)
