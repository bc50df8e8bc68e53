"""Scoring of decisions apart from any model."""

import math

import pytest

from xtransfer_stats.metrics.scoring import ScoringRules, official_scores, score, score_language, within_pool
from xtransfer_stats.tasks.task import METRICS, Family


def accuracy(predictions, gold):
    return official_scores(Family.CLASSIFICATION, predictions, gold)["accuracy"]


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


def test_mlqa_is_scored_by_its_languages_rules() -> None:
    side = ([{"id": "q", "answers": [{"text": "der Hund", "start": 0}]}], ["Hund"])
    scores = {
        rules: score_language(Family.SPAN_QA, side, ScoringRules(["exact_match"], rules), None, "de").metrics
        for rules in ("squad", "mlqa")
    }
    assert scores == {"squad": {"exact_match": 0.0}, "mlqa": {"exact_match": 100.0}}


def test_share_of_equal_pairs() -> None:
    assert accuracy(["a", "b", "b", "a"], ["a", "b", "a", "a"]) == 75.0


def test_no_pairs_give_no_score() -> None:
    assert math.isnan(accuracy([], []))


def test_unequal_lengths_are_an_error() -> None:
    with pytest.raises(ValueError, match="argument 2"):
        accuracy(["a"], ["a", "b"])


@pytest.mark.parametrize("family", METRICS)
def test_every_scored_family_has_its_official_metrics(family) -> None:
    assert set(METRICS[family]) <= set(official_scores(family, [], []))
