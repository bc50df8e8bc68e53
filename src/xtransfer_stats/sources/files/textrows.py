"""Rows of text files: TSV and CSV with a header, JSON lines, and a JSON list of rows.

Which quoting a table has is decided by its fields: the releases differ. Beside JSON lines a neighbour `...-labels.lst`
gives Social IQa's answers.
"""

import csv
import json
import re
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from xtransfer_stats.sources.files.filerow import FileRow
from xtransfer_stats.sources.files.rowtable import RowTable
from xtransfer_stats.sources.schemas.schema import Row, dropped

_DELIMITERS = {".csv": ",", ".tsv": "\t", ".txt": "\t"}
_LOOKED_AT = 20_000  # lines by which the quoting is judged
_LONGEST = 10_000_000  # characters of a field
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_JSON = (".jsonl", ".json", ".jsonlines", ".ndjson")


def read_delimited(path: Path) -> list[FileRow] | None:
    """What a table with a header holds; None when its columns are of no known release."""
    delimiter = _DELIMITERS.get(path.suffix.lower())
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
    if path.suffix.lower() not in _JSON:
        return None
    try:
        return _listed(path) if _starts(path) == "[" else _by_line(path)
    except (json.JSONDecodeError, UnicodeDecodeError):
        return None


def _starts(path: Path) -> str:
    with path.open(encoding="utf-8-sig") as lines:
        return next((line.lstrip()[0] for line in lines if line.strip()), "")


def _listed(path: Path) -> list[FileRow] | None:
    rows = json.loads(path.read_text(encoding="utf-8-sig"))
    if not all(isinstance(row, dict) for row in rows):
        return None
    return RowTable(path, "json", lambda: iter(json.loads(path.read_text(encoding="utf-8-sig")))).file_rows()


def _by_line(path: Path) -> list[FileRow] | None:
    if not isinstance(_parsed(next(_nonblank(path), "")), dict):
        return None
    broken = sum(not isinstance(_parsed(line), dict) for line in _nonblank(path))
    problems = (dropped(broken, "without a JSON object"),) if broken else ()
    answers, more = _answers(path)
    return RowTable(path, "jsonl", partial(_objects, path, answers), problems + more).file_rows()


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
        return json.loads(line)
    except json.JSONDecodeError:
        return None


def _answers(path: Path) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """The labels of the neighbouring list, when it has one a line; else why it was left."""
    labels = path.with_name(f"{path.stem}-labels.lst")
    if not labels.is_file():
        return None, ()
    answers = tuple(labels.read_text(encoding="utf-8").split())
    lines = sum(1 for _ in _nonblank(path))
    if len(answers) != lines:
        return None, (f"{labels.name} has {len(answers)} labels for {lines} rows: left out",)
    return answers, ()
