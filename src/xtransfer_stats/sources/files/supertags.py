"""Supertags, a token and its category on each line: CCGbank's and the Parallel Meaning Bank's.

The bank's .conll names its layers in a comment ("# tok:gold TAB ... TAB cat:gold"); files made from CCGbank, which is
licensed, have the token first and the category last.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from xtransfer_stats.sources.files.filerow import FileRow
from xtransfer_stats.sources.files.namecorpora import mismatch
from xtransfer_stats.sources.files.namehints import name_hint
from xtransfer_stats.sources.files.text import lines_of, opening, sentences_of, tagged
from xtransfer_stats.sources.source import Portion, Tagging

# Atoms, their features in brackets, slashes and parentheses; each sign is read once, so that no text takes long.
_SIGN = "[A-Za-z.,:;]"
_CATEGORY = re.compile(rf"[(]*{_SIGN}(?:{_SIGN}|[()\\/]|(?<={_SIGN})\[[a-z]+\])*")
_SLASH = re.compile(r"[\\/]")
_CCG_SUFFIXES = frozenset({".conll", ".tsv", ".txt", ".ccg", ".stagged"})
_CATEGORIES, _FUNCTORS = 0.9, 0.2  # shares of lines: categories, and those of them with a slash
_COMMENT = ("# ", "##")  # a token # is followed by a tab
_NO_TOKEN = "ø"  # the bank's sign for meaning without a word


def read_ccg(path: Path) -> list[FileRow] | None:
    """The row of a file of supertags, None for any other."""
    lines = opening(path) if path.suffix in _CCG_SUFFIXES else []
    column = _layer(lines)
    rows = [line.split("\t") for line in lines if line and not line.startswith(_COMMENT)]
    if not rows or not _supertags(rows, -1 if column is None else column):
        return None
    hint = name_hint(path)
    read = partial(_supertagged, path, -1 if column is None else column)
    layout = "ccg columns" if column is None else "pmb conll"
    untold = column is not None and not hint.language
    problems = (*mismatch(path, "ccg", "CCG supertags"), *(["the path tells no language: taken as English"] * untold))
    # CCGbank is English, and its files rarely say so.
    return [FileRow(path, "ccg", hint.language or "en", hint.split, layout).counted(read(), read, *problems)]


def _layer(lines: Sequence[str]) -> int | None:
    """The column of the categories that a comment of the Parallel Meaning Bank names."""
    for line in lines:
        names = [cell.split(":")[0].strip("# ") for cell in line.split("\t")]
        if line.startswith("#") and names[0] == "tok" and "cat" in names:
            return names.index("cat")
    return None


def _supertags(rows: Sequence[Sequence[str]], column: int) -> bool:
    tags = [row[column] for row in rows if len(row) > max(1, column)]
    categories = [tag for tag in tags if _CATEGORY.fullmatch(tag)]
    functors = sum(bool(_SLASH.search(tag)) for tag in categories)
    return len(categories) >= _CATEGORIES * len(rows) and functors >= _FUNCTORS * len(rows)


def _supertagged(path: Path, column: int) -> Portion:
    examples: list[Tagging] = []
    odd: Counter[str] = Counter()
    for rows in sentences_of(line for line in lines_of(path) if not line.startswith(_COMMENT)):
        words = [row for row in rows if row[0] != _NO_TOKEN]
        if not words:
            continue
        odd[f"tokens {_NO_TOKEN} left out: meaning without a word"] += len(rows) - len(words)
        complete = all(len(row) > max(1, column) and row[column] for row in words)
        odd["sentences have tokens without a category"] += not complete
        tags = tuple(row[column] for row in words) if complete else None
        examples.append(Tagging(str(len(examples)), tuple(row[0] for row in words), tags))
    return tagged(examples, odd)
