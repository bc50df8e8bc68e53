"""JSON lines, and a JSON list of rows; a neighbour `...-labels.lst` gives Social IQa's answers."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from xtransfer_stats.sources.files.filerow import FileRow
from xtransfer_stats.sources.files.rowtable import RowTable
from xtransfer_stats.sources.schemas.schema import Row, dropped

_SUFFIXES = (".jsonl", ".json", ".jsonlines", ".ndjson")


def read_json_rows(path: Path) -> list[FileRow] | None:
    """What a file of JSON rows holds; None when it holds something else."""
    if path.suffix.lower() not in _SUFFIXES:
        return None
    try:
        return _listed(path) if _starts(path) == "[" else _lines(path)
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


def _lines(path: Path) -> list[FileRow] | None:
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
