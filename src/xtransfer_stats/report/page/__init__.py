"""Reports as one HTML file each, of a study and of a published table.

A page opens from disk, needs no network, and has its charts as drawings too.
"""

import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pandas as pd

from xtransfer_stats.base import __version__, provenance
from xtransfer_stats.report import escape, notes, words
from xtransfer_stats.report.charts.export import Picture
from xtransfer_stats.report.page import document, glossary, opening
from xtransfer_stats.report.page.contents import CHAPTERS, MISSING, PROVENANCE, PUBLISHED, Section, questions
from xtransfer_stats.report.page.document import PageBlock, PageParts
from xtransfer_stats.report.panel import Column
from xtransfer_stats.report.tables.columns import ESTIMATE, Listing
from xtransfer_stats.report.tables.published import size
from xtransfer_stats.report.tables.table import Table
from xtransfer_stats.stats.core.results import Analysis
from xtransfer_stats.stats.published.analysis import PublishedAnalysis

SYNTHETIC = (
    "The demo's tasks are synthetic stand-ins: numbers from them show how the tool works and say nothing about XTREME "
    "itself."
)
ANSWER, TRUST = "answer", "trust-chapter"  # the chart that is the answer; the chapter that says what seeds can show
AGAIN = (
    "Run it beside the study's store; an exported frame is given by its name in place of --study. The same scores "
    "give the same hash, which stands after data: in the signature."
)
LIBRARIES = ("numpy", "scipy", "pandas", "statsmodels", "altair", "vl-convert-python")


def page(analysis: Analysis, charts: Mapping[str, Picture], tables: Mapping[str, Table]) -> str:
    """A study's whole page, the questions linked to where they are answered."""
    parts = PageParts(charts, tables)
    first, *rest = [block for block in _blocks(analysis, parts) if block.there]
    written = "\n".join(block.html() for block in (first, *rest))
    known = set(re.findall(r' id="([^"]+)"', written))
    asked = document.fold("Questions, and where each is answered", questions(known, analysis))
    details = rest[-1]
    rest[-1] = replace(details, inner=(PageBlock("questions", "Questions", (asked,)), *details.inner, _words(written)))
    title = f"Study {analysis.facts.study}: {' and '.join(analysis.facts.benchmarks)}"
    found = document.document(title, _facts(analysis), [first, *rest], charts, analysis.signature)
    return found.replace("</footer>", f"</footer>\n{document.sources(tables)}", 1)


def published_page(analysis: PublishedAnalysis, charts: Mapping[str, Picture], tables: Mapping[str, Table]) -> str:
    """A published table's whole page."""
    parts = PageParts(charts, tables)
    blocks = [
        document.answer(analysis.answer),
        PageBlock("warning", "What single runs cannot tell", (document.items(analysis.notes),)),
        *(parts.block(section) for section in PUBLISHED),
        PageBlock("methods", "Methods", (document.paragraph(analysis.methods),)),
    ]
    facts = f'<p class="facts">{escape.for_html(f"Backbone {analysis.backbone}. {size(analysis)}.")}</p>'
    shown = [block for block in blocks if block.there]
    return document.document(f"Published table {analysis.study}", facts, shown, charts, analysis.signature)


def _facts(analysis: Analysis) -> str:
    """The lines under the title, as HTML: that tasks are no real ones where that is so, and what the study is."""
    lines = [f'<p class="first">{escape.for_html(SYNTHETIC)}</p>'] if notes.is_synthetic(analysis) else []
    return "\n".join([*lines, f'<p class="facts">{escape.for_html(_study(analysis))}</p>'])


def _study(analysis: Analysis) -> str:
    facts = analysis.facts
    if not facts.conditions.counted:
        names = [facts.conditions.called(code) for code in (0, *facts.counts)]
        unit = words.spoken("Scores in {points on 0-100}{; lower is better}.", analysis)
        return f"Baseline {names[0]}, compared with {', '.join(names[1:])}. {notes.size(analysis)}. {unit}"
    counts = ", ".join(str(count) for count in facts.counts)
    return (
        f"Backbone {facts.backbone}, variant: {facts.variant}, control: {facts.control}. Task counts 0, {counts}. "
        f"{notes.size(analysis)}."
    )


def _blocks(analysis: Analysis, parts: PageParts) -> Iterator[PageBlock]:
    """The chapters in order, the answer first."""
    yield _opening(analysis, parts)
    for chapter in CHAPTERS:
        inner = tuple(parts.block(_spoken(section, analysis)) for section in chapter.sections)
        before = _attainable(analysis) if chapter.id == TRUST else ()
        yield PageBlock(chapter.id, chapter.heading, before, inner=tuple(map(_beside(analysis), inner)))
    yield PageBlock("details", "Details", inner=tuple(_details(analysis, parts)))


