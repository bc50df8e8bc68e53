"""Scoring of decisions apart from any model."""

from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training.scoring import score, within_pool


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
