"""One language of one task: gold and predictions read, held against each other, and scored by the metrics of training.

A prediction file may leave out questions or queries (they count 0, as in the official scorers); it may not name others.
"""

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.exchange import files, gold
from xtransfer_stats.metrics import retrieval, squad
from xtransfer_stats.metrics.accuracy import accuracy
from xtransfer_stats.metrics.normalisation import normaliser
from xtransfer_stats.metrics.span_f1 import span_scores
from xtransfer_stats.tasks.task import Family, TargetTask


@dataclass(frozen=True)
class Sides:
    """The two files of one task and language."""

    task: TargetTask
    language: str
    gold: Path
    predictions: Path


@dataclass(frozen=True)
class Scored:
    """Metrics, 0-100, and the number of questions or queries without a prediction."""

    metrics: dict[str, float]
    unanswered: int = 0


def _labels(sides: Sides) -> Scored:
    right = gold.labels(sides.gold, sides.task.family)
    mine = files.lines_of(sides.predictions)
    if len(mine) != len(right):
        raise DataError(
            f"{sides.predictions}: {len(mine)} lines, where {sides.gold} has {len(right)}: "
            "write one label a line, in the order of the gold file"
        )
    for number, value in enumerate(mine, start=1):
        if not re.fullmatch(r"\S+", value):
            raise DataError(f"{sides.predictions}: line {number} holds {value[:60]!r}: write one label a line")
    if {value.isdigit() for value in mine}.isdisjoint({value.isdigit() for value in right}):
        raise DataError(
            f"{sides.predictions}: labels such as {mine[0]!r}, where {sides.gold} has {right[0]!r}: "
            "write them as the gold file does"
        )
    return Scored({"accuracy": accuracy(mine, right)})


def _tags(sides: Sides) -> Scored:
    right, mine = gold.sequences(sides.gold), files.sequences_of(sides.predictions)
    if len(mine) != len(right):
        raise DataError(
            f"{sides.predictions}: {len(mine)} sentences, where {sides.gold} has {len(right)}: "
            "write one tag a line and an empty line between sentences"
        )
    for number, (ours, theirs) in enumerate(zip(mine, right, strict=True), start=1):
        if len(ours) != len(theirs):
            raise DataError(
                f"{sides.predictions}: sentence {number} has {len(ours)} tags, where {sides.gold} has {len(theirs)}: "
                "write one for each token"
            )
        for tag in ours:
            if not re.fullmatch(r"\S+", tag):
                raise DataError(f"{sides.predictions}: sentence {number} holds {tag[:60]!r}: write one tag a line")
    return Scored(span_scores(mine, right))


def _pairs(sides: Sides) -> Scored:
    return Scored(retrieval.bitext_scores(files.pairs_of(sides.predictions), gold.pairs(sides.gold)))


def _answers(sides: Sides) -> Scored:
    questions, mine = gold.questions(sides.gold), files.texts_of(sides.predictions)
    absent = _absent(sides, {key for key, _ in questions}, mine)
    normalised = normaliser(sides.task.normalisation, sides.language)
    return Scored(squad.answer_scores(questions, mine, normalised), absent)


def _rankings(sides: Sides) -> Scored:
    relevant, mine = gold.relevant(sides.gold), files.rankings_of(sides.predictions)
    absent = _absent(sides, relevant, mine)
    values = [retrieval.average_precision(mine.get(key, ()), names) for key, names in relevant.items()]
    return Scored({f"map@{retrieval.CUT}": math.fsum(values) / len(values)}, absent)


def _absent(sides: Sides, known: Collection[str], mine: Mapping[str, object]) -> int:
    unknown = sorted(set(mine).difference(known))
    if unknown:
        raise DataError(
            f"{sides.predictions}: {len(unknown)} unknown id(s) such as {unknown[0]!r}: "
            f"use the ids of {sides.gold} and no others"
        )
    return len(set(known).difference(mine))


_SCORERS: Mapping[Family, Callable[[Sides], Scored]] = {
    Family.CLASSIFICATION: _labels,
    Family.MULTIPLE_CHOICE: _labels,
    Family.SENTENCE_RETRIEVAL: _labels,
    Family.TAGGING: _tags,
    Family.BITEXT_MINING: _pairs,
    Family.SPAN_QA: _answers,
    Family.ENTITY_RETRIEVAL: _rankings,
    Family.ANSWER_RETRIEVAL: _rankings,
}


def score(sides: Sides) -> Scored:
    """Score one language of a task, 0-100, under the official names of the metrics.

    Raises DataError naming the file for another number of lines, unlabelled gold, an unknown id or another format.
    """
    return _SCORERS[sides.task.family](sides)
