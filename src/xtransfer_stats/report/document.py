"""What every page is made of: blocks with charts and tables, and the one file that holds them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Template

from xtransfer_stats.report import escape, export, render
from xtransfer_stats.report.export import Specification
from xtransfer_stats.report.sections import Section
from xtransfer_stats.report.table import Table


@dataclass(frozen=True)
class Made:
    """What a page is put together from; `drawn` holds the untitled SVG of every chart in `specs`."""

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


def made(specs: Mapping[str, Specification], tables: Mapping[str, Table]) -> Made:
    """Charts with their static drawings, and tables."""
    return Made(specs, {name: export.svg(export.untitled(spec)) for name, spec in specs.items()}, tables)


def document(
    title: str, facts: str, blocks: Sequence[Block], specs: Mapping[str, Specification], signature: str
) -> str:
    """The whole page; the texts are escaped here, the blocks hold HTML."""
    return Template(export.asset("page.html")).substitute(
        title=escape.for_html(title),
        facts=escape.for_html(facts),
        style=export.asset("page.css"),
        contents="\n".join(f'<li><a href="#{one.id}">{escape.for_html(one.heading)}</a></li>' for one in blocks),
        sections="\n".join(block.html() for block in blocks),
        signature=escape.for_html(signature),
        specifications="\n".join(
            f'<script type="application/json" id="spec-{name}">{escape.for_script(spec)}</script>'
            for name, spec in specs.items()
        ),
        bundle=export.bundle(),
        script=export.asset("page.js"),
    )


def answer(text: str) -> Block:
    """The answer, the first thing a reader sees."""
    return Block("answer", "The answer", (f'<p class="answer">{escape.for_html(text)}</p>',))


def block(section: Section, parts: Made) -> Block:
    """A section's charts and tables, as far as they are there, under its lead."""
    content = tuple(_content(section, parts))
    led = (paragraph(section.lead), *content) if section.lead and content else content
    return Block(section.id, section.heading, led)


def _content(section: Section, parts: Made) -> Iterator[str]:
    yield from (figure(name, parts.specs[name], parts.drawn[name]) for name in section.charts if name in parts.specs)
    yield from (table(parts.tables[name]) for name in section.tables if name in parts.tables)


def figure(name: str, spec: Specification, drawn: str) -> str:
    """A chart under its title; the static SVG stands there until the interactive one has replaced it."""
    label = escape.for_html(spec["description"])
    subtitle = escape.for_html(" ".join(spec["title"]["subtitle"]))
    return (
        f"<figure>\n<h3>{escape.for_html(spec['title']['text'])}</h3>\n<figcaption>{subtitle}</figcaption>\n"
        f'<div class="chart" id="chart-{name}" data-chart="{name}" role="group" aria-label="{label}">'
        f"{export.inline(name, drawn)}</div>\n</figure>"
    )


def table(made_of: Table) -> str:
    """A table with its anchor."""
    return f'<div id="table-{made_of.name}">\n{render.html(made_of)}\n</div>'


def paragraph(text: str) -> str:
    """Text as a paragraph."""
    return f"<p>{escape.for_html(text)}</p>"


def items(texts: Sequence[str]) -> str:
    """Texts as a list."""
    return "<ul>\n" + "\n".join(f"<li>{escape.for_html(item)}</li>" for item in texts) + "\n</ul>"
