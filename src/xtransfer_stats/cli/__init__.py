"""The command line: parse, call one library function, show. Heavy imports stand inside the commands.

Commands show in --help in the order in which these modules are imported.
"""

import os
import sys

import typer

from xtransfer_stats.cli import studies  # isort: skip
from xtransfer_stats.cli import results  # isort: skip
from xtransfer_stats.cli import planning, catalogue  # isort: skip
from xtransfer_stats.base.errors import StoreError, StudyIncomplete, XstatsError
from xtransfer_stats.cli.app import app

__all__ = ["app", "catalogue", "main", "planning", "results", "studies"]


def main() -> None:
    """Entry point: turns the library's errors into a message and an exit code."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        # Matrices here are small: threads would fight over the cores and win nothing.
        os.environ.setdefault(name, "1")
    debug = "--debug" in sys.argv[1:]
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    try:
        app(args=arguments, standalone_mode=True)
    except XstatsError as error:
        if debug:
            raise
        sys.exit(_told(error))
    except BrokenPipeError:
        # The reader of our output (head, less) has had enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


def _told(error: XstatsError) -> int:
    typer.echo(f"error: {error.in_options()}", err=True)
    return 1 if isinstance(error, StoreError | StudyIncomplete) else 2
