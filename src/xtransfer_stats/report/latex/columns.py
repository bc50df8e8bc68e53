"""The columns of a grid of texts on paper: how wide each is, and whether one column of the page holds them."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from xtransfer_stats.report.latex.text import most_stars, number_and_stars, unbroken, width

COLUMN, TEXT = 216.0, 452.0  # points; a little under acl's 3.03 and 6.3 inches
GAP = 6.0  # between two columns
LEAST = 64.0  # a text that breaks gets this much at least
LONG = 0.3 * TEXT  # a text wider than this may break
MANY_LINES = 4  # a text that would break into more lines asks for the wider float

PIECES = re.compile(r" (?![^\[(]*[\])])")  # spaces outside brackets

Row = Sequence[str]


@dataclass(frozen=True)
class PrintedColumn:
    """place: its number in the grid; align: "l" or "r"; width: points; breaks: whether its texts break."""

    place: int
    align: str
    head: tuple[str, ...]  # the heading's lines
    width: float
    least: float  # the narrowest it can be
    breaks: bool = False
    stars: int = 0  # room for so many behind every number

    def lines(self, cell: str) -> int:
        """How many lines a cell takes, about."""
        return max(1, math.ceil(1.2 * width(cell) / self.width)) if self.breaks else 1


@dataclass(frozen=True)
class ColumnPlan:
    """The columns of one float; `wide` ones span both columns of the page."""

    columns: tuple[PrintedColumn, ...]
    wide: bool

    @property
    def breaks(self) -> bool:
        """Whether some row may take several lines."""
        return any(column.breaks for column in self.columns)


def plans(header: Row, letters: str, rows: Sequence[Row]) -> list[ColumnPlan]:
    """One plan, or several where the columns do not fit side by side; each starts with the first column."""
    first, *others = [_column(place, head, letters[place], rows) for place, head in enumerate(header)]
    if (narrow := _fitted([first, *others], COLUMN)) and not _crowded(narrow, rows):
        return [ColumnPlan(narrow, False)]
    return [ColumnPlan(_fitted(chunk, TEXT) or tuple(chunk), True) for chunk in _chunks(first, others)]


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


def _column(place: int, heading: str, letter: str, rows: Sequence[Row]) -> PrintedColumn:
    texts, align = [row[place] for row in rows], "r" if letter == "r" else "l"
    stars = most_stars(texts, align)
    widest = _widest([number_and_stars(text, align)[0] for text in texts]) + stars * width("*")
    head = stacked(heading, max(min(widest, LONG), _widest(PIECES.split(heading))))
    natural = max(widest, _widest(head))
    breaks = letter == "n" or widest > LONG
    unbreakable = max(LEAST, _widest(head), _widest([piece for text in texts for piece in unbroken(text)]))
    return PrintedColumn(place, align, head, natural, min(natural, unbreakable) if breaks else natural, breaks, stars)


def _widest(texts: Sequence[str]) -> float:
    return max(map(width, texts), default=0.0)


def _fitted(columns: Sequence[PrintedColumn], room: float) -> tuple[PrintedColumn, ...]:
    """The columns in `room`, what is spare shared by those that break; none when even the least is too much."""
    spare = room - GAP * (len(columns) - 1) - sum(column.least for column in columns)
    if spare < 0:
        return ()
    wanted = sum(column.width - column.least for column in columns)
    share = min(1.0, spare / wanted) if wanted else 1.0
    return tuple(_widened(column, share) for column in columns)


def _widened(column: PrintedColumn, share: float) -> PrintedColumn:
    wide = column.least + share * (column.width - column.least)
    return replace(column, width=wide, breaks=column.breaks and share < 1)


def _crowded(columns: Sequence[PrintedColumn], rows: Sequence[Row]) -> bool:
    return any(column.lines(row[column.place]) > MANY_LINES for row in rows for column in columns)


def _chunks(first: PrintedColumn, others: Sequence[PrintedColumn]) -> list[list[PrintedColumn]]:
    """The fewest groups of columns that fit, each behind the first column, of like number where that fits too."""
    filled = list(_filled(first, others))
    size = math.ceil(len(others) / len(filled))
    even = [[first, *others[start : start + size]] for start in range(0, len(others), size)]
    return even if all(_fitted(chunk, TEXT) for chunk in even) else filled


def _filled(first: PrintedColumn, others: Sequence[PrintedColumn]) -> Iterator[list[PrintedColumn]]:
    chunk = [first]
    for column in others:
        if len(chunk) > 1 and not _fitted([*chunk, column], TEXT):
            yield chunk
            chunk = [first]
        chunk.append(column)
    yield chunk
