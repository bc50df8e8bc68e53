"""SQuAD v2.0's official figures from our exact match and F1: no target task, but the hardest test of both."""

from collections.abc import Mapping, Sequence

from xtransfer_stats.metrics.answers import normalise
from xtransfer_stats.metrics.scoring import official_scores
from xtransfer_stats.tasks.task import Family


def squad2_scores(questions: Sequence[tuple[str, Sequence[str]]], predictions: Mapping[str, str]) -> dict[str, float]:
    """exact_match and f1 over all questions, and each over HasAns and NoAns, 0-100.

    An answer that is empty after normalisation is none, as in the official scorer; the question stays among HasAns.
    That scorer breaks off where a prediction is lacking; here such a question counts 0, as in v1.1.
    """
    kept = [
        (predictions.get(key), [text for text in golds if normalise(text)], bool(golds)) for key, golds in questions
    ]
    scores = {}
    for prefix, kinds in (("", (True, False)), ("HasAns_", (True,)), ("NoAns_", (False,))):
        part = [(text, golds) for text, golds, has in kept if has in kinds]
        metrics = official_scores(Family.SPAN_QA, [text for text, _ in part], [golds for _, golds in part])
        scores |= {prefix + name: value for name, value in metrics.items()}
    return scores
