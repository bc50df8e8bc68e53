"""What a model without knowledge scores, and whether a training ended there."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from xtransfer_stats.metrics.scoring import stopping_score
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training.features import Features

MARGIN = 2.0  # points above chance within which a training counts as collapsed
Decisions = Sequence[Any]


def _labels(examples: Sequence[Mapping[str, Any]]) -> list[Decisions]:
    labels = Counter(e["label"] for e in examples if e["label"] is not None)
    most = max(sorted(labels), key=lambda label: labels[label], default="")
    return [[most] * len(examples)]


def _tags(examples: Sequence[Mapping[str, Any]]) -> list[Decisions]:
    tags = Counter(tag for e in examples for tag in e["tags"] or ())
    most = max(sorted(tags), key=lambda tag: tags[tag], default="")
    return [[[most] * len(e["tokens"]) for e in examples]]


def _answers(examples: Sequence[Mapping[str, Any]]) -> list[Decisions]:
    return [[""] * len(examples), [e["context"] for e in examples]]


_CONSTANT: Mapping[Family, Callable[[Sequence[Mapping[str, Any]]], list[Decisions]]] = {
    Family.CLASSIFICATION: _labels,
    Family.TAGGING: _tags,
    Family.SPAN_QA: _answers,
    Family.MULTIPLE_CHOICE: _labels,
}


def chance(features: Features, limit: int) -> float | None:
    """Return the dev score of the best constant answer on the first `limit` examples, 0-100.

    Classification: the most frequent label; multiple choice: the most frequent position, at least a random choice;
    tagging: the most frequent tag throughout; span QA: no answer, or the whole context, whichever scores more.
    None for retrieval, where no constant ranking is natural.
    """
    if features.family not in _CONSTANT:
        return None
    examples = features.examples[:limit]
    values = [stopping_score(features.family, examples, constant) for constant in _CONSTANT[features.family](examples)]
    if features.family is Family.MULTIPLE_CHOICE:
        values.append(100.0 * sum(1 / len(e["choices"]) for e in examples) / len(examples))
    return max(values)


def collapse_facts(splits: Sequence[Features], limit: int, best: float) -> dict[str, Any]:
    """Return facts of a training whose kept weights score `best` on these dev splits (mean): chance and collapsed.

    collapsed is None where chance is not defined.
    """
    values = [chance(split, limit) for split in splits]
    known = [value for value in values if value is not None]
    if len(known) < len(values) or not known:
        return {"chance": None, "collapsed": None}
    level = sum(known) / len(known)
    return {"chance": level, "collapsed": best <= level + MARGIN}
