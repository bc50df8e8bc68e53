"""Tables that users write: the key is named, whatever stands in it."""

import datetime
from typing import Any

import pytest
from pydantic import Field

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.base.tables import UserTable, checked


class Inner(UserTable):
    size: int = 1
    share: float | None = None
    on: bool = False


class Outer(UserTable):
    name: str
    numbers: tuple[int, ...] = ()
    by_name: dict[str, Inner] = Field(default_factory=dict)
    counts: dict[str, int] = Field(default_factory=dict)
    several: tuple[Inner, ...] = ()
    free: Any = None


def refused(**table):
    with pytest.raises(RecipeError) as error:
        checked(Outer, {"name": "a"} | table, "mine.toml")
    return str(error.value)


@pytest.mark.parametrize("value", [True, False])
def test_true_and_false_are_no_numbers(value):
    for table in ({"numbers": [value]}, {"counts": {"x": value}}, {"several": [{"size": value}]}, {"name": value}):
        assert "true and false stand for no value here" in refused(**table)
    assert checked(Outer, {"name": "a", "several": [{"on": value}]}, "x").several[0].on is value


def test_a_table_is_a_table():
    assert refused(by_name=3) == "mine.toml: by_name = 3: give a table"
    assert refused(by_name={"x": [1]}) == "mine.toml: by_name.x = [1]: give a table"
    assert refused(numbers=datetime.date(1979, 5, 27)).endswith("give a list")
    with pytest.raises(RecipeError, match=r"mine.toml: \[1\]: give a table"):
        checked(Outer, [1], "mine.toml")


def test_unknown_keys_are_told_beside_the_known_ones_at_any_depth():
    assert refused(by_name={"x": {"sise": 1}}).startswith(
        "mine.toml: unknown key 'by_name.x.sise': did you mean 'size'?"
    )
    assert "unknown key 'several.0.sise': did you mean 'size'?" in refused(several=[{"sise": 1}])


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_numbers_are_finite(value):
    assert "by_name.x.share" in refused(by_name={"x": {"share": value}})


def test_numbers_beyond_what_anything_holds_are_named_by_key():
    assert refused(numbers=[1, 2**63]).startswith(
        "mine.toml: numbers.1 = 9223372036854775808: a whole number is at most"
    )
    assert "by_name.x.size = what is too long to be shown" in refused(by_name={"x": {"size": 16**5000}})


def test_tables_in_tables_without_end_are_named_by_key():
    deep: Any = 1
    for _ in range(5000):
        deep = {"a": deep}
    assert refused(free=deep).startswith("mine.toml: free.a.a…: nested more than 100 deep")


def test_a_message_stays_short_however_much_is_wrong():
    told = refused(several=[{"size": "x" * 10_000}] * 1000)
    assert told.endswith("and 995 more")
    assert len(told) < 1500
