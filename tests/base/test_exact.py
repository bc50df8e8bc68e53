"""Values as text and back: equal to the last bit, of their types, and no code is run."""

import json
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
import pytest

from xtransfer_stats.base.exact import Exact


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Pair:
    left: object
    right: object


EXACT = Exact(Colour, Pair)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        7,
        0.1 + 0.2,
        float("inf"),
        -0.0,
        "ä\u2028\ud83d\ude00",
        (),
        (1, ("a", [2.5])),
        {0: "zero", "a": {1: (2,)}, "": "the key of the writing itself"},
        frozenset({3, 1, 2}),
        Colour.RED,
        Pair(Colour.RED, Pair(1, "x")),
        np.float64(1 / 3),
        np.int64(4),
        np.bool_(True),
    ],
    ids=repr,
)
def test_a_value_comes_back_as_it_was(value):
    back = EXACT.value(EXACT.text(value))
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize("array", [np.array([[1.5, np.nan], [np.inf, -0.0]]), np.arange(3), np.array([True, False])])
def test_an_array_comes_back_bit_for_bit(array):
    back = EXACT.value(EXACT.text(array))
    assert back.dtype == array.dtype
    assert back.shape == array.shape
    assert back.tobytes() == array.tobytes()
    back[0] = 0  # a reader may write in it, as in the first


FRAMES = {
    "empty": pd.DataFrame(),
    "no rows": pd.DataFrame({"a": [], "b": pd.Series([], dtype=object)}),
    "texts": pd.DataFrame({"t": ["x", "", None, "x"], "n": [1, 2, 3, 4]}),
    "numbers": pd.DataFrame({"f": [1 / 3, np.nan], "b": [True, False], "i": np.array([1, 2], dtype=np.int8)}),
    "objects": pd.DataFrame({"o": pd.Series(["a", 1, None, (2, 3), float("inf")], dtype=object)}),
    "categories": pd.DataFrame({"c": pd.Categorical(["b", None, "a"], categories=["b", "a"], ordered=True)}),
    "some rows": pd.DataFrame({"a": [1, 2, 3]})[lambda frame: frame["a"] != 2],
    "named index": pd.DataFrame({"a": [1]}, index=pd.Index(["r"], name="run")),
    "several heads": pd.DataFrame(
        [[1.0, 2.0]], columns=pd.MultiIndex.from_tuples([("x", 1), ("y", 2)], names=["p", "q"])
    ),
    "twice the same head": pd.DataFrame([[1, 2.0]], columns=["a", "a"]),
}


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_comes_back_with_its_types(name):
    frame = FRAMES[name]
    pd.testing.assert_frame_equal(EXACT.value(EXACT.text(frame)), frame, check_exact=True)


def test_what_is_no_known_type_is_not_written():
    with pytest.raises(TypeError, match="object cannot be kept"):
        EXACT.text(object())
    with pytest.raises(TypeError, match="Pair cannot be kept"):
        Exact().text(Pair(1, 2))


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        '{"": "record", "of": "Popen", "fields": {"args": "true"}}',
        '{"": "array", "dtype": "|O", "shape": [1], "bytes": "AAAAAAAAAAA="}',
        '{"": "array", "dtype": "<f8", "shape": [9], "bytes": "AAAA"}',
        '{"": "unheard of"}',
        '{"no kind": 1}',
        "[" * 100_000,
    ],
    ids=lambda text: text[:30],
)
def test_a_text_that_no_writer_made_is_refused(text):
    with pytest.raises(ValueError):
        EXACT.value(text)


def test_the_text_is_plain_json():
    assert json.loads(EXACT.text([1, "a"])) == [1, "a"]
