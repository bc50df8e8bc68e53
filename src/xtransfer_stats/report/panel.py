"""A grid of texts, and how its columns are made from a frame's: heading, values, how they are written."""

from collections.abc import Callable, Sequence
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


def text(value: object) -> str:
    """A cell of text; empty where there is none."""
    return "" if pd.isna(value) else str(value)


@dataclass(frozen=True)
class Column:
    """A column of a panel, declared: its heading, the frame's columns that it reads, how their values are written.

    keys: one column, or several whose values `write` takes together; "" for the column called as the heading is.
    """

    head: str
    keys: str | tuple[str, ...] = ""
    write: Callable[..., str] = text
    align: str = "l"

    def cells(self, frame: pd.DataFrame) -> list[str]:
        """One cell a row of the frame."""
        keys = (self.keys or self.head,) if isinstance(self.keys, str) else self.keys
        return [self.write(*values) for values in zip(*(frame[key] for key in keys), strict=True)]


def panel(frame: pd.DataFrame, columns: Sequence[Column], title: str = "") -> Panel:
    """The grid of a frame, a row a row; a frame without rows may lack the columns too."""
    cells = [] if frame.empty else [column.cells(frame) for column in columns]
    header, align = tuple(column.head for column in columns), "".join(column.align for column in columns)
    return Panel(header, tuple(zip(*cells, strict=True)), align, title)
