"""`xstats tasks`: the catalogue's tasks, their data and licences."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.table import Table

from xtransfer_stats.cli.app import app
from xtransfer_stats.cli.out import OUT, for_machines, say, table

Row = dict[str, Any]


@app.command(
    epilog="**Examples**\n\n`xstats tasks` the whole catalogue\n\n`xstats tasks mlqa` one entry in full\n\n"
    "`xstats tasks --json` for machines"
)
def tasks(
    name: Annotated[str | None, typer.Argument(help="Show the entries of this name in full.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the catalogue for machines.")] = False,
) -> None:
    """List the intermediate tasks, the target tasks and their benchmarks."""
    from xtransfer_stats.verbs.catalogue import catalogue

    entries = catalogue(name)
    if as_json:
        for_machines(entries, ascii_only=False)
    elif name:
        _entries(entries)
    else:
        _all(entries)


def _entries(rows: Mapping[str, Row]) -> None:
    """The entries of one name in full."""
    for kind, row in rows.items():
        say(f"{row['title']} ({kind}{', yours' if row['yours'] else ''})", style="bold")
        _in_full(row)


def _all(catalogue: Mapping[str, Any]) -> None:
    """Trainings, target tasks, their languages, licences, and how scores become averages."""
    intermediate, trainings, targets = (catalogue[kind] for kind in ("intermediate", "trainings", "targets"))
    OUT.print(_trainings("Intermediate tasks (English)", intermediate))
    OUT.print(_trainings("Trainings of target tasks", trainings))
    OUT.print(_targets(targets))
    OUT.print(_spoken(targets))
    licences = {row["name"]: row["data"]["licence"] for row in (*intermediate, *trainings, *targets)}
    grid = table("Licences", "data set", "licence")
    for name, licence in licences.items():
        grid.add_row(name, licence)
    OUT.print(grid)
    say(*catalogue["averaging"].values(), "`xstats tasks NAME` shows one entry with its data sets and notes.")


def _trainings(title: str, rows: list[Row]) -> Table:
    grid = table(title, "name", "title", "family", "examples", "sources", right=("examples",))
    for row in rows:
        size = row["data"]["sizes"].get("train")
        grid.add_row(_name(row), row["title"], row["family"], f"{size:,}" if size else "unread", _sources(row))
    return grid


def _targets(rows: list[Row]) -> Table:
    grid = table("Target tasks", "name", "family", "metric", "trained on", "sources")
    for row in rows:
        grid.add_row(_name(row), row["family"], " ".join(row["metrics"]), row["training"] or "-", _sources(row))
    return grid


def _spoken(rows: list[Row]) -> Table:
    from xtransfer_stats.tasks.benchmarks import benchmark_names

    names = benchmark_names()
    grid = table("Languages of the target tasks in each benchmark", "name", *names, right=names)
    for row in rows:
        grid.add_row(_name(row), *(str(len(row["benchmarks"].get(name, ())) or "-") for name in names))
    return grid


def _sources(row: Row) -> str:
    return " ".join(row["sources"])


def _name(row: Row) -> str:
    return f"{row['name']} (yours)" if row["yours"] else row["name"]


def _in_full(row: Row, indent: int = 2) -> None:
    for key, value in row.items():
        if isinstance(value, Mapping) and value:
            say(f"{' ' * indent}{key}:")
            _in_full(dict(value), indent + 2)
        elif value not in ((), [], {}, "", None, False):
            say(f"{' ' * indent}{key}: {_text(value)}")


def _text(value: Any) -> str:
    if not isinstance(value, list | tuple):
        return str(value)
    return "; ".join(json.dumps(part) if isinstance(part, Mapping) else str(part) for part in value)
