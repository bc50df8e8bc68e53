"""Gold of retrieval tasks in the leaderboard's layout, TASK/test-LANGUAGE: it scores predictions and has no texts.

The formats are those of docs/scores.md. Predictions look the same, so a folder of that name is left alone.
"""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from xtransfer_stats.sources.files.found import Found, Reader
from xtransfer_stats.sources.files.iso import spoken
from xtransfer_stats.sources.files.lines import lines_of

FORMAT = "leaderboard labels"
_NAME = re.compile(r"(dev|test)-([a-z]{2,3})\.(tsv|json)")
_PAIR = re.compile(r"[a-z]{2}-\d+\s+en-\d+\s*")
_CANDIDATE = re.compile(r"[a-z]{2}_\d+_\d+")
_ENTITY = re.compile(r"Q\d+")


def read_labels(path: Path) -> list[Found] | None:
    """The row of a gold file of a retrieval task, None for any other file."""
    name, task = _NAME.fullmatch(path.name), path.parent.name
    if name is None or task not in _COUNTS or "predictions" in path.parts:
        return None
    try:
        count = _COUNTS[task](path)
    except ValueError:  # neither UTF-8 nor JSON
        return None
    problem = f"{count} gold answer(s) without the texts: can only score predictions"
    return [Found(path, task, spoken(name[2]), name[1], FORMAT, count, True, (problem,))] if count else None


def _pairs(path: Path) -> int:
    return _all(_PAIR, lines_of(path))


def _numbers(path: Path) -> int:
    return _all(re.compile(r"\d+\s*"), lines_of(path))


def _all(form: re.Pattern[str], lines: list[str]) -> int:
    return len(lines) if all(map(form.fullmatch, lines)) else 0


def _entities(path: Path) -> int:
    return _ranked(path, _ENTITY)


def _sentences(path: Path) -> int:
    return _ranked(path, _CANDIDATE)


def _ranked(path: Path, form: re.Pattern[str]) -> int:
    """Queries of a JSON object from query id to a list of right candidates, 0 for another content."""
    content = json.loads(path.read_bytes().decode("utf-8-sig"))
    names = list(content.values()) if isinstance(content, dict) else []
    lists = all(isinstance(row, list) and row for row in names)
    return len(names) if lists and all(form.fullmatch(str(name)) for row in names for name in row) else 0


_COUNTS: Mapping[str, Callable[[Path], int]] = {
    "bucc2018": _pairs,
    "tatoeba": _numbers,
    "mewslix": _entities,
    "lareqa": _sentences,
}

READERS: tuple[Reader, ...] = (read_labels,)
