"""A recipe is validated whole; every message names key, value and remedy."""

import tomllib

import pytest

from xtransfer_stats import resources
from xtransfer_stats.errors import RecipeError
from xtransfer_stats.study.recipe import load_recipe, parse_recipe

SHIPPED = sorted(path.stem for path in (resources.folders("runners")[0]).glob("*.toml"))


def table(**study):
    base = tomllib.loads(resources.find("runners", "embedded").read_text())
    return base | {"study": base["study"] | study}


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_recipes_are_valid(name):
    assert load_recipe(name).study.name


@pytest.mark.parametrize(
    ("study", "told"),
    [
        ({"seeds": 0}, "study.seeds = 0"),
        ({"tasks": [12]}, "tasks = 12: there are 9 intermediate tasks; give counts from 1 to 9"),
        ({"seedz": 5}, "unknown key 'study.seedz': did you mean 'seeds'?"),
        ({"benchmarks": ["xtreme-mini", "xtremer-mini"]}, "unknown benchmark 'xtremer-mini': did you mean"),
        ({"benchmarks": ["xtreme-mini", "xtreme-mini"]}, "twice"),
        ({"targets": ["xnly"]}, "unknown target task 'xnly': did you mean 'xnli'?"),
        ({"languages": ["xx"]}, "unknown language 'xx'"),
        ({"control": "overlp"}, "study.control = 'overlp'"),
        ({"sets": 2, "cross": 3}, "exclude each other"),
        ({"targets": ["bucc2018"]}, "leave no cell of 'xtreme-r-mini'"),
        ({"name": "a/b"}, "study.name = 'a/b'"),
    ],
)
def test_a_wrong_value_is_named_with_its_remedy(study, told):
    with pytest.raises(RecipeError) as caught:
        parse_recipe(table(**study), "my.toml")
    assert "my.toml" in str(caught.value)
    assert told in str(caught.value)


def test_a_wrong_part_and_a_wrong_setting_name_the_nearest_key():
    with pytest.raises(RecipeError, match="unknown key 'bakbone': did you mean 'backbone'"):
        parse_recipe(table() | {"bakbone": {}}, "x")
    with pytest.raises(RecipeError, match=r"unknown key 'target\.settings\.learning_rat'.*'learning_rate'"):
        parse_recipe(table() | {"target": {"settings": {"learning_rat": 1}}}, "x")
    with pytest.raises(RecipeError, match=r"backbone\.model' is missing"):
        parse_recipe(table() | {"backbone": {}}, "x")


def test_the_baseline_is_never_a_count_and_counts_are_sorted():
    assert parse_recipe(table(tasks=[9, 0, 3, 3]), "x").study.tasks == (3, 9)


def test_settings_of_one_training_override_the_common_ones():
    recipe = parse_recipe(
        table() | {"target": {"settings": {"steps": 10}, "by_training": {"xnli": {"steps": 20}}}}, "x"
    )
    assert recipe.target.settings_of("xnli").steps == 20
    assert recipe.target.settings_of("panx").steps == 10
    with pytest.raises(RecipeError, match="unknown target training 'xnly'"):
        parse_recipe(table() | {"target": {"by_training": {"xnly": {}}}}, "x")


def test_a_file_that_is_no_toml_and_a_file_that_is_not_there(tmp_path):
    (tmp_path / "bad.toml").write_text("[study\n")
    with pytest.raises(RecipeError, match=r"bad\.toml is not valid TOML"):
        load_recipe(tmp_path / "bad.toml")
    with pytest.raises(RecipeError, match=r"no file 'embeded'.*did you mean 'embedded'"):
        load_recipe("embeded")


def test_the_finder_prefers_the_path_then_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shipped = resources.find("runners", "embedded")
    (tmp_path / "runners").mkdir()
    mine = tmp_path / "runners" / "embedded.toml"
    mine.write_text("")
    assert resources.find("runners", "embedded").samefile(mine)
    assert resources.find("runners", shipped).samefile(shipped)
