"""Accuracy: a share of equal pairs."""

import math

import pytest

from xtransfer_stats.metrics.accuracy import accuracy


def test_share_of_equal_pairs() -> None:
    assert accuracy(["a", "b", "b", "a"], ["a", "b", "a", "a"]) == 75.0


def test_no_pairs_give_no_score() -> None:
    assert math.isnan(accuracy([], []))


def test_unequal_lengths_are_an_error() -> None:
    with pytest.raises(ValueError, match="argument 2"):
        accuracy(["a"], ["a", "b"])
