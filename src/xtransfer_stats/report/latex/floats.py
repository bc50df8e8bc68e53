"""A table as LaTeX floats with booktabs rules: which rows stand in one float, and how they are written."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from xtransfer_stats.report.latex.columns import COLUMN, TEXT, ColumnPlan, PrintedColumn, plans
from xtransfer_stats.report.latex.escape import for_latex, needs_t1, scripts_in
from xtransfer_stats.report.latex.text import POINTS, number_and_stars, pieces, width, words
from xtransfer_stats.report.panel import Panel

ROOM = 540.0  # points of a page that a float may fill
LINE = 11.0
CAPTION_LINE, CAPTION_TYPE = 12.0, 10.0
AIR = 2.0  # between rows of several lines
RULES = 24.0  # rules and the space around them

PER_CENT = r" \%"  # no line ends in front of it
QUAD = 9.25  # points of an em at 9 points, so that columns of text shrink with the paper's type
BREAK = "\\allowbreak{}"
ANY_ENGINE = "pdflatex, xelatex or lualatex"
HEAD = """\
% Table "{name}" of xtransfer-stats.
% Engine: {engine}.
% Packages: {packages}.
"""


def latex(name: str, title: str, caption: str, panels: Sequence[Panel]) -> str:
    """A table's panels as floats under one number, with a head comment that names engine and packages.

    title: the caption of every float but the first.
    Needs `\\usepackage{booktabs}`; names in scripts that pdflatex cannot set need the preamble beside the tables.
    """
    body = "\n".join(_floats(name.replace("_", "-"), title, caption, panels))
    needed = ", ".join(scripts_in(body))
    engine = f"xelatex (the table holds {needed})" if needed else ANY_ENGINE
    encoding = ", fontenc with option T1" if needs_t1(body) else ""
    packages = "those of preamble.tex, by \\input{preamble}" if needed else f"booktabs{encoding}"
    return HEAD.format(name=name.replace("\n", " "), engine=engine, packages=packages) + body


def _floats(label: str, title: str, caption: str, panels: Sequence[Panel]) -> Iterator[str]:
    first = True
    for (header, align), same in groupby(panels, key=lambda panel: (panel.header, panel.align)):
        alike = list(same)
        for plan in plans(header, align, [row for panel in alike for row in panel.rows]):
            for page in pages(alike, plan, caption):
                yield _float(plan, page, caption if first else f"{title} (continued).", label if first else "")
                first = False


def _float(plan: ColumnPlan, panels: Sequence[Panel], caption: str, label: str) -> str:
    """One float; without a label it goes on under the number of the one before."""
    kind = "table*" if plan.wide else "table"
    lines = [
        rf"\begin{{{kind}}}",
        r"\centering\footnotesize\setlength{\tabcolsep}{3pt}",
        *([] if label else [r"\addtocounter{table}{-1}"]),
        rf"\caption{{{for_latex(caption).replace(PER_CENT, '~' + PER_CENT[1:])}}}",
        *([rf"\label{{tab:{label}}}"] if label else []),
        r"\vspace{4pt}",
        rf"\begin{{tabular}}{{@{{}}{''.join(map(_specification, plan.columns))}@{{}}}}",
        r"\toprule",
        _line([_heading(column) for column in plan.columns]),
        *(line for panel in panels for line in _panel(panel, plan)),
        r"\bottomrule",
        r"\end{tabular}",
        rf"\end{{{kind}}}",
    ]
    return "\n".join(lines) + "\n"


def _specification(column: PrintedColumn) -> str:
    return f"p{{{column.width / QUAD:.1f}em}}" if column.breaks else column.align


def _heading(column: PrintedColumn) -> str:
    head = r" \\ ".join(map(for_latex, column.head))
    return head if len(column.head) == 1 else rf"\begin{{tabular}}[b]{{@{{}}{column.align}@{{}}}}{head}\end{{tabular}}"


def _panel(panel: Panel, plan: ColumnPlan) -> Iterator[str]:
    yield r"\midrule"
    if panel.title:
        yield rf"\multicolumn{{{len(plan.columns)}}}{{@{{}}l}}{{\emph{{{for_latex(panel.title)}}}}} \\[2pt]"
    between = rf"\addlinespace[{AIR:.0f}pt]" if plan.breaks else ""
    for number, row in enumerate(panel.rows):
        yield (between if number else "") + _line([_cell(row[column.place], column) for column in plan.columns])


def _line(cells: Sequence[str]) -> str:
    return " & ".join(cells) + r" \tabularnewline"  # `\\` means something else behind \raggedright


def _cell(text: str, column: PrintedColumn) -> str:
    if column.breaks:
        return rf"\raggedright\hspace{{0pt}}{_paragraph(text)}"
    number, stars = number_and_stars(text, column.align)
    blank = "*" * (column.stars - len(stars))
    return for_latex(number) + _raised(stars) + (rf"\phantom{{{_raised(blank)}}}" if blank else "")


def _raised(stars: str) -> str:
    return f"$^{{{stars}}}$" if stars else ""


def _paragraph(text: str) -> str:
    """Text that breaks between words and inside very long ones."""
    parts = (pieces(part) if place % 2 else [part] for place, part in enumerate(words(text)))
    return "".join(BREAK.join(map(for_latex, part)) for part in parts)


def pages(panels: Sequence[Panel], plan: ColumnPlan, caption: str) -> list[list[Panel]]:
    """What stands in each float: whole panels where they fit, else pieces of like length."""
    room = ROOM - RULES - _caption_height(caption, plan) - LINE * max(len(column.head) for column in plan.columns)
    floats: list[list[Panel]] = []
    left = 0.0
    for piece in (piece for panel in panels for piece in _pieces(panel, plan, room)):
        needed = _height(piece.title, piece.rows, plan)
        if not floats or needed > left:
            floats.append([])
            left = room
        floats[-1].append(piece)
        left -= needed
    return floats


def _caption_height(caption: str, plan: ColumnPlan) -> float:
    per_line = 0.9 * (TEXT if plan.wide else COLUMN) * POINTS / CAPTION_TYPE
    return CAPTION_LINE * math.ceil(width(caption) / per_line)


def _height(title: str, rows: Sequence[Sequence[str]], plan: ColumnPlan) -> float:
    lines = sum(max(column.lines(row[column.place]) for column in plan.columns) for row in rows)
    return LINE * (lines + (1.5 if title else 0)) + (AIR * len(rows) if plan.breaks else 0)


def _pieces(panel: Panel, plan: ColumnPlan, room: float) -> Iterator[Panel]:
    """The panel cut into the fewest pieces of like length that fit."""
    count = max(1, math.ceil(_height(panel.title, panel.rows, plan) / (room - 2 * LINE)))
    while any(_height(panel.title, rows, plan) > room and len(rows) > 1 for rows in _cut(panel.rows, count)):
        count += 1
    for number, rows in enumerate(_cut(panel.rows, count)):
        title = f"{panel.title} (continued)" if panel.title and number else panel.title
        yield replace(panel, title=title, rows=rows)


def _cut(rows: Sequence[tuple[str, ...]], count: int) -> list[tuple[tuple[str, ...], ...]]:
    size = math.ceil(len(rows) / count)
    return [tuple(rows[start : start + size]) for start in range(0, len(rows), size)]
