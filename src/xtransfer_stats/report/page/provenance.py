"""What made a report: versions, how to cite it, the command that makes it again, and every number with its id."""

import shlex

import pandas as pd

from xtransfer_stats import __version__
from xtransfer_stats.base import provenance as made_from
from xtransfer_stats.report import escape
from xtransfer_stats.report.page.document import paragraph
from xtransfer_stats.report.panel import Column
from xtransfer_stats.report.tables.columns import ESTIMATE, Listing
from xtransfer_stats.stats.core.results import Analysis

AGAIN = (
    "Run it beside the study's store; an exported frame is given by its name in place of --study. The same scores "
    "give the same hash, which stands after data: in the signature."
)
LIBRARIES = ("numpy", "scipy", "pandas", "statsmodels", "altair", "vl-convert-python")


def versions() -> str:
    """Software and versions behind this page, in words."""
    numbers = made_from.versions(LIBRARIES)
    python, own = numbers.pop("python"), numbers.pop("xtransfer-stats")
    return f"xtransfer-stats {own}, Python {python}, {', '.join(map(' '.join, numbers.items()))}."


def citation(analysis: Analysis) -> str:
    """One sentence for a paper; the signature stands after it."""
    facts = analysis.facts
    return (
        f"Results of study {facts.study} ({facts.backbone}, {len(facts.seeds)} seeds, {facts.n_runs} runs) on "
        f"{' and '.join(facts.benchmarks)}, analysed with xtransfer-stats {__version__}; signature:"
    )


def provenance(analysis: Analysis) -> list[str]:
    """The parts of the section under its table of runs, as HTML."""
    return [
        paragraph(f"Versions: {versions()}"),
        '<h3 id="cite">How to cite</h3>',
        paragraph(citation(analysis)),
        f'<p class="signature"><code>{escape.for_html(analysis.signature)}</code></p>',
        "<h3>Make it again</h3>",
        f"<p><code>{escape.for_html(command(analysis))}</code></p>",
        paragraph(AGAIN),
        "<h3>From a number back to its runs</h3>",
        "<p><code>xstats trace ID</code> lists formula, rows, runs, checkpoints and data behind a number.</p>",
    ]


def command(analysis: Analysis) -> str:
    """The command that makes this report from the study's store."""
    benchmarks = ",".join(analysis.facts.benchmarks)
    return f"xstats analyze --study {shlex.quote(analysis.facts.study)} --benchmarks {shlex.quote(benchmarks)}"


def number_list(results: pd.DataFrame) -> str:
    """A folded table: what each row of the result frame is, its estimate, its id, which `xstats trace` takes."""
    caption = "All {size} rows of results.csv, which has them in full precision."
    columns = (Column("number", "contrast"), Column("scope"), ESTIMATE, Column("id"))
    table = Listing("Every number", caption, columns, lambda rows: rows).table("numbers", results, str(len(results)))
    return f"<details>\n<summary>Every number and its id</summary>\n{table.to_html()}\n</details>"
