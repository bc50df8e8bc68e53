"""Labels of the releases."""

import pytest

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.schemas.choice import index
from xtransfer_stats.sources.schemas.classification import binary, nli, plain
from xtransfer_stats.sources.schemas.schema import Hints, OddRow

ONE_ORDER, OTHER_ORDER = ("entailment", "neutral", "contradiction"), ("contradiction", "entailment", "neutral")


@pytest.mark.parametrize(
    ("written", "label"),
    [("e", "entailment"), ("c", "contradiction"), ("contradictory", "contradiction"), ("Neutral", "neutral")]
    + [(absent, None) for absent in ("-", "", None, -1, "hidden")],
)
def test_nli_labels_are_written_out(written, label):
    assert nli(written, Hints()) == label


@pytest.mark.parametrize(("names", "label"), [(ONE_ORDER, "neutral"), (OTHER_ORDER, "entailment")])
def test_an_integer_means_what_its_names_say(names, label):
    assert nli(1, Hints(names=names)) == label
    assert nli(-1, Hints(names=names)) is None


@pytest.mark.parametrize("written", [0, "2"])
def test_an_integer_nli_label_without_names_is_refused(written):
    with pytest.raises(DataError, match=f"label {written}.*names"):
        nli(written, Hints())


def test_a_label_of_another_task_makes_an_odd_row():
    for odd in ("maybe", "7"):
        with pytest.raises(OddRow):
            nli(odd, Hints(names=ONE_ORDER))
    with pytest.raises(OddRow):
        binary("2", Hints())
    with pytest.raises(OddRow, match="not one of a, b"):
        plain("c", Hints(labels=("a", "b")))


def test_paraphrases_and_duplicates_are_1():
    assert [binary(written, Hints()) for written in (1, "1", "duplicate", 0, -1)] == ["1", "1", "1", "0", None]
    assert binary(1, Hints(names=("not_duplicate", "duplicate"))) == "1"


@pytest.mark.parametrize(
    ("written", "base", "found"),
    [("A", 0, 0), ("E", 0, 4), (3, 0, 3), ("3", 0, 3), ("1", 1, 0), ("choice2", 0, 1), ("", 0, None), (-1, 0, None)],
)
def test_the_right_choice_is_counted_from_0(written, base, found):
    assert index(written, 5, base) == found


@pytest.mark.parametrize(("written", "base"), [("F", 0), (5, 0), ("0", 1), ("best", 0)])
def test_a_label_that_names_no_choice_makes_an_odd_row(written, base):
    with pytest.raises(OddRow, match="none of 5 choices"):
        index(written, 5, base)
