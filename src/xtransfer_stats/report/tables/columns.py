"""Tables declared by their columns: the columns that several share, and the kinds of table made of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import levels, notes, select, words
from xtransfer_stats.report.panel import Column, Panel, panel
from xtransfer_stats.report.tables.table import Table
from xtransfer_stats.stats.core.conditions import COUNTS, Conditions
from xtransfer_stats.stats.core.results import Analysis, for_files, in_levels
from xtransfer_stats.stats.core.termtable import SHRUNKEN_LANGUAGE, SHRUNKEN_TASK

SHRUNKEN = (SHRUNKEN_TASK, SHRUNKEN_LANGUAGE)
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
WITHOUT_ONE = Column("without one task", ("left_low", "left_high"), formats.reach, "r", optional=True)
P, ADJUSTED_P, DF = p_value("p", "p_value"), p_value("adjusted p", "p_adjusted"), number("df", "df", 1)
SCOPE = Column("scope", write=select.scope)
NOTE = Column("note", align="n")
TESTED = (RESULT, STARRED, ADJUSTED_P, P, DF, SCOPE)


def has_stars(rows: pd.DataFrame) -> bool:
    """Whether some row of a result frame has an adjusted p."""
    return bool(rows["p_adjusted"].notna().any())


def for_machines(rows: pd.DataFrame, conditions: Conditions = COUNTS) -> pd.DataFrame:
    """Rows as they stand beside their table; those of a result frame without the keys that stay in memory."""
    if "term" not in rows:
        return in_levels(rows, conditions)
    return for_files(rows, conditions).rename(columns={"text": "formatted"})


@dataclass(frozen=True)
class Listing:
    """A table declared: a row for each of a frame's; "{size}" in the caption becomes the study's.

    rows: of an analysis, the frame. shown: the frame's rows as the table has them, where there are any. terms: of the
    result frame; the caption then goes on with how their error and p were got. remark: of the rows, ends the caption.
    """

    title: str
    caption: str
    columns: tuple[Column, ...]
    rows: Callable[[Any], pd.DataFrame]
    shown: Callable[[pd.DataFrame], pd.DataFrame] | None = None
    terms: tuple[str, ...] = ()
    remark: Callable[[pd.DataFrame], str] | None = None

    def table(self, name: str, analysis: Any, size: str) -> Table:
        """The table of an analysis of this size."""
        frame = self.rows(analysis)
        title = words.spoken(self.title, analysis)
        caption = size.join(words.spoken(part, analysis) for part in self.caption.split("{size}"))
        caption += f" {notes.error(analysis, frame)}" if self.terms else ""
        caption += f" {remark}" if self.remark and (remark := self.remark(frame)) else ""
        stars = any(column.write is starred for column in self.columns) and has_stars(frame)
        return Table(
            name,
            title,
            caption,
            self.panels(analysis, frame),
            for_machines(frame, words.conditions_of(analysis)),
            stars,
        )

    def panels(self, analysis: Any, frame: pd.DataFrame) -> tuple[Panel, ...]:
        """The grids of the table."""
        conditions = words.conditions_of(analysis)
        columns = [_of_conditions(column, analysis, conditions) for column in self.columns]
        return (panel(self.shown(frame) if self.shown and len(frame) else frame, columns),)


def _of_conditions(column: Column, analysis: Any, conditions: Conditions) -> Column:
    """A column under its study's own heading, its conditions in its own words."""
    write = conditions.called if column.keys == "n_tasks" else column.write
    return replace(column, head=words.spoken(column.head, analysis), keys=column.keys or column.head, write=write)


@dataclass(frozen=True)
class ByCount(Listing):
    """A listing with a panel a term and estimand, a row a value of the frame's column `key`, a column a task count."""

    head: str = ""
    key: str = ""

    def panels(self, analysis: Analysis, frame: pd.DataFrame) -> tuple[Panel, ...]:
        """The grids of the table; none of a term whose every row a model has shrunken to one value."""
        frame = frame[~frame["term"].isin(_one_value(frame))]
        several = frame["term"].nunique() > 1
        return tuple(
            self._panel(
                same[same["benchmark"] == benchmark],
                select.words(str(term) if several else "", heading),
                words.conditions_of(analysis),
                levels.language_names(analysis) if self.key == "language" else {},
            )
            for term, same in frame.groupby("term", sort=False)
            for benchmark, heading in select.headings(analysis, same).items()
        )

    def _panel(self, rows: pd.DataFrame, title: str, conditions: Conditions, called: Mapping[str, str]) -> Panel:
        counts = select.by_count(rows)
        texts = dict(zip(zip(rows[self.key], rows["n_tasks"], strict=True), STARRED.cells(rows), strict=True))
        names = dict.fromkeys(rows[self.key])
        lines = tuple(
            (called.get(name, name), *(texts.get((name, count), formats.NONE) for count in counts)) for name in names
        )
        header = (self.head, *(f"{conditions.called(count)}: {INTERVAL}" for count in counts))
        return Panel(header, lines, "l" + "r" * len(counts), title)


def _one_value(frame: pd.DataFrame) -> list[str]:
    """The shrunken terms whose rows are the same in every level, beside others that are not."""
    if frame["term"].nunique() < 2:
        return []
    return [
        str(term)
        for term, same in frame.groupby("term", sort=False)
        if term in SHRUNKEN and all(len(part) > 1 and part["text"].nunique() == 1 for _, part in _of_each(same))
    ]


def _of_each(rows: pd.DataFrame) -> Any:
    return rows.groupby(["benchmark", "n_tasks"], dropna=False)


def _one_value_said(frame: pd.DataFrame) -> str:
    """The rows that a table does not repeat, in a sentence each."""
    said = []
    for term in _one_value(frame):
        values = "; ".join(part["text"].iloc[0] for _, part in _of_each(frame[frame["term"] == term]))
        said.append(f"The cell-level model shrinks all of them to one value: {values}.")
    return " ".join(said)


def results(title: str, opening: str, *terms: str, columns: tuple[Column, ...] = TESTED) -> Listing:
    """A row for each result of the terms."""
    return Listing(title, opening + " {size}.", columns, _results(*terms), terms=terms)


def by_count(title: str, opening: str, head: str, key: str, *terms: str) -> Listing:
    """A row for each value of `key` that the results of the terms have, under the heading `head`."""
    return ByCount(
        title, opening + " {size}.", (STARRED,), _results(*terms), None, terms, _one_value_said, head=head, key=key
    )


def _results(*terms: str) -> Callable[[Analysis], pd.DataFrame]:
    return lambda analysis: select.rows(analysis, *terms)
