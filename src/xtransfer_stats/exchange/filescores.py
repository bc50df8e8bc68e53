"""One language of one task: its two files found, read, held against each other, and scored by metrics.scoring.

The leaderboard's layout has them as FOLDER/TASK/test-LANGUAGE.tsv, or .json for answers and rankings. Predictions may
leave out questions or queries (they count 0, as in the official scorers); they may not name others.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.formats import counted
from xtransfer_stats.base.places import is_there
from xtransfer_stats.base.usertext import few
from xtransfer_stats.exchange import files
from xtransfer_stats.exchange.oddities import oddities
from xtransfer_stats.metrics.answers import normaliser
from xtransfer_stats.metrics.scoring import official_scores
from xtransfer_stats.metrics.span_f1 import seqeval_0_0_12, span_scores
from xtransfer_stats.tasks.benchmarks import cells_of
from xtransfer_stats.tasks.catalogue import TARGET_TASKS
from xtransfer_stats.tasks.task import Family, TargetTask

_SHOWN = 8
_JSON = frozenset({Family.SPAN_QA, Family.ENTITY_RETRIEVAL, Family.ANSWER_RETRIEVAL})


@dataclass(frozen=True)
class FilePair:
    """The two files of one task and language."""

    task: TargetTask
    language: str
    gold: Path
    predictions: Path


@dataclass(frozen=True)
class FileScores:
    """Metrics, 0-100, the number of questions or queries without a prediction, and what is odd, in sentences.

    `older`: the metrics of plain tags by seqeval 0.0.12's rule, beside those by 1.x; empty for other tasks.
    """

    metrics: dict[str, float]
    unanswered: int = 0
    notes: tuple[str, ...] = ()
    older: Mapping[str, float] = field(default_factory=dict)


def file_of(folder: Path, task: TargetTask, language: str) -> Path:
    """The file of one task and language under a folder of predictions or of labels."""
    suffix = "json" if task.family in _JSON else "tsv"
    return folder / task.dataset / f"test-{language}.{suffix}"


def _there(folder: Path, task: TargetTask, language: str) -> Path | None:
    """The file that is there, None for none: XCOPA's may have a JSON object a line, as the leaderboard's have.

    Raises DataError where both forms are there.
    """
    usual = file_of(folder, task, language)
    forms = [usual, usual.with_suffix(".jsonl")] if task.family is Family.MULTIPLE_CHOICE else [usual]
    files = [path for path in forms if is_there(path)]
    if len(files) > 1:
        raise DataError(f"{files[0]} and {files[1].name}: two files of one language: take one of them away")
    return files[0] if files else None


def file_pair(predictions: Path, labels: Path, task: TargetTask, language: str) -> FilePair | None:
    """Both files of a task and language; None when the system has no prediction for it.

    Raises DataError for predictions without gold.
    """
    mine, right = (_there(folder, task, language) for folder in (predictions, labels))
    if mine is None:
        return None
    if right is None:
        lacks = file_of(labels, task, language)
        raise DataError(f"{lacks}: missing, and {mine} cannot be scored without it: add the gold or take {mine} away")
    return FilePair(task, language, right, mine)


def left_alone(predictions: Path, benchmark: str) -> list[str]:
    """A sentence about files of predictions that are of no task or language of the benchmark; none without any."""
    spoken = {TARGET_TASKS[name].dataset: (TARGET_TASKS[name], codes) for name, codes in cells_of(benchmark).items()}
    others = {task.dataset for task in TARGET_TASKS.values()}.difference(spoken)
    left = []
    for path in sorted(predictions.iterdir()):
        if path.name in spoken and path.is_dir():
            known = {file_of(predictions, spoken[path.name][0], code).stem for code in spoken[path.name][1]}
            left += [f"{path.name}/{one.name}" for one in sorted(path.iterdir()) if one.stem not in known]
        elif path.name not in others and not path.name.startswith("."):
            left.append(path.name)
    return [f"{predictions}: left alone, of no task or language of {benchmark}: {few(left, _SHOWN)}"] if left else []


class Read(NamedTuple):
    """Predictions and gold as metrics.scoring.official_scores takes them, and how many ids lack a prediction.

    ids: of gold, where the files name their examples; else an example is its place.
    """

    predictions: list[Any]
    gold: list[Any]
    unanswered: int = 0
    ids: Sequence[str] = ()


def _labels(pair: FilePair) -> Read:
    right = files.gold_labels(pair.gold, pair.task.family)
    mine = files.labels_of(pair.predictions)
    if len(mine) != len(right):
        raise DataError(
            f"{pair.predictions}: {len(mine)} lines, where {pair.gold} has {len(right)}: "
            "write one label a line, in the order of the gold file"
        )
    for number, value in enumerate(mine, start=1):
        if not re.fullmatch(r"\S+", value):
            raise DataError(f"{pair.predictions}: line {number} holds {value[:60]!r}: write one label a line")
    if {value.isdigit() for value in mine}.isdisjoint({value.isdigit() for value in right}):
        raise DataError(
            f"{pair.predictions}: labels such as {mine[0]!r}, where {pair.gold} has {right[0]!r}: "
            "write them as the gold file does"
        )
    return Read(mine, right)


def _sentence_numbers(pair: FilePair) -> Read:
    """A ranking is here its first sentence's number alone."""
    labels = _labels(pair)
    return Read([[value] for value in labels.predictions], [[value] for value in labels.gold])


