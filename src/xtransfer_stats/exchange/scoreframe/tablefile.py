"""Tables in files: rows from CSV, TSV, JSON, JSON Lines, Parquet and Excel, packed by gzip or not, of a bounded size.

Text is read as it is written: that "" is the baseline's set and "nan" a language's code is for the reader to know.
"""

import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import LARGEST, Unreadable, parsed_json, regular_file
from xtransfer_stats.exchange.scoreframe.excel import excel_rows
from xtransfer_stats.exchange.scoreframe.kinds import ResultsOfOthers, TooLarge, what_it_is
from xtransfer_stats.exchange.scoreframe.parquet import parquet_rows
from xtransfer_stats.stats.core.frame import COLUMNS

ENDINGS = (".csv", ".tsv", ".json", ".jsonl", ".parquet", ".xlsx")
PACKED = ".gz"
GIVE = "give a table ending in .csv, .tsv, .json, .jsonl (each also with .gz), .parquet or .xlsx"
MOST_ROWS = 2_000_000  # of a score frame: forty languages of ten tasks in thousands of runs
MOST_BYTES = 150 * 2**20  # of its text, unpacked
MOST_OF_JSON = 64 * 2**20  # of which Python makes thirty times as much
FIRST_LINE = re.compile(r"[^\r\n]*")
SEPARATORS = {",": "a comma", "\t": "a tab", ";": "a semicolon", "|": "a bar"}


@dataclass(frozen=True)
class Rows:
    """The rows of a table, and a sentence for each thing about its file that had to be guessed."""

    rows: pd.DataFrame
    notes: tuple[str, ...] = ()


def ending(path: Path) -> str:
    """The ending that says how a table is written, ".csv" for "scores.CSV.gz"; "" where it is no table's."""
    name = path.name.lower().removesuffix(PACKED)
    return next((one for one in ENDINGS if name.endswith(one)), "")


def frame_content(path: Path) -> bytes:
    """`content` of a score frame, which has a limit of its own; raises DataError with the remedy."""
    held = content(path, MOST_BYTES)
    if ending(path) in (".json", ".jsonl") and len(held) > MOST_OF_JSON:
        size, most = (number / 2**20 for number in (len(held), MOST_OF_JSON))
        raise TooLarge(f"{path.name!r} has {size:,.0f} MB, more than {most:,.0f} MB of JSON: write .csv or .parquet")
    return held


def content(path: Path, largest: int = LARGEST) -> bytes:
    """The bytes of a table's file, unpacked; raises DataError where there is none, or it is none or too large."""
    if not path.exists():
        raise DataError(f"no file {path.name!r}: give a store, or {GIVE.removeprefix('give ')}")
    if not ending(path):
        raise DataError(f"{path.name!r} ends in {path.suffix!r}: {GIVE}")
    try:
        packed = regular_file(path, largest).read_bytes()
        return _unpacked(path, packed, largest) if path.name.lower().endswith(PACKED) else packed
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path.name!r} cannot be read as {ending(path)[1:]}: {error}") from None


def _unpacked(path: Path, packed: bytes, largest: int) -> bytes:
    with gzip.open(io.BytesIO(packed)) as file:
        text = file.read(largest + 1)
    if len(text) > largest:
        raise TooLarge(f"{path.name!r} unpacks to more than {largest / 2**20:,.0f} MB; cut it to what is needed")
    return text


def parsed(path: Path, content: bytes) -> pd.DataFrame:
    """The rows in a file's bytes, of the types that they look like; raises DataError where they are not readable."""
    readers: Mapping[str, Callable[[io.BytesIO], pd.DataFrame]] = {
        ".csv": pd.read_csv,
        ".tsv": lambda file: pd.read_csv(file, sep="\t"),
        ".parquet": pd.read_parquet,
    }
    kind = ending(path)
    try:
        if kind in readers:
            return readers[kind](io.BytesIO(content))
        return _READERS[kind](path, content).rows.infer_objects()
    except (ValueError, OSError, OverflowError) as error:
        raise DataError(f"{path.name!r} cannot be read as {kind[1:]}: {error}") from None


def read(path: Path | str) -> pd.DataFrame:
    """A table from its file, by the ending. Raises DataError where there is none, or it is not readable as it says."""
    return parsed(Path(path), content(Path(path)))


def literal(path: Path, content: bytes) -> Rows:
    """The rows in a file's bytes with every text as it is written; raises DataError where they are not readable."""
    kind = ending(path)
    try:
        table = _READERS[kind](path, content)
    except (ValueError, OSError, OverflowError) as error:
        raise DataError(f"{path.name!r} cannot be read as {kind[1:]}: {error}") from None
    if len(table.rows) > MOST_ROWS:
        raise TooLarge(f"{path.name!r} has more than {MOST_ROWS:,} rows, the most of a score frame; {_CUT}")
    return table


