"""Normalisation, exact match and F1 of answers, with cases from the rules of the official scorers of SQuAD and MLQA."""

import pytest
from tests.metrics.squad2 import squad2_scores

from xtransfer_stats.metrics.answers import exact_match, f1, mlqa_normaliser, normalise
from xtransfer_stats.metrics.scoring import official_scores
from xtransfer_stats.tasks.task import Family


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The  Cat, sat!", "cat sat"),
        ("a an the", ""),
        ("Theatre", "theatre"),  # articles go as words only
        ("10,000", "10000"),  # punctuation is deleted, not replaced by a space
        ("U.S.A.", "usa"),
        ("l\u2019avion", "l\u2019avion"),  # only ASCII punctuation
        ("x-ray", "xray"),
        (" tab\tand\nline ", "tab and line"),
        ("the-end", "theend"),  # punctuation first, then articles
    ],
)
def test_squads_normalisation(text: str, expected: str) -> None:
    assert normalise(text) == expected


def test_exact_match_takes_the_best_answer() -> None:
    assert exact_match("the Normans", ["Norse", "Normans"]) == 100.0
    assert exact_match("Normans in", ["Normans"]) == 0.0


def test_f1_counts_common_words_with_their_multiplicity() -> None:
    # predicted 3 words, answer 2, common 2 ("big", "cat"): P = 2/3, R = 1, F1 = 0.8
    assert f1("big black cat", ["the big cat"]) == pytest.approx(80.0)
    # "new new york" against "new york city": common 2 of 3 and 3
    assert f1("new new york", ["new york city"]) == pytest.approx(200 / 3)
    assert f1("dog", ["cat", "dog house"]) == pytest.approx(200 / 3)
    assert f1("dog", ["cat"]) == 0.0


def test_no_answer_is_right_only_when_nothing_is_predicted() -> None:
    assert (exact_match("", []), f1("", [])) == (100.0, 100.0)
    assert (exact_match("1066", []), f1("1066", [])) == (0.0, 0.0)
    assert (exact_match("", ["1066"]), f1("", ["1066"])) == (0.0, 0.0)
    assert f1("the", []) == 100.0  # nothing is left of it after normalisation


def test_a_question_without_a_prediction_counts_zero() -> None:
    scores = official_scores(Family.SPAN_QA, [None, "city"], [["Rome"], ["Oslo", "Oslo city"]])
    assert scores == pytest.approx({"exact_match": 0.0, "f1": 100 / 3})


def test_squad2_over_answerable_and_unanswerable_questions() -> None:
    questions = [("q1", ["Rome"]), ("q2", []), ("q3", []), ("q4", ["the big cat", "cat"]), ("q5", ["Oslo"])]
    scores = squad2_scores(questions, {"q1": "Rome", "q2": "", "q3": "1066", "q4": "big cat"})
    # q5 has no prediction and counts 0
    assert scores == pytest.approx(
        {
            "exact_match": 60.0,
            "f1": 60.0,
            "HasAns_exact_match": 200 / 3,
            "HasAns_f1": 200 / 3,
            "NoAns_exact_match": 50.0,
            "NoAns_f1": 50.0,
        }
    )


def test_squad2_drops_answers_that_are_empty_after_normalisation() -> None:
    # the gold "the" is no answer, so nothing is the right one; the question still counts among HasAns
    scores = squad2_scores([("q1", ["the"]), ("q2", ["a", "cat"])], {"q1": "", "q2": ""})
    assert scores["HasAns_exact_match"] == 50.0


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The  Cat, sat!", "cat sat"),
        ("en", "\u201cCat\u201d \u2013 sat", "cat sat"),  # punctuation of any script, unlike SQuAD
        ("de", "Der Rat der Stadt", "rat stadt"),
        ("de", "the Rat", "the rat"),
        ("es", "Los a\u00f1os, \u00bfno?", "a\u00f1os no"),
        ("vi", "những ngôi nhà của tôi", "ngôi nhà tôi"),
        ("ar", "البيت", "بيت"),
        ("ar", "كتاب البيت", "كتاب بيت"),
        ("ar", "مالك", "م ك"),  # also inside a word
        ("hi", "एक घर।", "एक घर"),
        ("zh", "电化电池", "电 化 电 池"),
        ("zh", "在2010年,NBA 总决赛", "在 2010 年 nba 总 决 赛"),
    ],
)
def test_mlqas_normalisation(language, text, expected):
    assert mlqa_normaliser(language)(text) == expected


def test_a_language_without_rules_is_an_error():
    with pytest.raises(ValueError, match="language 'fr'"):
        mlqa_normaliser("fr")
