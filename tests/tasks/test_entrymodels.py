"""Every key of an own entry with every wrong type: the key is named, nothing else happens."""

import datetime

import pytest

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.tasks import entries
from xtransfer_stats.tasks.catalogue import INTERMEDIATE_TASKS, TARGET_TRAININGS
from xtransfer_stats.tasks.entrymodels import MODELS, HubEntry

WHOLE = {"name": "mine", "family": "classification", "labels": ["a", "b"]}
ENTRIES = {
    "intermediate": WHOLE,
    "training": WHOLE,
    "target": WHOLE | {"group": "retrieval", "benchmarks": {"own": ["de"]}},
}
HUB = {"repository": "me/mine", "splits": {"test": "test"}}
WRONG = {
    "whole number": 3,
    "number": 1.5,
    "infinite": float("inf"),
    "truth": True,
    "date": datetime.date(1979, 5, 27),
    "time": datetime.time(7, 32),
    "list in a list": [[]],
    "list of numbers": [1],
    "list of dates": [datetime.date(1979, 5, 27)],
    "table of numbers": {"a": 1.5},
    "table of truths": {"test": True},
    "table of tables": {"a": {"a": "a"}},
    "list of tables": [{"a": 1}],
    "longer than any number": 16**5000,
}


def read(kind, row):
    """The entry as the catalogue reads it."""
    tables = ("mine.toml", {kind: [row]})
    if kind == "intermediate":
        return entries.intermediate(tables)
    if kind == "training":
        return entries.trainings(tables, INTERMEDIATE_TASKS)
    return entries.targets(tables, INTERMEDIATE_TASKS, TARGET_TRAININGS)


@pytest.mark.parametrize("kind", ENTRIES)
def test_the_entries_of_this_test_are_right(kind):
    assert read(kind, ENTRIES[kind] | {"hub": [HUB]})["mine"].data.hub[0].repository == "me/mine"


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize(("kind", "key"), [(kind, key) for kind, model in MODELS.items() for key in model.model_fields])
def test_a_wrong_type_in_any_key_names_entry_and_key(kind, key, wrong):
    with pytest.raises(RecipeError) as refused:
        read(kind, ENTRIES[kind] | {key: WRONG[wrong]})
    assert str(refused.value).startswith(f"mine.toml: {kind} ")
    assert key in str(refused.value).removeprefix(f"mine.toml: {kind} ")
    assert len(str(refused.value)) < 800


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("key", HubEntry.model_fields)
def test_a_wrong_type_in_a_repository_names_its_key(key, wrong):
    with pytest.raises(RecipeError, match=rf"target 'mine': .*hub\.0\.{key}"):
        read("target", ENTRIES["target"] | {"hub": [HUB | {key: WRONG[wrong]}]})


@pytest.mark.parametrize(
    "name", ["a+b", "a:b", "a,b", "a/b", "../a", "", " ", "a b", "x" * 101, "{a}", "a\u2028b", "a\n"]
)
@pytest.mark.parametrize("key", ["name", "dataset", "benchmarks"])
def test_a_name_that_would_be_read_as_two_is_refused(key, name):
    value = {name: ["de"]} if key == "benchmarks" else name
    with pytest.raises(RecipeError, match=key):
        read("target", ENTRIES["target"] | {key: value})


@pytest.mark.parametrize("spoken", [{}, {"own": []}, {"own": ""}, {"own": "  "}, {"own": [""]}])
def test_a_benchmark_without_a_language_is_refused(spoken):
    with pytest.raises(RecipeError, match="target 'mine': benchmarks"):
        read("target", ENTRIES["target"] | {"benchmarks": spoken})


def test_labels_that_stand_twice_are_refused():
    with pytest.raises(RecipeError, match="labels: 'a' stands twice"):
        read("target", ENTRIES["target"] | {"labels": ["a", "b", "a"]})
