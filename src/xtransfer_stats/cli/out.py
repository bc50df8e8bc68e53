"""What the terminal is written with: two consoles, lines, tables, JSON, and a bar while something takes its time."""

import codecs
import io
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from math import isnan
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from xtransfer_stats.base.formats import p_value
from xtransfer_stats.report.escape import clean

# Results go to standard output, what accompanies them to standard error.
OUT, ERR = Console(highlight=False), Console(stderr=True, highlight=False)


def as_it_is(text: str) -> Text:
    """Text for the terminal as it was typed: no markup is read in it, no control character reaches the screen.

    Halves of a pair stand for the bytes of a path that are not UTF-8; `streams` writes these bytes.
    """
    if text.isprintable():
        return Text(text)
    return Text("".join(one if one == "\n" or "\udc80" <= one <= "\udcff" else clean(one) for one in text))


def streams() -> None:
    """Write what an output's encoding lacks too: bytes of paths as they are, other characters by their number."""
    codecs.register_error("as-it-is", _encoded)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="as-it-is")


def _encoded(error: UnicodeError) -> tuple[bytes | str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    parts = (
        bytes([ord(one) - 0xDC00]) if "\udc80" <= one <= "\udcff" else one.encode("ascii", "backslashreplace")
        for one in lost
    )
    return b"".join(parts), error.end


class Grid(Table):
    """A table whose cells, headings and title are text, not markup; a cell that is Text already keeps its style."""

    def add_row(self, *cells: Any, **options: Any) -> None:
        """Add a row of cells."""
        super().add_row(*(as_it_is(cell) if isinstance(cell, str) else cell for cell in cells), **options)

    def add_column(self, header: Any = "", *more: Any, **options: Any) -> None:
        """Add a column with its heading."""
        super().add_column(as_it_is(header) if isinstance(header, str) else header, *more, **options)


def say(*lines: str, console: Console = OUT, style: str | None = None) -> None:
    """Print lines as they are, however long."""
    for line in lines:
        console.print(as_it_is(line), soft_wrap=True, style=style)


def notes(lines: Iterable[str], console: Console = OUT) -> None:
    """Print a list of sentences."""
    say(*(f"- {line}" for line in lines), console=console)


def signatures(*lines: str) -> None:
    """Print what identifies a result, less loud than the result."""
    say(*lines, style="dim")


def for_machines(value: Any, *, ascii_only: bool = True) -> None:
    """Print JSON."""
    sys.stdout.write(json.dumps(value, indent=1, allow_nan=False, ensure_ascii=ascii_only) + "\n")


def table(title: str, *columns: str, right: tuple[str, ...] = ()) -> Grid:
    """An empty table of the house style; the columns in `right` are set flush right."""
    grid = Grid(
        title=as_it_is(title) if title else None, title_justify="left", box=None, pad_edge=False, header_style="bold"
    )
    for column in columns:
        grid.add_column(column, justify="right" if column in right else "left", no_wrap=column == "name")
    return grid


def duration(seconds: float) -> str:
    """A length of time for people."""
    minutes = seconds / 60
    return f"{seconds:.0f} s" if seconds < 90 else f"{minutes:.0f} min" if minutes < 90 else f"{minutes / 60:.1f} h"


def interval(row: Any) -> str:
    """The limits of a row, in points; nothing where there are none."""
    return "" if isnan(row.conf_low) else f"[{row.conf_low:.2f}, {row.conf_high:.2f}]"


def p_or_blank(value: float) -> str:
    """A p-value as the tables write it; nothing where there is none."""
    return "" if isnan(value) else p_value(value)


class Bar:
    """A bar on the terminal; its methods are what the library's verbs call while they work."""

    def __init__(self, display: Progress, what: str, total: float | None) -> None:
        self._display = display
        self._task = display.add_task(what, total=total)

    def more(self, count: int) -> None:
        """So many more are done."""
        self._display.advance(self._task, count)

    def of(self, done: int, total: int) -> None:
        """So many of so many are done."""
        self._display.update(self._task, completed=done, total=total)

    def stage(self, name: str) -> None:
        """What is being done now."""
        self._display.update(self._task, description=name)


@contextmanager
def bar(what: str, total: float | None = None, *, shown: bool = True) -> Iterator[Bar]:
    """A bar that is gone once its work is done; none where standard error is no terminal."""
    with Progress(console=ERR, transient=True, disable=not (ERR.is_terminal and shown)) as display:
        yield Bar(display, what, total)
