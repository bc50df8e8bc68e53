"""Readers of the leaderboard's files: one value a line, one tag a line, pairs, JSON. Errors name file and remedy.

Gold is read with suspicion: XTREME's own download strips the test labels, and nothing may be scored on such files.
"""

import json
import re
from collections.abc import Mapping, Sequence, Sized
from pathlib import Path
from typing import Any, TypeVar

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import Unreadable, parsed_json, regular_file
from xtransfer_stats.tasks.task import Family

T = TypeVar("T", bound=Sized)
GoldAnswers = tuple[str, Sequence[str]]  # id, texts of the gold answers

_LABELS = {
    Family.CLASSIFICATION: re.compile(r"[^\W_]\S*"),
    Family.MULTIPLE_CHOICE: re.compile(r"\d+"),
    Family.SENTENCE_RETRIEVAL: re.compile(r"\d+"),
}
_LARGEST = 256 * 2**20  # bytes; the largest files of the leaderboard have a few million
_OUTSIDE = "O"
_TAG = re.compile(r"[BIES]-\S+|[A-Z_]{1,5}")
# A test set whose labels were taken out has one label in every row; a shorter file may have it by chance.
_CONSTANT_FROM = 8


def _text(path: Path) -> str:
    """The file's text; a byte order mark counts at the very start alone, for inside a text it is a character.

    Raises DataError for what is no regular file, too large, or not UTF-8.
    """
    try:
        return regular_file(path, _LARGEST).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}): give a readable file") from error
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise DataError(f"{path}: byte {error.start} (0x{byte:02X}) is not UTF-8: save the file as UTF-8") from error


def _bare(cell: str) -> str:
    """The value without the quotes that writers of CSV put around it."""
    cell = cell.strip()
    return cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


def lines_of(path: Path) -> list[str]:
    """Values of a file of one a line, as (line number - 1)-th element; empty lines at the end are dropped.

    Lines end with LF or CRLF, not at other separators of Unicode, which are characters of a text.
    """
    values = [_bare(line) for line in _text(path).split("\n")]
    while values and not values[-1]:
        values.pop()
    return values


def labels_of(path: Path) -> list[str]:
    """The label of each row: one a line, or of a JSON object a line the value of `label` (XCOPA's leaderboard files).

    Raises DataError for a line that is no such object.
    """
    return lines_of(path) if path.suffix != ".jsonl" else [_label(path, *row) for row in enumerate(lines_of(path), 1)]


def _label(path: Path, number: int, line: str) -> str:
    try:
        row = parsed_json(line)
    except Unreadable as error:
        raise DataError(f"{path}: line {number}: {error}: write a JSON object with `label` a line") from error
    label = row.get("label") if isinstance(row, dict) else None
    if isinstance(label, bool) or not isinstance(label, int | str):
        raise DataError(f"{path}: line {number} holds {line[:60]!r}: write a JSON object with `label`, such as 0")
    return str(label).strip()


def sequences_of(path: Path) -> list[list[str]]:
    """Tags of each sentence: one a line, sentences apart by empty lines."""
    sequences: list[list[str]] = [[]]
    for value in lines_of(path):
        if value:
            sequences[-1].append(value)
        elif sequences[-1]:
            sequences.append([])
    return [sequence for sequence in sequences if sequence]


def pairs_of(path: Path) -> list[tuple[str, str]]:
    """Pairs of ids, a tab between them. Raises DataError for a line of another form."""
    pairs = []
    for number, line in enumerate(lines_of(path), start=1):
        cells = [_bare(cell) for cell in line.split("\t")]
        if len(cells) == 2 and all(cells):
            pairs.append((cells[0], cells[1]))
        elif line:
            raise DataError(f"{path}: line {number} holds {line[:60]!r}: write two ids with a tab between them")
    return pairs


def content_of(path: Path) -> Any:
    """The content of a JSON file, or of its member `data` where it has one (SQuAD's envelope)."""
    try:
        content = parsed_json(_text(path))
    except Unreadable as error:
        raise DataError(f"{path}: {error}: write one JSON object") from error
    return content["data"] if isinstance(content, dict) and "data" in content else content


