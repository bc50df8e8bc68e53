"""From rows of cells to a raw table: one header row or several, names of an index, cells that stand for those above."""

import ast
import re
from collections.abc import Mapping, Sequence
from typing import Any

from xtransfer_stats.exchange.imports.cells import NoNumber, value
from xtransfer_stats.exchange.imports.raw import Heading, RawTable, flattened, of_records
from xtransfer_stats.exchange.imports.vocabulary import RESULTS, SETTINGS
from xtransfer_stats.exchange.scoreframe.names import plain
from xtransfer_stats.exchange.scoreframe.values import is_gap

MOST_HEADERS = 3
SAMPLE = 500  # rows by which header rows are told from others
_NO_HEADING = re.compile(r"Unnamed: \d+(_level_\d+)?|nan", re.I)
_MOSTLY = 0.6


def table(source: str, kind: str, grid: Sequence[Sequence[Any]], notes: Sequence[str] = ()) -> RawTable:
    """The raw table of some cells, the first row or rows being its headings."""
    rows = [list(row) for row in grid if any(not _empty(cell) for cell in row)]
    titles = _titles(rows)
    rows = rows[titles:]
    headers = _headers(rows)
    headings = _headings(rows[:headers])
    body = rows[headers:]
    said = list(notes)
    if titles:
        said.append(f"{source}: {titles} line{'s' * (titles > 1)} above the headings left aside.")
    if headers > 1:
        said.append(f"{source}: {headers} header rows.")
    body = _index_named(headings, body)
    _repeat(headings, body, said, source)
    kept = [place for place, heading in enumerate(headings) if not _row_numbers(heading, [row[place] for row in body])]
    headings = [headings[place] for place in kept]
    body = [[row[place] for place in kept] for row in body]
    raw = RawTable(source, kind, tuple(_distinct(headings)), body, notes=tuple(said))
    return _unfolded(raw)


def _titles(rows: Sequence[Sequence[Any]]) -> int:
    """How many rows stand above the headings: a text in the first cell alone, in a table of several columns."""
    alone = [not _empty(row[0]) and all(_empty(cell) for cell in row[1:]) for row in rows]
    return next((number for number, title in enumerate(alone) if not title), 0) if len(rows[0:1] and rows[0]) > 1 else 0


def _row_numbers(heading: Heading, column: Sequence[Any]) -> bool:
    """Whether a column without a heading is empty or counts its rows, as pandas writes an index."""
    if any(heading) and plain("".join(heading)) != "index":
        return False
    texts = [str(cell).strip() for cell in column if not _empty(cell)]
    return not texts or any(texts == [str(number) for number in range(first, first + len(column))] for first in (0, 1))


def _empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip()) or (isinstance(cell, float) and cell != cell)


def _number(cell: Any) -> bool:
    found = value(cell, comma=isinstance(cell, str) and re.fullmatch(r"\d+,\d+", cell.strip()) is not None)
    return found is not None and not isinstance(found, NoNumber)


def _headers(rows: Sequence[Sequence[Any]]) -> int:
    """How many rows are headings: the first, and those below that hold names where the body holds numbers."""
    if len(rows) < 3:
        return 1
    body = rows[2:SAMPLE]
    numeric = [
        place
        for place in range(len(rows[0]))
        if not all(_empty(cell) for cell in rows[0][: place + 1])  # what stands before the first heading is an index
        and sum(_number(row[place]) for row in body) >= _MOSTLY * max(1, sum(not is_gap(row[place]) for row in body))
        and any(_number(row[place]) for row in body)
    ]
    count = 1
    while count < min(MOST_HEADERS, len(rows) - 1) and numeric:
        cells = [rows[count][place] for place in numeric]
        filled = [cell for cell in cells if not _empty(cell)]
        spans = [str(rows[count - 1][place]) for place in numeric]
        decimals = any("." in str(row[place]) or "," in str(row[place]) for row in body for place in numeric)
        spanning = decimals and len(spans) > 1 and any(spans) and len({*spans} - {"", "None"}) < len(spans)
        names = bool(filled) and not any(map(_number, filled)) and not all(map(is_gap, filled))
        seeds = spanning and bool(filled) and all(re.fullmatch(r"\d{1,6}", str(cell)) for cell in filled)
        if not (names or seeds):
            break
        count += 1
    return count


