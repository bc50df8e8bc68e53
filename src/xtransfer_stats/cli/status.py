"""`xstats status`: what of a study is there."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.cli import options
from xtransfer_stats.cli.app import app
from xtransfer_stats.cli.codes import Code
from xtransfer_stats.cli.out import OUT, for_machines, say, table

if TYPE_CHECKING:
    from rich.table import Table

    from xtransfer_stats.verbs.instore import Status

EVERY = 5.0  # seconds between two looks


@app.command(
    epilog="**Examples**\n\n`xstats status` the study run last\n\n"
    "`xstats status my-store --watch` until it is complete\n\n"
    "`xstats status --check && xstats analyze` only where no step is missing"
)
def status(
    place: options.StoreArgument = None,
    store: options.PlaceOption = None,
    study: options.StudyOption = None,
    check: Annotated[bool, typer.Option("--check", help="Exit with 1 where a step is missing or damaged.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Look again and again until the study is complete.")] = False,
    every: Annotated[float, typer.Option(help="Seconds between two looks of --watch.")] = EVERY,
    as_json: options.AsJsonOption = False,
) -> None:
    """Show what of a study is done, missing, failed or damaged."""
    if not 0.1 <= every <= 86400:
        raise RecipeError(f"--every {every:g}: give seconds from 0.1 to 86,400")
    where = options.place_of(place, store)
    found = _look(where, study, as_json=as_json)
    while watch and not found.complete:
        time.sleep(every)
        found = _look_again(where, study, found, as_json=as_json)
    if check and not found.complete:
        raise typer.Exit(Code.NO)


def _look(place: Path, study: str | None, *, as_json: bool) -> "Status":
    """Show the study's state as it is now."""
    found = _now(place, study)
    _show(found, as_json=as_json)
    return found


def _look_again(place: Path, study: str | None, before: "Status", *, as_json: bool) -> "Status":
    """Show it where it has changed; on a terminal in the place of what was shown before."""
    found = _now(place, study)
    if found != before:
        if OUT.is_terminal and not as_json:
            OUT.clear()
        _show(found, as_json=as_json)
    return found


def _now(place: Path, study: str | None) -> "Status":
    from xtransfer_stats.verbs.study import Study

    return Study(place, study).status()


def _show(found: "Status", *, as_json: bool) -> None:
    if as_json:
        for_machines(found.to_dict(), ascii_only=False)
        return
    say(found.design)
    OUT.print(steps_table(found))
    say(*found.sentences())


def steps_table(status: "Status") -> "Table":
    """Steps by kind and state."""
    from xtransfer_stats.store.store import State

    names = [state.value for state in State]
    grid = table("Steps", "kind", "in all", *names, right=("in all", *names))
    for kind, counts in status.counts.items():
        grid.add_row(kind, str(sum(counts.values())), *map(str, counts.values()))
    return grid
