"""Gold read with suspicion: XTREME's own download strips the test labels, and nothing may be scored on such files."""

import re
from collections.abc import Sequence
from pathlib import Path

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.exchange import files
from xtransfer_stats.metrics.squad import Question
from xtransfer_stats.tasks.task import Family

_LABELS = {
    Family.CLASSIFICATION: re.compile(r"[^\W_]\S*"),
    Family.MULTIPLE_CHOICE: re.compile(r"\d+"),
    Family.SENTENCE_RETRIEVAL: re.compile(r"\d+"),
}
_TAG = re.compile(r"[BIES]-\S+|[A-Z_]{1,5}")
# A test set whose labels were taken out has one label in every row; a shorter file may have it by chance.
_CONSTANT_FROM = 8


def _unlabelled(path: Path, why: str) -> DataError:
    return DataError(f"{path}: {why}: the file is unlabelled; give the gold labels, not the public test file")


def _filled(path: Path, values: Sequence) -> None:
    if not values:
        raise DataError(f"{path}: empty: give the gold labels of the task")


def labels(path: Path, family: Family) -> list[str]:
    """Gold labels, or line numbers of sentences (Tatoeba), one a line.

    Raises DataError for anything else, such as sentences, the label -1 or one label in every row of a choice.
    """
    values = files.lines_of(path)
    _filled(path, values)
    for number, value in enumerate(values, start=1):
        if not _LABELS[family].fullmatch(value):
            raise _unlabelled(path, f"line {number} holds {value[:60]!r}, which is no label")
    constant = family != Family.SENTENCE_RETRIEVAL and len(set(values)) == 1
    if constant and len(values) >= _CONSTANT_FROM:
        raise _unlabelled(path, f"all {len(values)} rows hold the label {values[0]!r}")
    return values


def sequences(path: Path) -> list[list[str]]:
    """Gold tags of each sentence. Raises DataError for anything that is no tag, such as words."""
    found = files.sequences_of(path)
    _filled(path, found)
    for tag in (tag for sequence in found for tag in sequence):
        if not _TAG.fullmatch(tag):
            raise _unlabelled(path, f"{tag[:60]!r} is no tag")
    return found


def pairs(path: Path) -> list[tuple[str, str]]:
    """Right pairs. Raises DataError when there is none."""
    found = files.pairs_of(path)
    _filled(path, found)
    return found


def questions(path: Path) -> list[Question]:
    """Questions, each with an answer. Raises DataError where answers are empty, as XTREME's download leaves them."""
    found = files.questions_of(path)
    _filled(path, found)
    for key, answers in found:
        if not any(answers):
            raise _unlabelled(path, f"question {key!r} has no answer")
    return found


def relevant(path: Path) -> dict[str, list[str]]:
    """Right candidates of each query. Raises DataError for a query without one."""
    found = files.rankings_of(path)
    _filled(path, list(found))
    for key, names in found.items():
        if not any(names):
            raise _unlabelled(path, f"query {key!r} has no right candidate")
    return found
