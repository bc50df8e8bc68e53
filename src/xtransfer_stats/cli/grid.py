"""Tables for any width: whole words always, and where the columns do not fit side by side, a block for each row."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from xtransfer_stats.cli.text import as_it_is, wrapped

UNFOLDED = 10_000  # columns where nothing limits them: a file, a pipe


class Grid(Table):
    """A table whose cells, headings and title are text, not markup; a cell that is Text already keeps its style."""

    def add_row(self, *cells: Any, **options: Any) -> None:
        """Add a row of cells."""
        super().add_row(*(as_it_is(cell) if isinstance(cell, str) else cell for cell in cells), **options)

    def add_column(self, header: Any = "", *more: Any, **options: Any) -> None:
        """Add a column with its heading."""
        super().add_column(as_it_is(header) if isinstance(header, str) else header, *more, **options)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The title, wrapped as prose is, and the rows below each other, or each a block of its own."""
        width = options.max_width
        if isinstance(self.title, Text):
            yield wrapped(Text(self.title.plain, style="italic"), width)
        title, self.title = self.title, None
        least, natural = self._reach(console, options)
        if sum(least) <= width or not self.rows:
            self._set_widths(least, natural, width)
            yield from super().__rich_console__(console, options)
        else:
            for block in self._blocks():
                yield wrapped(block, width)
        self.title = title

    def _reach(self, console: Console, options: ConsoleOptions) -> tuple[list[int], list[int]]:
        """Columns that each column needs, its padding with it: for its longest word, and for its longest line."""
        free = options.update(max_width=UNFOLDED)
        measured = [self._measure_column(console, free, column) for column in self.columns]
        natural = [one.maximum for one in measured]
        kept = zip(self.columns, measured, strict=True)
        return [one.maximum if column.no_wrap else one.minimum for column, one in kept], natural

    def _set_widths(self, least: list[int], natural: list[int], width: int) -> None:
        """Every column at least as wide as its longest word; what is left over goes to those that want more."""
        spare, wanted = width - sum(least), sum(natural) - sum(least)
        if wanted <= spare:
            return  # all fit as they are
        for number, (column, low, high) in enumerate(zip(self.columns, least, natural, strict=True)):
            padding = self._get_padding_width(number)
            column.width = low + (high - low) * max(spare, 0) // wanted - padding

    def _blocks(self) -> Iterator[Text]:
        """A block a row: its first cell, and below it every other cell behind its column's heading."""
        for row in zip(*(column.cells for column in self.columns), strict=True):
            first, *others = (cell if isinstance(cell, Text) else as_it_is(str(cell)) for cell in row)
            lines = [Text(first.plain, style="bold")]
            for column, cell in zip(self.columns[1:], others, strict=True):
                if cell.plain.strip():
                    lines.append(Text.assemble(f"  {_plain(column.header)}: " if _plain(column.header) else "  ", cell))
            yield Text("\n").join(lines)


def _plain(header: Any) -> str:
    return header.plain if isinstance(header, Text) else str(header)
