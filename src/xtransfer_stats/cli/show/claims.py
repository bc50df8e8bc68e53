"""`xstats claims`: each claim of the literature, and what a study or a published table says to it."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from xtransfer_stats.cli.show.show import table
from xtransfer_stats.stats.core.results import Analysis
from xtransfer_stats.verbs import session
from xtransfer_stats.verbs.compare import compared

_OUT = Console(highlight=False)
COLOURS = {"supported": "green", "equivalent": "green", "contradicted": "red", "not testable": "dim"}


@dataclass(frozen=True)
class Asked:
    """What the command line gives; beside: a study, frame or store of another variant."""

    place: Path
    study: str | None
    benchmarks: tuple[str, str] | None
    file: str
    beside: str | None = None


def claims(asked: Asked, *, as_json: bool) -> None:
    """Judge the claims of a file; print JSON or a table with the reasons."""
    found = session.published(asked.place, asked.file)
    analysis = found or _of_study(asked)
    if as_json:
        told = {"claims": analysis.claims.to_dict("records"), "signature": analysis.signature}
        sys.stdout.write(json.dumps(session.plain(told), indent=1, allow_nan=False) + "\n")
        return
    show(_OUT, analysis.claims)
    _OUT.print(analysis.signature, markup=False, soft_wrap=True, style="dim")


def _of_study(asked: Asked) -> Analysis:
    scores = session.scores_of(asked.place, asked.study, asked.benchmarks)
    if asked.beside is None:
        return session.analyze(scores, claims=asked.file)
    # A study of the store by its name, or what the place itself is.
    first = asked.study or str(asked.place)
    beside = compared(first, asked.beside, asked.place, asked.benchmarks)
    return session.analyze(scores, claims=asked.file, beside=(beside,))


def show(console: Console, found: pd.DataFrame) -> None:
    """The verdicts, then each claim's words and reason."""
    console.print(_verdicts(found))
    for row in found.itertuples():
        unread = " (figure unread in its source)" if row.reading == "unread" else ""
        on = f" by {row.hypothesis}" if row.hypothesis and row.hypothesis not in row.reason else ""
        told = f"- {row.claim}: {row.text}{unread}. {row.verdict}{on}: {row.reason}."
        console.print(told.replace("..", "."), markup=False, soft_wrap=True)


def _verdicts(found: pd.DataFrame) -> Table:
    columns = ("claim", "verdict", "estimate", "95 % interval", "adjusted p")
    shown = table("Claims", *columns, right=("estimate", "adjusted p"))
    for row in found.itertuples():
        interval = f"[{row.conf_low:.2f}, {row.conf_high:.2f}]" if row.conf_low == row.conf_low else ""
        numbers = (_number(row.estimate, ".2f"), interval, _number(row.p_adjusted, ".3g"))
        colour = COLOURS.get(row.verdict, "yellow")
        shown.add_row(row.claim, f"[{colour}]{row.verdict}[/]", *map(escape, numbers))
    return shown


def _number(value: float, form: str) -> str:
    return "" if value != value else format(value, form)