def _headings(rows: Sequence[Sequence[Any]]) -> list[Heading]:
    """The headings of columns under their header rows; an empty cell of an upper row stands for the one to its left."""
    levels = []
    for number, row in enumerate(rows):
        names = ["" if _empty(cell) or _NO_HEADING.fullmatch(str(cell).strip()) else _name(cell) for cell in row]
        if number < len(rows) - 1:
            lower = ["" if _empty(cell) else str(cell) for cell in rows[number + 1]]
            for place in range(1, len(names)):
                if not names[place] and lower[place] and names[place - 1]:
                    names[place] = names[place - 1]
        levels.append(names)
    return [_split(tuple(part for part in column if part)) for column in zip(*levels, strict=True)]


def _name(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip().strip("*`")


def _split(heading: Heading) -> Heading:
    """ "params.seed" is ("params", "seed"): an export's columns say by their first part what they are."""
    if len(heading) == 1:
        first, sign, rest = re.match(r"([^./]*)([./]?)(.*)", heading[0], re.S).groups()  # type: ignore[union-attr]
        if sign and plain(first) in SETTINGS | RESULTS:
            return (first, rest)
    return heading or ("",)


def _index_named(headings: list[Heading], body: list[list[Any]]) -> list[list[Any]]:
    """Without the row in which pandas prints the names of an index: they become the headings of its columns."""
    if not body:
        return body
    first = body[0]
    filled = [place for place, cell in enumerate(first) if not _empty(cell)]
    if (
        filled
        and len(body) > 1
        and len(filled) <= 3
        and filled == list(range(len(filled)))
        and len(filled) < len(first)
    ):
        names = [first[place] for place in filled]
        if not any(map(_number, names)) and all(not _empty(body[1][place]) for place in filled):
            for place in filled:
                headings[place] = (str(names[place]),)
            return body[1:]
    return body


def _repeat(headings: Sequence[Heading], body: list[list[Any]], said: list[str], source: str) -> None:
    """Fill the empty cells of the first columns of names with the cell above: merged cells, or pandas' printing."""
    for place in range(len(headings)):
        column = [row[place] for row in body]
        if any(map(_number, (cell for cell in column if not _empty(cell)))) and place > 0:
            return
        if not column or _empty(column[0]) or not any(map(_empty, column)):
            continue
        for number in range(1, len(body)):
            if _empty(body[number][place]):
                body[number][place] = body[number - 1][place]
        said.append(
            f"{source}: empty cells of {'/'.join(headings[place]) or 'the first column'} stand for the one above."
        )


def _distinct(headings: Sequence[Heading]) -> list[Heading]:
    """Headings of which no two are alike."""
    seen: dict[Heading, int] = {}
    found = []
    for heading in headings:
        seen[heading] = seen.get(heading, 0) + 1
        found.append(heading if seen[heading] == 1 else (*heading, f"({seen[heading]})"))
    return found


def _unfolded(raw: RawTable) -> RawTable:
    """With the dictionaries in its cells, as exports of wandb have them, as columns of their own."""
    folded = [place for place, heading in enumerate(raw.headings) if _dictionaries([row[place] for row in raw.rows])]
    if not folded:
        return raw
    records = []
    for row in raw.rows:
        record: dict[Heading, Any] = {}
        for place, heading in enumerate(raw.headings):
            if place in folded:
                record |= {
                    (*heading, *inner): cell
                    for inner, cell in flattened(_parsed(row[place]) or {}).items()
                    if not _private(inner)
                }
            else:
                record[heading] = row[place]
        records.append(record)
    return of_records(raw.source, raw.kind, records, raw.left, place=raw.place, notes=raw.notes)


def _private(heading: Heading) -> bool:
    return any(part.startswith("_") for part in heading)


def _dictionaries(column: Sequence[Any]) -> bool:
    texts = [cell for cell in column if isinstance(cell, str) and cell.strip()]
    return bool(texts) and all(text.lstrip().startswith("{") for text in texts) and _parsed(texts[0]) is not None


def _parsed(text: Any) -> Mapping[str, Any] | None:
    """A dictionary as Python or JSON writes it."""
    if not isinstance(text, str) or len(text) > 1_000_000:
        return None
    bare = re.sub(r"\b(true|false|null|nan|NaN|Infinity|inf)\b", "None", text)
    try:
        found = ast.literal_eval(bare)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    return found if isinstance(found, dict) else None
