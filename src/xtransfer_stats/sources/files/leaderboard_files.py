"""The leaderboard's layout, labels/TASK/test-LANGUAGE and predictions/TASK/test-LANGUAGE: gold or answers alone.

Such files score or are scored (`xstats score`); without texts nothing can be trained or tested on them. Gold answers in
SQuAD's format hold their texts, so they are left to the reader of that format.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from xtransfer_stats.base.usertext import Unreadable, parsed_json
from xtransfer_stats.sources.files.filerow import FileRow
from xtransfer_stats.sources.files.text import lines_of
from xtransfer_stats.tasks.catalogue import TARGET_TASKS
from xtransfer_stats.tasks.codes import canonical
from xtransfer_stats.tasks.task import Family

_NAME = re.compile(r"(train|dev|test)-([A-Za-z-]+)\.(tsv|jsonl?|txt)")
_KINDS = {"labels": "labels", "gold": "labels", "predictions": "predictions"}
_FOLDERS = 3
_ONE = re.compile(r'"?[^\s"]+"?')
_TAG = re.compile(r"[BI]-\S+|[A-Z_]{1,5}")
_PAIR = re.compile(r"\S+\t\S+")
_CONSTANT_FROM = 8  # rows; a shorter file may have one label in each by chance
_REMARKS = {
    "labels": "gold values without the texts: they score predictions, and can be neither trained nor tested on",
    "predictions": "predictions of a system, no gold: they can be scored, and nothing can be scored on them",
}


def read_leaderboard(path: Path) -> list[FileRow] | None:
    """The row of a file of labels or predictions, None for any other."""
    name, kind, task = _NAME.fullmatch(path.name), _kind(path), path.parent.name.lower()
    families = {target.dataset: target.family for target in TARGET_TASKS.values()}
    if name is None or not kind or task not in families:
        return None
    values = _FORMS.get(name[3], _VALUES.get(families[task], _values))(path)
    if not values:
        return None
    problems = [f"{len(values)} {_REMARKS[kind]}"]
    labelled = kind == "labels"
    if labelled and families[task] in _CHOSEN and len(values) >= _CONSTANT_FROM and len(set(values)) == 1:
        labelled = False
        problems.append(f"every row holds {values[0]!r}: the labels were taken out")
    language = canonical(name[2]) or name[2]
    return [FileRow(path, task, language, name[1], kind, len(values), labelled, tuple(problems))]


_CHOSEN = (Family.CLASSIFICATION, Family.MULTIPLE_CHOICE)


def _kind(path: Path) -> str:
    return next((_KINDS[name] for name in reversed(path.parent.parts[-_FOLDERS:]) if name.lower() in _KINDS), "")


def _values(path: Path) -> list[str]:
    return _if_each(_ONE, [line.strip() for line in lines_of(path)])


def _pairs(path: Path) -> list[str]:
    return _if_each(_PAIR, lines_of(path))


def _sequences(path: Path) -> list[str]:
    """One element a sentence; empty unless every line holds a tag."""
    lines = [line.strip() for line in lines_of(path)]
    tagged = _if_each(_TAG, [line for line in lines if line])
    return [block for block in "\n".join(lines).split("\n\n") if block.strip()] if tagged else []


def _if_each(form: re.Pattern[str], lines: list[str]) -> list[str]:
    """The lines where each has this form, none where one has not."""
    return lines if all(map(form.fullmatch, lines)) else []


def _json(path: Path) -> list[Any]:
    """Values of an object from ids to a text or to a list of ids; empty for other content."""
    try:
        content = parsed_json(path.read_bytes().decode("utf-8-sig"))
    except Unreadable:
        return []
    values = list(content.values()) if isinstance(content, dict) else []
    texts = all(isinstance(value, str) for value in values)
    lists = all(isinstance(value, list) and all(isinstance(name, str) for name in value) for value in values)
    return values if texts or lists else []


def _objects(path: Path) -> list[Any]:
    """Values of `label` of a JSON object a line (XCOPA's files); empty for other content, such as rows with texts."""
    try:
        rows = [parsed_json(line) for line in lines_of(path) if line.strip()]
    except Unreadable:
        return []
    alone = all(isinstance(row, dict) and row.keys() <= {"label", "id", "idx"} and "label" in row for row in rows)
    return [str(row["label"]) for row in rows] if alone else []


_FORMS: dict[str, Callable[[Path], list[Any]]] = {"json": _json, "jsonl": _objects}
_VALUES: dict[Family, Callable[[Path], list[str]]] = {Family.TAGGING: _sequences, Family.BITEXT_MINING: _pairs}
