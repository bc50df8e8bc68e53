"""`xstats analyze` of a published table: its report, and its summary on the terminal."""

import json
import sys
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.markup import escape

from xtransfer_stats.cli.show.show import table
from xtransfer_stats.stats.published.analysis import PublishedAnalysis
from xtransfer_stats.verbs import session

_OUT = Console(highlight=False)
SHOWN = (
    "average gain",
    "average gain without untrained tasks",
    "average gain of untrained tasks",
    "variant",
    "target gain",
)


def analyze(found: PublishedAnalysis, out: Path | None, *, as_json: bool) -> None:
    """Print JSON, or write the report and print its summary."""
    if as_json:
        sys.stdout.write(json.dumps(session.published_json(found), indent=1, allow_nan=False) + "\n")
        return
    from xtransfer_stats.report.write import write_published

    folder = out or Path("reports") / found.study
    write_published(found, folder)
    show(_OUT, found)
    _OUT.print(f"Report: {folder / 'report.html'}", soft_wrap=True)


def _verdicts(claims: pd.DataFrame) -> str:
    printed = claims["about"] == "printed"
    counted = claims.loc[~printed, "verdict"].value_counts()
    told = "Claims: " + ", ".join(f"{count} {name}" for name, count in counted.items())
    follow = int((claims.loc[printed, "verdict"] == "supported").sum())
    own = f"; {follow} of {int(printed.sum())} printed averages follow from the cells" if printed.any() else ""
    return f"{told}{own} (`xstats claims` gives the reasons)"


def show(console: Console, found: PublishedAnalysis) -> None:
    """The answer, mean gains, each setting's own, verdicts in a line, notes."""
    console.print(found.answer, soft_wrap=True)
    rows = found.results
    shown = table("", "mean over intermediate tasks", "estimate", "95 % interval", "p", right=("estimate", "p"))
    for row in rows[rows["term"].isin(SHOWN)].itertuples():
        limits = f"[{row.conf_low:.2f}, {row.conf_high:.2f}]"
        shown.add_row(escape(row.contrast), f"{row.estimate:.2f}", escape(limits), f"{row.p_value:.3g}")
    console.print(shown)
    console.print(_verdicts(found.claims), markup=False, soft_wrap=True)
    for note in found.notes:
        console.print(f"- {note}", markup=False, soft_wrap=True)
    console.print(found.signature, markup=False, soft_wrap=True, style="dim")
