"""A table in every form: Markdown, HTML and CSV here; LaTeX and HTML for a word processor in modules of their own."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import pandas as pd

from xtransfer_stats.report import escape, notes
from xtransfer_stats.report.docx import docx
from xtransfer_stats.report.latex.document import documents
from xtransfer_stats.report.latex.floats import latex
from xtransfer_stats.report.table import Panel, Table

MARKDOWN_RULES = {"l": ":---", "r": "---:", "n": ":---"}


def markdown(table: Table) -> str:
    """A heading, the caption and one pipe table a panel."""
    parts = [f"## {escape.for_markdown(table.title)}", escape.for_markdown(notes.full_caption(table))]
    for panel in table.panels:
        parts += [f"### {escape.for_markdown(panel.title)}"] if panel.title else []
        rule = "| " + " | ".join(MARKDOWN_RULES[letter] for letter in panel.align) + " |"
        lines = [_markdown_row(panel.header), rule, *(_markdown_row(row) for row in panel.rows)]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _markdown_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(escape.for_markdown(cell) for cell in cells) + " |"


def html(table: Table) -> str:
    """One `<table>` a panel, with caption and scopes, each in a box that scrolls by itself."""
    return "\n".join(_html_table(table, panel) for panel in table.panels)


def _html_table(table: Table, panel: Panel) -> str:
    caption = escape.for_html(notes.full_caption(table, panel))
    label = escape.for_html(f"{table.title} {panel.title}".strip())
    head = "".join(
        f'<th scope="col" class="{letter}">{escape.for_html(cell)}</th>'
        for cell, letter in zip(panel.header, panel.align, strict=True)
    )
    body = "\n".join(_html_row(row, panel.align) for row in panel.rows)
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">\n<table>\n'
        f"<caption><span>{caption}</span></caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n</div>"
    )


def _html_row(row: Sequence[str], align: str) -> str:
    first, *rest = row
    cells = "".join(
        f'<td class="{letter}">{escape.for_html(cell)}</td>' for cell, letter in zip(rest, align[1:], strict=True)
    )
    return f'<tr><th scope="row">{escape.for_html(first)}</th>{cells}</tr>'


def csv(table: Table) -> str:
    """The rows in full precision and as formatted; no text cell starts like a spreadsheet formula."""
    return guarded(table.frame).to_csv(index=False, lineterminator="\n")


def guarded(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with every text cell safe in a spreadsheet; numbers stay numbers."""
    safe = frame.copy()
    for name in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[name]):
            safe[name] = [escape.for_csv("" if value is None or value != value else str(value)) for value in safe[name]]
    return safe


RENDERERS: Mapping[str, Callable[[Table], str]] = {
    "tex": latex,
    "md": markdown,
    "html": html,
    "docx.html": docx,
    "csv": csv,
}


def files(tables: Iterable[Table]) -> dict[str, bytes]:
    """Path inside a report -> content: every table in every form, LaTeX's preamble, one document of all."""
    made = {table.name: table for table in tables}
    sources = {name: latex(table) for name, table in made.items()}
    texts = {f"{name}.{suffix}": write(table) for name, table in made.items() for suffix, write in RENDERERS.items()}
    return {f"tables/{file}": text.encode() for file, text in (texts | documents(sources)).items()}
