"""The page of a comparison: of two studies, or of the mean over more."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

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
    return _page(f"{a} and {b} compared", facts, compared, charts, tables, PAIR, signatures)


def several_page(found: Several, charts: Mapping[str, Picture], tables: Mapping[str, Table]) -> str:
    """The whole page of three studies or more."""
    facts = f"{', '.join(found.names)}, and the mean over {found.factor} such as these, in points on 0-100."
    return _page(f"{len(found.names)} {found.factor} and their mean", facts, found, charts, tables, MORE, ())


def _page(
    title: str,
    facts: str,
    found: Comparison | Several,
    charts: Mapping[str, Picture],
    tables: Mapping[str, Table],
    sections: Sequence[Section],
    signatures: Sequence[str],
) -> str:
    parts = PageParts(charts, tables)
    drawn = tuple(document.figure(name, picture) for name, picture in charts.items())
    first = document.answer(found.answer)
    of_both = tuple(f'<p class="signature"><code>{escape.for_html(one)}</code></p>' for one in signatures)
    told = PageBlock("notes", "Notes", (document.items(found.notes), *of_both))
    blocks = [replace(first, parts=(*first.parts, *drawn)), *map(parts.block, sections), told]
    led = f'<p class="facts">{escape.for_html(facts)}</p>'
    page = document.document(title, led, [block for block in blocks if block.there], charts, found.signature)
    return page.replace("</footer>", f"</footer>\n{document.sources(tables)}", 1)
