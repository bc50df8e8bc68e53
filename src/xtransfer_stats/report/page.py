"""The report as one HTML file: it opens from disk, needs no network, and has static charts too."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Template

from xtransfer_stats.report import escape, export, notes, render
from xtransfer_stats.report.export import Specification
from xtransfer_stats.report.provenance import provenance
from xtransfer_stats.report.questions import questions
from xtransfer_stats.report.sections import KEY, SECTIONS, Section
from xtransfer_stats.report.table import Table
from xtransfer_stats.stats.results import Analysis

QUESTIONS = ("questions", "Questions")


@dataclass(frozen=True)
class Made:
    """What the page is put together from; `drawn` holds the untitled SVG of every chart in `specs`."""

    analysis: Analysis
    specs: Mapping[str, Specification]
    drawn: Mapping[str, str]
    tables: Mapping[str, Table]


@dataclass(frozen=True)
class Block:
    """A section of the page: its anchor, its heading and its content as HTML."""

    id: str
    heading: str
    parts: tuple[str, ...]

    def html(self) -> str:
        """The section with its heading."""
        head = f'<section id="{self.id}">\n<h2>{escape.for_html(self.heading)}</h2>'
        return "\n".join([head, *self.parts, "</section>"])


def page(
    analysis: Analysis,
    specs: Mapping[str, Specification],
    drawn: Mapping[str, str],
    tables: Mapping[str, Table],
) -> str:
    """The whole page; `drawn` holds the untitled SVG of every chart in `specs`."""
    first, *rest = [block for block in _blocks(Made(analysis, specs, drawn, tables)) if block.parts]
    known = set(re.findall(r' id="([^"]+)"', "\n".join(block.html() for block in (first, *rest))))
    blocks = [first, Block(*QUESTIONS, (questions(known),)), *rest]
    return Template(export.asset("page.html")).substitute(
        title=escape.for_html(f"Study {analysis.facts.study}: {' and '.join(analysis.facts.benchmarks)}"),
        facts=escape.for_html(_facts(analysis)),
        style=export.asset("page.css"),
        contents="\n".join(f'<li><a href="#{one.id}">{escape.for_html(one.heading)}</a></li>' for one in blocks),
        sections="\n".join(block.html() for block in blocks),
        signature=escape.for_html(analysis.signature),
        specifications="\n".join(
            f'<script type="application/json" id="spec-{name}">{escape.for_script(spec)}</script>'
            for name, spec in specs.items()
        ),
        bundle=export.bundle(),
        script=export.asset("page.js"),
    )


def _facts(analysis: Analysis) -> str:
    facts = analysis.facts
    counts = ", ".join(str(count) for count in facts.counts)
    return (
        f"Backbone {facts.backbone}, variant: {facts.variant}, control: {facts.control}. Task counts 0, {counts}. "
        f"{notes.size(analysis)}."
    )


def _blocks(made: Made) -> Iterator[Block]:
    """The sections in order, the answer first."""
    analysis = made.analysis
    yield Block("answer", "The answer", (f'<p class="answer">{escape.for_html(analysis.answer)}</p>',))
    attainable = f'<p class="note" id="attainability">{escape.for_html(notes.attainability(analysis))}</p>'
    yield Block(KEY.id, KEY.heading, (attainable, *_content(KEY, made)))
    for section in SECTIONS:
        content = tuple(_content(section, made))
        yield Block(section.id, section.heading, _led(section.lead, content))
    yield Block("missing", "Missing cells", (_missing(made.tables),))
    yield Block("methods", "Methods", (_paragraph(analysis.methods),))
    yield Block("notes", "Notes", (_list(analysis.notes),))
    ran = [_table(made.tables["runs"])] if "runs" in made.tables else []
    yield Block("provenance", "Provenance", (*ran, *provenance(analysis)))


def _content(section: Section, made: Made) -> Iterator[str]:
    yield from (_figure(name, made.specs[name], made.drawn[name]) for name in section.charts if name in made.specs)
    yield from (_table(made.tables[name]) for name in section.tables if name in made.tables)


def _led(lead: str, content: tuple[str, ...]) -> tuple[str, ...]:
    return (_paragraph(lead), *content) if lead and content else content


def _figure(name: str, spec: Specification, drawn: str) -> str:
    """A chart under its title; the static SVG stands there until the interactive one has replaced it."""
    label = escape.for_html(spec["description"])
    subtitle = escape.for_html(" ".join(spec["title"]["subtitle"]))
    return (
        f"<figure>\n<h3>{escape.for_html(spec['title']['text'])}</h3>\n<figcaption>{subtitle}</figcaption>\n"
        f'<div class="chart" id="chart-{name}" data-chart="{name}" role="group" aria-label="{label}">'
        f"{export.inline(name, drawn)}</div>\n</figure>"
    )


def _table(table: Table) -> str:
    return f'<div id="table-{table.name}">\n{render.html(table)}\n</div>'


def _missing(tables: Mapping[str, Table]) -> str:
    return _table(tables["missing"]) if "missing" in tables else _paragraph("No cell is missing.")


def _paragraph(text: str) -> str:
    return f"<p>{escape.for_html(text)}</p>"


def _list(items: Sequence[str]) -> str:
    return "<ul>\n" + "\n".join(f"<li>{escape.for_html(item)}</li>" for item in items) + "\n</ul>"