_CUT = "keep the rows of one study (a row a run, target task, language and metric)"


def _text(path: Path, content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise DataError(f"{path.name!r} is UTF-16 by its first two bytes: save it as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        byte = f"byte {error.start + 1} ({content[error.start]:#04x}, line {line})"
        raise DataError(f"{path.name!r}: {byte} is not UTF-8: save it as UTF-8") from None


def _separated(path: Path, content: bytes) -> Rows:
    text = _text(path, content).lstrip("\r\n")
    head = FIRST_LINE.match(text)[0]  # type: ignore[index]  # it matches nothing too
    own = "\t" if ending(path) == ".tsv" else ","
    used = max((own, *SEPARATORS), key=lambda sign: _fit(head, sign))
    try:
        rows = pd.read_csv(
            io.StringIO(text), sep=used, header=None, dtype=str, keep_default_na=False, nrows=MOST_ROWS + 2
        )
    except pd.errors.EmptyDataError:
        raise DataError(f"{path.name!r} is empty; write a score frame with `xstats export`") from None
    table = rows.iloc[1:].set_axis(_names(path, rows.iloc[0]), axis=1).reset_index(drop=True)
    said = () if used == own else (f"{path.name} has {SEPARATORS[used]} between its columns, and was read so.",)
    return Rows(table, said)


def _fit(head: str, separator: str) -> tuple[int, int]:
    """How many names of a frame's columns a header gives with a separator, and how many columns."""
    names = [name.strip().strip('"').lower() for name in head.split(separator)]
    return sum(name in COLUMNS for name in names), len(names)


def _names(path: Path, header: Iterable[Any]) -> list[str]:
    names = ["" if name is None else str(name).strip() for name in header]
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice:
        raise DataError(f"{path.name!r}: column {twice!r} stands twice; keep one")
    return names


def _json(path: Path, content: bytes) -> Rows:
    found = parsed_json(_text(path, content))
    if isinstance(found, dict) and isinstance(found.get("data"), list):
        found = _split(found)
    if isinstance(found, dict) and found and all(isinstance(one, dict | list) for one in found.values()):
        lengths = {len(one) for one in found.values()}
        if len(lengths) == 1 and any(str(name).strip().lower() in COLUMNS for name in found):
            columns = {name: list(one.values()) if isinstance(one, dict) else one for name, one in found.items()}
            return _records([dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)])
    if not isinstance(found, list):
        raise ResultsOfOthers(f"{path.name!r}: {what_it_is(found)}")
    return _records(found)


def _split(found: dict[str, Any]) -> Any:
    """The rows in pandas' layouts "table" and "split"."""
    names = found.get("columns")
    if not isinstance(names, list):
        return found["data"]
    rows = [row for row in found["data"] if isinstance(row, list) and len(row) == len(names)]
    if len(rows) < len(found["data"]):
        raise Unreadable("a row of `data` has not as many values as there are `columns`")
    return [dict(zip(map(str, names), row, strict=True)) for row in rows]


def _records(found: list[Any]) -> Rows:
    wrong = next((place for place, row in enumerate(found) if not isinstance(row, dict)), None)
    if wrong is not None:
        raise Unreadable(f"row {wrong + 1:,} is {json.dumps(found[wrong])[:40]}, where a row is an object of columns")
    names = list(dict.fromkeys(name for row in found for name in row))
    # As objects: a whole number of thirty digits, or beside a gap, would turn into another one.
    return Rows(pd.DataFrame({name: pd.Series([row.get(name) for row in found], dtype=object) for name in names}))


def _json_lines(path: Path, content: bytes) -> Rows:
    found = []
    for number, line in enumerate(io.StringIO(_text(path, content), newline=None), 1):
        if line.strip():
            try:
                found.append(parsed_json(line))
            except Unreadable as error:
                raise Unreadable(f"line {number}: {error}") from None
    return _records(found)


def _excel(path: Path, content: bytes) -> Rows:
    rows, notes = excel_rows(path.name, content, MOST_ROWS)
    return Rows(pd.DataFrame(rows[1:], columns=_names(path, rows[0]), dtype=object), notes)


def _parquet(path: Path, content: bytes) -> Rows:
    return Rows(parquet_rows(path.name, content, MOST_ROWS, MOST_BYTES, _CUT))


_READERS: Mapping[str, Callable[[Path, bytes], Rows]] = MappingProxyType(
    {
        ".csv": _separated,
        ".tsv": _separated,
        ".json": _json,
        ".jsonl": _json_lines,
        ".parquet": _parquet,
        ".xlsx": _excel,
    }
)
