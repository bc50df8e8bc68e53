"""A table as HTML that a word processor takes over when it is opened there or pasted.

Word reads inline styles and plain tables only: no style sheet, no scripts, rules as borders of the cells.
"""

from collections.abc import Iterator, Sequence

from xtransfer_stats.report import escape
from xtransfer_stats.report.latex.columns import PrintedColumn, plans
from xtransfer_stats.report.panel import Panel

FONT = "font-family:'Times New Roman',serif;font-size:9pt"
ALIGN = {"l": "left", "r": "right"}
VALIGN = {"th": "bottom", "td": "top"}
GRID = "border-collapse:collapse;margin:0 0 8pt 0"
HEAVY, LIGHT = "1.0pt solid black", "0.5pt solid black"
PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title></head>
<body>
{body}
</body>
</html>
"""


def word_html(title: str, caption: str, panels: Sequence[Panel]) -> str:
    """A page of its own: the caption as a paragraph, then the grids with rules like booktabs'.

    Columns that a page cannot hold side by side follow in a grid of their own.
    """
    title, caption = escape.for_html(title), escape.for_html(caption)
    parts = [f'<p style="{FONT};margin:0 0 4pt 0"><b>{title}.</b> {caption}</p>']
    for panel in panels:
        parts += [f'<p style="{FONT};margin:6pt 0 2pt 0"><i>{escape.for_html(panel.title)}</i></p>'] * bool(panel.title)
        parts += [_grid(panel, plan.columns) for plan in plans(panel.header, panel.align, panel.rows)]
    return PAGE.format(title=title, body="\n".join(parts))


def _grid(panel: Panel, columns: Sequence[PrintedColumn]) -> str:
    rows = "\n".join(_rows(panel, columns))
    return f'<table border="0" cellspacing="0" cellpadding="0" style="{GRID}">\n{rows}\n</table>'


def _rows(panel: Panel, columns: Sequence[PrintedColumn]) -> Iterator[str]:
    heads = ["<br>".join(map(escape.for_html, column.head)) for column in columns]
    yield _row(heads, columns, "th", f"border-top:{HEAVY};border-bottom:{LIGHT}")
    last = len(panel.rows) - 1
    for number, row in enumerate(panel.rows):
        cells = [escape.for_html(row[column.place]) or "&nbsp;" for column in columns]
        yield _row(cells, columns, "td", f"border-bottom:{HEAVY}" if number == last else "")


def _row(cells: Sequence[str], columns: Sequence[PrintedColumn], tag: str, rule: str) -> str:
    inside = "".join(
        f'<{tag} dir="auto" align="{ALIGN[column.align]}" valign="{VALIGN[tag]}" '
        f'style="{_style(column, rule)}">{cell}</{tag}>'
        for cell, column in zip(cells, columns, strict=True)
    )
    return f"<tr>{inside}</tr>"


def _style(column: PrintedColumn, rule: str) -> str:
    keep = "" if column.breaks else "white-space:nowrap"
    return ";".join(part for part in (FONT, "padding:1pt 4pt", f"text-align:{ALIGN[column.align]}", keep, rule) if part)
