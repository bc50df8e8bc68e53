"""A token and its tag on each line, sentences apart by empty lines: PAN-X, UD-POS and CCG supertagging.

XTREME's download leaves token TAB tag, and the tokens alone in test files. WikiANN's own archives begin each token with
its language ("ar:"), in files named train, dev and test alone. The tag set tells the corpora apart. Chinese and
Japanese PAN-X have one character a token; tags I- without B- before them are kept as they are.

Of supertags, the Parallel Meaning Bank's .conll names its layers in a comment ("# tok:gold TAB ... TAB cat:gold");
files made from CCGbank, which is licensed, have the token first and the category last.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

from xtransfer_stats.sources.files.filerow import FileRow
from xtransfer_stats.sources.files.namehints import mismatch, name_hint
from xtransfer_stats.sources.files.text import lines_of, opening, sentences_of, tagged
from xtransfer_stats.sources.source import Portion, Tagging
from xtransfer_stats.tasks.catalogue import TARGET_TASKS
from xtransfer_stats.tasks.codes import canonical

_TAGS = {task: frozenset(TARGET_TASKS[task].data.labels) for task in ("panx", "udpos")}
_SUFFIXES = frozenset({".tsv", ".txt", ".bio", ".iob", ""})
_PREFIX = re.compile(r"([a-z][a-z-]+):")
_MOST = 0.95


def read_tags(path: Path) -> list[FileRow] | None:
    """The row of a file of this layout, None for any other."""
    lines = [line for line in opening(path) if line] if path.suffix in _SUFFIXES else []
    rows = [line.split("\t") for line in lines]
    if rows and all(len(row) == 1 for row in rows):
        return _stripped(path, lines)
    if not rows or any(len(row) < 2 for row in rows):
        return None
    tags = Counter(row[-1] for row in rows)
    task = next((task for task in _TAGS if sum(tags[tag] for tag in _TAGS[task]) >= _MOST * len(rows)), None)
    return _with_tags(path, task, rows) if task else None


def _with_tags(path: Path, task: str, rows: list[list[str]]) -> list[FileRow] | None:
    prefix = _prefix(rows)
    if not prefix and any(len(row) != 2 for row in rows):
        return None  # more columns are another layout, such as CoNLL's
    hint, code = name_hint(path), prefix.removesuffix(":")
    language = (canonical(code) or code) or hint.language
    read = partial(_portion, path, task, prefix)
    problems = mismatch(path, task, TARGET_TASKS[task].title)
    if hint.language not in ("", language):
        problems += (f"the name says {hint.language}, the tokens begin with {prefix}",)
    row = FileRow(path, task, language, hint.split, "wikiann" if prefix else "xtreme tags")
    return [replace(row.counted(read(), read, *problems), labelled=True)]


def _prefix(rows: Sequence[Sequence[str]]) -> str:
    """The language that all tokens begin with and the colon, "" when they do not."""
    first = _PREFIX.match(rows[0][0])
    return first[0] if first and all(row[0].startswith(first[0]) for row in rows) else ""


def _stripped(path: Path, lines: Sequence[str]) -> list[FileRow] | None:
    """The tokens of a test file whose tags were taken out: only its name tells of which corpus."""
    hint = name_hint(path)
    if hint.task not in _TAGS or hint.split == "" or sum(" " in line for line in lines) > len(lines) / 10:
        return None
    read = partial(_portion, path, hint.task, "")
    row = FileRow(path, hint.task, hint.language, hint.split, "xtreme tags")
    return [replace(row.counted(read(), read), labelled=False)]


def _portion(path: Path, task: str, prefix: str) -> Portion:
    examples: list[Tagging] = []
    odd: Counter[str] = Counter()
    for place, rows in enumerate(sentences_of(lines_of(path), " \t")):
        tokens = tuple(row[0].removeprefix(prefix) for row in rows)
        tags = tuple(row[-1] for row in rows)
        bare = all(len(row) == 1 for row in rows)
        if not bare and not _TAGS[task].issuperset(tags):
            odd["sentences dropped: a tag is missing or none of the corpus's"] += 1
            continue
        if not bare:
            odd["tags I- follow no B- or I- of their kind: kept"] += _orphans(tags)
        examples.append(Tagging(str(place), tokens, None if bare else tags))
    unlabelled = sum(example.tags is None for example in examples)
    if unlabelled:
        odd["sentences have no tags: XTREME's download strips those of test sets"] = unlabelled
    return tagged(examples, odd)


def _orphans(tags: Sequence[str]) -> int:
    return sum(
        tag.startswith("I-") and (before == "O" or before[2:] != tag[2:]) for before, tag in pairwise(("O", *tags))
    )


_ATOM = r"[A-Za-z.,:;]+(:[a-z]+)?(\[[a-z]+\])?"
_CATEGORY = re.compile(rf"[(]*{_ATOM}([()\\/]|{_ATOM})*")
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
