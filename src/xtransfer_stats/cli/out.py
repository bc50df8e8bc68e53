"""What the terminal is written with: two consoles, lines, tables, JSON, and a bar while something takes its time."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from math import isnan
from typing import Any

from rich.console import Console, ConsoleDimensions
from rich.progress import Progress

from xtransfer_stats.base import formats
from xtransfer_stats.cli.grid import UNFOLDED as UNFOLDED
from xtransfer_stats.cli.grid import Grid as Grid
from xtransfer_stats.cli.pace import Pace
from xtransfer_stats.cli.text import as_it_is as as_it_is
from xtransfer_stats.cli.text import streams as streams
from xtransfer_stats.cli.text import wrapped


class Output(Console):
    """A console as wide as its terminal (COLUMNS says otherwise); into a file or a pipe no line is folded."""

    @property  # type: ignore[misc]  # nobody sets it
    def size(self) -> ConsoleDimensions:
        """Columns and lines."""
        size = super().size
        return size if self.is_terminal else ConsoleDimensions(UNFOLDED, size.height)


# Results go to standard output, what accompanies them to standard error, which --quiet silences but for errors.
OUT, ERR = Output(highlight=False), Output(stderr=True, highlight=False)


def say(*lines: str, console: Console = OUT, style: str | None = None) -> None:
    """Print lines as they are; where a terminal is narrower they are wrapped between words."""
    for line in lines:
        console.print(wrapped(as_it_is(line), console.width), soft_wrap=True, style=style)


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
    grid = Grid(title=as_it_is(title) if title else None, box=None, pad_edge=False, header_style="bold")
    for column in columns:
        grid.add_column(column, justify="right" if column in right else "left", no_wrap=column == "name")
    return grid


def duration(seconds: float) -> str:
    """A length of time for people."""
    minutes = seconds / 60
    return f"{seconds:.0f} s" if seconds < 90 else f"{minutes:.0f} min" if minutes < 90 else f"{minutes / 60:.1f} h"


def bytes_of(count: float) -> str:
    """A size for people."""
    return (
        f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count:.0f} bytes"
    )


def interval(row: Any) -> str:
    """The limits of a row, in points; a dash where there are none."""
    if isnan(row.conf_low):
        return formats.NONE
    return f"[{formats.number(row.conf_low)}, {formats.number(row.conf_high)}]"


def p_or_blank(value: float) -> str:
    """A p-value as the tables write it; nothing where there is none."""
    return "" if isnan(value) else formats.p_value(value)


class Bar:
    """A bar on the terminal, elsewhere a line now and then; its methods are what the library calls while it works."""

    def __init__(self, display: Progress, what: str, total: float | None, pace: Pace | None) -> None:
        self._display, self._pace = display, pace
        self._task = display.add_task(what, total=total)

    def more(self, count: int) -> None:
        """So many more are done."""
        self._display.advance(self._task, count)
        self._speak()

    def of(self, done: int, total: int) -> None:
        """So many of so many are done."""
        self._display.update(self._task, completed=done, total=total)
        self._speak()

    def stage(self, name: str) -> None:
        """What is being done now."""
        self._display.update(self._task, description=name)
        self._speak()

    def _speak(self) -> None:
        if self._pace is not None and self._pace.due():
            task = self._display.tasks[0]
            done = f": {task.completed:g} of {task.total:g}" if task.total else ""
            say(f"{task.description}{done}", console=ERR)


@contextmanager
def bar(what: str, total: float | None = None, *, shown: bool = True) -> Iterator[Bar]:
    """A bar that is gone once its work is done; where standard error is no terminal, a line at a steady pace."""
    drawn = ERR.is_terminal and not ERR.quiet
    with Progress(console=ERR, transient=True, disable=not (drawn and shown)) as display:
        yield Bar(display, what, total, None if drawn or not shown else Pace())
