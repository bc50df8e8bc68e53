"""The command line: one file a command, which parses, calls one verb, and shows what it returns.

Heavy imports stand inside the commands. Commands show in --help in the order in which their modules are imported.
"""

import os
import sys

from xtransfer_stats.base.errors import StoreError, StudyIncomplete, XstatsError
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.cli.app import app
from xtransfer_stats.cli.out import ERR, say, streams

# isort: off
from xtransfer_stats.cli import run, status, verify, pin, export, imports
from xtransfer_stats.cli import analyze, claims, compare, trace, chart
from xtransfer_stats.cli import power, score, data, tasks, languages
# isort: on

__all__ = ["app", "main"]
__all__ += ["analyze", "chart", "claims", "compare", "export", "imports", "pin", "run", "status", "trace", "verify"]
__all__ += ["data", "languages", "power", "score", "tasks"]


def main() -> None:
    """Entry point: turns the library's errors into a message and an exit code."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        # Matrices here are small: threads would fight over the cores and win nothing.
        os.environ.setdefault(name, "1")
    streams()
    debug = "--debug" in sys.argv[1:]
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    try:
        app(args=arguments, standalone_mode=True)
    except XstatsError as error:
        if debug:
            raise
        say(f"error: {error.in_options()}", console=ERR)
        sys.exit(1 if isinstance(error, StoreError | StudyIncomplete) else 2)
    except BrokenPipeError:
        # The reader of our output (head, less) has had enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except OSError as error:
        if debug or error.filename is None:
            raise
        say(f"error: {shown(str(error.filename), 200)}: {error.strerror}", console=ERR)
        sys.exit(1)
