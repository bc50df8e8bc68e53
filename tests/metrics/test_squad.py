"""SQuAD's normalisation, exact match and F1, with cases from the rules of the official scorers."""

import pytest

from xtransfer_stats.metrics.squad import exact_match, f1, normalise


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
def test_normalise(text: str, expected: str) -> None:
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
