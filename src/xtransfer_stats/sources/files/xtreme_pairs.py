"""XNLI and PAWS-X as XTREME's download leaves them: two texts and a label between tabs, no header.

Test files have lost their labels and with them the third column. Other corpora have the same labels (MNLI, QQP), so the
name says which one a file is of; without labels XNLI is told by its premises, each of them in three rows on end.
"""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from io import StringIO
from itertools import pairwise
from pathlib import Path

from xtransfer_stats.sources.files.filerow import FileRow
from xtransfer_stats.sources.files.namecorpora import corpus_of, foreign, mismatch
from xtransfer_stats.sources.files.namehints import name_hint, untold
from xtransfer_stats.sources.files.text import opening
from xtransfer_stats.sources.source import Classification, Portion
from xtransfer_stats.tasks.catalogue import TARGET_TASKS

FORMAT = "xtreme pairs"
_LABELS = {task: TARGET_TASKS[task].data.labels for task in ("xnli", "pawsx")}
# Corpora of the same labels: the name says which.
_ALIKE = {"xnli": ("xnli", "mnli", "snli", "anli"), "pawsx": ("pawsx", "qqp")}
_UNTRANSLATED = "NS"
_MOST = 0.9  # of the first rows have the layout; the others are dropped and counted
_SENTENCES = 12  # characters that texts have on average, and ids, tags and words have not


def read_pairs(path: Path) -> list[FileRow] | None:
    """The row of a file of this layout, None for any other."""
    rows = [line.split("\t") for line in opening(path) if line] if path.suffix in (".tsv", ".txt") else []
    for columns in (3, 2):
        if rows and sum(len(row) == columns for row in rows) >= _MOST * len(rows):
            return _file_row(path, [row for row in rows if len(row) == columns], columns)
    return None


def _file_row(path: Path, rows: list[list[str]], columns: int) -> list[FileRow] | None:
    if columns == 2:
        task = _unlabelled_task(path, rows)
        return None if task is None else [_row(path, task, _LABELS.get(task, ()), columns)]
    corpora = _labelled_corpora(rows)
    if not corpora:
        return None
    named = corpus_of(path)
    task = named if named in corpora else ""
    return [_row(path, task, _LABELS[corpora[0]], columns, () if task else (_unnamed(path, corpora),))]


def _row(path: Path, task: str, labels: Sequence[str], columns: int, problems: tuple[str, ...] = ()) -> FileRow:
    hint = name_hint(path)
    read = partial(_portion, path, task, labels, columns)
    told = mismatch(path, task, TARGET_TASKS[task].title) if columns == 2 and task else ()
    told += untold(hint.language, hint.split)
    row = FileRow(path, task, hint.language, hint.split, FORMAT, problems=problems).counted(read(), read, *told)
    return replace(row, labelled=columns == 3)


def _unnamed(path: Path, corpora: Sequence[str]) -> str:
    """Why no corpus is known: labels alone do not tell one."""
    name = foreign(path) or corpus_of(path)
    said = f"the name says {name}" if name else "no name says which: name the folder after the corpus"
    return f"the labels are those of {' or '.join(corpora)}; {said}"


def _labelled_corpora(rows: list[list[str]]) -> tuple[str, ...]:
    """The corpora whose labels most rows have; none for other labels and for a header."""
    labels = Counter(_bare(row[2]) for row in rows)
    known = {task: sum(labels[label] for label in names) for task, names in _LABELS.items()}
    best = max(known, key=lambda task: known[task])
    headed = _bare(rows[0][2]) not in _LABELS[best]
    return _ALIKE[best] if known[best] >= _MOST * len(rows) and not (headed and len(rows) > 1) else ()


def _unlabelled_task(path: Path, rows: list[list[str]]) -> str | None:
    """The corpus of two columns of texts, "" where neither content nor name tells; None when they are no texts."""
    if min(sum(len(row[side]) for row in rows) for side in (0, 1)) < _SENTENCES * len(rows):
        return None
    repeated = sum(first[0] == second[0] for first, second in pairwise(rows))
    if repeated > len(rows) / 2:
        return "xnli"
    named = corpus_of(path)
    return named if named in _LABELS else ""


def _portion(path: Path, task: str, labels: Sequence[str], columns: int) -> Portion:
    examples, dropped = [], Counter[str]()
    rows = _cells(path.read_bytes().decode("utf-8-sig"))
    for place, row in enumerate(rows):
        why = _unusable(row, columns, labels)
        if why:
            dropped[why] += 1
        else:
            examples.append(Classification(str(place), row[0], row[2] if columns == 3 else None, row[1]))
    problems = [f"{count} of {len(rows)} rows dropped: {why}" for why, count in dropped.items()]
    if columns == 2:
        problems.append("no labels: XTREME's download strips those of test sets")
    if not task and columns == 2:
        problems.append("two columns of text, of XNLI or of PAWS-X: name the folder after the corpus")
    return Portion(
        tuple(examples),
        labels=tuple(labels),
        unlabelled=len(examples) if columns == 2 else 0,
        problems=tuple(problems),
    )


def _unusable(row: Sequence[str], columns: int, labels: Sequence[str]) -> str:
    """Why a row is no example, "" when it is one."""
    if len(row) != columns:
        return f"not {columns} columns"
    if _UNTRANSLATED in row[:2]:
        return f"a sentence is {_UNTRANSLATED}, that is, not translated"
    if not all(text.strip() for text in row[:2]):
        return "a sentence is empty"
    if columns == 3 and row[2] not in labels:
        return f"the label is none of {', '.join(labels)}"
    return ""


def _cells(text: str) -> list[list[str]]:
    """Rows of cells. Quotes are those of CSV when all cells that begin with one obey its rules, else characters."""
    plain = [line.removesuffix("\r").split("\t") for line in text.split("\n") if line.strip()]
    if not any('"' in cell for row in plain for cell in row):
        return plain
    try:
        quoted = [row for row in csv.reader(StringIO(text, newline=""), delimiter="\t", strict=True) if row]
    except csv.Error:
        return plain
    # A writer of CSV quotes every cell that holds a quote: one inside a bare cell tells that the file has no quoting.
    bare = any('"' in cell and not cell.startswith('"') for row in plain for cell in row)
    return plain if bare else quoted


def _bare(cell: str) -> str:
    return cell.removesuffix("\r").strip('"')
