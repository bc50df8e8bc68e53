"""`xstats doctor`: what is here, what is lacking, and what mends it."""

from typing import TYPE_CHECKING, Annotated

import typer

from xtransfer_stats.cli import options
from xtransfer_stats.cli.app import app
from xtransfer_stats.cli.codes import Code
from xtransfer_stats.cli.out import OUT, for_machines, say, table

if TYPE_CHECKING:
    from xtransfer_stats.verbs.health.finding import Finding, Health


@app.command(
    epilog="**Examples**\n\n`xstats doctor` this folder and its store\n\n"
    "`xstats doctor my-store --json` for machines\n\n"
    "`xstats doctor && xstats run` only where nothing is to mend"
)
def doctor(
    place: options.StoreArgument = None,
    store: options.PlaceOption = None,
    seconds: Annotated[float, typer.Option(help="How long the hub may take to answer.")] = 5.0,
    as_json: options.AsJsonOption = False,
) -> None:
    """Check versions, devices, disk, hub and store, and name the command that mends what is wrong (exit code 1)."""
    from xtransfer_stats.verbs.doctor import doctor

    health = doctor(options.place_of(place, store), seconds=seconds)
    if as_json:
        for_machines(health.to_dict(), ascii_only=False)
    else:
        _show(health)
    raise typer.Exit(Code.DONE if health.sound else Code.NO)


def _show(health: "Health") -> None:
    from xtransfer_stats.verbs.health.finding import Grade

    grid = table("", "looked at", "found")
    for one in health.of(Grade.GOOD):
        grid.add_row(one.subject, one.said)
    OUT.print(grid)
    for grade, title in ((Grade.OPTIONAL, "Not here, and not needed by everything:"), (Grade.MEND, "To mend:")):
        found = health.of(grade)
        if found:
            say("", title, style="bold")
            say(*(line for one in found for line in _advice(one)))
    say("", "Nothing is to mend." if health.sound else "Issue the commands under To mend, then `xstats doctor` again.")


def _advice(one: "Finding") -> tuple[str, str]:
    return f"- {one.subject}: {one.said}", f"    {one.command}"
