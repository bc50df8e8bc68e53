"""What every page is made of: chapters of sections with charts and tables, and the one file that holds them."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from string import Template

from xtransfer_stats.base import formats
from xtransfer_stats.report import escape, select
from xtransfer_stats.report.charts import export, theme
from xtransfer_stats.report.charts.export import Picture
from xtransfer_stats.report.page import glossary
from xtransfer_stats.report.page.contents import Section
from xtransfer_stats.report.panel import Panel
from xtransfer_stats.report.paper import geometry
from xtransfer_stats.report.tables.table import Table
from xtransfer_stats.stats.core.termtable import THESE

LONGEST_OPEN = 12  # rows of a table that stands open as a whole
CLAIMS, UNTESTABLE = "claims", "not testable"  # the section, and the verdict
LARGEST_DRAWING = 200_000  # letters of an SVG; a chart of more stands as pixels until the interactive one is drawn


@dataclass(frozen=True)
class PageBlock:
    """A section of the page: its anchor, its heading, its content as HTML, what of it is folded, sections inside."""

    id: str
    heading: str
    parts: tuple[str, ...] = ()
    folds: tuple[str, ...] = ()
    inner: tuple["PageBlock", ...] = ()

    @property
    def there(self) -> bool:
        """Whether it has any content."""
        return bool(self.parts or self.folds or any(block.there for block in self.inner))

    def html(self, level: int = 2) -> str:
        """The section with its heading; one inside another without an open part is folded."""
        folds = ['<div class="folds">', *self.folds, "</div>"] if self.folds else []
        inside = [block for block in self.inner if block.there]
        opened = [block.html(level + 1) for block in inside if block.parts]
        folded = [block.html(level + 1) for block in inside if not block.parts]
        closed = ['<div class="folds">', *folded, "</div>"] if folded else []
        heading = f"<h{level}>{escape.for_html(self.heading)}</h{level}>"
        if level > 2 and not self.parts:
            body = "\n".join(self.folds)
            return f'<section id="{self.id}">\n<details><summary>{heading}</summary>\n{body}\n</details>\n</section>'
        return "\n".join([f'<section id="{self.id}">\n{heading}', *self.parts, *folds, *opened, *closed, "</section>"])

    def listed(self) -> str:
        """Its line in the list of contents."""
        inner = "".join(block.listed() for block in sorted(self.inner, key=lambda one: not one.parts) if block.there)
        more = f"<ul>{inner}</ul>" if inner else ""
        return f'<li><a href="#{self.id}">{escape.for_html(self.heading)}</a>{more}</li>'


@dataclass(frozen=True)
class PageParts:
    """What a page is put together from: its charts and its tables, by name."""

    charts: Mapping[str, Picture]
    tables: Mapping[str, Table]

    def block(self, section: Section) -> PageBlock:
        """A section's charts and tables, as far as they are there, under its lead."""
        figures = {name: figure(name, self.charts[name]) for name in section.charts if name in self.charts}
        tables = [self.tables[name] for name in section.tables if name in self.tables]
        if section.id == CLAIMS and tables:
            return _claims(section, tables[0])
        opened = [figures[name] for name in figures if name in section.shown]
        wanted = [one for one in tables if one.name in section.shown and one.name not in figures]
        opened += [short if (short := _of_these(one)) else table(one) for one in wanted]
        folded = [fold(_title(self.charts[name]), html) for name, html in figures.items() if name not in section.shown]
        folded += [
            fold(f"{one.title} ({formats.counted(len(one.frame), 'row')})", table(one))
            for one in tables
            if one not in wanted or _of_these(one)
        ]
        led = (paragraph(section.lead),) if section.lead and (opened or folded) else ()
        if not opened:
            return PageBlock(section.id, section.heading, (), (*led, *folded))
        return PageBlock(section.id, section.heading, (*led, *opened), tuple(folded))


def document(title: str, facts: str, blocks: Sequence[PageBlock], charts: Mapping[str, Picture], signature: str) -> str:
    """The whole page; title and signature are escaped here, facts and blocks hold HTML."""
    return Template(escape.asset("page.html")).substitute(
        title=escape.for_html(title),
        facts=facts,
        style=escape.asset("page.css"),
        contents="\n".join(block.listed() for block in blocks),
        sections="\n".join(block.html() for block in blocks),
        signature=escape.for_html(signature),
        specifications="\n".join(
            f'<script type="application/json" id="spec-{name}">{escape.for_script(picture.spec)}</script>'
            for name, picture in charts.items()
        ),
        bundle=export.bundle(),
        script=escape.asset("page.js"),
    )


