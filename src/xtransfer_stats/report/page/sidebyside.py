"""The page of a comparison: of two studies, of the mean over more, and what such pages have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from xtransfer_stats.report import escape
from xtransfer_stats.report.charts.export import Picture
from xtransfer_stats.report.page import document
from xtransfer_stats.report.page.contents import Section
from xtransfer_stats.report.page.document import PageBlock, PageParts
from xtransfer_stats.report.tables.table import Table
from xtransfer_stats.stats.comparison.compare import Comparison
from xtransfer_stats.stats.comparison.several.several import Several

PAIR = (
    Section("effects", "Effects and their difference", tables=("effects",), shown=("effects",)),
    Section("differs", "What differs between the studies", tables=("differs",), shown=("differs",)),
    Section("levels", "Average scores", tables=("levels",)),
    Section("tasks", "Target tasks", tables=("tasks",)),
    Section("languages", "Languages", tables=("languages",)),
)
MORE = (
    Section("effects", "Each study and the mean", tables=("effects",), shown=("effects",)),
    Section("spread", "How much they differ", tables=("spread",), shown=("spread",)),
    Section("differs", "What differs between the studies", tables=("differs",), shown=("differs",)),
    Section("tasks", "Target tasks", tables=("tasks",)),
)


def comparison_page(compared: Comparison, charts: Mapping[str, Picture], tables: Mapping[str, Table]) -> str:
    """The whole page of two studies."""
    a, b = compared.a.name, compared.b.name
    signatures = (f"A: {compared.a.signature}", f"B: {compared.b.signature}")
    facts = f"A is {a}, B is {b}; every difference is B less A, in points on 0-100."
    title = f"{a} and {b} compared"
    opening = Opening(title, facts, compared.answer, compared.notes, compared.signature, signatures)
    return side_by_side(opening, charts, tables, PAIR)


def several_page(found: Several, charts: Mapping[str, Picture], tables: Mapping[str, Table]) -> str:
    """The whole page of three studies or more."""
    facts = f"{', '.join(found.names)}, and the mean over {found.factor} such as these, in points on 0-100."
    title = f"{len(found.names)} {found.factor} and their mean"
    return side_by_side(Opening(title, facts, found.answer, found.notes, found.signature), charts, tables, MORE)


@dataclass(frozen=True)
class Opening:
    """What a page begins with: its title, its facts in a sentence, and the answer; notes and signatures end it."""

    title: str
    facts: str
    answer: str
    notes: Sequence[str]
    signature: str
    signatures: Sequence[str] = ()


def side_by_side(
    opening: Opening, charts: Mapping[str, Picture], tables: Mapping[str, Table], sections: Sequence[Section]
) -> str:
    """The whole page: the answer with its charts, the sections, the notes."""
    parts = PageParts(charts, tables)
    drawn = tuple(document.figure(name, picture) for name, picture in charts.items())
    first = document.answer(opening.answer)
    of_both = tuple(f'<p class="signature"><code>{escape.for_html(one)}</code></p>' for one in opening.signatures)
    told = PageBlock("notes", "Notes", (document.items(opening.notes), *of_both))
    blocks = [replace(first, parts=(*first.parts, *drawn)), *map(parts.block, sections), told]
    led = f'<p class="facts">{escape.for_html(opening.facts)}</p>'
    there = [block for block in blocks if block.there]
    page = document.document(opening.title, led, there, charts, opening.signature)
    return page.replace("</footer>", f"</footer>\n{document.sources(tables)}", 1)
