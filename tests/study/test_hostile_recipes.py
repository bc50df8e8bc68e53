"""Recipes whose values no study can have are refused by key before anything is planned."""

import datetime
import tomllib

import pytest

from xtransfer_stats.base import resources
from xtransfer_stats.base.errors import RecipeError, XstatsError
from xtransfer_stats.study.plan import make_plan
from xtransfer_stats.study.recipe import MOST_RUNS, Recipe, load_recipe, parse_recipe

INF, DATE = float("inf"), datetime.date(1979, 5, 27)
MILLION = 10**6


def with_value(part, key, value):
    table = tomllib.loads(resources.find("runners", "quick").read_text())
    if key:
        table.setdefault(part, {})[key] = value
    else:
        table[part] = value
    return table


COUNTS = (MILLION, 10**22, 16**5000, True, "x", INF)
NO_TABLE = (3, "x", [], INF, DATE)
REFUSED = {
    ("study", "tasks"): (INF, [INF], True, [True], 1.5, DATE, {"a": 1}, [[3]], -1, list(range(MILLION))),
    **dict.fromkeys([("study", key) for key in ("sets", "cross", "baselines", "seeds")], COUNTS),
    **dict.fromkeys([(part, "") for part in Recipe.model_fields], NO_TABLE),
    ("study", "name"): ("x" * 300, "../evil", "a\n", "", "{b}", 3),
    ("study", "benchmarks"): (3, ["xtreme"], [["xtreme"], "b"], ["x" * MILLION, "b"]),
    ("study", "languages"): (3, [3], ["x" * 1000], [""]),
    ("backbone", "model"): (3, "", "x" * 300, "a\0b"),
    ("backbone", "freeze"): (-1, True, "x", 1.5),
    ("source", "name"): (3, "", "y" * 300, "a\0"),
    ("source", "by_dataset"): ({"xnli": "z" * 300}, [], {"xnli": 3}),
    ("intermediate", "checkpoints"): ({"mnli": "z" * 300}, 3),
    ("intermediate", "settings"): (3, {"epochs": INF}, {"steps": 10**18}, {"learning_rate": INF}, {"batch_size": True}),
    ("intermediate", "by_task"): (3, {"mnli": 3}, {"mnli": {"epochs": "x"}}),
    ("target", "by_training"): (3, {"xnli": 3}, {"xnli": {"steps": "a"}}, {"xnli": {"steps": True}}),
    **dict.fromkeys([("costs", key) for key in ("peak_tflops", "utilisation", "parameters", "choices")], (INF, True)),
}


@pytest.mark.parametrize(("part", "key"), REFUSED)
def test_a_value_that_no_study_has_is_refused_by_key(part, key):
    for value in REFUSED[part, key]:
        with pytest.raises(RecipeError, match=key or part) as refused:
            parse_recipe(with_value(part, key, value), "quick.toml")
        assert str(refused.value).startswith("quick.toml: ")
        assert len(str(refused.value)) < 1000


def test_a_setting_of_one_training_is_named_by_its_whole_key():
    with pytest.raises(RecipeError, match=r"target\.by_training\.xnli\.steps = 'a'"):
        parse_recipe(with_value("target", "by_training", {"xnli": {"steps": "a"}}), "quick.toml")


@pytest.mark.parametrize(("sets", "baselines", "seeds"), [(1000, 1, 10), (1, 1000, 10), (1, 1, 5000), (50, 50, 60)])
def test_a_study_of_more_runs_than_are_planned_is_refused(sets, baselines, seeds):
    table = with_value("study", "sets", sets)
    table["study"] |= {"baselines": baselines, "seeds": seeds}
    with pytest.raises(RecipeError, match=rf"seeds = {seeds}: .* runs; a study has 5,000 at most"):
        parse_recipe(table, "quick.toml")


def test_the_largest_study_is_taken_by_the_recipe():
    table = with_value("study", "seeds", MOST_RUNS // 2)
    assert parse_recipe(table, "quick.toml").study.seeds == MOST_RUNS // 2
    assert len(make_plan(parse_recipe(with_value("study", "seeds", 40), "quick.toml")).runs) == 80


def test_options_of_a_recipe_without_its_table_name_the_table(tmp_path):
    (tmp_path / "r.toml").write_text("study = 3\n")
    with pytest.raises(RecipeError, match=r"r\.toml: study = 3: give a table"):
        load_recipe(tmp_path / "r.toml", {"study": {"seeds": 3}})


HOSTILE = {
    "deep lists": "a = " + "[" * 50_000 + "]" * 50_000,
    "deep tables": "a = " + "{ a = " * 5000 + "1" + " }" * 5000,
    "long key": "a" + ".a" * 50_000 + " = 1",
    "long number": "[study]\nseeds = " + "9" * 5000,
    "bytes": b"a = '\xe9'",
    "utf-16": "a = 1".encode("utf-16"),
    "zero": b"a = \0",
    "large": b"#" * (5 * 2**20),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_that_is_no_table_is_named_with_the_place(tmp_path, kind):
    content = HOSTILE[kind]
    (tmp_path / "mine.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(RecipeError, match=r"mine\.toml.*(at line \d|byte \d|MB that are read)"):
        load_recipe(tmp_path / "mine.toml")


@pytest.mark.parametrize("name", ["x" * 300, "a/" * 3000, "x" * 253])
def test_a_recipes_name_beyond_the_systems_limit_is_named(name):
    with pytest.raises(XstatsError, match=r"file .x|file .a/"):
        load_recipe(name)
