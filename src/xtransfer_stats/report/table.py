"""What a table is, before it is LaTeX, Markdown, HTML or CSV."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Panel:
    """One grid of texts under a title ("" when it is alone); the first column names the row.

    align: one letter a column, "l" text, "r" number, "n" long text that may break.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: str
    title: str = ""


@dataclass(frozen=True)
class Table:
    """name: file name; title: heading; caption: what the numbers are; frame: the same in full precision.

    starred: some cell has stars; `frame` then has method, family, df and p_adjusted, which their legend is made of.
    """

    name: str
    title: str
    caption: str
    panels: tuple[Panel, ...]
    frame: pd.DataFrame
    starred: bool = False
