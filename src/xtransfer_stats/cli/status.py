"""`xstats status`: what of a study is there."""

from typing import TYPE_CHECKING

from xtransfer_stats.cli import options
from xtransfer_stats.cli.app import app
from xtransfer_stats.cli.out import OUT, say, table

if TYPE_CHECKING:
    from rich.table import Table

    from xtransfer_stats.verbs.instore import Status


@app.command(epilog="**Example**\n\n`xstats status --store xstats-store`")
def status(store: options.StoreOption = options.STORE, study: options.StudyOption = None) -> None:
    """Show what of a study is done, missing, failed or damaged."""
    from xtransfer_stats.verbs.study import Study

    result = Study(store, study).status()
    say(result.design)
    OUT.print(steps_table(result))
    say(*result.sentences())


def steps_table(status: "Status") -> "Table":
    """Steps by kind and state."""
    from xtransfer_stats.store.store import State

    names = [state.value for state in State]
    grid = table("Steps", "kind", "in all", *names, right=("in all", *names))
    for kind, counts in status.counts.items():
        grid.add_row(kind, str(sum(counts.values())), *map(str, counts.values()))
    return grid
