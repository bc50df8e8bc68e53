"""Scoring of decisions apart from any model."""

from dataclasses import replace

from tests.training import examples

from xtransfer_stats.metrics.scoring import score, within_pool
from xtransfer_stats.sources.source import ASTRAY, Answer
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training.features import read_features
from xtransfer_stats.training.heads import SpanReader


def test_right_candidates_outside_the_pool_are_not_asked_for() -> None:
    queries = [
        {"id": "q0", "gold": ["de:a", "fr:a"]},  # French is not in the study
        {"id": "q1", "gold": ["fr:b"]},  # nothing to be found: not scored
    ]
    examples = within_pool(queries, {"de:a", "de:b"})
    rankings = [[("de:a", 0.9), ("de:b", 0.1)], [("de:b", 0.8), ("de:a", 0.2)]]
    scored = score(Family.ANSWER_RETRIEVAL, examples, rankings, ["map@20"])
    assert (scored.n_examples, scored.metrics) == (1, {"map@20": 100.0})
    assert score(Family.ANSWER_RETRIEVAL, queries, rankings, ["map@20"]).metrics["map@20"] == 25.0


def test_an_answer_astray_is_scored_and_not_trained_on(bench):
    split = examples.span_qa(3)
    lost = replace(split.examples[0], answers=(Answer(split.examples[0].answers[0].text, ASTRAY),))
    both = replace(split.examples[1], answers=(Answer("x", ASTRAY), *split.examples[1].answers))
    changed = replace(split, examples=(lost, both, split.examples[2]))
    features = read_features(bench.features(bench.pretrained(), changed, None))
    assert {int(features.owner[unit]) for (unit,) in SpanReader(32).items(features)} == {1, 2}
    texts = [example["answers"][-1]["text"] for example in features.examples]
    assert score(Family.SPAN_QA, features.examples, texts, ["exact_match"]).metrics["exact_match"] == 100.0
