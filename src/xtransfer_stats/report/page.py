"""The report as one HTML file: it opens from disk, needs no network, and has static charts too."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Template

from xtransfer_stats.report import escape, export, notes, render
from xtransfer_stats.report.export import Specification
from xtransfer_stats.report.table import Table
from xtransfer_stats.stats.results import Analysis


@dataclass(frozen=True)
class Section:
    """A heading with its anchor, and the charts and tables under it, by name; left out where there are none."""

    heading: str
    anchor: str
    charts: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


# The sections between the answer and the notes, in the page's order.
SECTIONS = (
    Section("Charts", "charts", ("effects", "interaction", "runs", "heatmap")),
    Section("Claims", "claims", (), ("claims",)),
    Section("Languages", "languages", ("languages",), ("languages",)),
    Section("Target tasks", "tasks", ("tasks",), ("tasks",)),
    Section("Effect sizes", "effect-sizes", (), ("effect_sizes",)),
    Section("Other routes to the same numbers", "routes", (), ("routes",)),
    Section("Leave one task out", "leave-one-out", ("leave_one_out",), ("leave_one_out",)),
    Section("Decomposition of the interaction", "decomposition", ("decomposition",), ("decomposition",)),
    Section("Sensitivity to own-task data", "own-data", (), ("own_data",)),
    Section("The seven terms", "terms", (), ("terms",)),
    Section("Variance shares", "variance", (), ("variance",)),
    Section("Diagnostics", "diagnostics", ("influence", "residuals", "normality"), ("influence", "convergence")),
)


def page(analysis: Analysis, specs: Mapping[str, Specification], tables: Mapping[str, Table]) -> str:
    """The whole page of a study."""
    key = [_paragraph(notes.attainability(analysis), "note")]
    key += [render.html(tables["effects"])] if "effects" in tables else []
    missing = render.html(tables["missing"]) if "missing" in tables else _paragraph("No cell is missing.")
    parts = [
        _section("The answer", "answer", [_paragraph(analysis.answer, "answer")]),
        _section("Key numbers", "numbers", key),
        *sections(SECTIONS, specs, tables),
        _section("Missing cells", "missing", [missing]),
        *ending(analysis.methods, analysis.notes),
    ]
    title = f"Study {analysis.facts.study}: {' and '.join(analysis.facts.benchmarks)}"
    return document(title, _facts(analysis), parts, specs, analysis.signature)


def document(title: str, facts: str, parts: Sequence[str], specs: Mapping[str, Specification], signature: str) -> str:
    """A page of ready `parts`, with the scripts that draw the charts in `specs`."""
    return Template(export.asset("page.html")).substitute(
        title=escape.for_html(title),
        facts=escape.for_html(facts),
        style=export.asset("page.css"),
        sections="\n".join(parts),
        signature=escape.for_html(signature),
        specifications="\n".join(
            f'<script type="application/json" id="spec-{name}">{escape.for_script(spec)}</script>'
            for name, spec in specs.items()
        ),
        bundle=export.bundle(),
        script=export.asset("page.js"),
    )


def opening(answer: str, warning: str) -> str:
    """The answer, and what a reader must know before anything else."""
    return _section("The answer", "answer", [_paragraph(answer, "answer"), _paragraph(warning, "note")])


def sections(
    listed: Iterable[Section], specs: Mapping[str, Specification], tables: Mapping[str, Table]
) -> Iterator[str]:
    """Every listed section that has a chart or a table."""
    for section in listed:
        parts = [_figure(name, specs[name]) for name in section.charts if name in specs]
        parts += [render.html(tables[name]) for name in section.tables if name in tables]
        if parts:
            yield _section(section.heading, section.anchor, parts)


def ending(methods: str, remarks: Sequence[str]) -> list[str]:
    """Methods and notes."""
    return [_section("Methods", "methods", [_paragraph(methods)]), _section("Notes", "notes", [_list(remarks)])]


def _facts(analysis: Analysis) -> str:
    facts = analysis.facts
    counts = ", ".join(str(count) for count in facts.counts)
    return (
        f"Backbone {facts.backbone}, variant: {facts.variant}, control: {facts.control}. Task counts 0, {counts}. "
        f"{notes.size(analysis)}."
    )


def _section(heading: str, anchor: str, parts: Sequence[str]) -> str:
    return "\n".join([f'<section id="{anchor}">', f"<h2>{escape.for_html(heading)}</h2>", *parts, "</section>"])


def _figure(name: str, spec: Specification) -> str:
    """A chart under its title; the static SVG stands there until the interactive one has replaced it."""
    drawn = export.svg(export.untitled(spec))
    label = escape.for_html(spec["description"])
    subtitle = escape.for_html(" ".join(spec["title"]["subtitle"]))
    return (
        f"<figure>\n<h3>{escape.for_html(spec['title']['text'])}</h3>\n<figcaption>{subtitle}</figcaption>\n"
        f'<div class="chart" id="chart-{name}" data-chart="{name}" role="group" aria-label="{label}">'
        f"{export.inline(name, drawn)}</div>\n</figure>"
    )


def _paragraph(text: str, kind: str = "") -> str:
    return f'<p class="{kind}">{escape.for_html(text)}</p>' if kind else f"<p>{escape.for_html(text)}</p>"


def _list(items: Sequence[str]) -> str:
    return "<ul>\n" + "\n".join(f"<li>{escape.for_html(item)}</li>" for item in items) + "\n</ul>"
