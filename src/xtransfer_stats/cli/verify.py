"""`xstats verify`: whether every byte of a store is what was written."""

import typer

from xtransfer_stats.cli import options
from xtransfer_stats.cli.app import app
from xtransfer_stats.cli.codes import Code
from xtransfer_stats.cli.out import ERR, bar, for_machines, say


@app.command(epilog="**Examples**\n\n`xstats verify && echo sound`\n\n`xstats verify my-store --json` for machines")
def verify(
    place: options.StoreArgument = None,
    store: options.PlaceOption = None,
    as_json: options.AsJsonOption = False,
) -> None:
    """Read every byte of a store and name what is damaged, deleted or not of a store (exit code 1)."""
    from xtransfer_stats.verbs.upkeep import is_listed, verify

    where = options.place_of(place, store)
    with bar("checksums") as checked:
        troubles = verify(where, progress=checked.of)
    if as_json:
        for_machines({"sound": not troubles, "damaged": troubles, "lists_its_studies": is_listed(where)})
    else:
        _show(troubles, listed=is_listed(where))
    raise typer.Exit(Code.NO if troubles else Code.DONE)


def _show(troubles: list[str], *, listed: bool) -> None:
    if not listed:
        said = "This store does not list its studies yet: a deleted one is not missed. `xstats run` lists them."
        say(said, console=ERR)
    say(*(f"damaged: {trouble}" for trouble in troubles))
    if troubles:
        say("`xstats run` redoes damaged steps.", console=ERR)
    else:
        say("Every file is what was written.")
