"""A table as HTML that a word processor takes over when it is opened there or pasted.

Word reads inline styles and plain tables only: no style sheet, no scripts, rules as borders of the cells.
"""

from collections.abc import Iterator, Sequence

from xtransfer_stats.report import escape, notes
from xtransfer_stats.report.table import Panel, Table

FONT = "font-family:'Times New Roman',serif;font-size:9pt"
ALIGN = {"l": "left", "r": "right", "n": "left"}
HEAVY, LIGHT = "1.0pt solid black", "0.5pt solid black"
PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title></head>
<body>
{body}
</body>
</html>
"""


def docx(table: Table) -> str:
    """A page of its own: the caption as a paragraph, then one table a panel with rules like booktabs'."""
    caption = escape.for_html(notes.full_caption(table))
    parts = [f'<p style="{FONT};margin:0 0 4pt 0"><b>{escape.for_html(table.title)}.</b> {caption}</p>']
    for panel in table.panels:
        parts += [f'<p style="{FONT};margin:6pt 0 2pt 0"><i>{escape.for_html(panel.title)}</i></p>'] * bool(panel.title)
        parts.append(_grid(panel))
    return PAGE.format(title=escape.for_html(table.title), body="\n".join(parts))


def _grid(panel: Panel) -> str:
    rows = "\n".join(_rows(panel))
    return f'<table border="0" cellspacing="0" cellpadding="0" style="border-collapse:collapse">\n{rows}\n</table>'


def _rows(panel: Panel) -> Iterator[str]:
    yield _row(panel.header, panel.align, "th", f"border-top:{HEAVY};border-bottom:{LIGHT}")
    last = len(panel.rows) - 1
    for number, row in enumerate(panel.rows):
        yield _row(row, panel.align, "td", f"border-bottom:{HEAVY}" if number == last else "")


def _row(cells: Sequence[str], align: str, tag: str, rule: str) -> str:
    inside = "".join(
        f'<{tag} dir="auto" align="{ALIGN[letter]}" valign="top" style="{_style(letter, rule)}">'
        f"{escape.for_html(cell) or '&nbsp;'}</{tag}>"
        for cell, letter in zip(cells, align, strict=True)
    )
    return f"<tr>{inside}</tr>"


def _style(letter: str, rule: str) -> str:
    keep = ";white-space:nowrap" if letter == "r" else ""
    return ";".join(part for part in (FONT, "padding:1pt 4pt", f"text-align:{ALIGN[letter]}{keep}", rule) if part)
