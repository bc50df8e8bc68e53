"""What made a report: versions, how to cite it, and the command that makes it again."""

import platform
from importlib import metadata

from xtransfer_stats import __version__
from xtransfer_stats.report import escape
from xtransfer_stats.stats.results import Analysis

LIBRARIES = ("numpy", "scipy", "pandas", "statsmodels", "altair", "vl-convert-python")


def versions() -> str:
    """Software and versions behind this page, in words."""
    found = [f"{name} {metadata.version(name)}" for name in LIBRARIES]
    return f"xtransfer-stats {__version__}, Python {platform.python_version()}, {', '.join(found)}."


def citation(analysis: Analysis) -> str:
    """One sentence for a paper; the signature stands after it."""
    facts = analysis.facts
    return (
        f"Results of study {facts.study} ({facts.backbone}, {len(facts.seeds)} seeds, {facts.n_runs} runs) on "
        f"{' and '.join(facts.benchmarks)}, analysed with xtransfer-stats {__version__}; signature:"
    )


def provenance(analysis: Analysis) -> list[str]:
    """The parts of the section under its table of runs, as HTML."""
    data = next((part for part in analysis.signature.split("|") if part.startswith("data:")), "")
    place = f"`data` in the signature ({data.removeprefix('data:')})" if data else "`data` in the signature"
    return [
        _paragraph(f"Versions: {versions()}"),
        '<h3 id="cite">How to cite</h3>',
        _paragraph(citation(analysis)),
        f'<p class="signature"><code>{escape.for_html(analysis.signature)}</code></p>',
        "<h3>Make it again</h3>",
        f"<p><code>{escape.for_html(command(analysis))}</code></p>",
        _paragraph(f"in the folder of the study, or with its exported frame in place of the store. {AGAIN} {place}."),
        "<h3>From a number back to its runs</h3>",
        "<p><code>xstats trace ID</code> lists formula, rows, runs, checkpoints and data behind a number.</p>",
    ]


AGAIN = "The same scores give the same hash,"


def command(analysis: Analysis) -> str:
    """The command that makes this report from the study's store."""
    return f"xstats analyze --study {analysis.facts.study} --benchmarks {','.join(analysis.facts.benchmarks)}"


def _paragraph(text: str) -> str:
    return f"<p>{escape.for_html(text)}</p>"
