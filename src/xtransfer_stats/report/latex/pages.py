"""The rows of a table on pages: which stand in one float."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xtransfer_stats.report.latex.columns import COLUMN, TEXT, Plan
from xtransfer_stats.report.latex.metrics import POINTS, width
from xtransfer_stats.report.table import Panel

ROOM = 540.0  # points of a page that a float may fill
LINE = 11.0
CAPTION_LINE, CAPTION_TYPE = 12.0, 10.0
AIR = 2.0  # between rows of several lines
RULES = 24.0  # rules and the space around them


@dataclass(frozen=True)
class Block:
    """Rows under one title; a panel, or a piece of one that is too long for a page."""

    title: str
    rows: tuple[tuple[str, ...], ...]


def pages(panels: Sequence[Panel], plan: Plan, caption: str) -> list[list[Block]]:
    """The blocks of each float: whole panels where they fit, else pieces of like length."""
    room = ROOM - RULES - _caption_height(caption, plan) - LINE * max(len(column.head) for column in plan.columns)
    floats: list[list[Block]] = []
    left = 0.0
    for block in (piece for panel in panels for piece in _pieces(panel, plan, room)):
        needed = _height(block.title, block.rows, plan)
        if not floats or needed > left:
            floats.append([])
            left = room
        floats[-1].append(block)
        left -= needed
    return floats


def _caption_height(caption: str, plan: Plan) -> float:
    per_line = 0.9 * (TEXT if plan.wide else COLUMN) * POINTS / CAPTION_TYPE
    return CAPTION_LINE * math.ceil(width(caption) / per_line)


def _height(title: str, rows: Sequence[Sequence[str]], plan: Plan) -> float:
    lines = sum(max(column.lines(row[column.place]) for column in plan.columns) for row in rows)
    return LINE * (lines + (1.5 if title else 0)) + (AIR * len(rows) if plan.breaks else 0)


def _pieces(panel: Panel, plan: Plan, room: float) -> Iterator[Block]:
    """The panel cut into the fewest pieces of like length that fit."""
    count = max(1, math.ceil(_height(panel.title, panel.rows, plan) / (room - 2 * LINE)))
    while any(_height(panel.title, rows, plan) > room and len(rows) > 1 for rows in _cut(panel.rows, count)):
        count += 1
    for number, rows in enumerate(_cut(panel.rows, count)):
        yield Block(f"{panel.title} (continued)" if panel.title and number else panel.title, rows)


def _cut(rows: Sequence[tuple[str, ...]], count: int) -> list[tuple[tuple[str, ...], ...]]:
    size = math.ceil(len(rows) / count)
    return [tuple(rows[start : start + size]) for start in range(0, len(rows), size)]
