"""Span F1, worked by hand after the rules of seqeval's default mode (1.x)."""

import pytest

from xtransfer_stats.metrics.span_f1 import span_scores, spans


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("B-PER I-PER O B-LOC", {("PER", 0, 2), ("LOC", 3, 4)}),
        ("I-PER I-PER O", {("PER", 0, 2)}),  # an orphan I- starts a span
        ("O I-LOC", {("LOC", 1, 2)}),
        ("B-PER I-LOC", {("PER", 0, 1), ("LOC", 1, 2)}),  # a change of type starts another
        ("B-PER B-PER", {("PER", 0, 1), ("PER", 1, 2)}),
        ("B-PER O I-PER", {("PER", 0, 1), ("PER", 2, 3)}),
        ("S-PER I-PER E-PER I-PER", {("PER", 0, 1), ("PER", 1, 3), ("PER", 3, 4)}),
        ("O O", set()),
        ("", set()),
        ("NOUN NOUN VERB", {("OUN", 0, 2), ("ERB", 2, 3)}),  # plain tags: a run is one span, the first letter a prefix
        ("SCONJ SCONJ", {("CONJ", 0, 1), ("CONJ", 1, 2)}),  # S reads as "single"
        ("CCONJ SCONJ", {("CONJ", 1, 2)}),  # one type: the first is not closed, the second begins anew
        ("SCONJ CCONJ", {("CONJ", 0, 1), ("CONJ", 0, 2)}),  # S closes, C opens nothing
        ("NOUN X", {("OUN", 0, 1)}),  # X has the type of "outside" and is never closed before it
        ("B-a-b I-a-b", {("a-b", 0, 2)}),  # the type is what follows the first hyphen
        ("B-a-b I-c-b", {("a-b", 0, 1), ("c-b", 1, 2)}),
    ],
)
def test_spans_of_a_sequence(tags: str, expected: set) -> None:
    assert spans(tags.split()) == expected


def test_micro_f1_over_sentences() -> None:
    gold = [["B-PER", "I-PER", "O", "B-LOC"], ["O", "B-LOC"]]
    guess = [["B-PER", "I-PER", "O", "B-PER"], ["B-LOC", "B-LOC"]]
    # spans: 3 true, 4 guessed, 2 right: P = 2/4, R = 2/3, F1 = 4/7
    assert span_scores(guess, gold)["f1"] == pytest.approx(400 / 7)


def test_a_longer_span_is_wrong_as_a_whole() -> None:
    assert span_scores([["B-LOC", "I-LOC"]], [["B-LOC", "O"]])["f1"] == 0.0


def test_without_spans_the_score_is_zero_as_in_seqeval() -> None:
    assert span_scores([["O"]], [["O"]])["f1"] == 0.0


def test_precision_and_recall() -> None:
    scores = span_scores([["B-PER", "B-LOC", "B-LOC"]], [["B-PER", "O", "B-PER"]])
    assert scores == pytest.approx({"precision": 100 / 3, "recall": 50.0, "f1": 40.0})


def test_a_conjunction_of_the_other_kind_counts_as_right() -> None:
    # SCONJ and CCONJ are both of type CONJ in the released scorer
    assert span_scores([["NOUN", "SCONJ", "NOUN"]], [["NOUN", "CCONJ", "NOUN"]])["f1"] == 100.0


def test_a_sequence_of_another_length_is_an_error() -> None:
    with pytest.raises(ValueError, match="1 tags were predicted for a sequence of 2"):
        span_scores([["O"]], [["O", "O"]])


def test_unequal_numbers_of_sequences_are_an_error() -> None:
    with pytest.raises(ValueError, match="argument 2"):
        span_scores([["O"]], [])
