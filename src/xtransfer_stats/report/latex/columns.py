"""The columns of a grid of texts on paper: how wide each is, and whether one column of the page holds them."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xtransfer_stats.report.latex.metrics import width

COLUMN, TEXT = 216.0, 452.0  # points; a little under acl's 3.03 and 6.3 inches
GAP = 6.0  # between two columns
LEAST = 64.0  # a text that breaks gets this much at least
LONG = 0.3 * TEXT  # a text wider than this may break
MANY_LINES = 4  # a text that would break into more lines asks for the wider float

PIECES = re.compile(r" (?![^\[(]*[\])])")  # spaces outside brackets

Row = Sequence[str]


@dataclass(frozen=True)
class Column:
    """place: its number in the grid; align: "l" or "r"; width: points; breaks: whether its texts break."""

    place: int
    align: str
    head: tuple[str, ...]  # the heading's lines
    width: float
    breaks: bool = False

    def lines(self, cell: str) -> int:
        """How many lines a cell takes, about."""
        return max(1, math.ceil(1.2 * width(cell) / self.width)) if self.breaks else 1


@dataclass(frozen=True)
class Plan:
    """The columns of one float; `wide` ones span both columns of the page."""

    columns: tuple[Column, ...]
    wide: bool


def plans(header: Row, align: str, rows: Sequence[Row]) -> list[Plan]:
    """One plan, or several where the columns do not fit side by side; each starts with the first column."""
    first, *others = [_column(place, head, align, rows) for place, head in enumerate(header)]
    if (narrow := _fitted([first, *others], COLUMN)) and not _crowded(narrow, rows):
        return [Plan(narrow, False)]
    return [Plan(_fitted(chunk, TEXT) or tuple(chunk), True) for chunk in _chunks(first, others)]


def stacked(text: str, room: float) -> tuple[str, ...]:
    """`text` in lines no wider than `room` or its longest piece; a colon ends a line, brackets stay whole."""
    if width(text) <= room:
        return (text,)
    lines: list[str] = []
    for word in PIECES.split(text):
        if lines and not lines[-1].endswith(":") and width(f"{lines[-1]} {word}") <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)


def _column(place: int, heading: str, align: str, rows: Sequence[Row]) -> Column:
    texts = [row[place] for row in rows]
    widest = max((width(text) for text in texts), default=0.0)
    breaks = align[place] == "n" or widest > LONG
    head = stacked(heading, max(min(widest, LONG), *map(width, PIECES.split(heading))))
    natural = max(widest, *map(width, head))
    return Column(place, "r" if align[place] == "r" else "l", head, natural, breaks)


def _least(column: Column) -> float:
    return min(column.width, max(LEAST, *map(width, column.head))) if column.breaks else column.width


def _fitted(columns: Sequence[Column], room: float) -> tuple[Column, ...]:
    """The columns in `room`, what is spare shared by those that break; none when even the least is too much."""
    spare = room - GAP * (len(columns) - 1) - sum(map(_least, columns))
    if spare < 0:
        return ()
    wanted = sum(column.width - _least(column) for column in columns)
    share = min(1.0, spare / wanted) if wanted else 0.0
    return tuple(_widened(column, share) for column in columns)


def _widened(column: Column, share: float) -> Column:
    least = _least(column)
    breaks = column.breaks and share < 1
    return Column(column.place, column.align, column.head, least + share * (column.width - least), breaks)


def _crowded(columns: Sequence[Column], rows: Sequence[Row]) -> bool:
    return any(column.lines(row[column.place]) > MANY_LINES for row in rows for column in columns)


def _chunks(first: Column, others: Sequence[Column]) -> Iterator[list[Column]]:
    chunk = [first]
    for column in others:
        if len(chunk) > 1 and not _fitted([*chunk, column], TEXT):
            yield chunk
            chunk = [first]
        chunk.append(column)
    yield chunk
