"""Ranked retrieval, worked by hand."""

import math

import pytest

from xtransfer_stats.metrics.retrieval import accuracy_at_1, average_precision, best_threshold
from xtransfer_stats.metrics.scoring import official_scores
from xtransfer_stats.tasks.task import Family


def bitext_scores(pairs, gold):
    return official_scores(Family.BITEXT_MINING, pairs, gold)


def test_accuracy_at_1() -> None:
    assert accuracy_at_1(["b", "a"], {"b", "c"}) == 100.0
    assert accuracy_at_1(["a", "b"], {"b"}) == 0.0
    assert accuracy_at_1([], {"b"}) == 0.0


def test_average_precision_by_hand() -> None:
    # hits at ranks 1 and 3 of two right ones: (1/1 + 2/3) / 2
    assert average_precision(["a", "x", "b"], {"a", "b"}) == pytest.approx(100 * (1 + 2 / 3) / 2)
    # one of three right ones is never found: (1/2) / 3
    assert average_precision(["x", "a"], {"a", "b", "c"}) == pytest.approx(100 / 6)
    assert average_precision(["x", "y", "z", "a"], {"a"}) == 25.0  # the reciprocal rank


def test_only_the_first_twenty_count() -> None:
    ranked = [f"x{i}" for i in range(20)] + ["a"]
    assert average_precision(ranked, {"a"}) == 0.0
    assert average_precision(ranked[1:], {"a"}) == pytest.approx(100 / 20)
    many = [f"g{i}" for i in range(30)]
    assert average_precision(many, set(many)) == pytest.approx(100.0)  # divided by 20, not by 30


def test_a_candidate_named_twice_is_found_once() -> None:
    assert average_precision(["a", "a", "b"], {"a", "b"}) == pytest.approx(100 * (1 + 2 / 3) / 2)


def test_no_right_candidate_gives_no_score() -> None:
    assert math.isnan(average_precision(["a"], set()))


def test_bitext_f1_by_hand() -> None:
    gold = {("q1", "c1"), ("q2", "c2"), ("q3", "c3")}
    # 2 mined, 1 right: P = 1/2, R = 1/3, F1 = 0.4
    assert bitext_scores([("q1", "c1"), ("q2", "c9")], gold)["f1"] == pytest.approx(40.0)
    assert bitext_scores([], gold)["f1"] == 0.0


def test_bitext_precision_and_recall() -> None:
    scores = bitext_scores([("q1", "c1"), ("q2", "c9")], [("q1", "c1"), ("q2", "c2"), ("q3", "c3"), ("q4", "c4")])
    assert scores == pytest.approx({"precision": 50.0, "recall": 25.0, "f1": 100 / 3})


def test_threshold_by_hand() -> None:
    gold = [("q1", "c1"), ("q2", "c2")]
    scored = [("q3", "c3", 0.5), ("q1", "c1", 0.9), ("q2", "c2", 0.7), ("q4", "c4", 0.4)]
    # kept 1: F1 2/3, kept 2: 1, kept 3: 4/5, kept 4: 2/3; halfway between 0.7 and 0.5
    assert best_threshold(scored, gold) == pytest.approx(0.6)
    # a wrong pair at the top: kept 1: 0, kept 2: 2/4, kept 3: 4/5, at the end the last score itself
    scored = [("q3", "c3", 0.95), ("q1", "c1", 0.9), ("q2", "c2", 0.7)]
    assert best_threshold(scored, gold) == pytest.approx(0.7)


def test_tied_scores_are_kept_or_dropped_together() -> None:
    gold = [("q1", "c1")]
    scored = [("q1", "c1", 0.8), ("q2", "c2", 0.8), ("q3", "c3", 0.2)]
    # a cut between the tied pairs would give F1 1, but no threshold makes it
    assert best_threshold(scored, gold) == pytest.approx(0.5)


def test_without_a_right_pair_nothing_is_kept() -> None:
    assert best_threshold([("q", "c", 0.9)], [("q", "d")]) == math.inf
