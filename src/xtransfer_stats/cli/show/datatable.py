"""The table of `xstats data`."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.measure import Measurement
from rich.table import Table

from xtransfer_stats.sources.files.filerow import FileRow

_UNFOLDED = 10_000


def show(rows: Sequence[FileRow], root: Path) -> None:
    """One line a file, or a language of it, and its problems; then a sum."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for column in ("path", "task", "lang", "split", "format"):
        table.add_column(column, overflow="fold")
    table.add_column("examples", justify="right")
    table.add_column("labelled")
    table.add_column("problems", overflow="fold")
    for row in rows:
        table.add_row(*map(escape, _cells(row, root)))
    console = Console(highlight=False)
    if not console.is_terminal:
        # Into a file or a pipe each row is one line, however long its path.
        console.width = Measurement.get(console, console.options.update(max_width=_UNFOLDED), table).maximum
    console.print(table)
    known = sum(bool(row.task) for row in rows)
    unlabelled = sum(bool(row.task) and not row.labelled for row in rows)
    console.print(f"{len(rows)} rows: {known} of known data sets, {unlabelled} of these unlabelled.", soft_wrap=True)


def _cells(row: FileRow, root: Path) -> list[str]:
    language = f"{row.language} (questions {row.question_language})" if row.question_language else row.language
    labelled = ("no", "yes")[row.labelled] if row.task else ""
    path = row.path.relative_to(root).as_posix()
    return [path, row.task, language, row.split, row.format, str(row.examples), labelled, "; ".join(row.problems)]
