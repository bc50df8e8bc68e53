"""`xstats clean`: what may go from a store and its reports."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.prompt import Confirm

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.cli import options
from xtransfer_stats.cli.app import app
from xtransfer_stats.cli.codes import Code
from xtransfer_stats.cli.out import ERR, OUT, bytes_of, for_machines, notes, say, table

if TYPE_CHECKING:
    from xtransfer_stats.verbs.clean import Cleaning

MOST_NAMED = 10


@app.command(
    epilog="**Examples**\n\n`xstats clean --dry-run` what may go, and how much it frees\n\n"
    "`xstats clean` the same, then it asks\n\n`xstats clean my-store --yes` without a question, for scripts"
)
def clean(
    place: options.StoreArgument = None,
    store: options.PlaceOption = None,
    reports: Annotated[Path, typer.Option(help="Folder of the reports.")] = Path("reports"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what may go; remove nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Remove it without a question.")] = False,
    as_json: options.AsJsonOption = False,
) -> None:
    """Remove what killed runs left, steps no study needs any more, reports older than their scores, kept analyses."""
    from xtransfer_stats.verbs.clean import carried_out, cleaning

    if dry_run and yes:
        raise RecipeError("--dry-run removes nothing, and --yes says to remove: give one of the two")
    planned = cleaning(options.place_of(place, store), reports)
    if not as_json:
        _show(planned)
    done = planned if dry_run or not planned.found or not _agreed(yes) else carried_out(planned)
    if as_json:
        for_machines(done.to_dict(), ascii_only=False)
    elif done.removed:
        say(f"Removed; {bytes_of(done.size)} are free again.")


def _agreed(yes: bool) -> bool:
    """Whether it is to be done; who declines has it said by the exit code."""
    if yes:
        return True
    if not sys.stdin.isatty():
        raise RecipeError("clean asks before it removes, and nobody can answer here: give --yes, or --dry-run")
    ERR.quiet = False
    if not Confirm.ask("Remove all of these?", console=ERR, default=False):
        say("Nothing was removed.", console=ERR)
        raise typer.Exit(Code.NO)
    return True


def _show(planned: "Cleaning") -> None:
    if not planned.found:
        say("Nothing is to be removed.")
    else:
        grid = table("What may go", "", "how many", "frees", right=("how many", "frees"))
        for why, some in planned.found.items():
            grid.add_row(why, str(len(some)), bytes_of(sum(one.size for one in some)))
        OUT.print(grid)
        paths = [one.path for some in planned.found.values() for one in some]
        say(*(f"  {path}" for path in paths[:MOST_NAMED]))
        say(*([f"  and {len(paths) - MOST_NAMED} more (--json lists all)"] if len(paths) > MOST_NAMED else []))
        say(f"In all {bytes_of(planned.size)}.")
    say(*(f"The study {name!r} was deleted from this store." for name in planned.deleted))
    notes(planned.notes)
