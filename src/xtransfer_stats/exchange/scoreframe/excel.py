"""Excel's workbooks: the sheet that holds a score frame, cell by cell. Needs openpyxl, an extra of this package."""

import io
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import Any

from xtransfer_stats.base.errors import DataError, MissingExtra
from xtransfer_stats.base.extras import install
from xtransfer_stats.exchange.scoreframe.kinds import TooLarge
from xtransfer_stats.stats.core.frame import COLUMNS

MOST_UNPACKED = 500 * 2**20  # bytes of the XML inside


def excel_rows(name: str, content: bytes, most_rows: int) -> tuple[list[list[Any]], tuple[str, ...]]:
    """Header and rows of a workbook's sheet, and which sheet it was where there are several.

    The sheet whose first row names most columns of a score frame is meant. Raises as `excel_sheets`.
    """
    filled = excel_sheets(name, content, most_rows)
    title = max(filled, key=lambda one: sum(str(cell).strip().lower() in COLUMNS for cell in filled[one][0]))
    said = (f"{name} has {len(filled)} sheets; {title!r} was read.",) if len(filled) > 1 else ()
    # What stands to the right of the last heading is a note beside the table.
    width = max(place for place, cell in enumerate(filled[title][0], 1) if cell not in (None, ""))
    return [row[:width] for row in filled[title]], said


def excel_sheets(name: str, content: bytes, most_rows: int) -> dict[str, list[list[Any]]]:
    """Title -> rows of every sheet of a workbook that holds something.

    Raises MissingExtra without openpyxl, DataError for a workbook that is none, is too large or is empty.
    """
    try:
        from openpyxl import load_workbook
    except ImportError:
        remedy = f"`{install('excel')}`, or save the sheet as .csv"
        raise MissingExtra(f"{name!r} is an Excel workbook, which openpyxl reads: {remedy}") from None
    _measured(name, content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = {sheet.title: list(_filled(sheet, most_rows)) for sheet in book.worksheets}
    except Exception as error:  # openpyxl lets through whatever its XML meets: KeyError, TypeError, ParseError
        raise DataError(f"{name!r} cannot be read as xlsx: {error}; save the sheet as .csv") from None
    filled = {title: rows for title, rows in sheets.items() if rows}
    if not filled:
        raise DataError(f"{name!r} is empty; write a score frame with `xstats export`")
    return filled


def _measured(name: str, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
    except zipfile.BadZipFile as error:
        raise DataError(f"{name!r} cannot be read as xlsx: {error}; save the sheet as .csv") from None
    if unpacked > MOST_UNPACKED:
        raise TooLarge(f"{name!r} unpacks to {unpacked / 2**20:,.0f} MB, more than {MOST_UNPACKED / 2**20:,.0f} MB")


def _filled(sheet: Any, most_rows: int) -> Iterator[list[Any]]:
    """Rows with a value in some cell, as many as a frame may have and one more, each as long as the longest."""
    rows = (row for row in sheet.iter_rows(values_only=True) if any(cell not in (None, "") for cell in row))
    kept = [list(row) for row in islice(rows, most_rows + 2)]
    width = max((place for row in kept for place, cell in enumerate(row, 1) if cell not in (None, "")), default=0)
    for row in kept:
        yield [*row[:width], *[None] * (width - len(row))]
