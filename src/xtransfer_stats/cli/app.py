"""The application that every command registers with."""

from typing import Annotated

import typer

app = typer.Typer(
    name="xstats",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="How many English intermediate tasks help zero-shot cross-lingual transfer, and how sure can we be?\n\n"
    "Start: `xstats run --seeds 5 --tasks 3`, then `xstats analyze --model mixed`.",
)


@app.callback()
def _every_command(
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks (allowed after any command).")] = False,
) -> None:
    """Options of every command."""
