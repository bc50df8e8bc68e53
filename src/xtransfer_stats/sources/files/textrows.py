"""Rows of text files: TSV and CSV with a header, JSON lines, and a JSON list of rows.

Which quoting a table has is decided by its fields: the releases differ. Beside JSON lines a neighbour `...-labels.lst`
gives Social IQa's answers.
"""

import csv
import re
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from xtransfer_stats.base.usertext import Unreadable, parsed_json
from xtransfer_stats.sources.files import listcells
from xtransfer_stats.sources.files.filerow import FileRow
from xtransfer_stats.sources.files.rowtable import RowTable
from xtransfer_stats.sources.schemas.schema import ABSENT, Row, dropped

_DELIMITERS = {".csv": ",", ".tsv": "\t", ".txt": "\t"}
_OTHER = ",\t;|"
_LOOKED_AT = 20_000  # lines by which the quoting is judged
_LONGEST_NAME = 200  # bytes of a name are limited to 255 on most systems
_LONGEST = 10_000_000  # characters of a field
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_ANNOTATOR = re.compile(r"label\d|annotator_labels?")
_HEADING = re.compile(r"[^\W\d][\w .:/()-]{0,39}")
_JSON = (".jsonl", ".json", ".jsonlines", ".ndjson")
_NAMES = {",": "commas", "\t": "tabs", ";": "semicolons (;)", "|": "bars (|)"}


def read_delimited(path: Path) -> list[FileRow] | None:
    """What a table with a header holds; None when its columns are of no known release."""
    usual = _DELIMITERS.get(path.suffix.lower())
    if usual is None:
        return None
    try:
        known = _table(path, usual).file_rows()
        other = _delimiter(path)
        return known or (_table(path, other, (_apart(other, usual),)).file_rows() if other != usual else None)
    except (UnicodeDecodeError, csv.Error):
        return None


def unknown_table(path: Path) -> FileRow | None:
    """The row of a table whose columns are of no known release; None for what is no table with a header."""
    usual = _DELIMITERS.get(path.suffix.lower())
    if usual is None:
        return None
    delimiter = _delimiter(path)
    table = _table(path, delimiter, (_apart(delimiter, usual),) if delimiter != usual else ())
    header = next(table.rows(), {})
    headed = len(header) > 1 and all(map(_HEADING.fullmatch, header))
    return table.unknown() if headed else None


def _apart(found: str, usual: str) -> str:
    return f"the fields are apart by {_NAMES[found]}, not by {_NAMES[usual]} as the ending says: read so"


def _delimiter(path: Path) -> str:
    """The sign that stands most often in the first line: what its fields are apart by."""
    first = next(_lines(path), "")
    return max(_OTHER, key=lambda sign: first.count(sign))


def _table(path: Path, delimiter: str, problems: tuple[str, ...] = ()) -> RowTable:
    records = partial(_quoted if delimiter != "\t" or _is_quoted(path) else _plain, path, delimiter)
    header = next(records(), [])
    long = sum(_cut(record, header) is None for record in records())
    problems += (dropped(long, "with more fields than the header"),) if long else ()
    return RowTable(path, "tsv" if delimiter == "\t" else "csv", partial(_under_header, records), problems)


def _under_header(records: "partial[Iterator[list[str]]]") -> Iterator[Row]:
    """Rows without the fields at their end that a release leaves out (SNLI's and MNLI's train have one label)."""
    every = records()
    header = next(every, [])
    for record in every:
        cut = _cut(record, header)
        if cut is not None:
            yield {name: _value(name, cell) for name, cell in zip(header, cut, strict=False) if name}


def _cut(record: list[str], header: list[str]) -> list[str] | None:
    """The record without empty fields, or annotators' labels, behind those of the header; None where it has more.

    Some copies of SNLI and MNLI name the first annotator alone and hold the labels of all.
    """
    more = record[len(header) :]
    annotators = bool(header) and _ANNOTATOR.fullmatch(header[-1]) is not None
    if any(more) and not (annotators and all(cell.isalpha() or cell in ABSENT for cell in more)):
        return None
    return record[: len(header)]


def _value(name: str, cell: str) -> Any:
    return listcells.parsed(cell) if name in listcells.COLUMNS else cell


def _lines(path: Path) -> Iterator[str]:
    """Lines by "\\n" alone, without a final "\\r": a tab split that keeps it would make labels of it."""
    with path.open(encoding="utf-8-sig", newline="\n") as lines:
        yield from filter(None, (line.removesuffix("\n").removesuffix("\r") for line in lines))


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


def read_json_rows(path: Path) -> list[FileRow] | None:
    """What a file of JSON rows holds; None when it holds something else."""
    try:
        table = _json_table(path)
    except (Unreadable, UnicodeDecodeError):
        return None
    return table.file_rows() if table else None


def unknown_json(path: Path) -> FileRow | None:
    """The row of JSON rows of no known release; None for what are no rows.

    Raises Unreadable, with the place, for what is no JSON.
    """
    table = _json_table(path)
    return table.unknown() if table else None


def _json_table(path: Path) -> RowTable | None:
    if path.suffix.lower() not in _JSON:
        return None
    return _listed(path) if _starts(path) == "[" else _by_line(path)


def _starts(path: Path) -> str:
    with path.open(encoding="utf-8-sig") as lines:
        return next((line.lstrip()[0] for line in lines if line.strip()), "")


def _listed(path: Path) -> RowTable | None:
    rows = parsed_json(path.read_text(encoding="utf-8-sig"))
    if not rows or not all(isinstance(row, dict) for row in rows):
        return None
    return RowTable(path, "json", lambda: iter(parsed_json(path.read_text(encoding="utf-8-sig"))))


def _by_line(path: Path) -> RowTable | None:
    lines = list(islice(_nonblank(path), 2))
    if not lines:
        return None
    if not isinstance(_parsed(lines[0]), dict):
        parsed_json(path.read_text(encoding="utf-8-sig"))  # one value over several lines, or no JSON: which is told
        return None
    broken = sum(not isinstance(_parsed(line), dict) for line in _nonblank(path))
    problems = (dropped(broken, "without a JSON object"),) if broken else ()
    answers, more = _answers(path)
    return RowTable(path, "jsonl", partial(_objects, path, answers), problems + more)


def _objects(path: Path, answers: tuple[str, ...] | None) -> Iterator[Row]:
    for number, line in enumerate(_nonblank(path)):
        row = _parsed(line)
        if isinstance(row, dict):
            yield {**row, "label": answers[number]} if answers else row


def _nonblank(path: Path) -> Iterator[str]:
    """Lines by "\\n" alone: texts may hold other separators of Unicode."""
    with path.open(encoding="utf-8-sig", newline="\n") as lines:
        yield from (line for line in lines if line.strip())


def _parsed(line: str) -> Any:
    try:
        return parsed_json(line)
    except Unreadable:
        return None


def _answers(path: Path) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """The labels of the neighbouring list, when it has one a line; else why it was left."""
    labels = path.with_name(f"{path.stem}-labels.lst")
    if len(labels.name) > _LONGEST_NAME or not labels.is_file():
        return None, ()
    answers = tuple(labels.read_text(encoding="utf-8").split())
    lines = sum(1 for _ in _nonblank(path))
    if len(answers) != lines:
        return None, (f"{labels.name} has {len(answers)} labels for {lines} rows: left out",)
    return answers, ()
