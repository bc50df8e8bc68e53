"""A table, and the forms it is written in: Markdown, HTML and CSV here, the others in modules of their own."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from xtransfer_stats.report import escape, notes
from xtransfer_stats.report.latex import documents
from xtransfer_stats.report.latex.floats import latex
from xtransfer_stats.report.panel import Panel
from xtransfer_stats.report.tables.word import word_html

MARKDOWN_RULES = {"l": ":---", "r": "---:", "n": ":---"}


@dataclass(frozen=True)
class Table:
    """name: file name; title: heading; caption: what the numbers are; frame: the same in full precision.

    starred: some cell has stars; `frame` then has method, family, df and p_adjusted, which their legend is made of.
    A notebook shows it as a table.
    """

    name: str
    title: str
    caption: str
    panels: tuple[Panel, ...]
    frame: pd.DataFrame
    starred: bool = False

    def full_caption(self, panel: Panel | None = None) -> str:
        """The caption with the legend of its stars, a panel's title in front."""
        title = f"{panel.title}: " if panel and panel.title else ""
        stars = f" {notes.legend(self.frame)}" if self.starred else ""
        return f"{title}{self.caption}{stars}"

    def to_markdown(self) -> str:
        """A heading, the caption and one pipe table a panel."""
        parts = [f"## {escape.for_markdown(self.title)}", escape.for_markdown(self.full_caption())]
        for panel in self.panels:
            parts += [f"### {escape.for_markdown(panel.title)}"] if panel.title else []
            rule = "| " + " | ".join(MARKDOWN_RULES[letter] for letter in panel.align) + " |"
            lines = [_markdown_row(panel.header), rule, *(_markdown_row(row) for row in panel.rows)]
            parts.append("\n".join(lines))
        return "\n\n".join(parts) + "\n"

    def to_html(self) -> str:
        """One `<table>` a panel, with caption and scopes, each in a box that scrolls by itself."""
        return "\n".join(self._html(panel) for panel in self.panels)

    _repr_html_ = to_html

    def _html(self, panel: Panel) -> str:
        caption = escape.for_html(self.full_caption(panel))
        label = escape.for_html(f"{self.title} {panel.title}".strip())
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

    def to_latex(self) -> str:
        """Floats with booktabs rules; docs/tables.md says what a paper needs for them."""
        return latex(self.name, self.title, self.full_caption(), self.panels)

    def to_word(self) -> str:
        """A page of HTML that a word processor takes over when it is opened there or pasted."""
        return word_html(self.title, self.full_caption(), self.panels)

    def to_csv(self) -> str:
        """The rows in full precision and as formatted; no text cell starts like a spreadsheet formula."""
        return csv(self.frame)


def csv(frame: pd.DataFrame) -> str:
    """`frame` as CSV with every heading and text cell safe in a spreadsheet; numbers stay numbers."""
    safe = frame.copy()
    for name in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[name]):
            safe[name] = [escape.for_csv("" if pd.isna(value) else str(value)) for value in safe[name]]
    safe.columns = [escape.for_csv(str(name)) for name in safe.columns]
    return safe.to_csv(index=False, lineterminator="\n")


def _markdown_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(escape.for_markdown(cell) for cell in cells) + " |"


def _html_row(row: Sequence[str], align: str) -> str:
    first, *rest = row
    cells = "".join(
        f'<td class="{letter}">{escape.for_html(cell)}</td>' for cell, letter in zip(rest, align[1:], strict=True)
    )
    return f'<tr><th scope="row">{escape.for_html(first)}</th>{cells}</tr>'


# The forms of a table's file, by suffix.
FORMS: Mapping[str, Callable[[Table], str]] = MappingProxyType(
    {
        "tex": Table.to_latex,
        "md": Table.to_markdown,
        "html": Table.to_html,
        "docx.html": Table.to_word,
        "csv": Table.to_csv,
    }
)


def files(tables: Iterable[Table]) -> dict[str, bytes]:
    """Path inside a report -> content: every table in every form, LaTeX's preamble, one document of all."""
    texts = {(table.name, suffix): write(table) for table in tables for suffix, write in FORMS.items()}
    sources = {name: text for (name, suffix), text in texts.items() if suffix == "tex"}
    named = {f"{name}.{suffix}": text for (name, suffix), text in texts.items()} | documents(sources)
    return {f"tables/{file}": text.encode() for file, text in named.items()}