def _opening(analysis: Analysis, parts: PageParts) -> PageBlock:
    """The answer in three sentences, the chart that is the answer, what limits it."""
    block = document.answer(*opening.sentences(analysis))
    drawn = (document.figure(ANSWER, parts.charts[ANSWER]),) if ANSWER in parts.charts else ()
    limits = opening.limits(analysis)
    said = (
        ('<h3 id="limits">What limits it</h3>', f'<div id="attainability">{document.items(limits)}</div>')
        if limits
        else ()
    )
    return replace(block, parts=(*block.parts, *drawn, *said))


def _attainable(analysis: Analysis) -> tuple[str, ...]:
    return (f'<p class="note">{glossary.marked(notes.attainability(analysis))}</p>',)


def _beside(analysis: Analysis) -> Callable[[PageBlock], PageBlock]:
    """What a section says beside its charts and tables."""

    def told(block: PageBlock) -> PageBlock:
        if block.id == MISSING.id and not block.there:
            return replace(block, folds=(document.paragraph("No cell is missing."),))
        return block

    return told


def _details(analysis: Analysis, parts: PageParts) -> Iterator[PageBlock]:
    yield PageBlock("methods", "Methods", (), (document.paragraph(analysis.methods),))
    yield PageBlock("notes", "Notes", (), (document.items(analysis.notes),))
    runs = parts.block(PROVENANCE).folds
    yield PageBlock(PROVENANCE.id, PROVENANCE.heading, (), (*_provenance(analysis), *runs))
    yield PageBlock("numbers", "Every number and its id", (), (_number_list(analysis.results),))


def _words(written: str) -> PageBlock:
    return PageBlock("glossary", "Words", (), (glossary.listed(written),))


def _spoken(section: Section, analysis: Analysis) -> Section:
    heading, lead = (words.spoken(text, analysis) for text in (section.heading, section.lead))
    return replace(section, heading=heading, lead=lead)


def _versions() -> str:
    """Software and versions behind this page, in words."""
    numbers = provenance.versions(LIBRARIES)
    python, own = numbers.pop("python"), numbers.pop("xtransfer-stats")
    return f"xtransfer-stats {own}, Python {python}, {', '.join(map(' '.join, numbers.items()))}."


def _citation(analysis: Analysis) -> str:
    """One sentence for a paper; the signature stands after it."""
    facts = analysis.facts
    behind = f"{facts.backbone}, " if facts.conditions.counted else ""
    return (
        f"Results of study {facts.study} ({behind}{len(facts.seeds)} seeds, {facts.n_runs} runs) on "
        f"{' and '.join(facts.benchmarks)}, analysed with xtransfer-stats {__version__}; signature:"
    )


def _provenance(analysis: Analysis) -> list[str]:
    """The parts of the section under its table of runs, as HTML."""
    return [
        document.paragraph(f"Versions: {_versions()}"),
        '<h3 id="cite">How to cite</h3>',
        document.paragraph(_citation(analysis)),
        f'<p class="signature"><code>{escape.for_html(analysis.signature)}</code></p>',
        '<p class="copies"><button type="button" class="copy" hidden data-cite="cite">Copy citation</button></p>',
        "<h3>Make it again</h3>",
        f"<p><code>{escape.for_html(_command(analysis))}</code></p>",
        *([document.paragraph(AGAIN)] if analysis.facts.conditions.counted else []),
        "<h3>From a number back to its runs</h3>",
        "<p><code>xstats trace ID</code> lists formula, rows, runs, checkpoints and data behind a number.</p>",
    ]


def _command(analysis: Analysis) -> str:
    """The command that makes this report from the study's store, or from its file."""
    conditions = analysis.facts.conditions
    if not conditions.counted:
        base = shlex.quote(conditions.label(0))
        return f"xstats analyze FILE --condition {shlex.quote(conditions.treatment)} --baseline {base}"
    benchmarks = ",".join(analysis.facts.official or analysis.facts.benchmarks)
    return f"xstats analyze --study {shlex.quote(analysis.facts.study)} --benchmarks {shlex.quote(benchmarks)}"


def _number_list(results: pd.DataFrame) -> str:
    """A table: what each row of the result frame is, its estimate, its id, which `xstats trace` takes."""
    caption = "All {size} rows of results.csv, which has them in full precision."
    columns = (Column("number", "contrast"), Column("scope"), ESTIMATE, Column("id"))
    table = Listing("Every number", caption, columns, lambda rows: rows).table("numbers", results, str(len(results)))
    return table.to_html()
