"""What made a report: versions, how to cite it, and the command that makes it again."""

import shlex

from xtransfer_stats import __version__
from xtransfer_stats.base import provenance as made_from
from xtransfer_stats.report import escape
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
        _paragraph(f"Versions: {versions()}"),
        '<h3 id="cite">How to cite</h3>',
        _paragraph(citation(analysis)),
        f'<p class="signature"><code>{escape.for_html(analysis.signature)}</code></p>',
        "<h3>Make it again</h3>",
        f"<p><code>{escape.for_html(command(analysis))}</code></p>",
        _paragraph(AGAIN),
        "<h3>From a number back to its runs</h3>",
        "<p><code>xstats trace ID</code> lists formula, rows, runs, checkpoints and data behind a number.</p>",
    ]


def command(analysis: Analysis) -> str:
    """The command that makes this report from the study's store."""
    benchmarks = ",".join(analysis.facts.benchmarks)
    return f"xstats analyze --study {shlex.quote(analysis.facts.study)} --benchmarks {shlex.quote(benchmarks)}"


def _paragraph(text: str) -> str:
    return f"<p>{escape.for_html(text)}</p>"
