"""The application that every command registers with."""

import re
from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from xtransfer_stats.base import __version__
from xtransfer_stats.cli.codes import Code
from xtransfer_stats.cli.out import ERR, say

EVERYWHERE = ("--debug", "--quiet")  # options that are taken after any command too
_EXAMPLE = re.compile(r"^`([^`]+)` +(\S.*)$", re.MULTILINE)


class Commands(TyperGroup):
    """The commands; a stop by Ctrl-C ends each of them in the same way."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            say("Stopped.", console=ERR)
            raise typer.Exit(Code.STOPPED) from None


class App(typer.Typer):
    """An application whose examples can be pasted as they stand: what they do is a comment of the shell."""

    def command(self, *names: Any, epilog: str | None = None, **options: Any) -> Callable[[Any], Any]:
        """Register a command; each paragraph of the epilog is an example: `command` and what it does."""
        shown = None if epilog is None else _EXAMPLE.sub(r"`\1` # \2", epilog)
        return super().command(*names, epilog=shown, **options)


app = App(
    name="xstats",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="How many English intermediate tasks help zero-shot cross-lingual transfer, and how sure can we be?\n\n"
    "Start: `xstats run --seeds 5 --tasks 3`, then `xstats analyze --model mixed`.\n\n"
    "Something is wrong: `xstats doctor`. A study of your own: `xstats init`.",
)


def _version(asked: bool) -> None:
    if asked:
        say(f"xtransfer-stats {__version__}")
        raise typer.Exit(Code.DONE)


@app.callback()
def _every_command(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_version, is_eager=True)
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="No progress, no remarks: results and errors alone (after any command).")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks (after any command).")] = False,
) -> None:
    """Options of every command."""
