"""What every page is made of: blocks with charts and tables, and the one file that holds them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Template

from xtransfer_stats.report import escape
from xtransfer_stats.report.charts import export, theme
from xtransfer_stats.report.charts.export import Picture
from xtransfer_stats.report.page.contents import Section
from xtransfer_stats.report.paper import geometry
from xtransfer_stats.report.tables.table import Table


@dataclass(frozen=True)
class PageParts:
    """What a page is put together from: its charts and its tables, by name."""

    charts: Mapping[str, Picture]
    tables: Mapping[str, Table]

    def block(self, section: Section) -> "PageBlock":
        """A section's charts and tables, as far as they are there, under its lead."""
        figures = [figure(name, self.charts[name]) for name in section.charts if name in self.charts]
        tables = [table(self.tables[name]) for name in section.tables if name in self.tables]
        led = [paragraph(section.lead)] if section.lead and figures + tables else []
        return PageBlock(section.id, section.heading, (*led, *figures, *tables))


@dataclass(frozen=True)
class PageBlock:
    """A section of the page: its anchor, its heading and its content as HTML."""

    id: str
    heading: str
    parts: tuple[str, ...]

    def html(self) -> str:
        """The section with its heading."""
        head = f'<section id="{self.id}">\n<h2>{escape.for_html(self.heading)}</h2>'
        return "\n".join([head, *self.parts, "</section>"])


def document(title: str, facts: str, blocks: Sequence[PageBlock], charts: Mapping[str, Picture], signature: str) -> str:
    """The whole page; the texts are escaped here, the blocks hold HTML."""
    return Template(escape.asset("page.html")).substitute(
        title=escape.for_html(title),
        facts=escape.for_html(facts),
        style=escape.asset("page.css"),
        contents="\n".join(f'<li><a href="#{one.id}">{escape.for_html(one.heading)}</a></li>' for one in blocks),
        sections="\n".join(block.html() for block in blocks),
        signature=escape.for_html(signature),
        specifications="\n".join(
            f'<script type="application/json" id="spec-{name}">{escape.for_script(picture.spec)}</script>'
            for name, picture in charts.items()
        ),
        bundle=export.bundle(),
        script=escape.asset("page.js"),
    )


def answer(text: str) -> PageBlock:
    """The answer, the first thing a reader sees."""
    return PageBlock("answer", "The answer", (f'<p class="answer">{escape.for_html(text)}</p>',))


def figure(name: str, picture: Picture) -> str:
    """A chart under its title; the static SVG stands there until the interactive one has replaced it."""
    spec = picture.spec
    drawn = geometry.untitled(picture.svg, theme.title_height(len(spec["title"]["subtitle"])))
    label = escape.for_html(spec["description"])
    subtitle = escape.for_html(" ".join(spec["title"]["subtitle"]))
    return (
        f"<figure>\n<h3>{escape.for_html(spec['title']['text'])}</h3>\n<figcaption>{subtitle}</figcaption>\n"
        f'<div class="chart" id="chart-{name}" data-chart="{name}" role="group" aria-label="{label}">'
        f"{export.inline(name, drawn)}</div>\n</figure>"
    )


def table(shown: Table) -> str:
    """A table with its anchor."""
    return f'<div id="table-{shown.name}">\n{shown.to_html()}\n</div>'


def paragraph(text: str) -> str:
    """Text as a paragraph."""
    return f"<p>{escape.for_html(text)}</p>"


def items(texts: Sequence[str]) -> str:
    """Texts as a list."""
    return "<ul>\n" + "\n".join(f"<li>{escape.for_html(item)}</li>" for item in texts) + "\n</ul>"
