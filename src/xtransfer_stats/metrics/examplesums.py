"""A family's metrics as ratios of sums over examples, so that each example's part in a score is known.

Every official metric is 100 sum(right) / sum(size): a mean has size 1 an example, and F1 = 2 TP / (predicted + true)
has its counts. The part of an example in the score is then, to first order (the delta method for a ratio of means),
100 (right - score / 100 * size) / sum(size): what the score would lose without it, were there many.
"""

from bisect import bisect_right
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xtransfer_stats.metrics.answers import Normaliser
from xtransfer_stats.metrics.scoring import example_values
from xtransfer_stats.metrics.span_f1 import all_spans
from xtransfer_stats.tasks.task import Family

F1 = "f1"


@dataclass(frozen=True, eq=False)
class ExampleSums:
    """One metric. units: the example (a sentence, a question, a source sentence) of each entry of right and size."""

    units: Sequence[Hashable]
    right: NDArray[np.float64]
    size: NDArray[np.float64]

    @property
    def score(self) -> float:
        """The official figure, 0-100; 0 where nothing can be right, as the official scorers have it."""
        total = self.size.sum()
        return float(100 * self.right.sum() / total) if total else 0.0

    @property
    def parts(self) -> NDArray[np.float64]:
        """(examples,) each one's part in the score, points; they sum to 0."""
        total = self.size.sum()
        return 100 * (self.right - self.score / 100 * self.size) / total if total else np.zeros_like(self.size)


def example_sums(
    family: Family, predictions: Sequence[Any], gold: Sequence[Any], units: Sequence[Hashable], normalised: Normaliser
) -> dict[str, ExampleSums]:
    """The sums of each metric that a task's score is made of; arguments as for `official_scores`.

    units: the examples' names, one each of gold; bitext mining goes by the source sentences of its pairs instead.
    """
    if family is Family.BITEXT_MINING:
        return {F1: _of_pairs(set(predictions), set(gold))}
    if family is Family.TAGGING:
        return {F1: _of_spans(predictions, gold, units)}
    rows = example_values(family, predictions, gold, normalised)
    ones = np.ones(len(rows))
    return {name: ExampleSums(units, np.array([row[name] for row in rows]) / 100, ones) for name in rows[0]}


def _of_pairs(mine: set[tuple[str, str]], right: set[tuple[str, str]]) -> ExampleSums:
    return _counted({source: source for source, _ in sorted(mine | right)}, mine, right, lambda pair: pair[0])


def _of_spans(predictions: Sequence[Any], gold: Sequence[Any], units: Sequence[Hashable]) -> ExampleSums:
    """A span belongs to the sentence it begins in; the rules look across boundaries, so all are read at once."""
    starts = [0, *accumulate(len(sequence) + 1 for sequence in gold)]
    places = dict(enumerate(units))
    return _counted(places, all_spans(predictions), all_spans(gold), lambda span: bisect_right(starts, span[1]) - 1)


def _counted(units: Mapping[Any, Hashable], mine: Any, right: Any, of: Any) -> ExampleSums:
    place = {key: number for number, key in enumerate(units)}
    both, size = np.zeros(len(units)), np.zeros(len(units))
    for one in mine & right:
        both[place[of(one)]] += 2
    for one in (*mine, *right):
        size[place[of(one)]] += 1
    return ExampleSums(list(units.values()), both, size)
