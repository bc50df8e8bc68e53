"""What a variant adds to a plan, and what it leaves as it is."""

import tomllib

import pytest

from xtransfer_stats.base import resources
from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.study.plan import make_plan
from xtransfer_stats.study.recipe import parse_recipe

pytest.importorskip("hassil", reason="the embedded extra is not installed")


def recipe(variant="none", **intermediate):
    table = tomllib.loads(resources.find("runners", "quick").read_text())
    table["study"] |= {"variant": variant, "targets": ["xnli", "tatoeba", "mewslix"]}
    table["intermediate"] |= intermediate
    return parse_recipe(table, "x")


@pytest.mark.parametrize("variant", ["mlm", "translated"])
def test_a_variant_changes_intermediate_steps_and_what_needs_them_alone(variant):
    plain, other = make_plan(recipe()), make_plan(recipe(variant))
    assert len(plain.of_kind("intermediate")) == len(other.of_kind("intermediate"))
    baselines = {step.key for step in plan_baselines(plain)}
    assert baselines == {step.key for step in plan_baselines(other)}
    assert not {s.key for s in plain.of_kind("intermediate")} & {s.key for s in other.of_kind("intermediate")}


def plan_baselines(plan):
    return [step for step in plan.steps.values() if "baseline" in step.name]


def test_masked_lm_reads_text_of_the_studys_languages_and_takes_its_own_rate():
    plan = make_plan(recipe("mlm", mlm={"learning_rate": 5e-6}))
    step = plan.of_kind("intermediate")[0]
    spoken = sorted(role.removeprefix("mlm/") for role in step.parents if role.startswith("mlm/"))
    assert spoken == list(plan.recipe.study.languages)
    assert step.args["settings"]["learning_rate"] == 5e-6
    assert step.args["mlm"]["alpha"] == 0.3


def test_translations_are_had_for_each_task_and_language():
    plan = make_plan(recipe("translated", translated={"languages": ["de", "fr"]}))
    step = plan.of_kind("intermediate")[0]
    tasks = [task["name"] for task in step.args["tasks"]]
    assert {f"train/{task}/{code}" for task in tasks for code in ("de", "fr")} <= step.parents.keys()
    assert step.args["settings"] == make_plan(recipe()).of_kind("intermediate")[0].args["settings"]


def test_a_model_of_translations_is_told_apart_by_its_weights(tmp_path):
    for code in ("de", "fr"):
        (tmp_path / f"en-{code}").mkdir()
        (tmp_path / f"en-{code}" / "model.safetensors").write_bytes(code.encode())
    chosen = {"languages": ["de", "fr"], "model": str(tmp_path / "en-{language}")}
    steps = make_plan(recipe("translated", translated=chosen)).of_kind("features")
    made = [step for step in steps if "translate" in step.args]
    assert {step.args["language"] for step in made} == {"de", "fr"}
    assert len({step.args["translate"]["sha256"] for step in made}) == 2


def test_an_unknown_variant_or_language_is_named():
    with pytest.raises(RecipeError, match=r"study\.variant = 'mml'"):
        recipe("mml")
    with pytest.raises(RecipeError, match="unknown language 'xx'"):
        recipe("mlm", mlm={"languages": ["xx"]})
