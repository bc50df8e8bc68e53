"""TSV and CSV with a header. Which quoting a file has is decided by its fields: the releases differ."""

import csv
import re
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from xtransfer_stats.sources.files.filerow import FileRow
from xtransfer_stats.sources.files.rowtable import RowTable
from xtransfer_stats.sources.schemas.schema import Row, dropped

_SUFFIXES = {".csv": ",", ".tsv": "\t", ".txt": "\t"}
_LOOKED_AT = 20_000  # lines by which the quoting is judged
_LONGEST = 10_000_000  # characters of a field
_QUOTED = re.compile(r'"(?:[^"]|"")*"')


def read_delimited(path: Path) -> list[FileRow] | None:
    """What a table with a header holds; None when its columns are of no known release."""
    delimiter = _SUFFIXES.get(path.suffix.lower())
    try:
        return _table(path, delimiter).file_rows() if delimiter else None
    except (UnicodeDecodeError, csv.Error):
        return None


def _table(path: Path, delimiter: str) -> RowTable:
    records = partial(_quoted if delimiter == "," or _is_quoted(path) else _plain, path, delimiter)
    header = next(records(), [])
    long = sum(len(record) > len(header) for record in records())
    problems = (dropped(long, "with more fields than the header"),) if long else ()
    return RowTable(path, "csv" if delimiter == "," else "tsv", partial(_under_header, records), problems)


def _under_header(records: "partial[Iterator[list[str]]]") -> Iterator[Row]:
    """Rows without the fields at their end that a release leaves out (SNLI's and MNLI's train have one label)."""
    every = records()
    header = next(every, [])
    yield from (dict(zip(header, record, strict=False)) for record in every if len(record) <= len(header))


def _lines(path: Path) -> Iterator[str]:
    """Lines by "\\n" alone, without a final "\\r": a tab split that keeps it would make labels of it."""
    with path.open(encoding="utf-8-sig", newline="\n") as lines:
        for line in lines:
            bare = line.removesuffix("\n").removesuffix("\r")
            if bare:
                yield bare


def _plain(path: Path, delimiter: str) -> Iterator[list[str]]:
    return (line.split(delimiter) for line in _lines(path))


def _quoted(path: Path, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        yield from (record for record in csv.reader(lines, delimiter=delimiter) if record)


def _is_quoted(path: Path) -> bool:
    """Whether a TSV is CSV-quoted, as pandas writes it and PAWS-X has it.

    There a field with a quotation mark is quoted as a whole, with the marks inside doubled. Most such fields must
    be so: in MNLI, QQP and SNLI marks are characters like others.
    """
    lines = islice(_lines(path), _LOOKED_AT)
    marked = [field for line in lines if '"' in line for field in line.split("\t") if '"' in field]
    quoted = sum('""' in field[1:-1] and _QUOTED.fullmatch(field) is not None for field in marked)
    return 2 * quoted > len(marked)
