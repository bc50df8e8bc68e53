"""From a file to raw tables, by what it holds: one reader a family, chosen by content, never by a study's name."""

import gzip
import io
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import Unreadable, parsed_json, regular_file, shown
from xtransfer_stats.exchange.imports import grids, harnessprint, inspectlogs, latex
from xtransfer_stats.exchange.imports.documents import document
from xtransfer_stats.exchange.imports.harness import harness, is_harness
from xtransfer_stats.exchange.imports.places import ENDINGS, Found
from xtransfer_stats.exchange.imports.raw import RawTable, flattened, of_records
from xtransfer_stats.exchange.imports.tables import table
from xtransfer_stats.exchange.scoreframe.excel import excel_sheets
from xtransfer_stats.exchange.scoreframe.kinds import REPORTS
from xtransfer_stats.exchange.scoreframe.tablefile import MOST_ROWS

LARGEST = 150 * 2**20
PACKED = ".gz"


def ending(path: Path) -> str:
    """The ending that says how a file is written, without .gz."""
    name = path.name.lower().removesuffix(PACKED)
    return next((one for one in ENDINGS if name.endswith(one)), "")


def read(found: Found, sheet: str | None = None) -> list[RawTable]:
    """The raw tables of one file. Raises DataError, and what its parsers raise as DataError, where it holds none."""
    content = _content(found.path)
    if not content.strip():
        raise DataError(f"{found.label}: the file is empty")
    kind = ending(found.path)
    try:
        if kind == ".xlsx" or content.startswith(b"PK\x03\x04"):
            tables = inspectlogs.packed(found.label, content) if kind == ".eval" else _excel(found, content, sheet)
        elif kind == ".parquet":
            tables = [_parquet(found, content)]
        else:
            tables = _text(found, grids.text_of(found.label, content), kind)
    except (Unreadable, ValueError) as error:
        raise DataError(f"{found.label}: {error}") from None
    for one in tables:
        _refuse_reports(one)
    return [replace(one, place={**found.says, **one.place}) for one in tables]


def _content(path: Path) -> bytes:
    try:
        packed = regular_file(path, LARGEST).read_bytes()
        if not path.name.lower().endswith(PACKED):
            return packed
        with gzip.open(io.BytesIO(packed)) as file:
            text = file.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path.name}: cannot be read: {error}") from None
    if len(text) > LARGEST:
        raise DataError(f"{path.name}: unpacks to more than {LARGEST / 2**20:g} MB; cut it to what is needed")
    return text


def _text(found: Found, text: str, kind: str) -> list[RawTable]:
    name = found.label
    if text.lstrip()[:1] in ("{", "["):
        return _json(name, text)
    if marked := grids.markdown(text):
        if harnessprint.is_print(marked[0][1]):
            return [harnessprint.printed(name, [one for one in marked if harnessprint.is_print(one[1])])]
        return _marked(name, "a Markdown table", marked)
    if (tabulars := latex.tabulars(text)) or "\\begin{tabular" in text:
        if not tabulars:
            raise Unreadable("a LaTeX tabular without rows")
        return _marked(name, "a LaTeX table", tabulars)
    if kind in (".txt", ".log", "") and (records := grids.key_values(text)):
        return [
            of_records(name, "lines of key and value", [{(key,): cell for key, cell in one.items()} for one in records])
        ]
    separated = grids.separated(text, "\t" if kind == ".tsv" else ",")
    if separated and not (separated[1] in "," and _decimal_print(text)):
        grid, sign = separated
        usual = {".csv": ",", ".tsv": "\t"}.get(kind, sign)
        words = {"\t": "tabs", ";": "semicolons", ",": "commas", "|": "bars"}
        said = [f"{name} has {words[sign]} between its columns."] if sign != usual else []
        if len(grid) > MOST_ROWS:
            raise DataError(f"{name}: more than {MOST_ROWS:,} rows")
        return [table(name, "a table", grid, said)]
    if printed := grids.printed(text):
        return [table(name, "a table as pandas prints it", printed)]
    if records := grids.key_values(text):
        return [
            of_records(name, "lines of key and value", [{(key,): cell for key, cell in one.items()} for one in records])
        ]
    raise DataError(f"{name}: no table, no JSON and no lines of key and value")


def _marked(name: str, kind: str, tables: Sequence[tuple[str, grids.Grid]]) -> list[RawTable]:
    """The tables of a Markdown or LaTeX file; several are told apart by their titles."""
    if len(tables) == 1:
        return [table(name, kind, tables[0][1])]
    return [
        replace(table(f"{name}, table {n}", kind, one), place={"table": title or str(n)})
        for n, (title, one) in enumerate(tables, 1)
    ]


def _decimal_print(text: str) -> bool:
    """Whether the commas of a text are decimal ones in a table of blanks."""
    first = text.lstrip("\n").splitlines()[0]
    return "," not in first and "  " in first


def _json(name: str, text: str) -> list[RawTable]:
    try:
        value = parsed_json(text)
    except Unreadable as error:
        lines = [line for line in text.splitlines() if line.strip()]
        try:
            values = [parsed_json(line) for line in lines]
        except Unreadable:
            raise error from None
        if not all(isinstance(one, dict) for one in values):
            raise error from None
        return [of_records(name, "records in JSON Lines", [flattened(one) for one in values])]
    return [_value(name, value)]


def _value(name: str, value: Any) -> RawTable:
    if is_harness(value):
        return harness(name, value)
    if inspectlogs.is_log(value):
        return inspectlogs.log(name, value)
    return document(name, value)


def _excel(found: Found, content: bytes, sheet: str | None) -> list[RawTable]:
    sheets = excel_sheets(found.path.name, content, MOST_ROWS)
    if sheet is not None and sheet not in sheets:
        raise DataError(f"sheet {shown(sheet)}: {found.label} has {', '.join(map(shown, sheets))}", ["sheet"])
    chosen = [sheet] if sheet is not None else list(sheets)
    tables = {title: table(f"{found.label}, sheet {title}", "a sheet of Excel", sheets[title]) for title in chosen}
    if len({one.headings for one in tables.values()}) > 1:
        raise DataError(
            f"{found.label} has sheets of different columns: {', '.join(map(shown, sheets))}; name one by sheet",
            ["sheet"],
        )
    several = len(tables) > 1
    return [replace(one, place={"sheet": title} if several else {}) for title, one in tables.items()]


def _parquet(found: Found, content: bytes) -> RawTable:
    from xtransfer_stats.exchange.scoreframe import tablefile

    rows = tablefile.literal(found.path, content).rows
    index = [] if isinstance(rows.index.name, type(None)) else [str(rows.index.name)]
    frame = rows.reset_index() if index else rows
    return table(
        found.label, "a Parquet table", [list(map(str, frame.columns)), *frame.astype(object).to_numpy().tolist()]
    )


def _refuse_reports(one: RawTable) -> None:
    names = [heading[-1] for heading in one.headings if heading]
    if set(REPORTS) <= set(names) or {("effects",), ("signature",)} <= {heading[:1] for heading in one.headings}:
        raise DataError(
            f"{one.source}: a report's results, from which scores cannot be had; give the scores that it was made from"
        )


def first_cells(tables: Sequence[RawTable]) -> dict[tuple[str, ...], list[Any]]:
    """Heading -> its cells in all tables."""
    cells: dict[tuple[str, ...], list[Any]] = {}
    for one in tables:
        for place, heading in enumerate(one.headings):
            cells.setdefault(heading, []).extend(row[place] for row in one.rows)
    return cells
