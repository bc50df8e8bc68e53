"""What lm-evaluation-harness prints at its end: a table of tasks with an indent below groups, and one of the groups."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from xtransfer_stats.exchange.imports.grids import Grid
from xtransfer_stats.exchange.imports.harness import KIND, task_and_language
from xtransfer_stats.exchange.imports.raw import Heading, LeftAside, RawTable, of_records
from xtransfer_stats.exchange.scoreframe.headings import ERROR, LANGUAGE, METRIC, SCORE

_COLUMNS = ("Version", "Filter", "Metric", "Value", "Stderr")
_MODEL = re.compile(r"\b(?:pretrained|model)=([^,)\s]+)")
_INDENT = re.compile(r"^[\s-]*-\s+")


def is_print(grid: Grid) -> bool:
    """Whether a Markdown table is one that the harness prints."""
    return grid[0][0] in ("Tasks", "Task", "Groups") and set(_COLUMNS) <= set(grid[0])


def printed(source: str, tables: Sequence[tuple[str, Grid]]) -> RawTable:
    """A row a task and metric; groups are left aside, as their tasks stand beside."""
    records: list[dict[Heading, Any]] = []
    left: list[LeftAside] = []
    for title, (head, *rows) in tables:
        groups = [_task(row) for row in rows] if head[0] == "Groups" else _groups([row[0] for row in rows])
        names = [_task(row) for row in rows]
        model = _MODEL.search(title)
        name = ""
        for row in rows:
            cells = dict(zip(head, row, strict=True))
            name = _task(row) or name  # a further metric of the task above
            if name in groups:
                left.append(LeftAside(name, "a group, whose tasks stand beside", source))
                continue
            task, language = task_and_language(name, names)
            several = "" if cells["Filter"] in ("", "none") else f" ({cells['Filter']})"
            record: dict[Heading, Any] = {("task",): task, (LANGUAGE,): language, (METRIC,): cells["Metric"] + several}
            record |= {(SCORE,): cells["Value"], (ERROR,): cells["Stderr"]}
            records.append(record | ({("model",): model[1]} if model else {}))
    return of_records(source, f"{KIND}, printed", records, left)


def _task(row: Sequence[str]) -> str:
    return _INDENT.sub("", row[0]).strip()


def _groups(cells: Sequence[str]) -> list[str]:
    """Tasks without an indent that are followed by tasks with one."""
    return [one for one, below in pairwise(cells) if below.startswith("-") and not one.startswith("-")]
