"""Tables declared by their columns: the columns that several share, and the kinds of table made of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import notes, select
from xtransfer_stats.report.panel import Column, Panel, panel
from xtransfer_stats.report.tables.table import Table
from xtransfer_stats.stats.core.results import Analysis, for_files

BOUNDS = ("estimate", "conf_low", "conf_high")
INTERVAL = "estimate [95 %]"


def starred(value: float, low: float, high: float, p_adjusted: float) -> str:
    """`est [lo, hi]` with the stars of its adjusted p."""
    return formats.estimate(value, low, high) + formats.stars(p_adjusted)


def number(head: str, key: str, digits: int = formats.DIGITS) -> Column:
    """A column of numbers with so many decimals."""
    return Column(head, key, partial(formats.number, digits=digits), "r")


def p_value(head: str, key: str) -> Column:
    """A column of p-values."""
    return Column(head, key, formats.p_value, "r")


RESULT = Column("result", "contrast")
ESTIMATE = Column(INTERVAL, BOUNDS, formats.estimate, "r")
STARRED = Column(INTERVAL, (*BOUNDS, "p_adjusted"), starred, "r")
P, ADJUSTED_P, DF = p_value("p", "p_value"), p_value("adjusted p", "p_adjusted"), number("df", "df", 1)
SCOPE = Column("scope", write=select.scope)
NOTE = Column("note", align="n")
TESTED = (RESULT, STARRED, ADJUSTED_P, P, DF, SCOPE)


def has_stars(rows: pd.DataFrame) -> bool:
    """Whether some row of a result frame has an adjusted p."""
    return bool(rows["p_adjusted"].notna().any())


def for_machines(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows as they stand beside their table; those of a result frame without the keys that stay in memory."""
    return for_files(rows).rename(columns={"text": "formatted"}) if "term" in rows else rows


def unchanged(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows as they are."""
    return rows


@dataclass(frozen=True)
class Listing:
    """A table with a row for each of a frame's; "{size}" in the caption becomes the study's.

    rows: of an analysis, the frame. shown: the frame's rows as the table has them, where there are any.
    """

    title: str
    caption: str
    columns: tuple[Column, ...]
    rows: Callable[[Any], pd.DataFrame]
    shown: Callable[[pd.DataFrame], pd.DataFrame] = unchanged

    def table(self, name: str, analysis: Any, size: str) -> Table:
        """The table of an analysis of this size."""
        frame = self.rows(analysis)
        grid = panel(frame if frame.empty else self.shown(frame), self.columns)
        stars = STARRED in self.columns and has_stars(frame)
        return Table(name, self.title, self.caption.replace("{size}", size), (grid,), for_machines(frame), stars)


@dataclass(frozen=True)
class Results:
    """A table with a row for each result of some terms; its caption goes on with how error and p were got."""

    title: str
    opening: str
    terms: tuple[str, ...]
    columns: tuple[Column, ...] = TESTED

    def table(self, name: str, analysis: Analysis, size: str) -> Table:
        """The table of an analysis of this size."""
        return Listing(self.title, self.caption(analysis, size), self.columns, self.rows).table(name, analysis, size)

    def caption(self, analysis: Analysis, size: str) -> str:
        """What the table shows, how large the study is, how error and p were got."""
        return f"{self.opening} {size}. {notes.error(analysis, *self.terms)}"

    def rows(self, analysis: Analysis) -> pd.DataFrame:
        """The result rows of the terms."""
        return select.rows(analysis, *self.terms)


@dataclass(frozen=True)
class ByCount(Results):
    """The same with a panel a term and estimand, a row a value of `key` under the heading `head`, a column a count."""

    head: str = ""
    key: str = ""

    def table(self, name: str, analysis: Analysis, size: str) -> Table:
        """The table of an analysis of this size."""
        frame, panels = self.rows(analysis), []
        several = frame["term"].nunique() > 1
        for term, same in frame.groupby("term", sort=False):
            for benchmark, heading in select.headings(analysis, same).items():
                title = select.words(str(term) if several else "", heading)
                panels.append(self._panel(same[same["benchmark"] == benchmark], title))
        return Table(
            name, self.title, self.caption(analysis, size), tuple(panels), for_machines(frame), has_stars(frame)
        )

    def _panel(self, rows: pd.DataFrame, title: str) -> Panel:
        counts = select.counts(rows)
        texts = dict(zip(zip(rows[self.key], rows["n_tasks"], strict=True), STARRED.cells(rows), strict=True))
        names = dict.fromkeys(rows[self.key])
        lines = tuple((name, *(texts.get((name, count), formats.NONE) for count in counts)) for name in names)
        header = (self.head, *(f"{formats.count_of_tasks(count)}: {INTERVAL}" for count in counts))
        return Panel(header, lines, "l" + "r" * len(counts), title)