def _tags(pair: FilePair) -> Read:
    right, mine = files.gold_sequences(pair.gold), files.sequences_of(pair.predictions)
    if len(mine) != len(right):
        raise DataError(
            f"{pair.predictions}: {len(mine)} sentences, where {pair.gold} has {len(right)}: "
            "write one tag a line and an empty line between sentences"
        )
    for number, (ours, theirs) in enumerate(zip(mine, right, strict=True), start=1):
        if len(ours) != len(theirs):
            raise DataError(
                f"{pair.predictions}: sentence {number} has {len(ours)} tags, where {pair.gold} has {len(theirs)}: "
                "write one for each token"
            )
        for tag in ours:
            if not re.fullmatch(r"\S+", tag):
                raise DataError(f"{pair.predictions}: sentence {number} holds {tag[:60]!r}: write one tag a line")
    return Read(mine, right)


def _pairs(pair: FilePair) -> Read:
    return Read(files.pairs_of(pair.predictions), files.gold_pairs(pair.gold))


def _answers(pair: FilePair) -> Read:
    questions, mine = files.gold_questions(pair.gold), files.texts_of(pair.predictions)
    ids = [key for key, _ in questions]
    absent = _absent(pair, set(ids), mine)
    return Read([mine.get(key) for key in ids], [answers for _, answers in questions], absent, ids)


def _rankings(pair: FilePair) -> Read:
    relevant, mine = files.gold_rankings(pair.gold), files.rankings_of(pair.predictions)
    absent = _absent(pair, relevant, mine)
    return Read([mine.get(key) for key in relevant], list(relevant.values()), absent, list(relevant))


def _absent(pair: FilePair, known: Collection[str], mine: Mapping[str, object]) -> int:
    unknown = sorted(set(mine).difference(known))
    if unknown:
        raise DataError(
            f"{pair.predictions}: {counted(len(unknown), 'unknown id')} such as {unknown[0]!r}: "
            f"use the ids of {pair.gold} and no others"
        )
    return len(set(known).difference(mine))


_READERS: Mapping[Family, Callable[[FilePair], Read]] = {
    Family.CLASSIFICATION: _labels,
    Family.MULTIPLE_CHOICE: _labels,
    Family.SENTENCE_RETRIEVAL: _sentence_numbers,
    Family.TAGGING: _tags,
    Family.BITEXT_MINING: _pairs,
    Family.SPAN_QA: _answers,
    Family.ENTITY_RETRIEVAL: _rankings,
    Family.ANSWER_RETRIEVAL: _rankings,
}


def read(pair: FilePair) -> Read:
    """Both files of a pair, held against each other; raises DataError as `score` does."""
    return _READERS[pair.task.family](pair)


def score(pair: FilePair) -> FileScores:
    """Score one language of a task, 0-100, under the official names of the metrics.

    Raises DataError naming the file for another number of lines, unlabelled gold, an unknown id or another format.
    """
    task = pair.task
    predictions, gold, unanswered, _ = read(pair)
    scores = official_scores(task.family, predictions, gold, normaliser(task.normalisation, pair.language))
    plain = task.family is Family.TAGGING and any("-" not in tag for tag in chain(*gold) if tag != "O")
    older = span_scores(predictions, gold, seqeval_0_0_12) if plain else {}
    notes = tuple(f"{pair.predictions}: {note}" for note in oddities(task.family, predictions, gold, task.data.labels))
    return FileScores(scores, unanswered, notes, older)
