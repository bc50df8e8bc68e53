"""`xstats recipes`: the studies that can be run by name."""

from collections.abc import Iterator, Mapping
from typing import Any

from xtransfer_stats.base import formats
from xtransfer_stats.base.processes import cores
from xtransfer_stats.cli import options
from xtransfer_stats.cli.app import app
from xtransfer_stats.cli.out import OUT, duration, for_machines, say, table


@app.command(
    epilog="**Examples**\n\n`xstats recipes` shipped ones, and yours of this folder\n\n"
    "`xstats recipes --json` for machines"
)
def recipes(as_json: options.AsJsonOption = False) -> None:
    """List the studies that can be run: what each runs, its size, its time."""
    from xtransfer_stats.verbs.recipelist import recipes

    rows = recipes()
    if as_json:
        for_machines(rows, ascii_only=False)
        return
    grid = table(
        "", "recipe", "seeds x counts", "runs", "steps", "time", "disk", "backbone", right=("runs", "steps", "disk")
    )
    for row in rows:
        if not row["trouble"]:
            grid.add_row(_name(row), *_size(row))
    OUT.print(grid)
    for row in rows:
        said = [f"cannot be run: {row['trouble']}"] if row["trouble"] else [row["says"], _scope(row)]
        say(f"- {_name(row)}: {'. '.join(filter(None, said))}.")
    say(
        "",
        "`xstats run NAME --dry-run` shows the plan; options such as --seeds override a recipe. "
        f"Times are of {formats.counted(cores(), 'worker')}, or of one GPU.",
    )


def _name(row: Mapping[str, Any]) -> str:
    return f"{row['name']} (yours)" if row["own"] else row["name"]


def _size(row: Mapping[str, Any]) -> Iterator[str]:
    yield f"{row['seeds']} x {','.join(map(str, (0, *row['tasks'])))}"
    yield f"{row['runs']:,}"
    yield f"{row['steps']:,}"
    yield f"{duration(row['seconds'])} GPU" if row["accelerator"] else duration(row["seconds"] / cores())
    yield f"{row['bytes'] / 1e9:,.1f} GB"
    yield row["backbone"]


def _scope(row: Mapping[str, Any]) -> str:
    where = " and ".join(row["benchmarks"])
    return f"{row['targets']} target tasks in {row['languages']} languages of {where}"
