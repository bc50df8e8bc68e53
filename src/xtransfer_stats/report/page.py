"""A study's report as one HTML file: it opens from disk, needs no network, and has static charts too."""

import re
from collections.abc import Iterator, Mapping

from xtransfer_stats.report import document, escape, notes
from xtransfer_stats.report.document import Block, Made
from xtransfer_stats.report.export import Specification
from xtransfer_stats.report.numberlist import number_list
from xtransfer_stats.report.provenance import provenance
from xtransfer_stats.report.questions import questions
from xtransfer_stats.report.sections import KEY, SECTIONS
from xtransfer_stats.report.table import Table
from xtransfer_stats.stats.core.results import Analysis

QUESTIONS = ("questions", "Questions")


def page(analysis: Analysis, specs: Mapping[str, Specification], tables: Mapping[str, Table]) -> str:
    """The whole page, the questions linked to where they are answered."""
    first, *rest = [block for block in _blocks(analysis, document.made(specs, tables)) if block.parts]
    known = set(re.findall(r' id="([^"]+)"', "\n".join(block.html() for block in (first, *rest))))
    blocks = [first, Block(*QUESTIONS, (questions(known),)), *rest]
    title = f"Study {analysis.facts.study}: {' and '.join(analysis.facts.benchmarks)}"
    return document.document(title, _facts(analysis), blocks, specs, analysis.signature)


def _facts(analysis: Analysis) -> str:
    facts = analysis.facts
    counts = ", ".join(str(count) for count in facts.counts)
    return (
        f"Backbone {facts.backbone}, variant: {facts.variant}, control: {facts.control}. Task counts 0, {counts}. "
        f"{notes.size(analysis)}."
    )


def _blocks(analysis: Analysis, made: Made) -> Iterator[Block]:
    """The sections in order, the answer first."""
    yield document.answer(analysis.answer)
    attainable = f'<p class="note" id="attainability">{escape.for_html(notes.attainability(analysis))}</p>'
    yield Block(KEY.id, KEY.heading, (attainable, *document.block(KEY, made).parts))
    yield from (document.block(section, made) for section in SECTIONS)
    yield Block("missing", "Missing cells", (_missing(made.tables),))
    yield Block("methods", "Methods", (document.paragraph(analysis.methods),))
    yield Block("notes", "Notes", (document.items(analysis.notes),))
    ran = [document.table(made.tables["runs"])] if "runs" in made.tables else []
    yield Block("provenance", "Provenance", (*ran, *provenance(analysis), number_list(analysis.results)))


def _missing(tables: Mapping[str, Table]) -> str:
    return document.table(tables["missing"]) if "missing" in tables else document.paragraph("No cell is missing.")
