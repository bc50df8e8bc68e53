"""`xstats data`: what each file of a folder is."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xtransfer_stats.base.formats import counted
from xtransfer_stats.cli.app import app
from xtransfer_stats.cli.out import OUT, Grid, for_machines, say

if TYPE_CHECKING:
    from xtransfer_stats.sources.files.filerow import FileRow


@app.command(
    epilog="**Examples**\n\n`xstats data corpora/` a table\n\n`xstats data corpora/ --json > files.json` for machines"
)
def data(
    directory: Annotated[Path, typer.Argument(help="A folder of data sets, in any layout.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows for machines.")] = False,
) -> None:
    """Say of every file of a folder which data set, language and split it is, and what is wrong with it."""
    from xtransfer_stats.verbs.catalogue import data

    rows = data(directory)
    if as_json:
        for_machines([row.plain(directory) for row in rows], ascii_only=False)
    else:
        _show(rows, directory)


def _show(rows: "Sequence[FileRow]", root: Path) -> None:
    """One line a file, or a language of it, and its problems; then a sum."""
    grid = Grid(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for column in ("path", "task", "lang", "split", "format"):
        grid.add_column(column, overflow="fold")
    grid.add_column("examples", justify="right")
    grid.add_column("labelled")
    grid.add_column("problems", overflow="fold")
    for row in rows:
        grid.add_row(*_cells(row, root))
    OUT.print(grid)
    known = sum(bool(row.task) for row in rows)
    unlabelled = sum(bool(row.task) and not row.labelled for row in rows)
    say(f"{counted(len(rows), 'row')}: {known} of known data sets, {unlabelled} of these unlabelled.")


def _cells(row: "FileRow", root: Path) -> list[str]:
    language = f"{row.language} (questions {row.question_language})" if row.question_language else row.language
    labelled = ("no", "yes")[row.labelled] if row.task else ""
    path = row.path.relative_to(root).as_posix()
    return [path, row.task, language, row.split, row.format, str(row.examples), labelled, "; ".join(row.problems)]
