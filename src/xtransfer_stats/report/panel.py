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
    optional: it is left out where the frame lacks it, or no row has a value.
    """

    head: str
    keys: str | tuple[str, ...] = ""
    write: Callable[..., str] = text
    align: str = "l"
    optional: bool = False

    @property
    def reads(self) -> tuple[str, ...]:
        """The frame's columns behind it."""
        return (self.keys or self.head,) if isinstance(self.keys, str) else self.keys

    def cells(self, frame: pd.DataFrame) -> list[str]:
        """One cell a row of the frame."""
        return [self.write(*values) for values in zip(*(frame[key] for key in self.reads), strict=True)]


def panel(frame: pd.DataFrame, columns: Sequence[Column], title: str = "") -> Panel:
    """The grid of a frame, a row a row; a frame without rows may lack the columns too."""
    columns = [column for column in columns if not column.optional or set(column.reads) <= set(frame)]
    written = [] if frame.empty else [(column, column.cells(frame)) for column in columns]
    written = [(column, texts) for column, texts in written if any(texts) or not column.optional]
    columns, cells = [column for column, _ in written] or columns, [texts for _, texts in written]
    header, align = tuple(column.head for column in columns), "".join(column.align for column in columns)
    return Panel(header, tuple(zip(*cells, strict=True)), align, title)
