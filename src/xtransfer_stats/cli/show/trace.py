"""`xstats trace` on the terminal."""

import json
import sys
from collections.abc import Iterator

from rich.console import Console

from xtransfer_stats.cli.show.tracenumbers import show_number
from xtransfer_stats.cli.show.tracesteps import of_store, say
from xtransfer_stats.verbs.trace.beside import ScoreTrace
from xtransfer_stats.verbs.trace.commands import TraceRequest
from xtransfer_stats.verbs.trace.trace import Trace, for_machines
from xtransfer_stats.verbs.trace.trace import trace as traced

__all__ = ["TraceRequest", "trace"]

WIDE = 200  # columns in a file or a pipe, where no name or key need be broken
_OUT = Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)


def trace(name: str, asked: TraceRequest, *, as_json: bool) -> None:
    """Print what stands behind a number."""
    found = traced(name, asked)
    if as_json:
        sys.stdout.write(json.dumps(for_machines(found), indent=1, allow_nan=False, ensure_ascii=False) + "\n")
        return
    show_number(_OUT, found.number)
    if found.lineage is not None:
        of_store(_OUT, found.lineage, alone=isinstance(found.number, ScoreTrace))
    say(_OUT, _commands(found))


def _commands(found: Trace) -> Iterator[str]:
    yield f"Analyse again: {found.commands['analysis']}"
    if "run" in found.commands:
        yield f"Run again: {found.commands['run']}"
    elif found.recipe:
        yield f"Run again: xstats run with the recipe that the store keeps in {found.recipe} (no shipped one is it)"
    if found.lineage is not None:
        yield "  It makes what is missing: take a step's folder out of the store, and it is made again under its key."
