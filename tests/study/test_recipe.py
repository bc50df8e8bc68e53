"""A recipe is validated whole; every message names key, value and remedy."""

import tomllib

import pytest

from xtransfer_stats.base import resources
from xtransfer_stats.base.errors import RecipeError
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
        ({"tatoeba": "tuned"}, "study.tatoeba = 'tuned'"),
        ({"singles": True, "tasks": [1, 3]}, "tasks = 1 draws single tasks, and singles = true trains each of them"),
        ({"singles": True, "seeds": 500}, "singles = true: with each of 9 tasks alone, seeds = 500 are 5,500 runs"),
        ({"singles": "yes please"}, "study.singles = 'yes please'"),
        ({"tatoeba": "squad"}, "targets name 'tatoeba', which tatoeba = 'squad' replaces in both benchmarks"),
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


def test_languages_are_taken_in_any_dialect_and_kept_as_the_catalogues():
    study = parse_recipe(table(languages=["German", "zho", "iw", "deu", "swh", "en"]), "x").study
    assert study.languages == ("de", "zh", "he", "sw", "en")


def test_each_benchmark_has_its_own_tatoeba_unless_one_protocol_is_declared():
    def tatoebas(**study):
        base = {"targets": [], "languages": [], "benchmarks": ["xtreme", "xtreme-r"]}
        cells = parse_recipe(table(**base | study), "x").study.cells()
        return {
            name: {task: len(own) for task, own in tasks.items() if "tatoeba" in task} for name, tasks in cells.items()
        }

    assert tatoebas() == {"xtreme": {"tatoeba": 36}, "xtreme-r": {"tatoeba_squad": 41}}
    assert tatoebas(tatoeba="raw") == {"xtreme": {"tatoeba": 36}, "xtreme-r": {"tatoeba": 41}}
    assert tatoebas(tatoeba="squad") == {"xtreme": {"tatoeba_squad": 36}, "xtreme-r": {"tatoeba_squad": 41}}
    assert tatoebas(tatoeba="raw", targets=["tatoeba"]) == {"xtreme": {"tatoeba": 36}, "xtreme-r": {"tatoeba": 41}}


def test_the_papers_recipe_states_its_protocol():
    recipe = load_recipe("phang2020")
    assert recipe.backbone.model == "xlm-roberta-large"
    assert recipe.backbone.freeze == "none"
    assert (recipe.backbone.retrieval_layer, recipe.backbone.retrieval_pooling) == (13, "mean")
    assert (recipe.study.seeds, recipe.study.tasks) == (5, (3, 5, 9))
    assert recipe.source.place("ccg")["kind"] == "files"
    assert recipe.source.place("xnli")["kind"] == "hub"
    assert recipe.intermediate.settings.learning_rate == 1e-5
    assert recipe.intermediate.settings.max_size_cap == 2**17
    assert len(recipe.intermediate.tasks) == 9
    # Rates, batches and epochs are those of the draft's appendix.
    for training, batch, epochs in [("xnli", 4, 2), ("pawsx", 32, 5), ("squad1", 16, 2), ("udpos", 32, 10)]:
        settings = recipe.target.settings_of(training)
        assert (settings.learning_rate, settings.batch_size, settings.epochs) == (3e-6, batch, epochs)


def test_the_released_codes_recipe_states_its_settings():
    recipe = load_recipe("xlmr-large")
    for training, parts, epochs in [("xnli", 8, 2), ("pawsx", 8, 5), ("panx", 8, 10), ("squad1", 4, 2)]:
        settings = recipe.target.settings_of(training)
        assert (settings.learning_rate, settings.batch_size, settings.accumulation) == (1e-5, 4 * parts, parts)
        assert settings.epochs == epochs


@pytest.mark.parametrize("name", ["phang2020", "xlmr-large"])
def test_every_choice_of_the_experiments_recipes_names_its_source(name):
    lines = resources.find("runners", name).read_text(encoding="utf-8").splitlines()
    choices = [line for line in lines if "=" in line and not line.startswith("#")]
    told = ("# D", "# C", "# F", "# R", "# ours", "# unread")
    named = [
        line for line in choices if not line.startswith(('name = "phang', 'name = "xlmr', 'tasks = ["', "by_dataset"))
    ]
    assert [line for line in named if not any(mark in line for mark in told)] == []


def test_one_intermediate_task_has_no_single_tasks_beside_it():
    with pytest.raises(RecipeError, match="singles = true: there is 1 intermediate task; name two or more"):
        parse_recipe(table(singles=True, tasks=[]) | {"intermediate": {"tasks": ["mnli"]}}, "x")


def test_the_large_single_task_recipe_is_the_large_one_with_single_tasks():
    large, singles = load_recipe("xlmr-large"), load_recipe("singles")
    assert singles.study.singles
    same = {"name": large.study.name, "singles": False}
    assert singles.model_copy(update={"study": singles.study.model_copy(update=same)}) == large
