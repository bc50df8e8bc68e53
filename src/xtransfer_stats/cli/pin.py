"""`xstats pin`: the commits of a recipe's hub repositories, written into its file."""

from pathlib import Path
from typing import Annotated

import typer

from xtransfer_stats.cli import options
from xtransfer_stats.cli.app import app
from xtransfer_stats.cli.out import for_machines, say


@app.command(
    epilog="**Examples**\n\n"
    "`xstats pin my-study.toml` the commits that its store recorded, or the newest ones\n\n"
    "`xstats pin phang2020 --output phang2020-pinned.toml` a copy with commits"
)
def pin(
    recipe: Annotated[str, typer.Argument(help="A recipe: a TOML file, or the name of a shipped one.")],
    store: options.StoreOption = options.STORE,
    output: Annotated[Path | None, typer.Option(help="Write here instead of into the recipe's file.")] = None,
    as_json: options.AsJsonOption = False,
) -> None:
    """Write the commits of a recipe's models and data on the hub into its file."""
    from xtransfer_stats.verbs.upkeep import pin

    pins = pin(recipe, store=store, output=output)
    if as_json:
        for_machines({"file": None if pins.file is None else str(pins.file), "commits": pins.commits})
        return
    if pins.file is None:
        say("Nothing to pin: neither the backbone nor a data set of this recipe is on the hub.")
        return
    say(*(f"{name} {commit}" for name, commit in pins.commits.items()), f"Written: {pins.file}")
