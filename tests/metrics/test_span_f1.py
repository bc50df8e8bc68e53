"""Span F1, worked by hand after the rules of conlleval and of seqeval's default mode."""

import pytest

from xtransfer_stats.metrics.span_f1 import span_f1, spans


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
        ("NOUN NOUN VERB", {("NOUN", 0, 2), ("VERB", 2, 3)}),  # plain tags: a run is one span
        ("SCONJ SCONJ", {("SCONJ", 0, 1), ("SCONJ", 1, 2)}),  # S reads as "single"
        ("B-a-b I-a-b", {("b", 0, 2)}),  # the type is what follows the last hyphen
    ],
)
def test_spans_of_a_sequence(tags: str, expected: set) -> None:
    assert spans(tags.split()) == expected


def test_micro_f1_over_sentences() -> None:
    gold = [["B-PER", "I-PER", "O", "B-LOC"], ["O", "B-LOC"]]
    guess = [["B-PER", "I-PER", "O", "B-PER"], ["B-LOC", "B-LOC"]]
    # spans: 3 true, 4 guessed, 2 right: P = 2/4, R = 2/3, F1 = 4/7
    assert span_f1(guess, gold) == pytest.approx(400 / 7)


def test_a_longer_span_is_wrong_as_a_whole() -> None:
    assert span_f1([["B-LOC", "I-LOC"]], [["B-LOC", "O"]]) == 0.0


def test_without_spans_the_score_is_zero_as_in_seqeval() -> None:
    assert span_f1([["O"]], [["O"]]) == 0.0


def test_unequal_numbers_of_sequences_are_an_error() -> None:
    with pytest.raises(ValueError, match="argument 2"):
        span_f1([["O"]], [])
