"""A table as LaTeX floats with booktabs rules."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from xtransfer_stats.report import notes
from xtransfer_stats.report.latex.cells import number_and_stars, pieces, words
from xtransfer_stats.report.latex.columns import Column, Plan, plans
from xtransfer_stats.report.latex.escape import for_latex, needs_t1, scripts_in
from xtransfer_stats.report.latex.pages import AIR, Block, pages
from xtransfer_stats.report.table import Panel, Table

PER_CENT = r" \%"  # no line ends in front of it
QUAD = 9.25  # points of an em at 9 points, so that columns of text shrink with the paper's type
BREAK = "\\allowbreak{}"
ANY_ENGINE = "pdflatex, xelatex or lualatex"
HEAD = """\
% Table "{name}" of xtransfer-stats.
% Engine: {engine}.
% Packages: {packages}.
"""


def latex(table: Table) -> str:
    """The table as floats under one number, with a head comment that names engine and packages.

    Needs `\\usepackage{booktabs}`; names in scripts that pdflatex cannot set need the preamble beside the tables.
    """
    body = "\n".join(_floats(table))
    needed = ", ".join(scripts_in(body))
    engine = f"xelatex (the table holds {needed})" if needed else ANY_ENGINE
    encoding = ", fontenc with option T1" if needs_t1(body) else ""
    packages = "those of preamble.tex, by \\input{preamble}" if needed else f"booktabs{encoding}"
    return HEAD.format(name=table.name.replace("\n", " "), engine=engine, packages=packages) + body


def _floats(table: Table) -> Iterator[str]:
    caption, number = notes.full_caption(table), 0
    for (header, align), same in groupby(table.panels, key=lambda panel: (panel.header, panel.align)):
        panels: Sequence[Panel] = list(same)
        for plan in plans(header, align, [row for panel in panels for row in panel.rows]):
            for blocks in pages(panels, plan, caption):
                yield _float(table, plan, blocks, f"{table.title} (continued)." if number else caption, number)
                number += 1


def _float(table: Table, plan: Plan, blocks: Sequence[Block], caption: str, number: int) -> str:
    kind = "table*" if plan.wide else "table"
    lines = [
        rf"\begin{{{kind}}}",
        r"\centering\footnotesize\setlength{\tabcolsep}{3pt}",
        *([r"\addtocounter{table}{-1}"] if number else []),
        rf"\caption{{{for_latex(caption).replace(PER_CENT, '~' + PER_CENT[1:])}}}",
        *([] if number else [rf"\label{{tab:{table.name.replace('_', '-')}}}"]),
        r"\vspace{4pt}",
        rf"\begin{{tabular}}{{@{{}}{''.join(map(_specification, plan.columns))}@{{}}}}",
        r"\toprule",
        _line([_heading(column) for column in plan.columns]),
        *(line for block in blocks for line in _block(block, plan)),
        r"\bottomrule",
        r"\end{tabular}",
        rf"\end{{{kind}}}",
    ]
    return "\n".join(lines) + "\n"


def _specification(column: Column) -> str:
    return f"p{{{column.width / QUAD:.1f}em}}" if column.breaks else column.align


def _heading(column: Column) -> str:
    head = r" \\ ".join(map(for_latex, column.head))
    return head if len(column.head) == 1 else rf"\begin{{tabular}}[b]{{@{{}}{column.align}@{{}}}}{head}\end{{tabular}}"


def _block(block: Block, plan: Plan) -> Iterator[str]:
    yield r"\midrule"
    if block.title:
        yield rf"\multicolumn{{{len(plan.columns)}}}{{@{{}}l}}{{\emph{{{for_latex(block.title)}}}}} \\[2pt]"
    between = rf"\addlinespace[{AIR:.0f}pt]" if plan.breaks else ""
    for number, row in enumerate(block.rows):
        yield (between if number else "") + _line([_cell(row[column.place], column) for column in plan.columns])


def _line(cells: Sequence[str]) -> str:
    return " & ".join(cells) + r" \tabularnewline"  # `\\` means something else behind \raggedright


def _cell(text: str, column: Column) -> str:
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
