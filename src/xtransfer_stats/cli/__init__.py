"""The command line: one file a command, which parses, calls one verb, and shows what it returns.

Heavy imports stand inside the commands. Commands show in --help in the order in which their modules are imported.
"""

import os
import sys
import warnings
from typing import Any

from xtransfer_stats.base.errors import XstatsError
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.cli.app import EVERYWHERE, app
from xtransfer_stats.cli.codes import Code, code_of
from xtransfer_stats.cli.out import ERR, say, streams

# isort: off
from xtransfer_stats.cli import init, recipes, run, status, verify, pin, clean, export, imports
from xtransfer_stats.cli import analyze, claims, compare, trace, chart
from xtransfer_stats.cli import power, score, data, tasks, languages, doctor
# isort: on

__all__ = ["app", "main"]
__all__ += ["analyze", "chart", "claims", "compare", "export", "imports", "pin", "run", "status", "trace", "verify"]
__all__ += ["clean", "data", "doctor", "init", "languages", "power", "recipes", "score", "tasks"]


def main() -> None:
    """Entry point: turns the library's errors into a message and an exit code."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        # Matrices here are small: threads would fight over the cores and win nothing.
        os.environ.setdefault(name, "1")
    streams()
    warnings.showwarning = _told
    arguments, asked = _parted(sys.argv[1:])
    debug, ERR.quiet = "--debug" in asked, "--quiet" in asked
    try:
        app(args=arguments, standalone_mode=True)
    except XstatsError as error:
        if debug:
            raise
        _fail(error.in_options(), code_of(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Code.CUT)
    except OSError as error:
        if debug or error.filename is None:
            raise
        _fail(f"{shown(str(error.filename), 200)}: {error.strerror}", Code.NO)


def _told(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
    """A warning as a remark; where in the code it arose says nothing to a user."""
    say(f"{message}", console=ERR)


def _parted(words: list[str]) -> tuple[list[str], set[str]]:
    """The words without the options that go with any command, wherever they stand, and these options."""
    end = words.index("--") if "--" in words else len(words)
    asked = {word for word in words[:end] if word in EVERYWHERE}
    return [word for word in words[:end] if word not in EVERYWHERE] + words[end:], asked


def _fail(message: str, code: Code) -> None:
    ERR.quiet = False
    say(f"error: {message}", console=ERR)
    sys.exit(code)
