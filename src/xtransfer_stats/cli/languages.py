"""`xstats languages`: the languages, their benchmarks and tasks."""

from typing import Annotated

import typer

from xtransfer_stats.cli.app import app
from xtransfer_stats.cli.out import OUT, for_machines, table


@app.command(epilog="**Examples**\n\n`xstats languages` a table\n\n`xstats languages --json` for machines")
def languages(
    as_json: Annotated[bool, typer.Option("--json", help="Print the languages for machines.")] = False,
) -> None:
    """List the languages: family, script, benchmarks and target tasks."""
    from xtransfer_stats.tasks.benchmarks import benchmark_names
    from xtransfer_stats.verbs.catalogue import languages

    rows = languages()
    if as_json:
        for_machines(rows, ascii_only=False)
        return
    numbers = {name: str(number) for number, name in enumerate(benchmark_names(), start=1)}
    title = "Languages; benchmarks: " + ", ".join(f"{number} {name}" for name, number in numbers.items())
    grid = table(title, "code", "name", "family", "script", "in", "tasks", "which", right=("tasks",))
    for row in rows:
        where = " ".join(number for name, number in numbers.items() if name in row["benchmarks"])
        count = str(len(row["tasks"]))
        grid.add_row(row["code"], row["name"], row["family"], row["script"], where, count, " ".join(row["tasks"]))
    OUT.print(grid)
