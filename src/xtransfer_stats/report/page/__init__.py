"""Reports as one HTML file each, of a study and of a published table.

A page opens from disk, needs no network, and has its charts as drawings too.
"""

import re
from collections.abc import Iterator, Mapping

from xtransfer_stats.report import escape, notes
from xtransfer_stats.report.charts.export import Specification
from xtransfer_stats.report.page import document
from xtransfer_stats.report.page.contents import KEY, MISSING, PROVENANCE, PUBLISHED, SECTIONS, questions
from xtransfer_stats.report.page.document import PageBlock, PageParts
from xtransfer_stats.report.page.provenance import number_list, provenance
from xtransfer_stats.report.tables.published import size
from xtransfer_stats.report.tables.table import Table
from xtransfer_stats.stats.core.results import Analysis
from xtransfer_stats.stats.published.analysis import PublishedAnalysis

EMBEDDED = "e5-small-q4"  # study.backbone.EMBEDDED, the backbone of the embedded default
SYNTHETIC = (
    f"The backbone {EMBEDDED} is that of the embedded default, whose tasks are synthetic stand-ins: numbers from them "
    "show how the tool works and say nothing about XTREME itself."
)


def page(analysis: Analysis, specs: Mapping[str, Specification], tables: Mapping[str, Table]) -> str:
    """A study's whole page, the questions linked to where they are answered."""
    first, *rest = [block for block in _blocks(analysis, PageParts(specs, tables)) if block.parts]
    known = set(re.findall(r' id="([^"]+)"', "\n".join(block.html() for block in (first, *rest))))
    blocks = [first, PageBlock("questions", "Questions", (questions(known),)), *rest]
    title = f"Study {analysis.facts.study}: {' and '.join(analysis.facts.benchmarks)}"
    return document.document(title, _facts(analysis), blocks, specs, analysis.signature)


def published_page(analysis: PublishedAnalysis, specs: Mapping[str, Specification], tables: Mapping[str, Table]) -> str:
    """A published table's whole page."""
    parts = PageParts(specs, tables)
    blocks = [
        document.answer(analysis.answer),
        PageBlock("warning", "What single runs cannot tell", (document.items(analysis.notes),)),
        *(parts.block(section) for section in PUBLISHED),
        PageBlock("methods", "Methods", (document.paragraph(analysis.methods),)),
    ]
    facts = f"Backbone {analysis.backbone}. {size(analysis)}."
    shown = [block for block in blocks if block.parts]
    return document.document(f"Published table {analysis.study}", facts, shown, specs, analysis.signature)


def _facts(analysis: Analysis) -> str:
    facts = analysis.facts
    counts = ", ".join(str(count) for count in facts.counts)
    return (
        f"Backbone {facts.backbone}, variant: {facts.variant}, control: {facts.control}. Task counts 0, {counts}. "
        f"{notes.size(analysis)}."
    )


def _blocks(analysis: Analysis, parts: PageParts) -> Iterator[PageBlock]:
    """The sections in order, the answer first."""
    yield document.answer(analysis.answer)
    attainable = f'<p class="note" id="attainability">{escape.for_html(notes.attainability(analysis))}</p>'
    yield PageBlock(KEY.id, KEY.heading, (attainable, *parts.block(KEY).parts))
    yield from (parts.block(section) for section in SECTIONS)
    missing = parts.block(MISSING).parts or (document.paragraph("No cell is missing."),)
    yield PageBlock(MISSING.id, MISSING.heading, missing)
    yield PageBlock("methods", "Methods", (document.paragraph(analysis.methods),))
    synthetic = [SYNTHETIC] if analysis.facts.backbone == EMBEDDED else []
    yield PageBlock("notes", "Notes", (document.items([*analysis.notes, *synthetic]),))
    behind = (*parts.block(PROVENANCE).parts, *provenance(analysis), number_list(analysis.results))
    yield PageBlock(PROVENANCE.id, PROVENANCE.heading, behind)
