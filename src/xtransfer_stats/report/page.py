"""The report as one HTML file: it opens from disk, needs no network, and has static charts too."""

from collections.abc import Iterable, Mapping, Sequence
from string import Template

from xtransfer_stats.report import escape, export, notes, render
from xtransfer_stats.report.export import Specification
from xtransfer_stats.report.table import Table
from xtransfer_stats.stats.results import Analysis

# Which charts and which tables stand under which heading, in the page's order.
SECTIONS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("Charts", ("effects", "interaction", "runs", "heatmap"), ()),
    ("Languages", ("languages",), ("languages",)),
    ("Target tasks", ("tasks",), ("tasks",)),
    ("Effect sizes", (), ("effect_sizes",)),
    ("Other routes to the same numbers", (), ("routes",)),
    ("Leave one task out", ("leave_one_out",), ("leave_one_out",)),
    ("Decomposition of the interaction", ("decomposition",), ("decomposition",)),
    ("Sensitivity to own-task data", (), ("own_data",)),
    ("The seven terms", (), ("terms",)),
    ("Variance shares", (), ("variance",)),
    ("Diagnostics", ("influence", "residuals", "normality"), ("influence", "convergence")),
)


def page(
    analysis: Analysis,
    specs: Mapping[str, Specification],
    drawn: Mapping[str, str],
    tables: Mapping[str, Table],
) -> str:
    """The whole page; `drawn` holds the untitled SVG of every chart in `specs`."""
    return Template(export.asset("page.html")).substitute(
        title=escape.for_html(f"Study {analysis.facts.study}: {' and '.join(analysis.facts.benchmarks)}"),
        facts=escape.for_html(_facts(analysis)),
        style=export.asset("page.css"),
        sections="\n".join(_sections(analysis, specs, drawn, tables)),
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


def _sections(
    analysis: Analysis,
    specs: Mapping[str, Specification],
    drawn: Mapping[str, str],
    tables: Mapping[str, Table],
) -> Iterable[str]:
    yield _section("The answer", [f'<p class="answer">{escape.for_html(analysis.answer)}</p>'])
    key = [_paragraph(notes.attainability(analysis), "note")]
    key += [render.html(tables["effects"])] if "effects" in tables else []
    yield _section("Key numbers", key)
    for heading, chart_names, table_names in SECTIONS:
        parts = [_figure(name, specs[name], drawn[name]) for name in chart_names if name in specs]
        parts += [render.html(tables[name]) for name in table_names if name in tables]
        if parts:
            yield _section(heading, parts)
    yield _section("Missing cells", [_missing(tables)])
    yield _section("Methods", [_paragraph(analysis.methods)])
    yield _section("Notes", [_list(analysis.notes)])


def _section(heading: str, parts: Sequence[str]) -> str:
    return "\n".join(["<section>", f"<h2>{escape.for_html(heading)}</h2>", *parts, "</section>"])


def _figure(name: str, spec: Specification, drawn: str) -> str:
    """A chart under its title; the static SVG stands there until the interactive one has replaced it."""
    label = escape.for_html(spec["description"])
    subtitle = escape.for_html(" ".join(spec["title"]["subtitle"]))
    return (
        f"<figure>\n<h3>{escape.for_html(spec['title']['text'])}</h3>\n<figcaption>{subtitle}</figcaption>\n"
        f'<div class="chart" id="chart-{name}" data-chart="{name}" role="group" aria-label="{label}">'
        f"{export.inline(name, drawn)}</div>\n</figure>"
    )


def _missing(tables: Mapping[str, Table]) -> str:
    return render.html(tables["missing"]) if "missing" in tables else _paragraph("No cell is missing.")


def _paragraph(text: str, kind: str = "") -> str:
    return f'<p class="{kind}">{escape.for_html(text)}</p>' if kind else f"<p>{escape.for_html(text)}</p>"


def _list(items: Sequence[str]) -> str:
    return "<ul>\n" + "\n".join(f"<li>{escape.for_html(item)}</li>" for item in items) + "\n</ul>"
