"""`xstats verify`: whether every byte of a store is what was written."""

from xtransfer_stats.cli import options
from xtransfer_stats.cli.app import app
from xtransfer_stats.cli.out import ERR, bar, say


@app.command(epilog="**Example**\n\n`xstats verify && echo sound`")
def verify(store: options.StoreOption = options.STORE) -> None:
    """Read every byte of a store and name what is damaged, deleted or not of a store."""
    from xtransfer_stats.verbs.upkeep import is_listed, verify

    with bar("checksums") as checked:
        troubles = verify(store, progress=checked.of)
    if not is_listed(store):
        say(
            "This store does not list its studies yet: a deleted one is not missed. `xstats run` lists them.",
            console=ERR,
        )
    say(*(f"damaged: {trouble}" for trouble in troubles))
    if troubles:
        say("`xstats run` redoes damaged steps.", console=ERR)
        raise SystemExit(1)
    say("Every file is what was written.")