def questions_of(path: Path) -> list[GoldAnswers]:
    """Id and gold answers of each question of a file in SQuAD's format, in its order; ids may occur twice.

    Raises DataError for another schema.
    """
    try:
        return [
            (str(question["id"]), [str(answer["text"]) for answer in question["answers"]])
            for article in content_of(path)
            for paragraph in article["paragraphs"]
            for question in paragraph["qas"]
        ]
    except (KeyError, TypeError) as error:
        raise DataError(
            f"{path}: not in SQuAD's format ({type(error).__name__}: {error}): give data, paragraphs, qas, id, answers"
        ) from error


def texts_of(path: Path) -> dict[str, str]:
    """The predicted answer of each question id. Raises DataError for another schema."""
    content = _mapping(path, "question id to answer text")
    for key, value in content.items():
        if not isinstance(value, str):
            raise DataError(f"{path}: {key!r} has {value!r}: give the answer as a text, empty for none")
    return dict(content)


def rankings_of(path: Path) -> dict[str, list[str]]:
    """The list of candidate ids of each query id. Raises DataError for another schema."""
    content = _mapping(path, "query id to a list of candidate ids")
    for key, value in content.items():
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            raise DataError(f"{path}: {key!r} has {str(value)[:60]!r}: give a list of candidate ids, best first")
    return {key: [name.strip() for name in value] for key, value in content.items()}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these pairs. Raises Unreadable for a name with two values, of which readers keep the last."""
    held: dict[str, Any] = {}
    for name, value in pairs:
        if held.setdefault(name, value) != value:
            raise Unreadable(f"{name!r} stands twice, with different values")
    return held


def _mapping(path: Path, what: str) -> Mapping[str, Any]:
    content = content_of(path)
    try:
        json.loads(_text(path), object_pairs_hook=_once)
    except Unreadable as error:
        raise DataError(f"{path}: {error}: give each id once") from error
    if not isinstance(content, dict):
        raise DataError(f"{path}: a JSON {type(content).__name__}: give an object from {what}")
    return content


def _unlabelled(path: Path, why: str) -> DataError:
    return DataError(f"{path}: {why}: the file is unlabelled; give the gold labels, not the public test file")


def _filled(path: Path, values: T) -> T:
    if not values:
        raise DataError(f"{path}: empty: give the gold labels of the task")
    return values


def gold_labels(path: Path, family: Family) -> list[str]:
    """Gold labels, or line numbers of sentences (Tatoeba), one a line.

    Raises DataError for anything else, such as sentences, the label -1 or one label in every row of a choice.
    """
    values = _filled(path, labels_of(path))
    for number, value in enumerate(values, start=1):
        if not _LABELS[family].fullmatch(value):
            raise _unlabelled(path, f"line {number} holds {value[:60]!r}, which is no label")
    constant = family != Family.SENTENCE_RETRIEVAL and len(set(values)) == 1
    if constant and len(values) >= _CONSTANT_FROM:
        raise _unlabelled(path, f"all {len(values)} rows hold the label {values[0]!r}")
    return values


def gold_sequences(path: Path) -> list[list[str]]:
    """Gold tags of each sentence. Raises DataError for anything that is no tag, such as words."""
    sequences = _filled(path, sequences_of(path))
    for tag in (tag for sequence in sequences for tag in sequence):
        if not _TAG.fullmatch(tag):
            raise _unlabelled(path, f"{tag[:60]!r} is no tag")
    tags = {tag for sequence in sequences for tag in sequence}
    if tags == {_OUTSIDE}:
        raise _unlabelled(path, f"not one entity: all tags are {_OUTSIDE}")
    if len(tags) == 1 and sum(map(len, sequences)) >= _CONSTANT_FROM:
        raise _unlabelled(path, f"all tags are {tags.pop()!r}")
    return sequences


def gold_pairs(path: Path) -> list[tuple[str, str]]:
    """Right pairs. Raises DataError when there is none."""
    return _filled(path, pairs_of(path))


def gold_questions(path: Path) -> list[GoldAnswers]:
    """Questions, each with an answer. Raises DataError where answers are empty, as XTREME's download leaves them."""
    questions = _filled(path, questions_of(path))
    for key, answers in questions:
        if not any(answers):
            raise _unlabelled(path, f"question {key!r} has no answer")
    return questions


def gold_rankings(path: Path) -> dict[str, list[str]]:
    """Right candidates of each query. Raises DataError for a query without one."""
    rankings = _filled(path, rankings_of(path))
    for key, names in rankings.items():
        if not any(names):
            raise _unlabelled(path, f"query {key!r} has no right candidate")
    return rankings