def _of_these(whole: Table) -> str:
    """Of a long table with scopes the rows for these languages and tasks, as HTML; "" for any other table."""
    scoped = [grid for grid in whole.panels if "scope" in grid.header]
    if len(scoped) != 1 or len(whole.panels) > 1 or len(scoped[0].rows) <= LONGEST_OPEN:
        return ""
    (grid,) = scoped
    place = grid.header.index("scope")
    rows = tuple(row for row in grid.rows if row[place] == select.scope(THESE))
    html = replace(whole, panels=(replace(grid, rows=rows),)).to_html()
    return f'<div id="table-{whole.name}_these">\n{glossary.in_captions(html)}\n</div>' if rows else ""


def _claims(section: Section, whole: Table) -> PageBlock:
    """The claims that can be tested, open; the others folded, with their number."""
    (grid,) = whole.panels
    place = grid.header.index("verdict")
    sure = tuple(row for row in grid.rows if row[place] != UNTESTABLE)
    rest = tuple(row for row in grid.rows if row[place] == UNTESTABLE)
    shown = replace(whole, panels=(replace(grid, rows=sure),))
    columns = [grid.header.index(name) for name in ("claim", "reason")]
    header, align = tuple(grid.header[one] for one in columns), "".join(grid.align[one] for one in columns)
    reasons = Panel(header, tuple(tuple(row[one] for one in columns) for row in rest), align)
    others = replace(whole, name="claims_untestable", title="Claims not testable", panels=(reasons,), starred=False)
    others = replace(others, caption="Claims of the literature that this study cannot test, and why.")
    summary = f"{formats.counted(len(rest), 'claim')} that this study cannot test"
    folded = (fold(summary, f'<div id="table-claims_untestable">\n{others.to_html()}\n</div>'),) if rest else ()
    return PageBlock(section.id, section.heading, (table(shown),) if sure else (), folded)


def sources(tables: Mapping[str, Table]) -> str:
    """What the copy buttons copy, as data of the page: each table in LaTeX and in Markdown."""
    forms = {name: {"LaTeX": one.to_latex(), "Markdown": one.to_markdown()} for name, one in tables.items()}
    return f'<script type="application/json" id="sources">{escape.for_script(forms)}</script>'


def answer(*texts: str) -> PageBlock:
    """The answer, the first thing a reader sees."""
    return PageBlock("answer", "The answer", (f'<p class="answer">{escape.for_html(" ".join(texts))}</p>',))


def figure(name: str, picture: Picture) -> str:
    """A chart under its title; the static picture stands there until the interactive one has replaced it."""
    spec = picture.spec
    drawn = geometry.untitled(picture.svg, theme.title_height(len(spec["title"]["subtitle"])))
    label = escape.for_html(spec["description"])
    subtitle = glossary.marked(" ".join(spec["title"]["subtitle"]))
    return (
        f"<figure>\n<h3>{escape.for_html(spec['title']['text'])}</h3>\n<figcaption>{subtitle}</figcaption>\n"
        f'<div class="chart" id="chart-{name}" data-chart="{name}" role="group" aria-label="{label}">'
        f"{_still(name, drawn)}</div>\n</figure>"
    )


def _still(name: str, drawn: str) -> str:
    """The drawing itself, or where it is of thousands of marks a picture of it in pixels."""
    if len(drawn) <= LARGEST_DRAWING:
        return export.inline(name, drawn)
    pixels = base64.b64encode(export.png(drawn, scale=1.0)).decode()
    return f'<img alt="" src="data:image/png;base64,{pixels}">'


def _title(picture: Picture) -> str:
    return str(picture.spec["title"]["text"])


def table(shown: Table) -> str:
    """A table with its anchor, and buttons that copy its sources."""
    buttons = "".join(
        f'<button type="button" class="copy" hidden data-copy="{shown.name}" data-form="{form}">Copy {form}</button>'
        for form in ("LaTeX", "Markdown")
    )
    html = glossary.in_captions(shown.to_html())
    return f'<div id="table-{shown.name}">\n{html}\n<p class="copies">{buttons}</p>\n</div>'


def fold(summary: str, content: str) -> str:
    """Content that is shown when it is asked for."""
    return f"<details>\n<summary>{escape.for_html(summary)}</summary>\n{content}\n</details>"


def paragraph(text: str) -> str:
    """Text as a paragraph."""
    return f"<p>{glossary.marked(text)}</p>"


def items(texts: Sequence[str]) -> str:
    """Texts as a list."""
    return "<ul>\n" + "\n".join(f"<li>{escape.for_html(item)}</li>" for item in texts) + "\n</ul>"
